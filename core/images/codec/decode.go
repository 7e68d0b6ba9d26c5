package codec

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// Options say what Decode is to read.
type Options struct {
	// Width and Height are those of the result to be made, as stored. A
	// decoder may read less than all pixels for it, as long as what it returns
	// is no smaller. Zero asks for all.
	Width, Height int

	// Truncated takes the part that is there of a file that ends early.
	Truncated bool
}

const endsEarly = "the file ends too early: "

// Decode reads a picture's pixels as they are stored: not turned, and in
// whatever form they come cheapest. Of several frames or pages it reads the
// first. If the file ends early, that is an error, unless all pixels are there
// nevertheless; with o.Truncated, what is missing is grey or transparent, and
// the warning says how much.
func Decode(s *Source, h Header, o Options) (m image.Image, warning string, err error) {
	m, err = decode(s, h)
	if err != nil && s.ctx.Err() != nil {
		return nil, "", s.ctx.Err()
	}
	if err != nil && isShort(err) {
		var missing string
		m, missing, err = rescue{s, h, o.Truncated}.decode(err)
		if missing != "" {
			warning = endsEarly + missing
		}
	}
	if err != nil {
		return nil, "", err
	}
	return safe(m), warning, nil
}

func decode(s *Source, h Header) (image.Image, error) {
	switch h.Format {
	case JPEG:
		return decodeJPEG(s, h)
	case PNG:
		return png.Decode(s.start())
	case GIF:
		m, _, _, err := decodeGIF(s)
		return m, err
	case BMP:
		return bmp.Decode(s.start())
	case TIFF:
		return tiff.Decode(s.whole())
	case WebP:
		return webp.Decode(s.start())
	}
	return nil, fmt.Errorf("no decoder for %q", h.Format)
}

// mostScans bounds those of a progressive JPEG, which has about ten: a scan of
// a few bytes can make the decoder go through the whole picture.
const mostScans = 100

func decodeJPEG(s *Source, h Header) (image.Image, error) {
	if h.Progressive {
		if n := scansOf(s).n; n > mostScans {
			return nil, unsupportedFrame(fmt.Sprintf("%d scans", n))
		}
	}
	return jpeg.Decode(s.start())
}

// decodeGIF puts the first frame, which may be smaller, in its place. If it
// fails, some rows may be there.
func decodeGIF(s *Source) (canvas *image.NRGBA, f gifFrame, rows int, err error) {
	g, err := openGIF(s.start())
	if err != nil {
		return nil, f, 0, err
	}
	f, err = g.next()
	if errors.Is(err, io.EOF) {
		err = errNoFrames
	}
	if err != nil {
		return nil, f, 0, err
	}
	canvas = image.NewNRGBA(image.Rect(0, 0, g.width, g.height))
	rows, err = g.draw(f, canvas)
	return canvas, f, rows, err
}

// safe makes a palette as long as indexes can be: a picture whose pixels point
// beyond it makes whoever looks at them panic (as in CVE-2023-36308).
func safe(m image.Image) image.Image {
	p, ok := m.(*image.Paletted)
	if !ok || len(p.Palette) >= 256 {
		return m
	}
	out := *p
	out.Palette = append(make(color.Palette, 0, 256), p.Palette...)
	for len(out.Palette) < 256 {
		out.Palette = append(out.Palette, color.Black)
	}
	return &out
}
