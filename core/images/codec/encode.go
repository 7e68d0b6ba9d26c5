package codec

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"iter"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"manyhands/core/images/codec/vp8l"
)

// Encoding says how a picture is to be written.
type Encoding struct {
	Format  Format
	Quality int // of a JPEG, 1 to 100; 0 is 75

	// Background is behind what is transparent, in JPEG and BMP all of it, in
	// GIF what is half transparent. The zero value is white. WebP, PNG and
	// TIFF keep transparency.
	Background color.NRGBA
}

// Encoder writes pictures, with buffers that it keeps for the next. The zero
// value is ready; it belongs to one worker.
type Encoder struct {
	png  pngBuffers
	flat []byte
	gif  *gifEncoder
	webp vp8l.Encoder
	out  []byte
}

// mostKept is how many bytes a buffer may have to be kept.
const mostKept = 16 << 20

// longestSide is what a format's files can say.
var longestSide = map[Format]int{JPEG: 65535, GIF: 65535, WebP: vp8l.MaxSide}

// Memory is about how many bytes encoding a picture, or an animation's frames,
// takes at most, beside the picture and the file.
func (how Encoding) Memory(width, height int) int64 {
	pixels := int64(width) * int64(height)
	switch how.Format {
	case JPEG, BMP:
		return 4 * pixels
	case GIF:
		return 20 * pixels
	case TIFF:
		return 4 * pixels // the file, which is written at once
	case WebP:
		return vp8l.Memory(width, height) + 8*pixels // two frames are compared
	}
	return 0
}

func (how Encoding) check(m image.Rectangle) error {
	longest, limited := longestSide[how.Format]
	if limited && (m.Dx() > longest || m.Dy() > longest) {
		return fmt.Errorf("%dx%d pixels are too many for %s, which takes %d each way: choose a smaller size, or PNG",
			m.Dx(), m.Dy(), how.Format, longest)
	}
	if m.Empty() {
		return fmt.Errorf("it has no pixels (%dx%d)", m.Dx(), m.Dy())
	}
	return nil
}

// Encode writes a picture. GIF keeps up to 256 colours as they are, and dithers
// others to 256 that suit the picture; what is less than half opaque becomes
// transparent. WebP is lossless.
func (e *Encoder) Encode(w io.Writer, m *image.NRGBA, how Encoding) error {
	if err := how.check(m.Rect); err != nil {
		return err
	}
	switch how.Format {
	case JPEG:
		quality := how.Quality
		if quality == 0 {
			quality = jpeg.DefaultQuality
		}
		return jpeg.Encode(w, e.flattened(m, how.Background), &jpeg.Options{Quality: quality})
	case PNG:
		return (&png.Encoder{BufferPool: &e.png}).Encode(w, m)
	case GIF:
		return e.still(w, m, how)
	case BMP:
		return bmp.Encode(w, e.flattened(m, how.Background))
	case TIFF:
		return tiff.Encode(w, m, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
	case WebP:
		return e.encodeWebP(w, m)
	}
	return fmt.Errorf("no encoder for %q", how.Format)
}

// EncodeFrames writes an animation as GIF or WebP. All frames have one size.
// loop is as in Header.
func (e *Encoder) EncodeFrames(w io.Writer, frames iter.Seq2[Frame, error], loop int, how Encoding) error {
	switch how.Format {
	case GIF:
		return e.animateGIF(w, frames, loop, how)
	case WebP:
		return e.animateWebP(w, frames, loop)
	}
	return fmt.Errorf("%s has no animations: choose GIF or WebP", how.Format)
}

// flattened puts a picture on a background. It is RGBA, which the JPEG encoder
// takes much faster than NRGBA; an opaque one's bytes are the same.
func (e *Encoder) flattened(m *image.NRGBA, background color.NRGBA) *image.RGBA {
	if m.Opaque() {
		return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
	}
	width, height := m.Rect.Dx(), m.Rect.Dy()
	e.flat = kept(e.flat, 4*width*height)
	on := opaque(background)
	for y := range height {
		from, to := m.Pix[y*m.Stride:][:4*width], e.flat[4*width*y:][:4*width]
		for i := 0; i < len(to); i += 4 {
			alpha := uint32(from[i+3])
			to[i] = over(from[i], on.R, alpha)
			to[i+1] = over(from[i+1], on.G, alpha)
			to[i+2] = over(from[i+2], on.B, alpha)
			to[i+3] = 255
		}
	}
	return &image.RGBA{Pix: e.flat, Stride: 4 * width, Rect: image.Rect(0, 0, width, height)}
}

// opaque is a background without transparency, white by default.
func opaque(c color.NRGBA) color.NRGBA {
	if c == (color.NRGBA{}) {
		return color.NRGBA{255, 255, 255, 255}
	}
	return c
}

// over puts a colour on another (Porter and Duff 1984), rounded.
func over(c, on uint8, alpha uint32) uint8 {
	return uint8((uint32(c)*alpha + uint32(on)*(255-alpha) + 127) / 255)
}

// kept is a buffer of n bytes, the old one if it is long enough and no giant.
func kept(buffer []byte, n int) []byte {
	if cap(buffer) < n || cap(buffer) > mostKept {
		return make([]byte, n)
	}
	return buffer[:n]
}

// pngBuffers keeps one PNG encoder's buffer.
type pngBuffers struct{ kept *png.EncoderBuffer }

// Get returns the buffer, if there is one yet.
func (b *pngBuffers) Get() *png.EncoderBuffer { return b.kept }

// Put keeps the buffer.
func (b *pngBuffers) Put(e *png.EncoderBuffer) { b.kept = e }
