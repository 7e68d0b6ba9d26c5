package images

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"

	"manyhands/core"
	"manyhands/core/images/codec"
)

// shown is the longest side of a picture made to be looked at.
const shown = 1600

// Find calls found for each file with a picture's name, until all are found.
func (c *Config) Find(ctx context.Context, found func(item string, bytes int64) bool) error {
	if err := checkPaths(c.Paths); err != nil {
		return err
	}
	w, err := newWalk(c.clone())
	if err != nil {
		return err
	}
	w.each(ctx, func(e entry) bool {
		size, ok := w.looksLikePicture(e)
		return !ok || found(e.path, size)
	})
	return ctx.Err()
}

// looksLikePicture judges by the name alone, and tells the file's size.
func (w *walk) looksLikePicture(e entry) (size int64, ok bool) {
	if !codec.PictureName(e.path) {
		return 0, false
	}
	info, err := os.Stat(w.path(e.path))
	if err != nil {
		return 0, false
	}
	return info.Size(), true
}

// Preview makes one picture as a run would, and keeps it in memory.
func (c *Config) Preview(ctx context.Context, item string) (core.Preview, error) {
	settings := c.clone()
	if err := errors.Join(checkPaths(c.Paths), settings.checkWork()); err != nil {
		return core.Preview{}, err
	}
	in, err := inputsOf(c.Paths, c.Recursive)
	if err != nil {
		return core.Preview{}, err
	}
	stamp, err := settings.Watermark.Open()
	if err != nil {
		return core.Preview{}, err
	}
	settings.MinGain = 0 // shown also if a run would skip it
	m := newMaker(settings, stamp, newBudget(budgetPixels), new(garbage))
	made, p, err := m.preview(ctx, filepath.Join(in.root, filepath.FromSlash(item)))
	if why := c.worthwhile(p); err == nil && why != nil {
		made.Note = why.Error() + ": it is skipped"
	}
	return made, err
}

func (m *maker) preview(ctx context.Context, path string) (made core.Preview, p Picture, err error) {
	src, format, done, err := openPicture(ctx, path)
	if err != nil {
		return made, p, err
	}
	defer done()
	content, p, err := m.make(ctx, src, format)
	after := m.target(format)
	made = core.Preview{
		BeforeText: describe(format, area{p.Width, p.Height}), BeforeBytes: p.Before,
		AfterText: describe(after, area{p.NewWidth, p.NewHeight}), AfterBytes: p.After, Note: p.Note,
	}
	if err != nil {
		return made, p, err
	}
	if after == codec.WebP && p.Frames > 1 { // written, but not read: its first frame is shown
		after, m.Format = codec.PNG, "png"
		if content, _, err = m.make(ctx, src, format); err != nil {
			return made, p, err
		}
	}
	result := codec.NewSource(ctx, bytes.NewReader(content), int64(len(content)), nil)
	if made.After, err = smaller(ctx, result, after, shown); err != nil {
		return made, p, fmt.Errorf("look at the result: %w", err)
	}
	made.Before, err = smaller(ctx, src, format, shown)
	return made, p, err
}

func describe(format codec.Format, size area) string {
	return fmt.Sprintf("%s, %v", format, size)
}

// openPicture opens a file and tells its format from its content. done closes
// it.
func openPicture(ctx context.Context, path string) (src *codec.Source, format codec.Format, done func(), err error) {
	f, err := open(path)
	if err != nil {
		return nil, "", nil, err
	}
	info, err := f.Stat()
	var head []byte
	if err == nil {
		head, err = readHead(f)
	}
	if err == nil {
		var wrong string
		if format, wrong, _ = codec.Verdict(path, head); wrong != "" {
			err = errors.New(wrong)
		}
	}
	if err != nil {
		return nil, "", nil, errors.Join(err, f.Close())
	}
	return codec.NewSource(ctx, f, info.Size(), nil), format, func() { _ = f.Close() }, nil
}

// smaller reads a picture, upright and at most side pixels wide and high.
func smaller(ctx context.Context, src *codec.Source, format codec.Format, side int) (image.Image, error) {
	c := &Config{Size: Size{Width: side, Height: side}, Fit: inside, Truncated: "keep"}
	m := newMaker(c, nil, newBudget(budgetPixels), new(garbage))
	s, err := m.look(src, format)
	if err != nil {
		return nil, err
	}
	giveBack, err := m.room(ctx, s)
	if err != nil {
		return nil, err
	}
	defer giveBack()
	picture, _, err := m.decoded(src, s)
	if err != nil {
		return nil, err
	}
	return m.changed(ctx, picture, s)
}

// Thumbnail is the result of a row, small; nil if it has none.
func (c *Config) Thumbnail(ctx context.Context, row core.Row, side int) (image.Image, error) {
	_, path := c.Files(row)
	if path == "" {
		return nil, nil
	}
	src, format, done, err := openPicture(ctx, path)
	if err != nil {
		return nil, err
	}
	defer done()
	return smaller(ctx, src, format, side)
}
