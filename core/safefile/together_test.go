package safefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSeveralFilesAreCommittedTogether(t *testing.T) {
	for _, n := range []int{0, 1, worthwhile, 100} {
		dir := t.TempDir()
		f := open(t, dir)
		at := time.Date(2020, time.May, 1, 2, 3, 4, 0, time.UTC)
		var files []*File
		for i := range n {
			file, err := f.Create(fmt.Sprintf("f%d", i/2), Rename) // each name twice
			if err != nil {
				t.Fatal(err)
			}
			_, _ = fmt.Fprintf(file, "content %d", i)
			file.SetModified(at)
			files = append(files, file)
		}
		names, errs := f.CommitAll(t.Context(), files)
		seen := map[string]bool{}
		for i, name := range names {
			content, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || errs[i] != nil || string(content) != fmt.Sprintf("content %d", i) || seen[name] {
				t.Errorf("%d of %d: %s holds %q: %v, %v", i, n, name, content, err, errs[i])
			}
			seen[name] = true
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || !info.ModTime().Equal(at) {
				t.Errorf("%d of %d: dated %v: %v", i, n, info.ModTime(), err)
			}
		}
		if left, _ := os.ReadDir(dir); len(left) != n {
			t.Errorf("%d entries, want %d", len(left), n)
		}
	}
}

func TestOneOfSeveralFailsByItself(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "f3"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	var files []*File
	for i := range 2 * worthwhile {
		existing := Skip
		if i == 3 {
			existing = Rename // it was not there when the file was begun
		}
		file, err := f.Create(fmt.Sprintf("f%d", i), existing)
		if err != nil {
			t.Fatal(err)
		}
		file.existing = Skip
		files = append(files, file)
	}
	files[5].Abort()
	_, errs := f.CommitAll(t.Context(), files)
	for i, err := range errs {
		switch {
		case i == 3 && !errors.Is(err, ErrExists), i == 5 && !errors.Is(err, os.ErrClosed), i != 3 && i != 5 && err != nil:
			t.Errorf("%d: %v", i, err)
		}
	}
	if mine, _ := os.ReadFile(filepath.Join(dir, "f3")); string(mine) != "mine" {
		t.Errorf("the file that was there holds %q", mine)
	}
}

func TestNothingIsCommittedAfterTheEnd(t *testing.T) {
	f := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var files []*File
	for i := range worthwhile {
		file, err := f.Create(fmt.Sprint(i), Rename)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if _, errs := f.CommitAll(ctx, files); !errors.Is(errors.Join(errs...), context.Canceled) || f.Has("0") {
		t.Errorf("%v", errs)
	}
}
