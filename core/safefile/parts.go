package safefile

import (
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// parts are the parts in a folder, by what they are of. They are looked for
// once; those that other processes make later are not known.
type parts struct {
	mu    sync.Mutex
	known map[string][]string // their names; nil: not looked for
}

// find lists the parts of something.
func (f *Folder) find(of string) ([]string, error) {
	f.parts.mu.Lock()
	defer f.parts.mu.Unlock()
	if f.parts.known == nil {
		known, err := f.readParts()
		if err != nil {
			return nil, err
		}
		f.parts.known = known
	}
	return slices.Clone(f.parts.known[of]), nil
}

func (f *Folder) readParts() (map[string][]string, error) {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return nil, f.explain(".", err)
	}
	known := map[string][]string{}
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), journalSuffix)
		if !ok || !isPart(name) || !f.regular(name) {
			continue
		}
		if r, ok := f.readJournal(name); ok {
			known[r.Of] = append(known[r.Of], name)
		}
	}
	return known, nil
}

// know notes that there is a part, or that there is not.
func (p *Part) know(there bool) {
	f := p.folder
	f.parts.mu.Lock()
	defer f.parts.mu.Unlock()
	if f.parts.known == nil {
		return // it will be found
	}
	names := slices.DeleteFunc(f.parts.known[p.of], func(name string) bool { return name == p.name })
	if there {
		names = append(names, p.name)
	}
	f.parts.known[p.of] = names
	if len(names) == 0 {
		delete(f.parts.known, p.of)
	}
}

func isPart(name string) bool { return strings.HasSuffix(name, partSuffix) && !isTemporary(name) }

// IsPartName says that a file of this name could be taken for a part, or for
// the journal of one, whatever case the file system tells apart.
func IsPartName(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasSuffix(lower, partSuffix) || strings.HasSuffix(lower, partSuffix+journalSuffix)
}
