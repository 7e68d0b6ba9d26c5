package codec

import (
	"errors"
	"fmt"
	"image"
	"math"
)

// rescue reads what is there of a file that ends early.
type rescue struct {
	*Source
	h      Header
	partly bool // a part is wanted, too
}

var errNothing = errors.New("nothing is there")

// decode returns the picture, and in words what of it is missing. cause is why
// the file could not be read as it is. It stays the error if the picture is not
// whole and should be, or if there is nothing to show.
func (r rescue) decode(cause error) (m image.Image, missing string, err error) {
	switch r.h.Format {
	case JPEG:
		m, missing, err = r.jpeg()
	case PNG:
		m, missing, err = r.png()
	case GIF:
		m, missing, err = r.gif()
	case BMP:
		m, missing, err = r.bmp()
	case TIFF:
		m, missing, err = r.tiff()
	default:
		err = errNothing
	}
	switch {
	case r.ctx.Err() != nil:
		return nil, "", r.ctx.Err()
	case err != nil && r.partly:
		return nil, "", fmt.Errorf("no part of this %s can be saved: %w", r.h.Format, cause)
	case err != nil, missing != "" && !r.partly:
		return nil, "", cause
	}
	return m, missing, nil
}

// percent tells a share that is neither nothing nor all.
func percent(part, of int) string {
	share := math.Round(100 * float64(part) / float64(of))
	return fmt.Sprintf("%.0f %%", min(max(share, 1), 99))
}

// lower blanks all but the upper rows of a picture, and says so.
func lower(m image.Image, rows int) (missing string) {
	height := m.Bounds().Dy()
	if rows < height {
		blank(m, rows, height)
		missing = "the lower " + percent(height-rows, height) + " are missing"
	}
	return missing
}

// upper blanks all but the lower rows of a picture, and says so.
func upper(m image.Image, rows int) (missing string) {
	height := m.Bounds().Dy()
	if rows < height {
		blank(m, 0, height-rows)
		missing = "the upper " + percent(height-rows, height) + " are missing"
	}
	return missing
}
