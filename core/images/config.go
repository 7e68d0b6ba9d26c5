// Package images changes pictures by the folder: size, filters, format.
//
//	walk ──► Item ──► queue ──► worker ─────────────────────────────► Picture
//	sniff             (core)    header ─ budget ─ decode ─ resize ─
//	name the result             turn ─ filters ─ encode ─ safefile
//
// The walk is one goroutine and settles everything that depends on order: what
// is a picture, told from its content, and the name of its result. A worker
// needs nothing but its Item and the settings, and keeps its buffers from
// picture to picture. No worker holds pixels without a share of the one
// budget, which is taken from the header before anything is decoded.
package images

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"manyhands/core"
	"manyhands/core/safefile"
)

// Config is the settings of a run. Paths may be relative.
type Config struct {
	Folder    string            `arg:"" type:"path" kind:"folder" label:"Folder" help:"Folder of pictures."`
	To        string            `type:"path" kind:"newfolder" label:"Save to" help:"Folder for the results." placeholder:"FOLDER"`
	Size      Size              `default:"800x600" label:"Size" help:"Width and height of the results, in pixels." placeholder:"800x600"`
	Fit       string            `enum:"exact,inside" default:"exact" label:"Fit" help:"exact: that size, whatever the proportions. inside: as large as fits into it, never enlarged."`
	Filter    []Filter          `default:"blur" sep:"," choices:"none,blur,gaussian,sharpen,grayscale,invert,brightness,contrast,saturation,gamma" label:"Filters" help:"Filters, in this order, each NAME or NAME:AMOUNT: none, blur, gaussian, sharpen, grayscale, invert, brightness, contrast, saturation, gamma." placeholder:"NAME[:AMOUNT]"`
	Format    string            `enum:"keep,jpeg,png" default:"jpeg" label:"Format" help:"Format of the results: ${enum}."`
	Quality   int               `default:"85" label:"Quality" help:"JPEG quality, 1 to 100."`
	Recursive bool              `label:"With subfolders" help:"Also the pictures in all folders below; the results keep the folders."`
	Existing  safefile.Existing `enum:"skip,rename,replace" default:"rename" label:"If a file exists" help:"What to do if a result is already there: ${enum}."`
	Workers   core.Workers      `default:"auto" label:"Workers" help:"Pictures worked on at once: auto or a number."`

	only []string // nil: all
}

// Start begins the run. Its Row.Item are slash-separated paths below Folder,
// its Row.Out are Pictures.
func (c *Config) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	to, err := safefile.Open(c.To)
	if err != nil {
		return nil, err
	}
	settings := *c
	settings.Filter, settings.only = slices.Clone(c.Filter), slices.Clone(c.only)
	list, pixels, dead := newWalk(&settings), newBudget(budgetPixels), new(garbage)
	return run{to: to, Steerable: core.Start(ctx, core.Job[Item, Picture]{
		Source: list.items,
		Total:  list.count(""),
		Open: func(context.Context) (core.Worker[Item, Picture], error) {
			return newWorker(&settings, to, pixels, dead), nil
		},
		Sink:    func([]core.Result[Item, Picture]) error { return to.Sync() },
		Log:     log,
		Name:    func(it Item) string { return it.Path },
		Workers: int(c.Workers),
	})}, nil
}

// run closes the results' folder at its end. Work that was given up and goes
// on after that finds it closed, and puts nothing there.
type run struct {
	core.Steerable
	to *safefile.Folder
}

func (r run) Wait() (core.Report, error) {
	report, err := r.Steerable.Wait()
	if closeErr := r.to.Close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close the folder for the results: %w", closeErr)
	}
	return report, err
}

// Scratch sends the results below dir, whatever is there.
func (c *Config) Scratch(dir string) { c.To, c.Existing = dir, safefile.Rename }

// Only narrows the run to some of its items. Their results keep the names that
// they have in the whole run.
func (c *Config) Only(items []string) { c.only = append([]string{}, items...) }

// Place is the folder of the results.
func (c *Config) Place() string { return c.To }

// Drop takes one folder, or files: the folder that holds them all becomes
// Folder, and the run is narrowed to them.
func (c *Config) Drop(paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	if len(paths) == 1 && isFolder(paths[0]) {
		c.Folder, c.only = paths[0], nil
		return nil
	}
	folder, items, err := shared(paths)
	if err != nil {
		return err
	}
	c.Folder, c.only = folder, items
	c.Recursive = c.Recursive || slices.ContainsFunc(items, func(s string) bool { return strings.Contains(s, "/") })
	return nil
}

// shared finds the innermost folder that holds all of some files, and their
// paths below it.
func shared(files []string) (folder string, items []string, err error) {
	folder = filepath.Dir(files[0])
	for _, file := range files {
		if isFolder(file) {
			return "", nil, fmt.Errorf("%s is a folder: drop one folder, or files only", file)
		}
		for !below(folder, file) {
			parent := filepath.Dir(folder)
			if parent == folder {
				return "", nil, fmt.Errorf("%s and %s have no folder in common: drop files of one drive", files[0], file)
			}
			folder = parent
		}
	}
	for _, file := range files {
		item, err := filepath.Rel(folder, file)
		if err != nil {
			return "", nil, fmt.Errorf("find %s in %s: %w", file, folder, err)
		}
		items = append(items, filepath.ToSlash(item))
	}
	return folder, items, nil
}

// below reports whether path lies in folder, by their names.
func below(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}
