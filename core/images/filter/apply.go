package filter

import (
	"context"
	"image"
	"image/color"
)

// Apply applies filters in their order. It may change m, and its result may be
// m. The corners that a rotation uncovers get the background. It fails if ctx
// ends, if a filter's Check does, if a crop lies outside the picture, or if a
// rotation needs more than 200 megapixels.
func Apply(ctx context.Context, m *image.NRGBA, filters []Filter, background color.NRGBA) (*image.NRGBA, error) {
	m = &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect.Sub(m.Rect.Min)}
	for _, f := range filters {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e, err := f.effect()
		if err != nil {
			return nil, err
		}
		if m, err = e.apply(ctx, m, f, background); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Size is the size of what Apply makes of a picture of w x h pixels, or 0, 0
// if it will fail. What is between two filters may be larger: it is the Size
// of the filters before.
func Size(filters []Filter, w, h int) (width, height int) {
	for _, f := range filters {
		e, err := f.effect()
		if err == nil && e.size != nil {
			w, h, err = e.size(f, w, h)
		}
		if err != nil {
			return 0, 0
		}
	}
	return w, h
}

// stripPixels is how much of a picture is changed before ctx is looked at.
const stripPixels = 1 << 20

// inStrips changes a picture from top to bottom, about so many pixels at a
// time. The change gets reach rows more than wanted on both sides, so that the
// result is the same as in one go.
func inStrips(ctx context.Context, m *image.NRGBA, reach, pixels int, change func(*image.NRGBA) *image.NRGBA) (*image.NRGBA, error) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	rows := max(pixels/max(w, 1), 4*reach, 1) // a strip's margins should not be most of its work
	if rows >= h {
		return change(m), nil
	}
	out := image.NewNRGBA(m.Rect)
	for y := 0; y < h; y += rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		top, end := max(y-reach, 0), min(y+rows, h)
		strip := change(m.SubImage(image.Rect(0, top, w, min(end+reach, h))).(*image.NRGBA))
		for row := y; row < end; row++ {
			copy(out.Pix[row*out.Stride:][:4*w], strip.Pix[(row-top)*strip.Stride:])
		}
	}
	return out, nil
}
