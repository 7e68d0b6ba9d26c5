package safefile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

const (
	partSuffix    = ".part"
	journalSuffix = ".json"          // after the name of the part
	partFormat    = "manyhands-part" // what tells our journals from other files
	mostPartName  = 240              // bytes of a name before its suffixes
	mostJournal   = 16 << 20
)

// ErrBusy is the error of a part that another process, or another Part of this
// one, has open.
var ErrBusy = errors.New("another run has it in hand: wait until that has ended")

// Part is an unfinished file that outlives its process: NAME.part, locked as
// long as it is open, with a journal in NAME.part.json. That names what the file
// is a part of, and holds whatever its owner wants to know of it the next time.
//
//	NewPart ───► NAME.part      ── WriteAt… ── Commit ──► photo.jpg
//	OpenPart ──► NAME.part.json ── SetJournal (data first, then what is said of it)
//
// A file is taken for a part only if the journal beside it is one of ours:
// other files called .part are left alone. A Part ends with Commit, Close or
// Remove; the other two then do nothing. WriteAt, ReadAt and SetJournal may be
// called at the same time.
type Part struct {
	folder  *Folder
	name    string // NAME.part
	of      string
	file    *os.File
	journal json.RawMessage
	ended   bool
}

// record is what NAME.part.json holds.
type record struct {
	Format  string          `json:"format"`
	Of      string          `json:"of"`
	Journal json.RawMessage `json:"journal"`
}

// NewPart begins a part of something, an address say, for a file of the given
// name, which has no folder in it. If NAME.part is taken, by whatever, the name
// gets a number.
func (f *Folder) NewPart(name, of string) (*Part, error) {
	if path.Base(name) != name || strings.ContainsRune(name, '\\') || !filepath.IsLocal(name) || name == "." || isTemporary(name+partSuffix) {
		return nil, fmt.Errorf("save %q: not a name for a part in %s", name, f.path)
	}
	temporary, file, err := f.temporary(".")
	if err != nil {
		return nil, f.explain(name, err)
	}
	holdPart(file)
	defer f.root.Remove(temporary) //nolint:errcheck // it has another name, or is swept by the next run
	p := &Part{folder: f, of: of, file: file}
	for n := 1; ; n++ {
		p.name = cut(name, number(n), mostPartName) + partSuffix
		err := p.claim(temporary)
		if err == nil {
			p.know(true)
			return p, nil
		}
		if !errors.Is(err, ErrExists) {
			_ = file.Close()
			return nil, f.explain(name, err)
		}
	}
}

// claim gives a new part its name. The journal comes first: a part without one
// would be nobody's. One without a part is what an interrupted end leaves, and
// is taken over.
func (p *Part) claim(temporary string) error {
	f := p.folder
	if f.Has(p.name) {
		return ErrExists
	}
	if _, ours := f.readJournal(p.name); !ours && f.Has(p.name+journalSuffix) {
		return ErrExists
	}
	if err := p.writeJournal(nil, false); err != nil {
		return err
	}
	return f.claim(temporary, p.name)
}

// OpenPart goes on with the part of something. Its error is fs.ErrNotExist if
// there is none, ErrBusy if another has it open.
func (f *Folder) OpenPart(of string) (*Part, error) {
	names, err := f.find(of)
	if err != nil {
		return nil, err
	}
	failed := fmt.Errorf("open the part: %w", fs.ErrNotExist)
	for _, name := range names {
		p, err := f.openPart(name, of)
		if err == nil {
			return p, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			failed = err
		}
	}
	return nil, failed
}

func (f *Folder) openPart(name, of string) (*Part, error) {
	p := &Part{folder: f, name: name, of: of}
	if !f.regular(name) {
		p.know(false)
		return nil, fs.ErrNotExist
	}
	file, err := f.root.OpenFile(name, os.O_RDWR|noWait, 0)
	if err != nil {
		return nil, f.explain(name, err)
	}
	p.file = file
	if err := p.reopen(); err != nil {
		_ = file.Close()
		if errors.Is(err, fs.ErrNotExist) {
			p.know(false)
		}
		return nil, f.explain(name, err)
	}
	return p, nil
}

// reopen makes sure that the part is ours, unfinished, and nobody else's.
func (p *Part) reopen() error {
	if !holdPart(p.file) {
		return ErrBusy
	}
	if !p.folder.same(p.name, p.file) {
		return fs.ErrNotExist // finished by another, meanwhile
	}
	r, ours := p.folder.readJournal(p.name)
	if !ours || r.Of != p.of {
		return fs.ErrNotExist
	}
	p.journal = r.Journal
	if links(p.file) > 1 { // a run ended between giving it its last name and taking this one
		p.removeNames()
		return fs.ErrNotExist
	}
	return nil
}

func (f *Folder) regular(name string) bool {
	info, err := f.root.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// Name is what the unfinished file is called, "photo.jpg.part".
func (p *Part) Name() string { return p.name }

// WriteAt is for io.WriterAt. A full disk says so in words, and is
// syscall.ENOSPC.
func (p *Part) WriteAt(b []byte, at int64) (int, error) {
	n, err := p.file.WriteAt(b, at)
	if err != nil {
		err = p.folder.explain(p.name, err)
	}
	return n, err
}

// ReadAt is for io.ReaderAt.
func (p *Part) ReadAt(b []byte, at int64) (int, error) { return p.file.ReadAt(b, at) }

// Size is how long the unfinished file is.
func (p *Part) Size() (int64, error) {
	info, err := p.file.Stat()
	if err != nil {
		return 0, p.folder.explain(p.name, err)
	}
	return info.Size(), nil
}

// Truncate cuts the file, or makes it longer.
func (p *Part) Truncate(size int64) error {
	if err := p.file.Truncate(size); err != nil {
		return p.folder.explain(p.name, err)
	}
	return nil
}

// Commit puts the part under a name, if its length is size, and returns the
// name, which under Rename may be another one. A zero modified is now. The
// part's own name and its journal are gone then. If it fails, or ctx has ended,
// the part stays, and has to be ended; the error under Skip is ErrExists.
func (p *Part) Commit(ctx context.Context, name string, existing Existing, size int64, modified time.Time) (string, error) {
	if p.ended {
		return "", fmt.Errorf("save %s: %w", name, os.ErrClosed)
	}
	if err := p.folder.check(name, existing); err != nil {
		return "", err
	}
	name = path.Clean(name)
	if err := p.finish(size, modified); err != nil {
		return "", p.folder.explain(name, err)
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	name, err := p.folder.place(p.name, name, existing)
	if err != nil {
		return "", err
	}
	p.Remove() // of its other names
	p.folder.named(name)
	return name, nil
}

func (p *Part) finish(size int64, modified time.Time) error {
	file := &File{folder: p.folder, temporary: p.name, file: p.file, written: size, modified: modified}
	return file.finish()
}

// Close keeps the part for later.
func (p *Part) Close() error {
	if p.ended {
		return nil
	}
	p.ended = true
	if err := p.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return p.folder.explain(p.name, err)
	}
	return nil
}

// Remove leaves nothing of the part.
func (p *Part) Remove() {
	if !p.ended {
		p.removeNames()
		_ = p.Close()
	}
}

// removeNames takes the part's name away, then its journal: a part without one
// would be taken for another's.
func (p *Part) removeNames() {
	_ = p.folder.root.Remove(p.name)
	_ = p.folder.root.Remove(p.name + journalSuffix)
	p.know(false)
}

// Reassign makes it the part of something else.
func (p *Part) Reassign(of string) error {
	p.know(false)
	p.of = of
	p.know(true)
	return p.SetJournal(p.journal)
}
