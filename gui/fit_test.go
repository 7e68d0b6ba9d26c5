package gui

import (
	"image"
	"image/color"
	"testing"

	"manyhands/core/catalog"
)

func TestBothPicturesFitTheSamePlace(t *testing.T) {
	room := image.Pt(400, 300)
	for name, c := range map[string]struct{ before, after, sizeBefore, sizeAfter, place image.Point }{
		"large ones are made smaller":     {image.Pt(4000, 3000), image.Pt(800, 600), image.Pt(400, 300), image.Pt(400, 300), image.Pt(400, 300)},
		"the small one grows with it":     {image.Pt(4000, 3000), image.Pt(80, 60), image.Pt(400, 300), image.Pt(400, 300), image.Pt(400, 300)},
		"two small ones stay small":       {image.Pt(40, 30), image.Pt(20, 15), image.Pt(40, 30), image.Pt(40, 30), image.Pt(40, 30)},
		"proportions are kept":            {image.Pt(4000, 1000), image.Pt(1000, 1000), image.Pt(400, 100), image.Pt(300, 300), image.Pt(400, 300)},
		"a thin one is a pixel thick":     {image.Pt(40000, 1), image.Pt(1, 40000), image.Pt(400, 1), image.Pt(1, 300), image.Pt(400, 300)},
		"one is smaller in one direction": {image.Pt(200, 600), image.Pt(200, 200), image.Pt(100, 300), image.Pt(200, 200), image.Pt(200, 300)},
	} {
		t.Run(name, func(t *testing.T) {
			f := fit(catalog.Preview{
				Before: image.NewGray(image.Rectangle{Max: c.before}),
				After:  image.NewGray(image.Rectangle{Max: c.after}),
			}, room)
			if f.size != c.place || f.before.Bounds().Size() != c.sizeBefore || f.after.Bounds().Size() != c.sizeAfter {
				t.Errorf("%v and %v in %v", f.before.Bounds().Size(), f.after.Bounds().Size(), f.size)
			}
		})
	}
}

func TestWhatIsNotThereIsNotFitted(t *testing.T) {
	for name, c := range map[string]struct {
		p    catalog.Preview
		room image.Point
	}{
		"nothing":        {catalog.Preview{}, image.Pt(10, 10)},
		"no room":        {catalog.Preview{Before: image.NewGray(image.Rect(0, 0, 9, 9))}, image.Point{}},
		"an empty image": {catalog.Preview{Before: image.NewGray(image.Rectangle{})}, image.Pt(10, 10)},
	} {
		if f := fit(c.p, c.room); f.before != nil || f.after != nil {
			t.Errorf("%s gives %v", name, f)
		}
	}
}

func TestAPartOfAPictureIsFittedFromItsCorner(t *testing.T) {
	whole := plain(20, 20, red)
	whole.SetRGBA(10, 10, blue)
	part := flat(whole.SubImage(image.Rect(10, 10, 14, 13)))
	if part.Bounds() != image.Rect(0, 0, 4, 3) || part.RGBAAt(0, 0) != blue || part.RGBAAt(1, 0) != red || part.Stride != 16 {
		t.Errorf("%v, stride %d, begins with %v", part.Bounds(), part.Stride, part.RGBAAt(0, 0))
	}
}

func TestTransparentPicturesLieOnSquares(t *testing.T) {
	made := flat(image.NewNRGBA(image.Rect(0, 0, 20, 20)))
	if made.RGBAAt(0, 0) != squares[0] || made.RGBAAt(square, 0) != squares[1] || made.RGBAAt(square, square) != squares[0] {
		t.Errorf("%v beside %v", made.RGBAAt(0, 0), made.RGBAAt(square, 0))
	}
	if !made.Opaque() {
		t.Error("the window shines through")
	}
}

func TestAColourOutsideThePaletteIsAnError(t *testing.T) {
	broken := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black})
	broken.Pix[5] = 9
	err := caught(func() error { fit(catalog.Preview{Before: broken}, image.Pt(4, 4)); return nil })
	if err == nil {
		t.Error("it is shown")
	}
}

// BenchmarkFit is the work for a picture of 12 megapixels in a window of
// usual size.
func BenchmarkFit(b *testing.B) {
	p := catalog.Preview{
		Before: image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420),
		After:  image.NewYCbCr(image.Rect(0, 0, 800, 600), image.YCbCrSubsampleRatio420),
	}
	b.ReportAllocs()
	for b.Loop() {
		fit(p, image.Pt(900, 400))
	}
}
