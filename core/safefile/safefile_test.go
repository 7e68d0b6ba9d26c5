package safefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if role := os.Getenv("SAFEFILE_CHILD"); role != "" {
		child(role, os.Getenv("SAFEFILE_FOLDER"))
	}
	goleak.VerifyTestMain(m)
}

func open(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func put(f *Folder, name, content string, existing Existing) (string, error) {
	file, err := f.Create(name, existing)
	if err != nil {
		return "", err
	}
	defer file.Abort()
	if _, err := file.Write([]byte(content)); err != nil {
		return "", err
	}
	return file.Commit(context.Background())
}

// tree lists the files below a folder with their content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // of the test
		rel, _ := filepath.Rel(dir, path)
		found[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func expect(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if got := tree(t, dir); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("on disk: %v, want %v", got, want)
	}
}

func TestOpenMakesTheFolderAndItsParents(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b", "c")
	f := open(t, dir)
	if _, err := put(f, "x.txt", "x", Rename); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, map[string]string{"x.txt": "x"})
}

func TestOpenRefusesAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below")} {
		if f, err := Open(path); err == nil {
			t.Errorf("%s was opened as a folder", path)
			_ = f.Close()
		} else if !strings.Contains(err.Error(), file) {
			t.Errorf("%v does not name the folder", err)
		}
	}
}

func TestExisting(t *testing.T) {
	for _, test := range []struct {
		existing Existing
		noLinks  bool
		name     string
		err      error
		want     map[string]string
	}{
		{Rename, false, "sub/a-3.txt", nil, map[string]string{"sub/a.txt": "1", "sub/a-2.txt": "2", "sub/a-3.txt": "new"}},
		{Rename, true, "sub/a-3.txt", nil, map[string]string{"sub/a.txt": "1", "sub/a-2.txt": "2", "sub/a-3.txt": "new"}},
		{Skip, false, "", ErrExists, map[string]string{"sub/a.txt": "1", "sub/a-2.txt": "2"}},
		{Skip, true, "", ErrExists, map[string]string{"sub/a.txt": "1", "sub/a-2.txt": "2"}},
		{Replace, false, "sub/a.txt", nil, map[string]string{"sub/a.txt": "new", "sub/a-2.txt": "2"}},
	} {
		t.Run(fmt.Sprint(test.existing, test.noLinks), func(t *testing.T) {
			dir := t.TempDir()
			f := open(t, dir)
			f.noLinks.Store(test.noLinks)
			for _, content := range []string{"1", "2"} {
				if _, err := put(f, "sub/a.txt", content, Rename); err != nil {
					t.Fatal(err)
				}
			}
			name, err := put(f, "sub/a.txt", "new", test.existing)
			if name != test.name || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v", name, err)
			}
			expect(t, dir, test.want)
		})
	}
}

func TestAFileThatAppearsMeanwhileIsNotOverwritten(t *testing.T) {
	for _, existing := range []Existing{Skip, Rename} {
		dir := t.TempDir()
		f := open(t, dir)
		file, err := f.Create("a.txt", existing)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("theirs"), 0o600); err != nil {
			t.Fatal(err)
		}
		name, err := file.Commit(t.Context())
		if existing == Skip && !errors.Is(err, ErrExists) || existing == Rename && name != "a-2.txt" {
			t.Errorf("%s: got %q, %v", existing, name, err)
		}
		if got := tree(t, dir); got["a.txt"] != "theirs" {
			t.Errorf("%s: %v", existing, got)
		}
	}
}

func TestManyAtOnceGetDistinctNames(t *testing.T) {
	for _, noLinks := range []bool{false, true} {
		dir := t.TempDir()
		f := open(t, dir)
		f.noLinks.Store(noLinks)
		var wg sync.WaitGroup
		var mu sync.Mutex
		var names []string
		for i := range 40 {
			wg.Go(func() { // ends with its file
				name, err := put(f, "sub/same.txt", fmt.Sprint(i), Rename)
				mu.Lock()
				defer mu.Unlock()
				names = append(names, name)
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		slices.Sort(names)
		if len(slices.Compact(names)) != 40 || len(tree(t, dir)) != 40 {
			t.Errorf("40 files have the names %v", names)
		}
	}
}

func TestNothingIsThereBeforeCommitNorAfterAbort(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	file, err := f.Create("a.txt", Rename)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	if f.Has("a.txt") {
		t.Error("the name is taken before Commit")
	}
	file.Abort()
	file.Abort()
	expect(t, dir, map[string]string{})
	if _, err := file.Commit(t.Context()); err == nil {
		t.Error("an aborted file was committed")
	}
}

func TestCancelBeforeCommitLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	file, err := f.Create("sub/a.txt", Replace)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := file.Commit(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	expect(t, dir, map[string]string{})
}

func TestLengthIsChecked(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	file, err := f.Create("a.txt", Replace)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte("twelve bytes")); err != nil {
		t.Fatal(err)
	}
	if err := file.file.Truncate(3); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Commit(t.Context()); err == nil || !strings.Contains(err.Error(), "12 bytes written, 3 in the file") {
		t.Errorf("got %v", err)
	}
	expect(t, dir, map[string]string{})
}

func TestNamesOutsideAreRefused(t *testing.T) {
	f := open(t, t.TempDir())
	for _, name := range []string{"", ".", "..", "../a", "/etc/a", "a/../../b", ".manyhands-X.part"} {
		if file, err := f.Create(name, Rename); err == nil {
			file.Abort()
			t.Errorf("%q was accepted", name)
		}
	}
	if _, err := f.Create("a", "perhaps"); err == nil {
		t.Error(`the way "perhaps" was accepted`)
	}
}

func TestSyncAndCloseAfterFilesInManyFolders(t *testing.T) {
	f := open(t, t.TempDir())
	for _, name := range []string{"a", "x/b", "x/y/z/c"} {
		if _, err := put(f, name, name, Rename); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(f.used); got != 4 {
		t.Errorf("%d folders are known, want . x x/y x/y/z", got)
	}
	if err := f.Sync(); err != nil {
		t.Error(err)
	}
	if left := f.unsynced(); len(left) > 0 {
		t.Errorf("not synced: %v", left)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.Create("late", Rename); err == nil {
		t.Error("a file was made after Close")
	}
}

func TestModifiedIsKept(t *testing.T) {
	dir := t.TempDir()
	file, err := open(t, dir).Create("a.txt", Replace)
	if err != nil {
		t.Fatal(err)
	}
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	file.SetModified(when)
	if _, err := file.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "a.txt"))
	if err != nil || !info.ModTime().Equal(when) {
		t.Errorf("%v, %v", info.ModTime(), err)
	}
}
