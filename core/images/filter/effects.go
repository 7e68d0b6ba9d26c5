package filter

import (
	"context"
	"image"
	"image/color"
	"math"

	"github.com/disintegration/imaging"
)

// effect is what a filter's name stands for. It takes a number if most is not
// 0, a text if tidy is not nil, or else nothing.
type effect struct {
	name     string
	argument string // as Help shows it

	usual, least, most float64

	usualArg string                       // "" if it has to be given
	tidy     func(string) (string, error) // checks a text, and brings it to the one form that is kept

	apply change
	size  func(f Filter, w, h int) (int, int, error) // nil if it stays
}

// change makes a new picture of one whose bounds start at 0,0, or changes it.
type change func(ctx context.Context, m *image.NRGBA, f Filter, background color.NRGBA) (*image.NRGBA, error)

var effects = []effect{
	{name: "none", apply: whole(func(m *image.NRGBA, _ Filter) *image.NRGBA { return m })},
	{name: "blur", apply: whole(ring)},
	{name: "gaussian", argument: "[:SIGMA]", usual: 2, least: 0.1, most: 50, apply: near(imaging.Blur)},
	{name: "sharpen", argument: "[:SIGMA]", usual: 1, least: 0.1, most: 50, apply: near(imaging.Sharpen)},
	{name: "grayscale", apply: each(func(m image.Image, _ float64) *image.NRGBA { return imaging.Grayscale(m) })},
	{name: "sepia", apply: each(func(m image.Image, _ float64) *image.NRGBA { return sepia.of(m) })},
	{name: "invert", apply: each(func(m image.Image, _ float64) *image.NRGBA { return imaging.Invert(m) })},
	{name: "brightness", argument: "[:PERCENT]", usual: 10, least: -100, most: 100, apply: each(imaging.AdjustBrightness)},
	{name: "contrast", argument: "[:PERCENT]", usual: 10, least: -100, most: 100, apply: each(imaging.AdjustContrast)},
	{name: "saturation", argument: "[:PERCENT]", usual: 20, least: -100, most: 100, apply: each(imaging.AdjustSaturation)},
	{name: "gamma", argument: "[:GAMMA]", usual: 1.2, least: 0.1, most: 10, apply: each(imaging.AdjustGamma)},
	{name: "hue", argument: "[:DEGREES]", usual: 90, least: -180, most: 180, apply: each(func(m image.Image, degrees float64) *image.NRGBA { return hue(degrees).of(m) })},
	{name: "auto-contrast", argument: "[:PERCENT]", usual: 0.5, least: 0, most: 49, apply: whole(autoContrast)},
	{name: "rotate", argument: "[:DEGREES]", usual: 90, least: -360, most: 360, apply: rotate, size: sizeRotated},
	{name: "flip", argument: "[:horizontal|:vertical]", usualArg: horizontal, tidy: tidyFlip, apply: whole(flip)},
	{name: "crop", argument: ":WxH|:WxH+X+Y|:W/H", tidy: tidyArea, apply: crop, size: sizeCropped},
}

// whole is a change that is fast, and looks at the picture as a whole.
func whole(change func(*image.NRGBA, Filter) *image.NRGBA) change {
	return func(_ context.Context, m *image.NRGBA, f Filter, _ color.NRGBA) (*image.NRGBA, error) {
		return change(m, f), nil
	}
}

// each is a change of pixels, each by itself.
func each(change func(image.Image, float64) *image.NRGBA) change {
	return func(ctx context.Context, m *image.NRGBA, f Filter, _ color.NRGBA) (*image.NRGBA, error) {
		return inStrips(ctx, m, 0, stripPixels, func(m *image.NRGBA) *image.NRGBA { return change(m, f.Amount) })
	}
}

// near is a change of pixels that looks at others as far away as imaging's
// kernel of that sigma does.
func near(change func(image.Image, float64) *image.NRGBA) change {
	return func(ctx context.Context, m *image.NRGBA, f Filter, _ color.NRGBA) (*image.NRGBA, error) {
		reach := int(math.Ceil(3 * f.Amount))
		return inStrips(ctx, m, reach, stripPixels, func(m *image.NRGBA) *image.NRGBA { return change(m, f.Amount) })
	}
}
