package safefile

import (
	"context"
	"errors"
)

// worthwhile is how many files make it cheaper to have the whole file system
// written to the disk once than each of them by itself.
const worthwhile = 8

// CommitAll is Commit for several files of this folder, which is far cheaper
// for many small ones where the system can write all to the disk at once. It
// returns for each its name, or why it has none.
func (f *Folder) CommitAll(ctx context.Context, files []*File) (names []string, errs []error) {
	together := len(files) >= worthwhile && f.syncAll(files)
	names, errs = make([]string, len(files)), make([]error, len(files))
	for i, file := range files {
		file.synced = together
		names[i], errs[i] = file.Commit(ctx)
	}
	return names, errs
}

// syncAll reports whether the contents of the files are on the disk.
func (f *Folder) syncAll(files []*File) bool {
	for _, file := range files {
		if file.temporary == "" || file.err != nil || file.date() != nil {
			return false
		}
	}
	d, err := f.root.Open(".")
	if err != nil {
		return false
	}
	return errors.Join(syncFileSystem(d), d.Close()) == nil
}
