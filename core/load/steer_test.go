package load_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/load"
)

// large is a file of so many rows, of which every hundredth lacks a field, in
// small pieces with many commits.
func large(t *testing.T, n int) *load.Config {
	t.Helper()
	var s strings.Builder
	s.WriteString("id,n\n")
	for i := range n {
		if i%100 == 50 {
			fmt.Fprintf(&s, "%d\n", i)
		} else {
			fmt.Fprintf(&s, "%d,row %d\n", i, i)
		}
	}
	c := settings(t, write(t, "large.csv", s.String()))
	c.Small(1<<12, 1000)
	return c
}

// exact expects all of a large file in the table and the file of rejects.
func exact(t *testing.T, c *load.Config, n int) {
	t.Helper()
	rows := n - (n+49)/100
	equal(t, "rows", query(t, c.DB, "SELECT count(*), count(DISTINCT id), max(id), sum(n = 'row ' || id) FROM t WHERE id >= 0"), fmt.Sprintf("%d|%d|%d|%d", rows, rows, n-1, rows))
	for i, line := range rejected(t, beside(c)) {
		if want := fmt.Sprintf("%d|1 field, the header has 2|%d", 100*i+52, 100*i+50); line != want {
			t.Errorf("reject %q, want %q", line, want)
			break
		}
	}
	equal(t, "rejects", len(rejected(t, beside(c))), n-rows)
	sound(t, c.DB)
}

// stopped is a load that was cancelled when so many pieces had ended.
func stopped(t *testing.T, c *load.Config, pieces int) *outcome {
	t.Helper()
	o := startUntil(t, c, pieces)
	<-o.run.Done()
	begun := time.Now()
	o.wait()
	if took := time.Since(begun); took > soon/2 {
		t.Errorf("to end took %v", took)
	}
	if !errors.Is(o.err, core.ErrCancelled) {
		t.Fatalf("cancelled: %v", o.err)
	}
	return o
}

// inSteps is how many pieces a large file is looked at in.
func inSteps(c *load.Config) int {
	info, _ := os.Stat(c.Files[0])
	return int(info.Size() / (1 << 12))
}

func TestCancelledAndResumed(t *testing.T) {
	t.Parallel()
	const n = 20_000
	c := large(t, n)
	o := stopped(t, c, inSteps(c)*3/2)
	contains(t, "notes", o.notes(), "rows inserted", "rejected: ", "The load into table t has not ended: go on with it (--resume) or take it back (--undo)")
	kept := query(t, c.DB, "SELECT count(*), max(id) FROM t")
	if kept == "0|NULL" {
		t.Error("nothing was kept")
	}
	fails(t, c, "a load of large.csv into table t is under way, or was stopped, after ", "go on with it (--resume) or take it back (--undo)")
	fails(t, again(c, "append"), "or was stopped, after ")
	equal(t, "the rows after both", query(t, c.DB, "SELECT count(*), max(id) FROM t"), kept)
	o = succeed(t, again(c, "resume"))
	contains(t, "notes", o.notes(), "19,800 rows inserted", "200 rows rejected")
	exact(t, c, n)
	fails(t, again(c, "resume"), "there is no unfinished load")
}

func TestDrainedAndResumed(t *testing.T) {
	t.Parallel()
	const n = 20_000
	c := large(t, n)
	o := start(t, c)
	until(t, "some pieces", func() bool { return o.run.Progress().Done() > inSteps(c)*3/2 })
	o.run.Drain()
	if o.wait(); o.err != nil || o.report.Cancelled > 0 {
		t.Error(o.err, o.report.Cancelled)
	}
	contains(t, "notes", o.notes(), "has not ended")
	succeed(t, again(c, "resume"))
	exact(t, c, n)
}

// The place that a stopped load has noted is right to the line: the rejects
// that follow tell theirs from it.
func TestThePlaceIsRightToTheLine(t *testing.T) {
	t.Parallel()
	var s strings.Builder
	for i := range 8_000 {
		fmt.Fprintf(&s, "%d,x\n", i)
		if i%2 == 0 {
			fmt.Fprintf(&s, "%d,again\n%d\n\n", i, i)
		}
	}
	text := "id,n\n" + s.String()
	c := settings(t, write(t, "a.csv", text))
	c.Key = []string{"id"}
	c.Small(1<<14, 0)
	for range 8 {
		o := start(t, c)
		pieces := len(text)>>14 + 2 + rand.IntN(3)
		until(t, "some rows", func() bool { return o.run.Progress().Done() >= pieces || o.run.Progress().State == core.Ended })
		time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
		o.run.Cancel()
		if o.wait(); o.err == nil {
			break
		}
		if c.Mode = "resume"; !strings.Contains(tables(t, c.DB), "_manyhands_load") {
			c.Mode = "create"
			continue
		}
		var at, line int
		if _, err := fmt.Sscanf(query(t, c.DB, "SELECT byte, line FROM _manyhands_load"), "%d|%d", &at, &line); err != nil {
			t.Fatal(err)
		}
		if want := 1 + strings.Count(text[:at], "\n"); at > 0 && line != want {
			t.Fatalf("byte %d is noted as of line %d, and is of line %d", at, line, want)
		}
	}
}

