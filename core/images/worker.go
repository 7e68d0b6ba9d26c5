package images

import (
	"context"
	"errors"
	"path/filepath"

	"manyhands/core"
	"manyhands/core/images/codec"
	"manyhands/core/safefile"
)

// Picture is what became of one picture.
type Picture struct {
	Saved     string       `json:"saved" col:"Saved as"` // below the folder for the results
	Format    codec.Format `json:"format" col:"-"`
	Before    int64        `json:"bytes_before" col:"Before" unit:"B"`
	After     int64        `json:"bytes_after" col:"After" unit:"B"`
	Width     int          `json:"width" col:"Size" by:"Height"` // in pixels, upright
	Height    int          `json:"height" col:"-"`
	NewWidth  int          `json:"new_width" col:"New size" by:"NewHeight"`
	NewHeight int          `json:"new_height" col:"-"`
	Frames    int          `json:"frames" col:"-"`  // of the source
	Note      string       `json:"note" col:"Note"` // what was not done as asked, and why
}

// Weigh is how many bytes a Picture had before and after.
func Weigh(out any) (before, after int64) {
	p, _ := out.(Picture)
	return p.Before, p.After
}

// worker turns files into files.
type worker struct {
	*maker
	root string
	to   *safefile.Folder
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
	f, err := open(filepath.Join(w.root, filepath.FromSlash(it.Path)))
	if err != nil {
		return Picture{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return Picture{}, err
	}
	content, p, err := w.make(ctx, codec.NewSource(ctx, f, info.Size(), w.in), it.Format)
	if err != nil {
		return p, err
	}
	defer w.trim()
	result, err := w.to.Create(it.Save, w.Existing)
	if err != nil {
		return p, skipped(err)
	}
	defer result.Abort()
	if w.KeepDates {
		result.SetModified(info.ModTime())
	}
	if _, err := result.Write(content); err != nil {
		return p, err
	}
	p.Saved, err = result.Commit(ctx)
	return p, skipped(err)
}

const alreadyThere = "already there"

func skipped(err error) error {
	if errors.Is(err, safefile.ErrExists) {
		return core.Skip(alreadyThere)
	}
	return err
}
