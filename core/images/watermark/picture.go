package watermark

import (
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/gif" // the kinds of picture that can be a mark
	_ "image/jpeg"
	_ "image/png"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/disintegration/imaging"
	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"

	"manyhands/core/safefile"
)

// mostPixels of a picture that is a mark.
const mostPixels = 50_000_000

var extensions = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"}

// isPicture tells a picture's path from a text.
func isPicture(text string) bool {
	return slices.Contains(extensions, strings.ToLower(filepath.Ext(text)))
}

func checkPicture(file string) error {
	f, err := openPicture(file)
	if err != nil {
		return err
	}
	return f.Close()
}

// openPicture opens a file whose header is that of a picture that can be a
// mark.
func openPicture(file string) (*os.File, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s does not exist; choose a picture, or a text that does not end in %s", file, filepath.Ext(file))
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file; choose a picture", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (%w); check its permissions", file, safefile.Cause(err))
	}
	if err := checkHeader(f); err != nil {
		return nil, errors.Join(fmt.Errorf("%s %w", file, err), f.Close())
	}
	return f, nil
}

// checkHeader reads a picture's header, and goes back to the file's start.
func checkHeader(f io.ReadSeeker) error {
	c, _, err := image.DecodeConfig(f)
	if err != nil {
		return unreadable(err)
	}
	if pixels := int64(c.Width) * int64(c.Height); pixels > mostPixels {
		return fmt.Errorf("is %dx%d pixels, more than %d megapixels; make it smaller first", c.Width, c.Height, mostPixels/1_000_000)
	}
	if c.Width < 1 || c.Height < 1 {
		return errors.New("has no pixels; choose another picture")
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

func unreadable(err error) error {
	return fmt.Errorf("is damaged, or of a kind that cannot be read (%w); save it as PNG", err)
}

// load reads the picture of a mark.
func load(file string) (*image.NRGBA, error) {
	f, err := openPicture(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	m, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s %w", file, unreadable(err))
	}
	if m, ok := m.(*image.NRGBA); ok {
		return m, nil
	}
	out := image.NewNRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out, nil
}

// scaled is a mark's picture for a picture of a size: at most a quarter of
// each side, and never enlarged. It may be m.
func scaled(m *image.NRGBA, on image.Point) *image.NRGBA {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	scale := min(float64(on.X)/4/w, float64(on.Y)/4/h)
	if scale >= 1 {
		return m
	}
	side := func(v float64) int { return max(1, int(math.Round(v*scale))) }
	return imaging.Resize(m, side(w), side(h), imaging.CatmullRom)
}
