package gui

import (
	"net/url"
	"path/filepath"
	"slices"

	"manyhands/core"
	"manyhands/core/catalog"
)

func (p *page) openPlace() { p.openPath(p.place()) }

// openItem opens a row's result or, if there is none, its source. Where
// neither is known the item may be a file itself.
func (p *page) openItem(row core.Row) {
	ran, place := p.ran, p.place()
	p.pulse.Go(func() func() {
		for _, path := range filesOf(ran, place, row) {
			if filepath.IsAbs(path) && isFile(path) {
				return func() { p.openPath(path) }
			}
		}
		return nil
	})
}

func filesOf(ran catalog.Config, place string, row core.Row) []string {
	paths := []string{row.Item, filepath.Join(place, row.Item)}
	if filer, ok := ran.(catalog.Filer); ok {
		source, result := filer.Files(row)
		for _, path := range []string{source, result} {
			if whole, err := filepath.Abs(path); err == nil && path != "" {
				paths = slices.Insert(paths, 0, whole)
			}
		}
	}
	return paths
}

// openChosen opens the file of the row that is selected.
func (p *page) openChosen() { p.openItem(p.results.chosen) }

// openPath opens a folder or a file with the desktop's program for it.
func (p *page) openPath(path string) {
	if path == "" {
		return
	}
	path, err := filepath.Abs(path)
	if err == nil {
		err = p.visit(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)})
	}
	if err != nil {
		p.bar.complain("Cannot open " + path + ": " + err.Error())
	}
}
