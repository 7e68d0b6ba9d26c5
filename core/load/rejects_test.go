package load_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/load"
)

// ragged has three good rows, a record that cannot be read, and one whose key
// is taken.
const ragged = "id,n\n1,a\n2,b,c\n1,again\n3,\"d\n\ne\"\n4,f\n"

var raggedRejects = []string{"3|3 fields, the header has 2|2,b,c", "4|id: another row has this value already|1,again"}

func keyed(t *testing.T, file string) *load.Config {
	t.Helper()
	c := settings(t, write(t, "a.csv", file))
	c.Key = []string{"id"}
	return c
}

func rejectsOf(o *outcome, from, most int) ([]core.Reject, int) {
	return o.run.(interface {
		Rejects(from, most int) ([]core.Reject, int)
	}).Rejects(from, most)
}

func TestRejectsStandInTheirFile(t *testing.T) {
	t.Parallel()
	c := keyed(t, ragged)
	o := succeed(t, c)
	equal(t, "table", query(t, c.DB, "SELECT * FROM t"), `1|"a"`+"\n"+`3|"d\n\ne"`+"\n"+`4|"f"`)
	equal(t, "rejects", rejected(t, beside(c)), raggedRejects)
	contains(t, "notes", o.notes(), "3 rows inserted\n2 rows rejected: "+beside(c))
	list, all := rejectsOf(o, 1, 5)
	equal(t, "shown", list, []core.Reject{{Source: "a.csv", Line: 4, Reason: "id: another row has this value already", Record: "1,again"}})
	equal(t, "all", all, 2)
	for _, at := range [][2]int{{-5, -5}, {2, 1}, {99, 99}, {0, 0}} {
		if list, all := rejectsOf(o, at[0], at[1]); len(list) > 0 || all != 2 {
			t.Errorf("from %d, %d: %v of %d", at[0], at[1], list, all)
		}
	}
}

func TestNamesOfTheFileOfRejects(t *testing.T) {
	t.Parallel()
	c := keyed(t, ragged)
	put(t, beside(c), "mine")
	second, third := strings.TrimSuffix(beside(c), ".csv")+" (2).csv", strings.TrimSuffix(beside(c), ".csv")+" (3).csv"
	succeed(t, c)
	equal(t, "the first", read(t, beside(c)), "mine")
	equal(t, "the second", rejected(t, second), raggedRejects)
	succeed(t, again(c, "replace-table"))
	equal(t, "the third", rejected(t, third), raggedRejects)

	c.Table = `a/b:c`
	succeed(t, c)
	equal(t, "no folder", rejected(t, filepath.Join(filepath.Dir(c.DB), "the-a_b_c-rejects.csv")), raggedRejects)
}

func TestNamedFilesOfRejects(t *testing.T) {
	t.Parallel()
	const some = "line,reason,record\n7,old,\"x\"\n8,older,\"" + "y\"\n"
	for name, there := range map[string]string{"none": "-", "empty": "", "rejects": some, "only a header": "line,reason,record\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := keyed(t, ragged)
			c.Rejects = filepath.Join(t.TempDir(), "bad.csv")
			if there != "-" {
				put(t, c.Rejects, there)
			}
			succeed(t, c)
			equal(t, "rejects", rejected(t, c.Rejects), raggedRejects)
			if content(beside(c)) != "" {
				t.Error("there is one beside the database, too")
			}
		})
	}
	t.Run("not touched without rejects", func(t *testing.T) {
		c := keyed(t, "id,n\n1,x\n")
		c.Rejects = write(t, "bad.csv", "something else")
		succeed(t, c)
		equal(t, "it", read(t, c.Rejects), "something else")
	})
}

// A file that cannot take the rejects stops the load, and nothing is lost: no
// row is passed over whose reject is not in a file.
func TestRejectsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	precious := strings.Repeat("this is something else\n", 100)
	for name, c := range map[string]struct {
		file  func(dir string) string
		words string
	}{
		"something else": {func(dir string) string {
			path := filepath.Join(dir, "mine.txt")
			put(t, path, precious)
			return path
		}, "it is there and holds something else; choose another name"},
		"something short": {func(dir string) string {
			path := filepath.Join(dir, "mine.txt")
			put(t, path, "line")
			return path
		}, "it is there and holds something else; choose another name"},
		"a missing folder": {func(dir string) string { return filepath.Join(dir, "none", "bad.csv") }, "no such file"},
		"a folder":         {func(dir string) string { return dir }, "is a directory"},
	} {
		for _, commit := range []string{"batch", "each-row"} {
			t.Run(name+" "+commit, func(t *testing.T) {
				t.Parallel()
				s := keyed(t, ragged)
				s.Small(16, 1)
				s.Commit, s.Rejects = commit, c.file(t.TempDir())
				before := content(s.Rejects)
				o := fails(t, s, "write the rejects to "+s.Rejects, c.words)
				equal(t, "the file", content(s.Rejects), before)
				if commit != "batch" {
					return
				}
				contains(t, "notes", o.notes(), "go on with it (--resume)")
				next := again(s, "resume")
				next.Rejects = filepath.Join(t.TempDir(), "good.csv")
				succeed(t, next)
				equal(t, "the file after the resume", content(s.Rejects), before)
				equal(t, "rejects", rejected(t, next.Rejects), raggedRejects)
				equal(t, "rows", query(t, s.DB, "SELECT count(*) FROM t"), 3)
			})
		}
	}
}

