package codec

import (
	"errors"
	"fmt"
	"image"
	"iter"
)

// Frame is one picture of an animation, as it is seen: the whole canvas.
type Frame struct {
	Image *image.NRGBA // until the next frame is asked for
	Delay int          // in 1/100 s
}

// Frames decodes an animated GIF, one frame at a time. If the file ends early,
// the error comes first; with o.Truncated the frames that are whole come
// instead, and a warning says so. If not even one is whole, Decode may still
// have a part of it.
func Frames(s *Source, h Header, o Options) (frames iter.Seq2[Frame, error], warning string) {
	n := h.whole
	switch {
	case h.broken == nil:
	case !o.Truncated || !isShort(h.broken) || n == 0:
		return func(yield func(Frame, error) bool) { yield(Frame{}, h.broken) }, ""
	case n == h.Frames:
		warning = fmt.Sprintf(endsEarly+"only the first %d frames are there", n)
	default:
		warning = fmt.Sprintf(endsEarly+"only the first %d frames are whole", n)
	}
	return func(yield func(Frame, error) bool) {
		if err := eachFrame(s, n, yield); err != nil {
			yield(Frame{}, err)
		}
	}, warning
}

// eachFrame yields the first n frames.
func eachFrame(s *Source, n int, yield func(Frame, error) bool) error {
	g, err := openGIF(s.start())
	if err != nil {
		return err
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, g.width, g.height))
	var before []byte
	for range n {
		f, err := g.next()
		if err := errors.Join(err, s.ctx.Err()); err != nil {
			return err
		}
		if f.disposal == disposePrevious {
			before = append(before[:0], canvas.Pix...)
		}
		if _, err := g.draw(f, canvas); err != nil {
			return err
		}
		if !yield(Frame{canvas, f.delay}, nil) {
			return nil
		}
		switch f.disposal {
		case disposePrevious:
			copy(canvas.Pix, before)
		case disposeClear: // to transparent, as browsers do, whatever the background's colour
			wipe(canvas, f.bounds)
		}
	}
	return nil
}

// wipe makes a part of a canvas transparent.
func wipe(canvas *image.NRGBA, r image.Rectangle) {
	r = r.Intersect(canvas.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		clear(canvas.Pix[canvas.PixOffset(r.Min.X, y):][:4*r.Dx()])
	}
}
