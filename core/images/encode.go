package images

import (
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// encode writes a picture in a format.
func encode(w io.Writer, m *image.NRGBA, format Format, quality int, buffers png.EncoderBufferPool) error {
	switch format {
	case JPEG:
		return jpeg.Encode(w, flattened(m), &jpeg.Options{Quality: quality})
	case PNG:
		return (&png.Encoder{BufferPool: buffers}).Encode(w, m)
	case GIF:
		return gif.Encode(w, indexed(m), nil)
	case BMP:
		return bmp.Encode(w, m)
	case TIFF:
		return tiff.Encode(w, m, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
	}
	return fmt.Errorf("no encoder for %q", format)
}

// flattened puts a picture on white. It is RGBA, which the JPEG encoder takes
// much faster than NRGBA; an opaque one's bytes are the same.
func flattened(m *image.NRGBA) *image.RGBA {
	if m.Opaque() {
		return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
	}
	out := image.NewRGBA(m.Rect)
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, m, m.Rect.Min, draw.Over)
	return out
}

// indexed makes a picture of 256 colours, dithered, the last of them for what
// is more transparent than not.
func indexed(m *image.NRGBA) *image.Paletted {
	colours := append(append(color.Palette{}, palette.Plan9[:255]...), color.Transparent)
	out := image.NewPaletted(m.Rect, colours[:255])
	draw.FloydSteinberg.Draw(out, out.Rect, flattened(m), m.Rect.Min)
	out.Palette = colours
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			if m.Pix[y*m.Stride+4*x+3] < 128 {
				out.Pix[y*out.Stride+x] = 255
			}
		}
	}
	return out
}

// pngBuffers keeps one PNG encoder's buffer, for the worker that owns it.
type pngBuffers struct{ kept *png.EncoderBuffer }

func (b *pngBuffers) Get() *png.EncoderBuffer  { return b.kept }
func (b *pngBuffers) Put(e *png.EncoderBuffer) { b.kept = e }