func TestMostRejectsEndTheLoad(t *testing.T) {
	t.Parallel()
	c := keyed(t, ragged+strings.Repeat("5\n", 5)+"6,g\n")
	c.Small(16, 1)
	_ = c.MaxRejects.UnmarshalText([]byte("1"))
	o := fails(t, c, "2 rows rejected, and no more than 1 are allowed, for example a.csv line 3: 3 fields",
		"allow more (--max-rejects) and go on (--resume), or take it back (--undo)")
	contains(t, "notes", o.notes(), "rejected: ", "has not ended")
	next := again(c, "resume")
	fails(t, next, "2 rows rejected, and no more than 1 are allowed. What was written stays")
	_ = next.MaxRejects.UnmarshalText([]byte("4"))
	fails(t, next, "7 rows rejected, and no more than 4 are allowed, for example a.csv line 9: 1 field")
	_ = next.MaxRejects.UnmarshalText([]byte("7"))
	o = succeed(t, next)
	equal(t, "rows", query(t, c.DB, "SELECT id FROM t"), "1\n3\n4\n6")
	list := rejected(t, beside(c))
	equal(t, "rejects", list[:2], raggedRejects)
	for i, line := range list[2:] {
		equal(t, "reject", line, fmt.Sprintf("%d|1 field, the header has 2|5", 9+i))
	}
	if _, all := rejectsOf(o, 0, 0); all != 7 || len(list) != 7 {
		t.Errorf("%d rejects are told, %d in the file", all, len(list))
	}
	sound(t, c.DB)
}

func TestMostRejectsEndEachRowToo(t *testing.T) {
	t.Parallel()
	c := keyed(t, ragged)
	c.Commit = "each-row"
	_ = c.MaxRejects.UnmarshalText([]byte("0"))
	fails(t, c, "rejected, and no more than 0 are allowed: see "+beside(c))
}

// With several files the reasons say which one.
func TestRejectsOfSeveralFiles(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id,n\n1,x\n2\n"), write(t, "b.csv", "n,id\ny,1\nz,3,4\n"))
	c.Key = []string{"id"}
	o := succeed(t, c)
	want := []string{
		"3|a.csv: 1 field, the header has 2|2", "2|b.csv: id: another row has this value already|y,1",
		"3|b.csv: 3 fields, the header has 2|z,3,4",
	}
	equal(t, "rejects", rejected(t, beside(c)), want)
	list, _ := rejectsOf(o, 1, 1)
	equal(t, "shown", list, "[{b.csv 2 id: another row has this value already y,1}]")
}

// All are in the file, of which the first 10,000 are shown, the beginning of
// each.
func TestOfManyRejectsSomeAreShown(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	c := settings(t, write(t, "a.csv", "id,n\n1,a\n"+long+"\n"+strings.Repeat("2\n", 11_000)))
	c.Header, c.Delimiter = "yes", "comma"
	c.Small(4000, 1000)
	o := succeed(t, c)
	list, all := rejectsOf(o, 0, 1<<40)
	equal(t, "shown, and all", []int{len(list), all}, []int{10_000, 11_001})
	equal(t, "the long one", len(list[0].Record), 4096)
	file := rejected(t, beside(c))
	equal(t, "in the file", len(file), 11_001)
	contains(t, "the long one in the file", file[0], long)
}

func TestResumeNeedsItsRejects(t *testing.T) {
	t.Parallel()
	c := keyed(t, ragged+"7\n8,x\n")
	c.Small(16, 1)
	_ = c.MaxRejects.UnmarshalText([]byte("1"))
	fails(t, c, "no more than 1")
	next := again(c, "resume")
	next.MaxRejects = load.Most{}
	was := read(t, beside(c))
	put(t, beside(c), was[:30])
	fails(t, next, "has become shorter: put it back, or undo the load")
	if err := os.Remove(beside(c)); err != nil {
		t.Fatal(err)
	}
	fails(t, next, "the file of rejects "+beside(c)+" is gone: put it back, or undo the load")
	put(t, beside(c), was+strings.Repeat("what a killed process has left\n", 9))
	succeed(t, next)
	equal(t, "rejects", rejected(t, beside(c)), append(raggedRejects[:2:2], "9|1 field, the header has 2|7"))
}

// A process that was killed before its first commit with a reject has left a
// file that nothing tells of: it is taken over, as it was made since.
func TestRejectsOfAKilledProcessAreTakenOver(t *testing.T) {
	t.Parallel()
	c := keyed(t, numbered(5000)+"short\n")
	c.Small(1<<12, 500)
	stopped(t, c, 25)
	put(t, beside(c), "line,reason,record\n2,left,\"over\"\n")
	soon := time.Now().Add(time.Second) // clocks of files are coarse
	if err := os.Chtimes(beside(c), soon, soon); err != nil {
		t.Fatal(err)
	}
	succeed(t, again(c, "resume"))
	equal(t, "rejects", rejected(t, beside(c)), []string{"5002|1 field, the header has 2|short"})
	if more, _ := filepath.Glob(filepath.Join(filepath.Dir(c.DB), "*rejects*")); len(more) != 1 {
		t.Errorf("files of rejects: %v", more)
	}
}
