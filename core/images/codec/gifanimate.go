package codec

import (
	"image"
	"image/color"
	"io"
	"iter"
)

// gifAnimation writes one frame when it knows the next: how a frame is to be
// taken off the screen is written with it.
type gifAnimation struct {
	*gifEncoder
	w          io.Writer
	background color.NRGBA
	loop       int
	size       image.Point
	n          int    // frames seen
	shown      canvas // what the frames that were written leave on the screen
	pending    canvas // the frame to be written
	delay      int    // of that
	next       canvas
}

// animateGIF writes an animation.
func (e *Encoder) animateGIF(w io.Writer, frames iter.Seq2[Frame, error], loop int, how Encoding) error {
	a := &gifAnimation{gifEncoder: e.gifEncoder(), w: w, background: how.Background, loop: loop}
	defer e.trimGIF()
	for f, err := range frames {
		if err == nil && a.n == 0 {
			err = how.check(f.Image.Rect)
		}
		if err == nil {
			err = a.add(f)
		}
		if err != nil {
			return err
		}
	}
	if a.n == 0 {
		return errNoFrames
	}
	if err := a.write(disposeNot); err != nil {
		return err
	}
	return a.end(w)
}

// add writes the frame before, and keeps this one.
func (a *gifAnimation) add(f Frame) error {
	a.next = a.next.load(f.Image)
	a.next.harden(a.background)
	switch {
	case a.n == 0:
		a.size = f.Image.Rect.Size()
		a.shown = make(canvas, len(a.next))
	case f.Image.Rect.Size() != a.size:
		return errSizes
	default:
		disposal := byte(disposeNot)
		if vanishes(a.pending, a.next) {
			disposal = disposeClear
		}
		if err := a.write(disposal); err != nil {
			return err
		}
	}
	a.n++
	a.pending, a.next, a.delay = a.next, a.pending, f.Delay
	return nil
}

// vanishes tells whether a pixel becomes a hole, which a frame cannot draw.
func vanishes(from, to canvas) bool {
	for i, c := range to {
		if c == 0 && from[i] != 0 {
			return true
		}
	}
	return false
}

// write writes the pending frame: the part where it differs from the screen,
// and of that only the pixels that do. One that is to be cleared is as large
// as the picture, so that all of that is cleared.
func (a *gifAnimation) write(disposal byte) error {
	first := a.n == 1
	part := image.Rectangle{Max: a.size}
	if !first && disposal == disposeNot {
		if part = changed(a.shown, a.pending, a.size.X); part.Empty() {
			part = image.Rect(0, 0, 1, 1)
		}
	}
	a.difference(part)
	if !a.quantize() {
		a.match(a.indexes, a.pixels)
	}
	if first {
		a.header(a.size, a.loop)
	}
	if err := a.frame(part, a.delay, disposal, !first); err != nil {
		return err
	}
	if disposal == disposeClear {
		clear(a.shown)
	} else {
		a.shown, a.pending = a.pending, a.shown
	}
	return a.flush(a.w)
}

// difference takes the pixels of a part that are not on the screen yet.
func (a *gifAnimation) difference(part image.Rectangle) {
	a.pixels = a.pixels.sized(part.Dx() * part.Dy())
	i := 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			at := y*a.size.X + x
			a.pixels[i] = 0
			if a.pending[at] != a.shown[at] {
				a.pixels[i] = a.pending[at]
			}
			i++
		}
	}
}
