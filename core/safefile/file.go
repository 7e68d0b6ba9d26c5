package safefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// File is a file being written. It ends with Commit or Abort; an Abort after
// Commit does nothing, so it can be deferred.
type File struct {
	folder    *Folder
	name      string
	existing  Existing
	temporary string // "" once it is gone
	file      *os.File
	written   int64
	modified  time.Time // zero: now
	synced    bool      // its content and date are on the disk
	err       error     // the first that a Write met
}

// Write adds to the file. A full disk says so in words, and is syscall.ENOSPC.
func (f *File) Write(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.file.Write(p)
	f.written += int64(n)
	if err != nil {
		f.err = f.folder.explain(f.name, err)
	}
	return n, f.err
}

// Size is the number of bytes written so far.
func (f *File) Size() int64 { return f.written }

// SetModified gives the file another time of its last change, at Commit.
func (f *File) SetModified(t time.Time) { f.modified = t }

// Commit puts the file under its name and returns that name, which under
// Rename may be another one than asked for. If it fails, or ctx has ended, or
// a Write has failed, nothing new is there. Its name lasts after Folder.Sync.
func (f *File) Commit(ctx context.Context) (string, error) {
	defer f.Abort()
	if f.temporary == "" {
		return "", fmt.Errorf("save %s: %w", f.name, os.ErrClosed)
	}
	if f.err != nil {
		return "", f.err
	}
	if err := f.finish(); err != nil {
		return "", f.folder.explain(f.name, err)
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	name, err := f.folder.place(f.temporary, f.name, f.existing)
	if err != nil {
		return "", err
	}
	f.folder.named(name)
	return name, nil
}

// Abort gives the file up and leaves nothing of it.
func (f *File) Abort() {
	_ = f.file.Close()
	if f.temporary != "" {
		_ = f.folder.root.Remove(f.temporary) // else the next run sweeps it
		f.temporary = ""
	}
}

// date gives the file the time of its last change.
func (f *File) date() error {
	if f.modified.IsZero() {
		return nil
	}
	return f.folder.root.Chtimes(f.temporary, f.modified, f.modified)
}

// finish makes sure that all of the content is on the disk.
func (f *File) finish() error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != f.written {
		return fmt.Errorf("%d bytes written, %d in the file", f.written, info.Size())
	}
	if !f.synced {
		if err := errors.Join(f.date(), f.file.Sync()); err != nil {
			return err
		}
	}
	if locks { // the lock keeps the file from being swept until it has its name
		return nil
	}
	return f.file.Close()
}
