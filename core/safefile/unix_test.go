//go:build unix

package safefile

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// child is what a second process of this test does.
func child(role, dir string) {
	if role == "full" {
		signal.Ignore(syscall.SIGXFSZ)
		_ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1000, Max: 1000})
	}
	f, err := Open(dir)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	if role == "part" {
		p, err := f.NewPart("a", "1")
		if err == nil {
			_, err = p.WriteAt([]byte("hello"), 0)
			err = errors.Join(err, p.SetJournal(json.RawMessage(`{"done":5}`)))
		}
		fmt.Println("part", err)
		time.Sleep(time.Hour)
		runtime.KeepAlive(p)
	}
	file, err := f.Create("unfinished.txt", Rename)
	if err == nil {
		_, err = file.Write(make([]byte, 1500))
	}
	if role == "full" {
		_, commitErr := file.Commit(nil) //nolint:staticcheck // the write has failed
		fmt.Println(errors.Is(err, syscall.EFBIG), errors.Is(commitErr, syscall.EFBIG), err)
		os.Exit(0)
	}
	fmt.Println("open", err)
	for { // until killed, with the file in use, or the collector would close it
		time.Sleep(time.Hour)
		runtime.KeepAlive(file)
	}
}

func start(t *testing.T, role, dir string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), "SAFEFILE_CHILD="+role, "SAFEFILE_FOLDER="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(out)
}

func TestOnlyTheLeftoversOfEndedProcessesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	var children []*exec.Cmd
	for range 2 {
		cmd, out := start(t, "hold", dir)
		if line, err := out.ReadString('\n'); err != nil || line != "open <nil>\n" {
			t.Fatalf("child says %q, %v", line, err)
		}
		children = append(children, cmd)
	}
	for i, child := range children {
		_ = child.Process.Kill()
		_ = child.Wait()
		if left := len(tree(t, dir)); left != 2-i {
			t.Errorf("%d unfinished files after %d ends, want %d", left, i+1, 2-i)
		}
		_ = open(t, dir)
		if left := len(tree(t, dir)); left != 1-i {
			t.Errorf("%d unfinished files after the sweep, want %d", left, 1-i)
		}
	}
}

func TestLeftoversInSubfoldersGoWhenTheyAreUsed(t *testing.T) {
	dir := t.TempDir()
	sub := filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".manyhands-OLD.part", ".manyhands-notes.txt", "photo.part"} {
		if err := os.WriteFile(filepath.Join(sub, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("photo.part", filepath.Join(sub, ".manyhands-LINK.part")); err != nil {
		t.Fatal(err)
	}
	if _, err := put(open(t, dir), "sub/a", "a", Skip); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, map[string]string{
		"sub/a": "a", "sub/.manyhands-notes.txt": "", "sub/photo.part": "", "sub/.manyhands-LINK.part": "",
	})
}

func TestAFileOfThisProcessIsNoLeftover(t *testing.T) {
	dir := t.TempDir()
	file, err := open(t, dir).Create("a", Rename)
	if err != nil {
		t.Fatal(err)
	}
	_ = open(t, dir)
	if _, err := file.Commit(t.Context()); err != nil {
		t.Errorf("another Folder took it for a leftover: %v", err)
	}
}

// TestAWriteThatFails uses a limit on the size of files, which unlike a full
// disk needs no privileges.
func TestAWriteThatFails(t *testing.T) {
	dir := t.TempDir()
	cmd, out := start(t, "full", dir)
	said, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if want := "true true save unfinished.txt in " + dir + ": file too large\n"; string(said) != want {
		t.Errorf("child says %q, want %q", said, want)
	}
	expect(t, dir, map[string]string{})
}

func TestAFullDiskIsNamed(t *testing.T) {
	f := &Folder{path: "/photos/out"}
	err := f.explain("a.jpg", &os.PathError{Op: "write", Path: ".manyhands-X.part", Err: syscall.ENOSPC})
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasPrefix(err.Error(), "the disk with /photos/out is full: ") {
		t.Errorf("got %v", err)
	}
}

func TestLinksDoNotLeadOut(t *testing.T) {
	for _, link := range []string{"..", "/", "../outside"} {
		base := t.TempDir()
		dir := filepath.Join(base, "in")
		if err := errors.Join(os.Mkdir(dir, 0o700), os.Mkdir(filepath.Join(base, "outside"), 0o700)); err != nil {
			t.Fatal(err)
		}
		f := open(t, dir)
		if err := os.Symlink(link, filepath.Join(dir, "sub")); err != nil {
			t.Fatal(err)
		}
		if _, err := put(f, "sub/a", "a", Replace); err == nil {
			t.Errorf("wrote through a link to %s", link)
		}
	}
}

func TestALinkSwappedInDoesNotLeadOut(t *testing.T) {
	base := t.TempDir()
	dir, outside := filepath.Join(base, "in"), filepath.Join(base, "outside")
	if err := os.Mkdir(outside, 0o700); err != nil {
		t.Fatal(err)
	}
	f := open(t, dir)
	file, err := f.Create("sub/a", Replace)
	if err != nil {
		t.Fatal(err)
	}
	sub := filepath.Join(dir, "sub")
	if err := errors.Join(os.Rename(sub, sub+"-away"), os.Symlink(outside, sub)); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Commit(t.Context()); err == nil {
		t.Error("committed through the link")
	}
	expect(t, outside, map[string]string{})
}

func TestReplaceReplacesALinkNotItsTarget(t *testing.T) {
	base := t.TempDir()
	source, dir := filepath.Join(base, "source"), filepath.Join(base, "out")
	if err := os.WriteFile(source, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, dir)
	if err := os.Symlink(source, filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	if _, err := put(f, "a", "new", Replace); err != nil {
		t.Fatal(err)
	}
	expect(t, base, map[string]string{"source": "precious", "out/a": "new"})
}