func TestUndo(t *testing.T) {
	t.Parallel()
	const n = 20_000
	for name, mode := range map[string]string{"of a new table": "create", "of added rows": "append", "of a replacing table": "replace-table"} {
		for _, named := range []bool{true, false} {
			t.Run(fmt.Sprint(name, " ", named), func(t *testing.T) {
				t.Parallel()
				c := again(large(t, n), mode)
				alter(t, c.DB, "CREATE TABLE other(x)")
				if mode != "create" {
					alter(t, c.DB, "CREATE TABLE t(id INTEGER, n TEXT)", "INSERT INTO t VALUES (-1, 'old'), (-2, 'older')")
				}
				before := query(t, c.DB, "SELECT type, name, sql FROM sqlite_schema")
				pieces := inSteps(c) * 3 / 2
				if mode == "append" { // the types are not looked for
					pieces = inSteps(c) / 2
				}
				stopped(t, c, pieces)
				undo := again(c, "undo")
				if !named {
					undo.Files = nil
				}
				o := succeed(t, undo)
				equal(t, "failed", o.errors(), "")
				equal(t, "schema", query(t, c.DB, "SELECT type, name, sql FROM sqlite_schema"), before)
				if mode != "create" {
					equal(t, "rows", query(t, c.DB, "SELECT * FROM t"), `-1|"old"`+"\n"+`-2|"older"`)
				}
				sound(t, c.DB)
				o = succeed(t, undo)
				contains(t, "a second undo", o.errors(), "there is no unfinished load", "only one that was stopped can be taken back")
			})
		}
	}
}

// The old table is there, and is read, until the new one is whole.
func TestReplacedTableStaysUntilTheEnd(t *testing.T) {
	t.Parallel()
	const n = 10_000
	c := again(large(t, n), "replace-table")
	alter(t, c.DB, "CREATE TABLE t(old)", "INSERT INTO t VALUES (1)")
	stopped(t, c, inSteps(c)*3/2)
	equal(t, "the table after a stop", query(t, c.DB, "SELECT old FROM t"), 1)
	broken := again(c, "resume")
	_ = broken.MaxRejects.UnmarshalText([]byte("0"))
	fails(t, broken, "no more than 0 are allowed")
	equal(t, "the table after a failure", query(t, c.DB, "SELECT old FROM t"), 1)
	succeed(t, again(c, "resume"))
	exact(t, c, n)
}

// A pause leaves the database to others.
func TestPauseCommits(t *testing.T) {
	t.Parallel()
	const n = 20_000
	c := large(t, n)
	alter(t, c.DB, "CREATE TABLE other(x)")
	c.Small(1<<12, 1<<30)
	o := start(t, c)
	until(t, "some pieces", func() bool { return o.run.Progress().Done() > inSteps(c)*4/3 })
	o.run.Pause()
	d, err := sql.Open("sqlite", "file:"+c.DB+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	if _, err := d.ExecContext(ctx, "INSERT INTO other VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	done := o.run.Progress().Done()
	if o.run.Progress().State != core.Paused {
		t.Fatal("it is not paused: ", o.run.Progress().State)
	}
	until(t, "the commit", func() bool { return query(t, c.DB, "SELECT count(*) FROM t") != "0" })
	time.Sleep(50 * time.Millisecond)
	equal(t, "items done in a pause", o.run.Progress().Done()-done, 0)
	o.run.Resume()
	if o.wait(); o.err != nil {
		t.Fatal(o.err)
	}
	exact(t, c, n)
}

func TestWorkersChangeMeanwhile(t *testing.T) {
	t.Parallel()
	const n = 20_000
	c := large(t, n)
	c.Workers = 1
	o := start(t, c)
	for i := 0; o.run.Progress().State != core.Ended; i++ {
		o.run.SetWorkers(1 + i%7)
		time.Sleep(time.Millisecond)
	}
	if o.wait(); o.err != nil {
		t.Fatal(o.err)
	}
	exact(t, c, n)
}

func TestAChangedFileIsNotResumed(t *testing.T) {
	t.Parallel()
	c := large(t, 5000)
	stopped(t, c, inSteps(c)*3/2)
	was := read(t, c.Files[0])
	put(t, c.Files[0], strings.Replace(was, "row 4999", "ROW 4999", 1))
	fails(t, again(c, "resume"), "the source is not what it was when the load began", "take it back (--undo)")
	other := again(c, "resume")
	other.Null = []string{"NA"}
	fails(t, other, "the source is not what it was")
	succeed(t, again(c, "undo"))
	succeed(t, c)
	equal(t, "the row", query(t, c.DB, "SELECT n FROM t WHERE id = 4999"), `"ROW 4999"`)
}
