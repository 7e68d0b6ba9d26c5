package safefile

import (
	"errors"
	"io/fs"
)

// place gives a finished file its name, and returns that. The old name may stay
// as a second one, for the caller to remove.
func (f *Folder) place(from, name string, existing Existing) (string, error) {
	if existing == Replace {
		if err := f.root.Rename(from, name); err != nil {
			return "", f.explain(name, err)
		}
		return name, nil
	}
	for n := 1; ; n++ {
		numbered := Numbered(name, n)
		err := f.claim(from, numbered)
		switch {
		case err == nil:
			return numbered, nil
		case !errors.Is(err, ErrExists):
			return "", f.explain(name, err)
		case existing == Skip:
			return "", ErrExists
		}
	}
}

// claim gives a file a name unless that is taken. A hard link does both at
// once; where a file system has none, another process might come in between.
func (f *Folder) claim(from, name string) error {
	if !f.noLinks.Load() {
		err := f.root.Link(from, name)
		if err == nil || errors.Is(err, fs.ErrExist) {
			return taken(err)
		}
	}
	f.placing.Lock()
	defer f.placing.Unlock()
	if f.Has(name) {
		return ErrExists
	}
	if err := f.root.Rename(from, name); err != nil {
		return err
	}
	f.noLinks.Store(true)
	return nil
}

func taken(err error) error {
	if err != nil {
		return ErrExists
	}
	return nil
}
