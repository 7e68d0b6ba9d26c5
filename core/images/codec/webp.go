package codec

import (
	"encoding/binary"
	"errors"
	"image"
	"io"
	"iter"
	"math"
)

// encodeWebP writes the simple format for lossless pictures (RFC 9649, 2.6).
func (e *Encoder) encodeWebP(w io.Writer, m *image.NRGBA) error {
	e.startRIFF()
	if err := e.vp8l(m); err != nil {
		return err
	}
	return e.writeRIFF(w)
}

// animateWebP writes the extended format (RFC 9649, 2.7). Each frame replaces
// the part of the canvas where it differs from the one before.
func (e *Encoder) animateWebP(w io.Writer, frames iter.Seq2[Frame, error], loop int) error {
	e.startRIFF()
	var size image.Point
	var before, now canvas
	for f, err := range frames {
		part := image.Rectangle{Max: size}
		switch {
		case err != nil:
			return err
		case before == nil:
			if err := (Encoding{Format: WebP}).check(f.Image.Rect); err != nil {
				return err
			}
			size = f.Image.Rect.Size()
			part.Max = size
			e.animationHeader(size, loop)
			now = now.load(f.Image)
		case f.Image.Rect.Size() != size:
			return errSizes
		default:
			now = now.load(f.Image)
			part = evenStart(changed(before, now, size.X))
		}
		if err := e.webpFrame(f, part); err != nil {
			return err
		}
		before, now = now, before
	}
	if before == nil {
		return errNoFrames
	}
	return e.writeRIFF(w)
}

var errSizes = errors.New("the frames are of different sizes")

// evenStart makes a rectangle larger so that it starts at even coordinates, as
// those in a file do; one that is empty has a pixel.
func evenStart(r image.Rectangle) image.Rectangle {
	if r.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	r.Min.X &^= 1
	r.Min.Y &^= 1
	return r
}

// animationHeader writes the chunks before the frames.
func (e *Encoder) animationHeader(size image.Point, loop int) {
	const animation, alpha = 1 << 1, 1 << 4
	e.chunk("VP8X", func() {
		e.out = append(e.out, animation|alpha, 0, 0, 0)
		e.numbers(size.X-1, size.Y-1)
	})
	e.chunk("ANIM", func() { // the background, and how often it is played, 0 for ever
		plays := max(loop+1, 1)
		if loop == 0 {
			plays = 0
		}
		e.out = append(e.out, 0, 0, 0, 0)
		e.out = binary.LittleEndian.AppendUint16(e.out, uint16(min(plays, math.MaxUint16)))
	})
}

// webpFrame writes a part of a frame. The flag is that it replaces what is
// there, its transparency included.
func (e *Encoder) webpFrame(f Frame, part image.Rectangle) (err error) {
	const replace = 1 << 1
	e.chunk("ANMF", func() {
		e.numbers(part.Min.X/2, part.Min.Y/2, part.Dx()-1, part.Dy()-1, min(10*f.Delay, 1<<24-1))
		e.out = append(e.out, replace)
		err = e.vp8l(f.Image.SubImage(part.Add(f.Image.Rect.Min)).(*image.NRGBA))
	})
	return err
}

// numbers writes some of 24 bits each.
func (e *Encoder) numbers(ns ...int) {
	for _, n := range ns {
		e.out = append(e.out, byte(n), byte(n>>8), byte(n>>16))
	}
}

// vp8l writes a picture's chunk.
func (e *Encoder) vp8l(m *image.NRGBA) (err error) {
	e.chunk("VP8L", func() { e.out, err = e.webp.Append(e.out, m) })
	return err
}

// chunk writes a RIFF chunk (RFC 9649, 2.3) with what fill appends.
func (e *Encoder) chunk(kind string, fill func()) {
	e.out = append(append(e.out, kind...), 0, 0, 0, 0)
	start := len(e.out)
	fill()
	length := len(e.out) - start
	binary.LittleEndian.PutUint32(e.out[start-4:], uint32(length))
	e.out = append(e.out, make([]byte, length%2)...)
}

func (e *Encoder) startRIFF() { e.out = append(e.out[:0], "RIFF\x00\x00\x00\x00WEBP"...) }

// writeRIFF writes all chunks, and keeps the buffer if it is no giant.
func (e *Encoder) writeRIFF(w io.Writer) error {
	out := e.out
	if cap(out) > mostKept {
		e.out = nil
	}
	if int64(len(out)) > math.MaxUint32 {
		return errors.New("the file would be larger than WebP files can be: choose a smaller size")
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	_, err := w.Write(out)
	return err
}
