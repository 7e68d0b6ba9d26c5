package filter

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/disintegration/imaging"
	"pgregory.net/rapid"
)

func TestEveryFilterChangesAPictureOfAnySize(t *testing.T) {
	for _, e := range effects {
		text := e.name
		if text == "crop" {
			text = "crop:2/1"
		}
		for _, size := range []image.Point{{31, 19}, {5, 5}, {2, 1}, {1, 2}, {1, 1}} {
			m := random(size.X, size.Y, true)
			got := apply(t, m, text)
			if !got.Opaque() || got.Rect.Empty() {
				t.Errorf("%s makes %v of %v", e.name, got.Rect, size)
			}
			same := got.Rect == m.Rect && difference(got, random(size.X, size.Y, true)) == 0
			if size.X > 30 && same != (e.name == "none") {
				t.Errorf("%s: unchanged is %v", e.name, same)
			}
		}
	}
}

func TestFiltersGoInOrder(t *testing.T) {
	m := random(31, 19, true)
	got := apply(t, m, "grayscale", "rotate", "invert", "blur")
	want := ring(imaging.Invert(imaging.Rotate270(imaging.Grayscale(random(31, 19, true)))), Filter{})
	if got.Rect != want.Rect || difference(got, want) > 0 {
		t.Errorf("%v differs", got.Rect)
	}
}

func TestNoFiltersGiveThePictureBack(t *testing.T) {
	m := random(3, 2, true)
	for _, filters := range [][]Filter{nil, {{Name: "none"}}} {
		got, err := Apply(t.Context(), m, filters, color.NRGBA{})
		if err != nil || &got.Pix[0] != &m.Pix[0] || got.Rect != m.Rect {
			t.Errorf("%v: %v, %v", filters, got.Rect, err)
		}
	}
}

func TestAPartOfAPictureIsFilteredAsIfAlone(t *testing.T) {
	for _, name := range []string{"none", "blur", "gaussian", "sepia", "auto-contrast", "rotate:30", "flip", "crop:3x3"} {
		part := random(31, 19, false).SubImage(image.Rect(5, 4, 20, 15)).(*image.NRGBA)
		alone := imaging.Clone(part)
		got, want := imaging.Clone(apply(t, part, name)), imaging.Clone(apply(t, alone, name))
		if got.Rect != want.Rect || !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("%s: differs", name)
		}
	}
}

func TestSizeIsThatOfTheResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.IntRange(1, 70)
		w, h := side.Draw(t, "width"), side.Draw(t, "height")
		filters := rapid.SliceOfN(anyFilter(), 0, 4).Draw(t, "filters")
		got, err := Apply(t.Context(), random(w, h, false), filters, color.NRGBA{9, 8, 7, 255})
		width, height := Size(filters, w, h)
		switch {
		case err != nil && (width != 0 || height != 0):
			t.Fatalf("%v of %dx%d: %dx%d, but %v", filters, w, h, width, height, err)
		case err == nil && got.Rect != image.Rect(0, 0, width, height):
			t.Fatalf("%v of %dx%d: %dx%d, but it is %v", filters, w, h, width, height, got.Rect)
		}
	})
}

func TestApplyFails(t *testing.T) {
	for name, test := range map[string]struct {
		filters []Filter
		want    string
	}{
		"unknown":        {[]Filter{{Name: "x"}}, `there is no filter "x"`},
		"zero":           {[]Filter{{}}, `there is no filter ""`},
		"impossible":     {[]Filter{{Name: "gamma", Amount: 99}}, "choose 0.1 to 10"},
		"crop outside":   {[]Filter{{Name: "none"}, {Name: "crop", Arg: "5x5+10+0"}}, "the filter crop:5x5+10+0: that lies outside the picture, which is 10x8; choose a part of it"},
		"crop of a crop": {[]Filter{{Name: "crop", Arg: "4x4"}, {Name: "crop", Arg: "5x5+4+0"}}, "which is 4x4"},
	} {
		m, err := Apply(t.Context(), random(10, 8, true), test.filters, color.NRGBA{})
		if err == nil || m != nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if w, h := Size(test.filters, 10, 8); w != 0 || h != 0 {
			t.Errorf("%s: %dx%d", name, w, h)
		}
	}
}

func TestRotationsThatGrowOutOfBoundsAreRefused(t *testing.T) {
	var many []Filter
	for range 40 {
		many = append(many, Filter{Name: "rotate", Amount: 45})
	}
	if w, h := Size(many, 800, 600); w != 0 || h != 0 {
		t.Errorf("%dx%d", w, h)
	}
	long := image.NewNRGBA(image.Rect(0, 0, 40000, 1))
	_, err := Apply(t.Context(), long, parse(t, "rotate:45"), color.NRGBA{})
	if err == nil || !strings.Contains(err.Error(), "the filter rotate:45: the picture would be 28285x28285, more than 200 megapixels") {
		t.Error(err)
	}
	if w, h := Size(parse(t, "rotate:180"), 20000, 15000); w != 20000 || h != 15000 {
		t.Errorf("a turn that needs no more room makes %dx%d", w, h)
	}
}

func TestNothingIsFilteredAfterTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Apply(ctx, random(3, 3, true), []Filter{{Name: "invert"}}, color.NRGBA{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestStripsMakeTheSamePicture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 20).Draw(t, "width"), rapid.IntRange(1, 90).Draw(t, "height")
		reach := rapid.IntRange(0, 6).Draw(t, "reach")
		sigma := float64(reach) / 3
		change := func(m *image.NRGBA) *image.NRGBA { return imaging.Sharpen(m, sigma) }
		got, err := inStrips(t.Context(), random(w, h, false), reach, rapid.IntRange(1, 600).Draw(t, "pixels"), change)
		if err != nil {
			t.Fatal(err)
		}
		if want := change(random(w, h, false)); !bytes.Equal(got.Pix, want.Pix) {
			t.Fatal("differs")
		}
	})
}

func TestTheEndIsSeenBetweenStrips(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	strips := 0
	_, err := inStrips(ctx, random(10, 100, true), 0, 100, func(m *image.NRGBA) *image.NRGBA {
		strips++
		cancel()
		return m
	})
	if !errors.Is(err, context.Canceled) || strips != 1 {
		t.Errorf("%d strips, %v", strips, err)
	}
}

func TestALargePictureIsFilteredAsInOneGo(t *testing.T) {
	for text, whole := range map[string]func(image.Image, float64) *image.NRGBA{
		"gaussian:1": imaging.Blur, "sharpen:1": imaging.Sharpen, "brightness:1": imaging.AdjustBrightness,
	} {
		m := random(8, stripPixels/8+100, false) // two strips
		if got := apply(t, m, text); !bytes.Equal(got.Pix, whole(m, 1).Pix) {
			t.Errorf("%s: differs", text)
		}
	}
}
