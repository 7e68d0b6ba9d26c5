package filter

import (
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// one is what a filter makes of a picture of one colour.
func one(t *testing.T, c color.NRGBA, filter string) color.NRGBA {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	m.SetNRGBA(0, 0, c)
	return apply(t, m, filter).NRGBAAt(0, 0)
}

func TestColours(t *testing.T) {
	red, white := color.NRGBA{255, 0, 0, 255}, color.NRGBA{255, 255, 255, 255}
	for _, test := range []struct {
		filter   string
		from, to color.NRGBA
	}{
		{"grayscale", red, color.NRGBA{76, 76, 76, 255}},
		{"grayscale", color.NRGBA{0, 255, 0, 7}, color.NRGBA{150, 150, 150, 7}},
		{"sepia", white, color.NRGBA{255, 255, 239, 255}},
		{"sepia", color.NRGBA{100, 100, 100, 30}, color.NRGBA{135, 120, 94, 30}},
		{"sepia", color.NRGBA{0, 0, 0, 255}, color.NRGBA{0, 0, 0, 255}},
		{"invert", color.NRGBA{1, 2, 3, 4}, color.NRGBA{254, 253, 252, 4}},
		{"brightness:20", color.NRGBA{100, 0, 250, 255}, color.NRGBA{151, 51, 255, 255}},
		{"brightness:-100", white, color.NRGBA{0, 0, 0, 255}},
		{"contrast:-100", red, color.NRGBA{128, 128, 128, 255}},
		{"saturation:-100", red, color.NRGBA{128, 128, 128, 255}},
		{"gamma:2", color.NRGBA{64, 128, 255, 255}, color.NRGBA{128, 181, 255, 255}},
		// as browsers show hue-rotate()
		{"hue:180", red, color.NRGBA{0, 109, 109, 255}},
		{"hue:90", red, color.NRGBA{0, 91, 0, 255}},
		{"hue:-90", color.NRGBA{255, 0, 0, 99}, color.NRGBA{109, 18, 255, 99}},
	} {
		if got := one(t, test.from, test.filter); got != test.to {
			t.Errorf("%s makes %v of %v, want %v", test.filter, got, test.from, test.to)
		}
	}
}

func TestHueKeepsGreysAndLuminance(t *testing.T) {
	luminance := func(c color.NRGBA) float64 { return 0.213*float64(c.R) + 0.715*float64(c.G) + 0.072*float64(c.B) }
	rapid.Check(t, func(t *rapid.T) {
		x := hue(rapid.Float64Range(-180, 180).Draw(t, "degrees"))
		turn := func(c color.NRGBA) color.NRGBA {
			m := image.NewNRGBA(image.Rect(0, 0, 1, 1))
			m.SetNRGBA(0, 0, c)
			return x.of(m).NRGBAAt(0, 0)
		}
		v := rapid.Uint8().Draw(t, "grey")
		if grey := (color.NRGBA{v, v, v, 255}); turn(grey) != grey {
			t.Fatalf("%v becomes %v", grey, turn(grey))
		}
		part := rapid.Uint8Range(110, 145) // what stays in bounds
		from := color.NRGBA{part.Draw(t, "r"), part.Draw(t, "g"), part.Draw(t, "b"), 255}
		if to := turn(from); math.Abs(luminance(to)-luminance(from)) > 0.5 {
			t.Fatalf("%v becomes %v", from, to)
		}
	})
	m := random(9, 9, false)
	if difference(hue(0).of(m), m) > 0 {
		t.Error("a turn by 0 changes colours")
	}
}

// steps is a row of greys, from 40 to 139, one pixel each.
func steps() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 100, 1))
	for x := range 100 {
		v := uint8(40 + x)
		m.SetNRGBA(x, 0, color.NRGBA{v, v, v, 255})
	}
	return m
}

func TestAutoContrastStretchesBetweenTheCuts(t *testing.T) {
	for filter, want := range map[string][4]uint8{ // of the first, second, middle and last pixels
		"auto-contrast:0":   {0, 3, 131, 255},
		"auto-contrast:0.9": {0, 3, 131, 255}, // less than a pixel
		"auto-contrast:1":   {0, 0, 131, 255},
		"auto-contrast:10":  {0, 0, 132, 255},
		"auto-contrast:49":  {0, 0, 255, 255},
	} {
		got := apply(t, steps(), filter)
		var at [4]uint8
		for i, x := range []int{0, 1, 51, 99} {
			at[i] = got.NRGBAAt(x, 0).R
		}
		if at != want {
			t.Errorf("%s: %v, want %v", filter, at, want)
		}
	}
}

func TestAutoContrastTakesEachColourByItself(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 3, 1))
	m.SetNRGBA(0, 0, color.NRGBA{10, 70, 0, 255})
	m.SetNRGBA(1, 0, color.NRGBA{60, 70, 255, 1})
	m.SetNRGBA(2, 0, color.NRGBA{0, 0, 99, 0}) // not seen, so not counted
	got := apply(t, m, "auto-contrast:0")
	for x, want := range []color.NRGBA{{0, 70, 0, 255}, {255, 70, 255, 1}, {0, 0, 99, 0}} {
		if c := got.NRGBAAt(x, 0); c != want {
			t.Errorf("pixel %d is %v, want %v", x, c, want)
		}
	}
}

func TestAutoContrastLeavesWhatHasNoContrast(t *testing.T) {
	hidden := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	hidden.SetNRGBA(1, 1, color.NRGBA{5, 6, 7, 0})
	plain := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	for i := range plain.Pix {
		plain.Pix[i] = 200
	}
	for name, m := range map[string]*image.NRGBA{"hidden": hidden, "plain": plain} {
		if d := difference(apply(t, m, "auto-contrast:49"), m); d > 0 {
			t.Errorf("%s: changed by %d", name, d)
		}
	}
}
