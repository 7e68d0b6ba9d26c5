//go:build unix

package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestPartsThatAreNoRegularFiles(t *testing.T) {
	const ours = `{"format":"manyhands-part","of":"1","journal":null}`
	pipe := func(name string) error { return syscall.Mkfifo(name, 0o600) }
	folder := func(name string) error { return os.Mkdir(name, 0o700) }
	file := func(content string) func(string) error {
		return func(name string) error { return os.WriteFile(name, []byte(content), 0o600) }
	}
	for name, test := range map[string]struct{ part, journal func(string) error }{
		"a link to a file":          {func(name string) error { return os.Symlink("precious", name) }, file(ours)},
		"a journal that is a link":  {file("x"), func(name string) error { return os.Symlink("other.json", name) }},
		"a pipe":                    {pipe, file(ours)},
		"a journal that is a pipe":  {file("x"), pipe},
		"a folder":                  {folder, file(ours)},
		"a journal that is folder":  {file("x"), folder},
		"a link that leads nowhere": {func(name string) error { return os.Symlink("nowhere", name) }, file(ours)},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			at := func(name string) string { return filepath.Join(dir, name) }
			err := errors.Join(file("precious")(at("precious")), file(ours)(at("other.json")), test.part(at("a.part")), test.journal(at("a.part.json")))
			if err != nil {
				t.Fatal(err)
			}
			f := open(t, dir)
			if _, err := f.OpenPart("1"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("opened: %v", err)
			}
			if p := newPart(t, f, "a", "1"); p.Name() != "a-2.part" {
				t.Errorf("the new one is %s", p.Name())
			}
			if content, err := os.ReadFile(at("precious")); string(content) != "precious" || err != nil {
				t.Errorf("%q, %v", content, err)
			}
		})
	}
}

// What a part's owner finds after it was put in the place of another.
func TestAPartThatWasSwappedIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	p := newPart(t, f, "a", "1")
	if err := os.Rename(filepath.Join(dir, "a.part"), filepath.Join(dir, "away")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.part.json"), []byte("not JSON"), 0o600); err != nil {
		t.Fatal(err)
	}
	_ = p.Close()
	if _, err := f.OpenPart("1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opened: %v", err)
	}
}

func TestAPartOfAKilledProcessIsFree(t *testing.T) {
	dir := t.TempDir()
	cmd, out := start(t, "part", dir)
	if line, err := out.ReadString('\n'); err != nil || line != "part <nil>\n" {
		t.Fatalf("child says %q, %v", line, err)
	}
	f := open(t, dir)
	if _, err := f.OpenPart("1"); !errors.Is(err, ErrBusy) {
		t.Errorf("while it runs: %v", err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	p := openPart(t, f, "1")
	if got := string(p.Journal()); got != `{"done":5}` {
		t.Errorf("journal %s", got)
	}
	commit(t, p, "a", Skip, 5)
	expect(t, dir, map[string]string{"a": "hello"})
}
