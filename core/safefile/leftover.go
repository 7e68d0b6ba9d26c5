package safefile

import (
	"crypto/rand"
	"os"
	"path"
	"strings"
)

const (
	temporaryPrefix = ".manyhands-"
	temporarySuffix = ".part"
)

func isTemporary(base string) bool {
	return strings.HasPrefix(base, temporaryPrefix) && strings.HasSuffix(base, temporarySuffix)
}

// temporary makes a new locked file in a folder. Between making and locking it
// another process may take it for a leftover; then it makes another one.
func (f *Folder) temporary(dir string) (string, *os.File, error) {
	for {
		name := path.Join(dir, temporaryPrefix+rand.Text()+temporarySuffix)
		file, err := f.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return "", nil, err
		}
		if hold(file) && f.same(name, file) {
			return name, file, nil
		}
		_ = file.Close()
		_ = f.root.Remove(name)
	}
}

// sweep removes the leftovers of processes that have ended. What cannot be
// read or removed stays: it is in nobody's way.
func (f *Folder) sweep(dir string) {
	d, err := f.root.Open(dir)
	if err != nil {
		return
	}
	defer d.Close() //nolint:errcheck // only read
	for {
		names, err := d.Readdirnames(512)
		for _, name := range names {
			if isTemporary(name) {
				f.removeLeftover(path.Join(dir, name))
			}
		}
		if err != nil {
			return
		}
	}
}

func (f *Folder) removeLeftover(name string) {
	if info, err := f.root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return
	}
	file, err := f.root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer file.Close() //nolint:errcheck // only locked
	if abandoned(file) && f.same(name, file) {
		_ = f.root.Remove(name)
	}
}

// same reports whether an open file is still what its name stands for.
func (f *Folder) same(name string, file *os.File) bool {
	open, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := f.root.Lstat(name)
	return err == nil && os.SameFile(open, named)
}
