// Package images changes pictures by the folder: size, filters, format.
//
//	walk ──► Item ──► queue ──► worker ─────────────────────────────► Picture
//	sniff             (core)    look ─ budget ─ decode ─ crop ─ resize ─ turn ─
//	name the result             filters ─ watermark ─ encode ─ metadata ─ safefile
//
// The walk is one goroutine and settles everything that depends on order: what
// is a picture, told from its content, and the name of its result. A worker
// needs nothing but its Item and the settings, and keeps its buffers from
// picture to picture. No worker holds pixels without a share of the one
// budget, which is taken from the header before anything is decoded.
//
//	codec      picture files to pixels, and pixels to picture files
//	filter     changes of the pixels
//	watermark  a text or a picture put on top
//	meta       EXIF and colour profiles
package images

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"manyhands/core"
	"manyhands/core/images/filter"
	"manyhands/core/images/watermark"
	"manyhands/core/safefile"
)

// Config is the settings of a run. Paths may be relative.
type Config struct {
	Paths     []string          `arg:"" name:"pictures" type:"path" sep:";" kind:"folder" label:"Folder" help:"Folders of pictures, or single pictures."`
	To        string            `type:"path" kind:"newfolder" label:"Save to" help:"Folder for the results." placeholder:"FOLDER"`
	Size      Size              `default:"800x600" label:"Size" help:"Size of the results: WIDTHxHEIGHT or one number, in pixels, or a percentage like 50%." placeholder:"800x600"`
	Fit       string            `enum:"exact,inside,fill,longest,shortest,percent" default:"exact" label:"Fit" help:"How to fit into the size. exact: that size, whatever the proportions. inside: as large as fits into it. fill: cut to its proportions. longest, shortest: that side so long. percent: so much of its own size."`
	Filter    []filter.Filter   `default:"blur" sep:"," choices:"blur,gaussian:2,sharpen:1,grayscale,sepia,invert,brightness:10,contrast:10,saturation:20,gamma:1.2,hue:30,rotate:90,flip:horizontal,crop:1/1,auto-contrast,none" label:"Filters" help:"Filters, in this order, each NAME or NAME:AMOUNT: blur, gaussian, sharpen, grayscale, sepia, invert, brightness, contrast, saturation, gamma, hue, rotate:DEGREES, flip:horizontal|vertical, crop:WxH+X+Y or crop:16/9, auto-contrast, none." placeholder:"NAME[:AMOUNT]"`
	Format    string            `enum:"keep,jpeg,png,gif,bmp,tiff,webp" default:"jpeg" label:"Format" help:"Format of the results: ${enum}. WebP is written lossless."`
	Quality   int               `default:"85" label:"Quality" help:"JPEG quality, 1 to 100."`
	Watermark watermark.Mark    `label:"Watermark" help:"A text or a picture's file to put on every result, with its place and opacity if wanted: TEXT|FILE[:POSITION[:OPACITY]]." placeholder:"© Me 2026:bottom-right:50%"`
	Recursive bool              `label:"With subfolders" help:"Also the pictures in all folders below; the results keep the folders."`
	Existing  safefile.Existing `enum:"skip,rename,replace" default:"rename" label:"If a file exists" help:"What to do if a result is already there: ${enum}."`
	Workers   core.Workers      `default:"auto" label:"Workers" help:"Pictures worked on at once: auto or a number."`

	Name       string  `default:"{name}" more:"" label:"Name" help:"Names of the results, made of {name}, {number}, {width}, {height}, {date} and {time} taken, {folder}; a / makes folders." placeholder:"{name}-{width}x{height}"`
	MaxKB      int     `name:"max-kb" default:"0" more:"" label:"At most KB" help:"JPEG quality is lowered until a file is no larger than so many kilobytes, of 1000 bytes; 0: as it comes."`
	MinGain    Percent `default:"0%" more:"" label:"Least gain" help:"Skip pictures whose files would not get smaller by so much; 0%: skip none."`
	Metadata   string  `enum:"keep,strip,no-gps" default:"keep" more:"" label:"Metadata" help:"What the camera wrote (EXIF) and the colour profile: ${enum}. no-gps keeps all but the position, strip only the profile."`
	KeepDates  bool    `more:"" label:"Keep file dates" help:"Results get the dates of the source files."`
	Enlarge    bool    `more:"" label:"Enlarge small ones" help:"Also make pictures larger than they are."`
	Background Colour  `default:"white" more:"" label:"Background" help:"Colour behind transparent pictures where the format has no transparency, and beside turned ones: white, black or #RRGGBB."`
	Truncated  string  `enum:"fail,keep" default:"fail" more:"" label:"Truncated files" help:"Files that end too early: ${enum}. keep takes the part that is there."`

	only []string // nil: all
}

// Start begins the run. Its Row.Item are slash-separated paths below the
// folder that holds all Paths, its Row.Out are Pictures.
func (c *Config) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	settings := c.clone()
	counted, err := newWalk(settings)
	if err != nil {
		return nil, err
	}
	list, _ := newWalk(settings)
	total := counted.count(ctx)
	stamp, err := settings.Watermark.Open()
	if err != nil {
		return nil, err
	}
	to, err := safefile.Open(c.To)
	if err != nil {
		return nil, err
	}
	pixels, dead := newBudget(budgetPixels), new(garbage)
	return run{to: to, Steerable: core.Start(ctx, core.Job[Item, Picture]{
		Source: list.items,
		Total:  total,
		Open: func(context.Context) (core.Worker[Item, Picture], error) {
			return &worker{maker: newMaker(settings, stamp, pixels, dead), root: list.root, to: to}, nil
		},
		Sink:    func([]core.Result[Item, Picture]) error { return to.Sync() },
		Log:     log,
		Name:    func(it Item) string { return it.Path },
		Workers: int(c.Workers),
	})}, nil
}

// clone is a copy that later changes do not reach.
func (c *Config) clone() *Config {
	settings := *c
	settings.Paths, settings.Filter, settings.only = slices.Clone(c.Paths), slices.Clone(c.Filter), slices.Clone(c.only)
	return &settings
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

// Drop takes folders and files as the pictures to work on.
func (c *Config) Drop(paths []string) error {
	if len(paths) > 0 {
		c.Paths, c.only = slices.Clone(paths), nil
	}
	return nil
}

// Files are the source and the result of a row.
func (c *Config) Files(row core.Row) (source, result string) {
	if in, err := inputsOf(c.Paths, c.Recursive); err == nil {
		source = filepath.Join(in.root, filepath.FromSlash(row.Item))
	}
	if p, ok := row.Out.(Picture); ok && p.Saved != "" {
		result = filepath.Join(c.To, filepath.FromSlash(p.Saved))
	}
	return source, result
}
