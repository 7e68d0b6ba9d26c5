package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"manyhands/core/safefile"
)

// Item is one file of the folder, looked at from outside.
type Item struct {
	Path   string // below the folder, with slashes
	Save   string // the result's, below the folder for the results
	Format Format
	Wrong  string // why it cannot be worked on
	Skip   bool   // Wrong is no failure: the file does not claim to be a picture
}

// walk lists a folder's files in the order of their names, each folder read
// when its turn comes. Left out are hidden files, links to folders, and the
// results' folder.
type walk struct {
	folder string
	to     string      // the results' folder, without links
	toInfo fs.FileInfo // nil if there is none yet
	format string
	deep   bool
	only   map[string]bool // nil: all; true until met
	inside map[string]bool // the folders that hold those
}

func newWalk(c *Config) *walk {
	w := &walk{folder: c.Folder, format: c.Format, deep: c.Recursive}
	if info, err := os.Stat(c.To); err == nil {
		w.toInfo = info
	}
	if to, err := filepath.Abs(c.To); err == nil {
		w.to = to
		if real, err := filepath.EvalSymlinks(to); err == nil {
			w.to = real
		}
	}
	if c.only != nil {
		w.only, w.inside = map[string]bool{}, map[string]bool{}
		for _, item := range c.only {
			w.only[item] = true
			for dir := path.Dir(item); dir != "."; dir = path.Dir(dir) {
				w.inside[dir] = true
			}
		}
	}
	return w
}

// items is the run's source. What Only named and is not met comes last.
func (w *walk) items(ctx context.Context, yield func(Item) bool) error {
	given := func(it Item) bool {
		if w.only != nil && !w.only[it.Path] {
			return true
		}
		delete(w.only, it.Path)
		return ctx.Err() == nil && yield(it)
	}
	if !w.list(ctx, "", "", given) {
		return nil
	}
	missing := make([]string, 0, len(w.only))
	for item := range w.only {
		missing = append(missing, item)
	}
	slices.Sort(missing)
	for _, item := range missing {
		if !yield(Item{Path: item, Wrong: "is not in the folder any more, or is no picture of it"}) {
			return nil
		}
	}
	return nil
}

// list walks one folder. Its results go to the folder save. Their names are
// settled here, for one after the other, so they are the same in every run.
func (w *walk) list(ctx context.Context, dir, save string, yield func(Item) bool) bool {
	entries, err := os.ReadDir(w.path(dir))
	names := claims{}
	for _, entry := range entries {
		if ctx.Err() != nil {
			return false
		}
		item := path.Join(dir, entry.Name())
		if w.leftOut(item, entry) {
			continue
		}
		if entry.IsDir() {
			if w.deep && !w.list(ctx, item, path.Join(save, names.claim(entry.Name())), yield) {
				return false
			}
			continue
		}
		if !yield(w.item(item, save, names)) {
			return false
		}
	}
	if err != nil {
		return yield(Item{Path: dir + "/", Wrong: fmt.Sprintf("the folder cannot be read (%v): check its permissions", cause(err))})
	}
	return true
}

// count is the number of items there will be, told from names alone.
func (w *walk) count(dir string) int {
	if w.only != nil {
		return len(w.only)
	}
	entries, err := os.ReadDir(w.path(dir))
	n := 0
	for _, entry := range entries {
		item := path.Join(dir, entry.Name())
		switch {
		case w.leftOut(item, entry):
		case entry.IsDir():
			n += w.count(item)
		default:
			n++
		}
	}
	if err != nil {
		n++ // the folder's own item
	}
	return n
}

// leftOut tells the entries that are no item at all.
func (w *walk) leftOut(item string, entry fs.DirEntry) bool {
	if strings.HasPrefix(entry.Name(), ".") && !w.only[item] && !w.inside[item] {
		return true
	}
	switch {
	case entry.IsDir():
		return !w.deep || w.only != nil && !w.inside[item] || w.isTo(item)
	case entry.Type()&fs.ModeSymlink != 0:
		return w.linksAway(item)
	}
	return false
}

func (w *walk) isTo(item string) bool {
	info, err := os.Stat(w.path(item))
	return err == nil && w.toInfo != nil && os.SameFile(info, w.toInfo)
}

// linksAway reports whether a link leads to a folder, or to a result.
func (w *walk) linksAway(item string) bool {
	info, err := os.Stat(w.path(item))
	if err != nil {
		return false // an item that fails
	}
	target, err := filepath.EvalSymlinks(w.path(item))
	if err != nil {
		return false
	}
	target, err = filepath.Abs(target)
	return info.IsDir() || err == nil && below(w.to, target)
}

func (w *walk) path(item string) string {
	return filepath.Join(w.folder, filepath.FromSlash(item))
}

// item looks at one file, and names its result if it will have one.
func (w *walk) item(name, save string, names claims) Item {
	it := Item{Path: name}
	head, err := readHead(w.path(name))
	if err != nil {
		it.Wrong = err.Error()
		return it
	}
	it.Format, it.Wrong, it.Skip = verdict(name, head)
	if it.Wrong == "" {
		format, _ := target(w.format, it.Format)
		it.Save = path.Join(save, names.claim(saveName(path.Base(name), format)))
	}
	return it
}

// claims are the names given in one folder of the results, in lower case,
// because many file systems do not tell the cases apart.
type claims map[string]bool

// claim finds a name, good on every system, that is not given yet.
func (c claims) claim(name string) string {
	name = safefile.Name(name)
	for n := 1; ; n++ {
		numbered := safefile.Numbered(name, n)
		if key := strings.ToLower(numbered); !c[key] {
			c[key] = true
			return numbered
		}
	}
}

func readHead(name string) ([]byte, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	head := make([]byte, sniffed)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("cannot be read (%w): check the disk", cause(err))
	}
	return head[:n], nil
}
