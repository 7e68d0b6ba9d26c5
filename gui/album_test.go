package gui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2/test"

	"manyhands/core"
	"manyhands/core/catalog"
)

// photo is what the album makes of a picture.
type photo struct {
	Before int64  `col:"Before" unit:"B" json:"before"`
	After  int64  `col:"After" unit:"B" json:"after"`
	Width  int    `col:"Width" unit:"px" json:"width"`
	Height int    `col:"Height" unit:"px" json:"height"`
	Saved  string `col:"Saved as" json:"saved"`
}

// album is a scenario with all that a scenario can offer, and with as many
// settings as one has. Its pictures are painted from their names.
type album struct {
	Folder     []string     `arg:"" optional:"" sep:";" help:"Folder with pictures" kind:"folder"`
	To         string       `help:"Where they go" label:"Save to" kind:"newfolder"`
	Size       string       `default:"1600" help:"Longest side"`
	Fit        string       `enum:"exact,inside,fill,longest,shortest,percent" default:"inside" help:"How"`
	Filter     []string     `label:"Filters" choices:"blur,sharpen,grayscale" help:"Filters"`
	Format     string       `enum:"keep,jpeg,png,gif,webp" default:"jpeg" help:"Format"`
	Quality    int          `default:"85" help:"Quality"`
	Watermark  string       `help:"Text or file"`
	Recursive  bool         `label:"With subfolders" help:"Also below"`
	Existing   string       `enum:"skip,rename,replace" default:"rename" label:"If a file exists" help:"What then"`
	Fail       int          `default:"0" help:"Which fail"`
	Workers    core.Workers `default:"2" help:"How many at once"`
	Name       string       `default:"{name}" more:"" help:"Names"`
	MaxKB      int          `name:"max-kb" default:"0" more:"" label:"At most KB" help:"Size"`
	MinGain    string       `default:"0%" more:"" label:"Least gain" help:"Gain"`
	Metadata   string       `enum:"keep,strip,no-gps" default:"keep" more:"" help:"EXIF"`
	KeepDates  bool         `more:"" label:"Keep file dates" help:"Dates"`
	Enlarge    bool         `more:"" label:"Enlarge small ones" help:"Enlarge"`
	Background string       `default:"white" more:"" help:"Colour"`
	Truncated  string       `enum:"fail,keep" default:"fail" more:"" label:"Truncated files" help:"What then"`

	only    []string
	gallery *gallery
}

// gallery is what tests do to the album's work, and learn of it.
type gallery struct {
	gate   chan struct{} // nil: open; else an item found, a preview or a thumbnail needs a token
	healed bool          // nothing fails any more
	number int           // of pictures in a folder

	mu       sync.Mutex
	searched []string // folders in which a search began
	ended    []string // those whose search was given up
	previews []string
	dropped  int // previews that were given up
	thumbs   []string
	atOnce   int
	most     int // previews or thumbnails at once
}

func (g *gallery) note(do func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	do()
}

