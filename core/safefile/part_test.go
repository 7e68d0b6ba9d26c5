package safefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func newPart(t *testing.T, f *Folder, name, of string) *Part {
	t.Helper()
	p, err := f.NewPart(name, of)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func openPart(t *testing.T, f *Folder, of string) *Part {
	t.Helper()
	p, err := f.OpenPart(of)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func write(t *testing.T, p *Part, text string, at int64) {
	t.Helper()
	if _, err := p.WriteAt([]byte(text), at); err != nil {
		t.Fatal(err)
	}
}

func journal(t *testing.T, p *Part, text string) {
	t.Helper()
	if err := p.SetJournal(json.RawMessage(text)); err != nil {
		t.Fatal(err)
	}
}

func commit(t *testing.T, p *Part, name string, existing Existing, size int64) string {
	t.Helper()
	name, err := p.Commit(t.Context(), name, existing, size, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func paths(t *testing.T, dir string) []string {
	t.Helper()
	names := []string{}
	for name := range tree(t, dir) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestAPartOutlivesItsFolder(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	p := newPart(t, f, "a.txt", "http://x.test/a")
	write(t, p, "hello ", 0)
	journal(t, p, `{"done": 6}`)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if got := paths(t, dir); !slices.Equal(got, []string{"a.txt.part", "a.txt.part.json"}) {
		t.Fatal(got)
	}
	for _, again := range []*Folder{f, open(t, dir)} {
		p = openPart(t, again, "http://x.test/a")
		if got := string(p.Journal()); got != `{"done":6}` || p.Name() != "a.txt.part" {
			t.Errorf("%s: %s", p.Name(), got)
		}
		_ = p.Close()
	}
	p = openPart(t, f, "http://x.test/a")
	write(t, p, "world", 6)
	if size, err := p.Size(); size != 11 || err != nil {
		t.Error(size, err)
	}
	b := make([]byte, 5)
	if _, err := p.ReadAt(b, 4); string(b) != "o wor" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if name := commit(t, p, "b.txt", Rename, 11); name != "b.txt" {
		t.Error(name)
	}
	expect(t, dir, map[string]string{"b.txt": "hello world"})
	if _, err := f.OpenPart("http://x.test/a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still known: %v", err)
	}
}

func TestPartsHaveOneOwner(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	p := newPart(t, f, "a", "1")
	for _, other := range []*Folder{f, open(t, dir)} {
		if _, err := other.OpenPart("1"); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
		if _, err := other.OpenPart("2"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v, want fs.ErrNotExist", err)
		}
	}
	_ = p.Close()
	_ = openPart(t, f, "1")
	if _, err := open(t, dir).OpenPart("1"); !errors.Is(err, ErrBusy) {
		t.Errorf("reopened: got %v, want ErrBusy", err)
	}
}

func TestPartsOfTheSameNameGetNumbers(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	for i, want := range []string{"a.zip.part", "a-2.zip.part", "a-3.zip.part"} {
		if p := newPart(t, f, "a.zip", fmt.Sprint(i)); p.Name() != want {
			t.Errorf("%s, want %s", p.Name(), want)
		}
	}
	long := strings.Repeat("ü", 120) + ".tar"
	for i := range 3 {
		p := newPart(t, f, long, "long")
		if len(p.Name()) > 245 || !strings.HasSuffix(p.Name(), ".tar.part") {
			t.Errorf("%d: %d bytes, %s", i, len(p.Name()), p.Name())
		}
	}
}

func TestFilesThatAreNoPartsAreLeftAlone(t *testing.T) {
	ours := `{"format":"manyhands-part","of":"1","journal":null}`
	for name, theirs := range map[string]map[string]string{
		"a file called .part":             {"a.part": "mine"},
		"with a file beside it":           {"a.part": "mine", "a.part.json": `{"format":"another"}`},
		"that is no JSON":                 {"a.part": "mine", "a.part.json": "manyhands-part"},
		"of something else":               {"a.part": "mine", "a.part.json": strings.Replace(ours, `"1"`, `"2"`, 1)},
		"only the file beside":            {"a.part.json": `{"mine": true}`},
		"with our mark in another place":  {"a.part": "mine", "a.part.json": `{"of":"1","x":"manyhands-part"}`},
		"that goes on after the document": {"a.part": "mine", "a.part.json": ours + "more"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, content := range theirs {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f := open(t, dir)
			if p, err := f.OpenPart("1"); err == nil {
				t.Errorf("%s was taken for a part", p.Name())
			}
			p := newPart(t, f, "a", "1")
			write(t, p, "new", 0)
			journal(t, p, `{}`)
			commit(t, p, "a", Rename, 3)
			theirs["a"] = "new"
			expect(t, dir, theirs)
		})
	}
}

func TestAJournalWithoutItsPartIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	p := newPart(t, open(t, dir), "a", "1")
	journal(t, p, `{"done":[[0,5]]}`)
	_ = p.Close()
	if err := os.Remove(filepath.Join(dir, "a.part")); err != nil {
		t.Fatal(err)
	}
	f := open(t, dir)
	if _, err := f.OpenPart("1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opened: %v", err)
	}
	p = newPart(t, f, "a", "1")
	_ = p.Close()
	if p = openPart(t, open(t, dir), "1"); p.Name() != "a.part" || string(p.Journal()) != "null" {
		t.Errorf("%s: %s", p.Name(), p.Journal())
	}
}

// A run that ends between giving a part its last name and taking the other one
// leaves a file with two names: going on with the part would change the file.
func TestAPartThatHasItsLastNameIsNotWrittenTo(t *testing.T) {
	dir := t.TempDir()
	p := newPart(t, open(t, dir), "a", "1")
	write(t, p, "whole", 0)
	journal(t, p, `{}`)
	_ = p.Close()
	if err := os.Link(filepath.Join(dir, "a.part"), filepath.Join(dir, "a")); err != nil {
		t.Skip(err)
	}
	if _, err := open(t, dir).OpenPart("1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opened: %v", err)
	}
	expect(t, dir, map[string]string{"a": "whole"})
}

func TestCommittingParts(t *testing.T) {
	for _, test := range []struct {
		existing Existing
		noLinks  bool
		name     string
		err      error
		want     map[string]string
	}{
		{Rename, false, "a-2", nil, map[string]string{"a": "old", "a-2": "new"}},
		{Rename, true, "a-2", nil, map[string]string{"a": "old", "a-2": "new"}},
		{Replace, false, "a", nil, map[string]string{"a": "new"}},
		{Skip, false, "", ErrExists, map[string]string{"a": "old"}},
		{Skip, true, "", ErrExists, map[string]string{"a": "old"}},
	} {
		t.Run(fmt.Sprint(test.existing, test.noLinks), func(t *testing.T) {
			dir := t.TempDir()
			f := open(t, dir)
			f.noLinks.Store(test.noLinks)
			if _, err := put(f, "a", "old", Rename); err != nil {
				t.Fatal(err)
			}
			p := newPart(t, f, "a", "1")
			write(t, p, "new", 0)
			name, err := p.Commit(t.Context(), "a", test.existing, 3, time.Time{})
			if name != test.name || !errors.Is(err, test.err) {
				t.Errorf("%q, %v", name, err)
			}
			p.Remove()
			p.Remove()
			expect(t, dir, test.want)
		})
	}
}

func TestACommitThatFailsKeepsThePart(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	p := newPart(t, f, "a", "1")
	write(t, p, "four", 0)
	journal(t, p, `{"n":1}`)
	for _, name := range []string{"", "..", "../a", "/etc/a"} {
		if _, err := p.Commit(t.Context(), name, Rename, 4, time.Time{}); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
	if _, err := p.Commit(t.Context(), "a", Rename, 5, time.Time{}); err == nil || !strings.Contains(err.Error(), "5 bytes written, 4 in the file") {
		t.Errorf("got %v", err)
	}
	_ = p.Close()
	if _, err := p.Commit(t.Context(), "a", Rename, 4, time.Time{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("committed after Close: %v", err)
	}
	p.Remove() // after its end: nothing
	p = openPart(t, f, "1")
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	if name, err := p.Commit(t.Context(), "a", Rename, 4, when); name != "a" || err != nil {
		t.Errorf("%q, %v", name, err)
	}
	info, err := os.Stat(filepath.Join(dir, "a"))
	if err != nil || !info.ModTime().Equal(when) {
		t.Errorf("%v, %v", info, err)
	}
	if err := f.Sync(); err != nil {
		t.Error(err)
	}
}

func TestNamesThatNoPartCanHave(t *testing.T) {
	f := open(t, t.TempDir())
	for _, name := range []string{"", "a/b", `a\b`, "/", ".", "..", ".manyhands-X"} {
		if p, err := f.NewPart(name, "1"); err == nil {
			t.Errorf("%q became %s", name, p.Name())
			p.Remove()
		}
	}
	for name, want := range map[string]bool{"a.part": true, "A.PART": true, "a.part.json": true, "a.json": false, "part": false, "a.part2": false} {
		if IsPartName(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

func TestPartsAreNoLeftovers(t *testing.T) {
	dir := t.TempDir()
	p := newPart(t, open(t, dir), "a", "1")
	journal(t, p, `{}`)
	_ = p.Close()
	_ = open(t, dir)
	if got := paths(t, dir); len(got) != 2 {
		t.Errorf("left: %v", got)
	}
}

func TestFreeAndSize(t *testing.T) {
	f := open(t, t.TempDir())
	if n, known := f.Free(); known && n < 0 {
		t.Error(n)
	}
	if _, err := put(f, "a", "four", Rename); err != nil {
		t.Fatal(err)
	}
	if n, there := f.Size("a"); n != 4 || !there {
		t.Error(n, there)
	}
	if _, there := f.Size("b"); there {
		t.Error("b is there")
	}
}

func FuzzJournal(f *testing.F) {
	for _, seed := range []string{
		`{"format":"manyhands-part","of":"http://x/","journal":{"a":[1]}}`, `{"format":"manyhands-part"}`, "", "null",
		`{"format":"manyhands-part","of":1}`, "manyhands-part", `{"format":"manyhands-part","of":"","journal":null}x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, ok := parseJournal(content)
		if !ok {
			return
		}
		text, err := json.Marshal(record{partFormat, r.Of, r.Journal})
		if err != nil {
			t.Fatal(err)
		}
		again, ok := parseJournal(text)
		if !ok || again.Of != r.Of {
			t.Errorf("%q was read as %+v, and then as %+v", content, r, again)
		}
	})
}
