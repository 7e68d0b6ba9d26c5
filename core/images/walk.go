package images

import (
	"bufio"
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

	"manyhands/core/images/codec"
	"manyhands/core/safefile"
)

// Item is one file of the run, looked at from outside.
type Item struct {
	Path   string // below the folder that holds all, with slashes
	Save   string // the result's, below the folder for the results
	Format codec.Format
	Wrong  string // why it cannot be worked on
	Skip   bool   // Wrong is no failure: the file does not claim to be a picture
}

// walk lists the files of some folders in the order of their names, each
// folder read when its turn comes. Left out are hidden files, links to
// folders, and the results' folder. Files that were named are not left out.
type walk struct {
	*Config
	inputs
	to     string          // the results' folder, without links
	toInfo fs.FileInfo     // nil if there is none yet
	only   map[string]bool // nil: all; true until met
	names  safefile.Names
	number int // of the pictures met
	in     *bufio.Reader
}

func newWalk(c *Config) (*walk, error) {
	in, err := inputsOf(c.Paths, c.Recursive)
	if err != nil {
		return nil, err
	}
	w := &walk{Config: c, inputs: in, in: bufio.NewReaderSize(nil, bufferSize)}
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
		w.only = map[string]bool{}
		for _, item := range c.only {
			w.only[item] = true
		}
	}
	return w, nil
}

// items is the run's source. What Only named and is not met comes last.
func (w *walk) items(ctx context.Context, yield func(Item) bool) error {
	going := w.each(ctx, func(e entry) bool {
		if it := w.item(ctx, e); w.wanted(it.Path) {
			return yield(it)
		}
		return true
	})
	if !going {
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

// wanted reports whether an item is part of the run, and ticks it off.
func (w *walk) wanted(item string) bool {
	if w.only != nil && !w.only[item] {
		return false
	}
	delete(w.only, item)
	return true
}

// count is the number of items there will be, told from names alone.
func (w *walk) count(ctx context.Context) int {
	if w.only != nil {
		return len(w.only)
	}
	n := 0
	w.each(ctx, func(entry) bool {
		n++
		return true
	})
	return n
}

// entry is a file that was met, or a folder that cannot be read.
type entry struct {
	path string // as Item.Path
	save string // the folder of its result, below that of all results
	err  error  // of the folder
}

// each meets every file, in the order of a run. False means that it was ended.
func (w *walk) each(ctx context.Context, yield func(entry) bool) bool {
	saves := map[string]string{".": "."} // the folders above the inputs
	for _, item := range w.inputs.items {
		if ctx.Err() != nil {
			return false
		}
		folder := isFolder(w.path(item))
		save := w.saveDir(saves, path.Dir(item))
		if folder && item != "." {
			save = w.saveDir(saves, item)
		}
		if folder && !w.list(ctx, item, save, yield) || !folder && !yield(entry{path: item, save: save}) {
			return false
		}
	}
	return true
}

// saveDir names the folder for the results of a folder, once.
func (w *walk) saveDir(saves map[string]string, dir string) string {
	if save, ok := saves[dir]; ok {
		return save
	}
	saves[dir] = w.claim(w.saveDir(saves, path.Dir(dir)), path.Base(dir))
	return saves[dir]
}

// list meets the files of a folder and, if wanted, of those below. The names
// of results are settled here, one after the other, so they are the same in
// every run.
func (w *walk) list(ctx context.Context, dir, save string, yield func(entry) bool) bool {
	entries, err := os.ReadDir(w.path(dir))
	for _, e := range entries {
		if ctx.Err() != nil {
			return false
		}
		item := path.Join(dir, e.Name())
		switch {
		case w.leftOut(item, e):
		case e.IsDir():
			if !w.list(ctx, item, w.claim(save, e.Name()), yield) {
				return false
			}
		case !yield(entry{path: item, save: save}):
			return false
		}
	}
	return err == nil || yield(entry{path: dir + "/", err: err})
}

// leftOut tells the entries of a folder that are no item at all.
func (w *walk) leftOut(item string, e fs.DirEntry) bool {
	switch {
	case strings.HasPrefix(e.Name(), "."):
		return true
	case e.IsDir():
		return !w.Recursive || w.isTo(item)
	case e.Type()&fs.ModeSymlink != 0:
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
	return info.IsDir() || err == nil && w.to != "" && below(w.to, target)
}

func (w *walk) path(item string) string {
	return filepath.Join(w.root, filepath.FromSlash(item))
}

// item looks at one file, and names its result if it will have one.
func (w *walk) item(ctx context.Context, e entry) Item {
	it := Item{Path: e.path}
	if e.err != nil {
		it.Wrong = fmt.Sprintf("the folder cannot be read (%v): check its permissions", safefile.Cause(e.err))
		return it
	}
	f, err := open(w.path(e.path))
	if err != nil {
		it.Wrong = err.Error()
		return it
	}
	defer f.Close() //nolint:errcheck // only read
	head, err := readHead(f)
	if err != nil {
		it.Wrong = err.Error()
		return it
	}
	it.Format, it.Wrong, it.Skip = codec.Verdict(e.path, head)
	if it.Wrong == "" {
		w.number++
		it.Save = w.save(e, w.values(ctx, f, it), it.Format)
	}
	return it
}

// values are what the name of a result may be made of.
func (w *walk) values(ctx context.Context, f *os.File, it Item) values {
	v := values{item: it.Path, root: w.root, number: w.number}
	info, err := f.Stat()
	if err != nil || !template(w.Name).looksInside() {
		return v
	}
	v.taken = info.ModTime()
	s, err := w.look(codec.NewSource(ctx, f, info.Size(), w.in), it.Format)
	if taken, ok := s.data.Taken(); ok {
		v.taken = taken
	}
	if err == nil {
		v.size = s.final
	}
	return v
}

// save names a result.
func (w *walk) save(e entry, v values, source codec.Format) string {
	dir, base := path.Split(template(w.Name).name(v))
	for folder := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if folder != "" {
			e.save = path.Join(e.save, safefile.Name(folder))
		}
	}
	return w.claim(e.save, saveName(base, e.path, w.target(source)))
}

func readHead(f *os.File) ([]byte, error) {
	head := make([]byte, codec.Sniffed)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("cannot be read (%w): check the disk", safefile.Cause(err))
	}
	return head[:n], nil
}
