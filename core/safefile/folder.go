// Package safefile is the one way to put a file on disk: inside a chosen
// folder, and whole or not at all.
//
//	Open ── Create ──► .manyhands-XXXX.part ── Write… ── Commit ──► photo.jpg
//	                   (new, locked)                      │
//	                                    length checked ◄──┤
//	                                    fsync          ◄──┤
//	                                    link or rename ◄──┘
//	Sync: fsync of every folder that got a name since the last one
//
// A reader sees the old file or the new one, never a part, and after Sync this
// holds through a power cut. Every path goes through os.Root, so neither ".."
// nor a symbolic link, swapped in at any moment, leads out of the folder.
//
// A process that dies leaves its unfinished files. They are removed when the
// next Folder first uses their directory. The unfinished file of a process
// that still runs is locked, which is how the two are told apart.
//
// A file that may take longer than its process lives is a Part: it stays, as
// NAME.part with a journal beside it, until it is whole.
package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
)

// Existing says what to do about a file that already has the wanted name.
type Existing string

// The three ways: take a free name (photo-2.jpg), give up with ErrExists, or
// put the new file in the place of the old one.
const (
	Rename  Existing = "rename"
	Skip    Existing = "skip"
	Replace Existing = "replace"
)

// ErrExists is the error of a file that is not saved, under Skip, because its
// name is taken.
var ErrExists = errors.New("already there")

// Folder is a folder that files are put into. Its methods may be called from
// any goroutine.
type Folder struct {
	path    string
	root    *os.Root
	noLinks atomic.Bool // the file system refused a hard link

	mu      sync.Mutex
	used    map[string]bool // folders below root made and swept; true: to be synced
	parts   parts
	placing sync.Mutex // held to look for a free name where there are no links
}

// Open opens a folder for files, and makes it and its parents if missing.
func Open(folder string) (*Folder, error) {
	if err := makeFolder(filepath.Clean(folder)); err != nil {
		return nil, fmt.Errorf("make the folder %s: %w", folder, bare(err))
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", folder, bare(err))
	}
	f := &Folder{path: folder, root: root, used: map[string]bool{}}
	if err := f.use("."); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return f, nil
}

// makeFolder is os.MkdirAll that also makes the new names last.
func makeFolder(folder string) error {
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(folder)
	if parent != folder {
		if err := makeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(folder, 0o777); err != nil { //nolint:gosec // the umask decides
		if info, statErr := os.Stat(folder); statErr == nil && info.IsDir() {
			return nil // made by another meanwhile
		}
		return err
	}
	d, err := os.Open(parent)
	if err != nil {
		return nil //nolint:nilerr // a parent that cannot be read cannot be synced
	}
	return errors.Join(syncFolder(d), d.Close())
}

// Create starts a file. Its name is a slash-separated path below the folder;
// missing folders on the way are made. Nothing is there under that name until
// Commit. Under Skip a name that is taken fails at once with ErrExists.
func (f *Folder) Create(name string, existing Existing) (*File, error) {
	if err := f.check(name, existing); err != nil {
		return nil, err
	}
	name = path.Clean(name)
	if err := f.use(path.Dir(name)); err != nil {
		return nil, err
	}
	if existing == Skip && f.Has(name) {
		return nil, ErrExists
	}
	temporary, file, err := f.temporary(path.Dir(name))
	if err != nil {
		return nil, f.explain(name, err)
	}
	return &File{folder: f, name: name, existing: existing, temporary: temporary, file: file}, nil
}

// check says what is wrong with a name, or with what to do if it is taken.
func (f *Folder) check(name string, existing Existing) error {
	if !slices.Contains([]Existing{Rename, Skip, Replace}, existing) {
		return fmt.Errorf("save %s: %q is no way to treat existing files", name, existing)
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) == "." || isTemporary(path.Base(name)) {
		return fmt.Errorf("save %q: not a name for a file inside %s", name, f.path)
	}
	return nil
}

// Has reports whether something is there under a name.
func (f *Folder) Has(name string) bool {
	_, err := f.root.Lstat(path.Clean(name))
	return err == nil
}

// Size is how long the file of a name is. It is false if the name is free.
func (f *Folder) Size(name string) (int64, bool) {
	info, err := f.root.Lstat(path.Clean(name))
	if err != nil {
		return 0, false
	}
	return info.Size(), true
}

// Free is how many bytes there is room for on the folder's disk. It is false if
// the system does not tell.
func (f *Folder) Free() (int64, bool) { return free(f.path) }

// use makes a folder below the root and removes leftovers from it, once.
func (f *Folder) use(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.used[dir]; known {
		return nil
	}
	if dir != "." {
		if err := f.root.MkdirAll(dir, 0o777); err != nil {
			return f.explain(dir, err)
		}
	}
	f.sweep(dir)
	f.used[dir] = false
	for dir != "." { // the new folders are names in their parents
		dir = path.Dir(dir)
		f.used[dir] = true
	}
	return nil
}

// Sync makes every name given since the last Sync last through a power cut.
func (f *Folder) Sync() error {
	for _, dir := range f.unsynced() {
		if err := f.syncNames(dir); err != nil {
			return f.explain(dir, err)
		}
	}
	return nil
}

func (f *Folder) syncNames(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(syncFolder(d), d.Close())
}

func (f *Folder) unsynced() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var dirs []string
	for dir, dirty := range f.used {
		if dirty {
			dirs = append(dirs, dir)
			f.used[dir] = false
		}
	}
	return dirs
}

func (f *Folder) named(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.used[path.Dir(name)] = true
}

// Close ends the use of the folder. Files not committed by then never will be.
func (f *Folder) Close() error { return f.root.Close() }

// explain says which file could not be saved and why, without the name of the
// temporary file, which means nothing to a person.
func (f *Folder) explain(name string, err error) error {
	if diskFull(err) {
		return fmt.Errorf("the disk with %s is full: free some space on it or save to another folder: %w", f.path, bare(err))
	}
	return fmt.Errorf("save %s in %s: %w", name, f.path, bare(err))
}

// bare is an error without the system call and path it came with.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}

// Full reports whether an error is that of a disk, or a share of one, with no
// room left.
func Full(err error) bool { return diskFull(err) }
