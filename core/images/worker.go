package images

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"path/filepath"
	"strings"

	"manyhands/core"
	"manyhands/core/safefile"
)

// Picture is what became of one picture.
type Picture struct {
	Saved     string `json:"saved" col:"Saved as"` // below the folder for the results
	Before    int64  `json:"bytes_before" col:"Before" unit:"B"`
	After     int64  `json:"bytes_after" col:"After" unit:"B"`
	Format    Format `json:"format" col:"From"`
	Width     int    `json:"width" col:"Width" unit:"px"` // upright
	Height    int    `json:"height" col:"Height" unit:"px"`
	NewWidth  int    `json:"new_width" col:"New width" unit:"px"`
	NewHeight int    `json:"new_height" col:"New height" unit:"px"`
	Note      string `json:"note" col:"Note"` // what was not done as asked, and why
}

// worker makes one picture after the other, with buffers that it keeps.
type worker struct {
	*Config
	to     *safefile.Folder
	pixels *budget
	dead   *garbage
	in     *bufio.Reader
	out    *bufio.Writer
	scaler scaler
	png    pngBuffers
}

const bufferSize = 64 << 10

func newWorker(c *Config, to *safefile.Folder, pixels *budget, dead *garbage) *worker {
	return &worker{
		Config: c, to: to, pixels: pixels, dead: dead,
		in: bufio.NewReaderSize(nil, bufferSize), out: bufio.NewWriterSize(nil, bufferSize),
	}
}

func (w *worker) Close() error { return nil }

func (w *worker) Do(ctx context.Context, it Item) (Picture, error) {
	switch {
	case it.Skip:
		return Picture{}, core.Skip(it.Wrong)
	case it.Wrong != "":
		return Picture{}, errors.New(it.Wrong)
	case w.Existing == safefile.Skip && w.to.Has(it.Save):
		return Picture{}, core.Skip(alreadyThere)
	}
	f, err := open(filepath.Join(w.Folder, filepath.FromSlash(it.Path)))
	if err != nil {
		return Picture{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return Picture{}, err
	}
	return w.convert(ctx, &source{ctx: ctx, file: f, buffer: w.in, size: info.Size()}, it)
}

const alreadyThere = "already there"

// convert makes one picture of an open file. What is known of it is returned
// also when it fails.
func (w *worker) convert(ctx context.Context, in *source, it Item) (Picture, error) {
	h, err := readHeader(in, it.Format)
	p := Picture{Format: it.Format, Before: in.size, Note: notes(w.Format, h)}
	if err != nil {
		return p, explain(err, it.Format)
	}
	size := w.result(h)
	p.Width, p.Height = sides(h.size, h.orientation)
	p.NewWidth, p.NewHeight = sides(size, h.orientation)
	giveBack, err := w.room(ctx, h.size, size)
	if err != nil {
		return p, err
	}
	defer giveBack()
	m, err := w.pixelsOf(ctx, in, h, size)
	if err != nil {
		return p, err
	}
	format, _ := target(w.Format, it.Format)
	p.Saved, p.After, err = w.save(ctx, m, it.Save, format)
	return p, err
}

// room takes the share of the budget that a picture needs: its own pixels, the
// result's, and those in between, which are bytes where the others are four.
func (w *worker) room(ctx context.Context, from, to Size) (giveBack func(), err error) {
	between := Size{to.Width, from.Height}.pixels()
	if from.pixels() > mostPixels {
		return nil, fmt.Errorf("is %v pixels, %d megapixels: more than the %d that are read", from, from.pixels()/1e6, mostPixels/1_000_000)
	}
	if between > mostPixels {
		return nil, fmt.Errorf("is %v pixels: too high to be made %d wide, choose a smaller size", from, to.Width)
	}
	return w.pixels.take(ctx, from.pixels()+to.pixels()+between/4)
}

// result is the size to be made of a picture as it is stored, which may be on
// its side.
func (w *worker) result(h header) Size {
	box := w.Size
	if onItsSide(h.orientation) {
		box = box.turned()
	}
	if w.Fit == "inside" {
		return h.size.inside(box)
	}
	return box
}

func sides(s Size, orientation int) (width, height int) {
	if onItsSide(orientation) {
		s = s.turned()
	}
	return s.Width, s.Height
}

// pixelsOf reads, resizes, turns and filters.
func (w *worker) pixelsOf(ctx context.Context, in *source, h header, size Size) (*image.NRGBA, error) {
	decoded, err := decode(in, h, size)
	if err != nil {
		return nil, explain(err, h.format)
	}
	m, err := w.scaler.resized(ctx, decoded, size)
	w.scaler.trim()
	w.dead.add(memory(h))
	if err != nil {
		return nil, err
	}
	m = filtered(upright(m, h.orientation), w.Filter)
	return m, ctx.Err()
}

// save encodes a picture into a file, whole or not at all.
func (w *worker) save(ctx context.Context, m *image.NRGBA, name string, format Format) (saved string, size int64, err error) {
	f, err := w.to.Create(name, w.Existing)
	if err != nil {
		return "", 0, skipped(err)
	}
	defer f.Abort()
	w.out.Reset(f)
	if err := encode(w.out, m, format, w.Quality, &w.png); err != nil {
		return "", 0, err
	}
	if err := w.out.Flush(); err != nil {
		return "", 0, err
	}
	saved, err = f.Commit(ctx)
	return saved, f.Size(), skipped(err)
}

func skipped(err error) error {
	if errors.Is(err, safefile.ErrExists) {
		return core.Skip(alreadyThere)
	}
	return err
}

// notes tells what a person might not expect.
func notes(asked string, h header) string {
	var notes []string
	if h.frames > 1 {
		notes = append(notes, fmt.Sprintf("first of %d frames", h.frames))
	}
	if _, note := target(asked, h.format); note != "" {
		notes = append(notes, note)
	}
	return strings.Join(notes, ", ")
}