// pass waits for a token.
func (g *gallery) pass(ctx context.Context) error {
	if g.gate == nil {
		return ctx.Err()
	}
	g.note(func() { g.atOnce++; g.most = max(g.most, g.atOnce) })
	defer g.note(func() { g.atOnce-- })
	select {
	case <-g.gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *album) Check() error {
	switch {
	case len(a.Folder) == 0:
		return errors.New("folder: choose the folder with the pictures")
	case a.To == "":
		return errors.New("Save to: choose a folder")
	case a.Quality > 100:
		return errors.New("quality: choose 1 to 100")
	}
	return nil
}

func (a *album) Only(items []string)       { a.only = items }
func (a *album) Place() string             { return a.To }
func (a *album) Scratch(dir string)        { a.To = dir }
func (a *album) Drop(paths []string) error { a.Folder = paths; return nil }

func (a *album) names() []string {
	if a.only != nil {
		return a.only
	}
	var names []string
	for i := range a.gallery.number {
		names = append(names, fmt.Sprintf("IMG_%04d.jpg", i+1))
	}
	return names
}

func (a *album) Find(ctx context.Context, found func(string, int64) bool) error {
	folder := strings.Join(a.Folder, ";")
	a.gallery.note(func() { a.gallery.searched = append(a.gallery.searched, folder) })
	for _, name := range a.names() {
		if err := a.gallery.pass(ctx); err != nil || !found(name, 2_500_000) {
			a.gallery.note(func() { a.gallery.ended = append(a.gallery.ended, folder) })
			return err
		}
	}
	if strings.Contains(folder, "locked") {
		return errors.New("the folder is locked")
	}
	return nil
}

func (a *album) Preview(ctx context.Context, item string) (catalog.Preview, error) {
	a.gallery.note(func() { a.gallery.previews = append(a.gallery.previews, item+" "+fmt.Sprint(a.Quality)) })
	if err := a.gallery.pass(ctx); err != nil {
		a.gallery.note(func() { a.gallery.dropped++ })
		return catalog.Preview{}, err
	}
	p := catalog.Preview{
		Before: painted(item, 1000, 750, false), After: painted(item, 400, 300, true),
		BeforeText: "JPEG, 2000x1500", AfterText: "JPEG, 800x600",
		BeforeBytes: 3_400_000, AfterBytes: int64(1000 * a.Quality),
	}
	if strings.Contains(item, "0003") {
		p.Note = "It is not enlarged: it has 2000x1500 pixels only."
	}
	return p, nil
}

func (a *album) Files(row core.Row) (source, result string) {
	source = filepath.Join(a.Folder[0], row.Item)
	if out, ok := row.Out.(photo); ok {
		result = filepath.Join(a.To, out.Saved)
	}
	return source, result
}

func (a *album) Thumbnail(ctx context.Context, row core.Row, side int) (image.Image, error) {
	a.gallery.note(func() { a.gallery.thumbs = append(a.gallery.thumbs, row.Item) })
	if err := a.gallery.pass(ctx); err != nil || row.Status != core.OK {
		return nil, err
	}
	return painted(row.Item, side, side*3/4, true), nil
}

func (a *album) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	names := a.names()
	job := core.Job[string, photo]{
		Source: core.From(func(yield func(string) bool) {
			for _, name := range names {
				if !yield(name) {
					return
				}
			}
		}),
		Total: len(names), Workers: a.Workers.Count(), Log: log, Open: core.Func(a.do),
	}
	return core.Start(ctx, job), nil
}

func (a *album) do(_ context.Context, name string) (photo, error) {
	number := 0
	_, _ = fmt.Sscanf(name, "IMG_%d", &number)
	if a.Fail > 0 && number%a.Fail == 0 && !a.gallery.healed {
		return photo{}, fmt.Errorf("%s is no picture", name)
	}
	return photo{Before: 2_000_000, After: 500_000, Width: 1600, Height: 1200, Saved: name}, nil
}

// painted is a picture that can be told from others by its name.
func painted(name string, width, height int, grey bool) image.Image {
	var hue int
	for _, c := range name {
		hue = hue*31 + int(c)
	}
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width), float64(y)/float64(height)
			d := math.Hypot(u-0.5, v-0.5)
			c := color.RGBA{uint8(255 * u), uint8(255 * v), uint8(hue), 255}
			if d < 0.3 {
				c = color.RGBA{uint8(hue >> 3), uint8(200 * (1 - d)), uint8(255 * d), 255}
			}
			if grey {
				m := uint8((int(c.R) + int(c.G) + int(c.B)) / 3)
				c = color.RGBA{m, m, m, 255}
			}
			picture.SetRGBA(x, y, c)
		}
	}
	return picture
}

// aboutAlbum describes the album with the gallery given.
func aboutAlbum(in *gallery) catalog.Scenario {
	made := func() *album { return catalog.Defaults(&album{gallery: in}) }
	return catalog.Scenario{
		Name: "album", Title: "Album", About: "Resize, filter and convert a folder of pictures.", Item: "File", Icon: "fileImage",
		New:     func() catalog.Config { return made() },
		Columns: catalog.ColumnsOf[photo](),
		Presets: []catalog.Preset{
			{Name: "Web", About: "For web pages.", Settings: map[string]string{"size": "1600", "quality": "80"}},
			{Name: "Archive", Settings: map[string]string{"size": "100%", "format": "png"}},
		},
		Weigh: func(out any) (before, after int64) { p := out.(photo); return p.Before, p.After },
		Sample: func(ctx context.Context, dir string) (catalog.Config, error) {
			sample := made()
			sample.Folder, sample.To = []string{filepath.Join(dir, "pictures")}, filepath.Join(dir, "results")
			return sample, ctx.Err()
		},
	}
}

// exhibit opens a window with an album of 40 pictures.
func exhibit(t *testing.T) (*desk, *gallery) {
	t.Helper()
	in := &gallery{number: 40}
	d := sitBefore(t, test.NewTempApp(t), &world{}, aboutAlbum(in))
	d.ownPresets = catalog.PresetFolder(t.TempDir())
	return d, in
}
