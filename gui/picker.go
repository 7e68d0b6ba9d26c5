package gui

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"github.com/rymdport/portal/filechooser"

	"manyhands/core/catalog"
)

// picker asks a person for a place on disk. then gets the path chosen, and is
// not called if none was.
type picker interface {
	folder(title, from string, then func(path string))
	file(title, from string, then func(path string))
	save(title, name string, then func(path string))
}

// chooser asks with the desktop's own dialog where there is one, and with
// Fyne's else.
type chooser struct {
	fyne.Window
	pulse *pulse
}

func (d *chooser) folder(title, from string, then func(string)) {
	ask := func() ([]string, error) {
		return filechooser.OpenFile("", title, &filechooser.OpenFileOptions{Directory: true, CurrentFolder: from})
	}
	d.ask(ask, then, func() {
		d.large(dialog.NewFolderOpen(func(uri fyne.ListableURI, err error) {
			if err == nil && uri != nil {
				then(uri.Path())
			}
		}, d), from)
	})
}

func (d *chooser) file(title, from string, then func(string)) {
	ask := func() ([]string, error) {
		return filechooser.OpenFile("", title, &filechooser.OpenFileOptions{CurrentFolder: from})
	}
	d.ask(ask, then, func() {
		d.large(dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
			if err == nil && file != nil {
				_ = file.Close() // only its name is wanted
				then(file.URI().Path())
			}
		}, d), from)
	})
}

func (d *chooser) save(title, name string, then func(string)) {
	ask := func() ([]string, error) {
		return filechooser.SaveFile("", title, &filechooser.SaveFileOptions{CurrentName: name})
	}
	d.ask(ask, then, func() {
		save := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
			if err == nil && file != nil {
				_ = file.Close() // what is written replaces it as a whole
				then(file.URI().Path())
			}
		}, d)
		save.SetFileName(name)
		d.large(save, "")
	})
}

// ask waits for the desktop's dialog beside the window's own work. An error
// means that there is no such dialog.
func (d *chooser) ask(ask func() ([]string, error), then func(string), instead func()) {
	d.pulse.Go(func() func() {
		uris, err := ask()
		return func() {
			if err != nil {
				instead()
			} else if path := pathOf(uris); path != "" {
				then(path)
			}
		}
	})
}

// large shows Fyne's dialog nearly as large as the window, in a folder that
// exists.
func (d *chooser) large(files *dialog.FileDialog, from string) {
	if from != "" {
		if uri, err := storage.ListerForURI(storage.NewFileURI(from)); err == nil {
			files.SetLocation(uri)
		}
	}
	files.Resize(d.Canvas().Size().SubtractWidthHeight(60, 60))
	files.Show()
}

// pathOf is the path of the first of the portal's file URIs, which come
// unescaped.
func pathOf(uris []string) string {
	if len(uris) == 0 {
		return ""
	}
	path, ok := strings.CutPrefix(uris[0], "file://")
	if !ok {
		return ""
	}
	return filepath.FromSlash(path)
}

// browse asks for the place that a field wants.
func (p *page) browse(field catalog.Field, now string, then func(string)) {
	from := nearestFolder(now)
	chosen := func(path string) {
		then(field.Join(path))
		p.chosePlace()
	}
	if field.Kind == catalog.File {
		p.pick.file(field.Label, from, chosen)
		return
	}
	p.pick.folder(field.Label, from, chosen)
}

// openFolder asks for the first place the form wants.
func (p *page) openFolder() {
	place := p.form.find(catalog.Folder, catalog.File)
	if place < 0 || !p.idle() {
		return
	}
	p.browse(p.form.fields[place], p.form.inputs[place].get(), p.form.inputs[place].set)
}
