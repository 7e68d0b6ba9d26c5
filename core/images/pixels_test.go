package images

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/disintegration/imaging"
)

func random(width, height int, opaque bool) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	for i := range m.Pix {
		m.Pix[i] = uint8(r.Uint32())
		if opaque && i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

// difference is the largest difference of two pictures' samples, and its mean.
func difference(a, b *image.NRGBA) (largest int, mean float64) {
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		largest = max(largest, d, -d)
		mean += math.Abs(float64(d))
	}
	return largest, mean / float64(len(a.Pix))
}

func TestResizedIsBicubic(t *testing.T) {
	for _, test := range []struct{ from, to area }{
		{area{400, 300}, area{80, 60}},
		{area{401, 299}, area{80, 61}},
		{area{40, 30}, area{95, 77}},
		{area{40, 300}, area{80, 60}},
		{area{7, 1}, area{3, 5}},
		{area{1, 1}, area{4, 4}},
		{area{300, 2}, area{1, 1}},
	} {
		var s scaler
		m := random(test.from.Width, test.from.Height, true)
		got, err := s.resized(t.Context(), m, test.to)
		if err != nil {
			t.Fatal(err)
		}
		want := imaging.Resize(m, test.to.Width, test.to.Height, imaging.CatmullRom)
		if got.Rect != want.Rect {
			t.Fatalf("%v: %v", test, got.Rect)
		}
		if largest, mean := difference(got, want); largest > 3 || mean > 0.5 {
			t.Errorf("%v: differs by %d, %.2f in the mean", test, largest, mean)
		}
	}
}

func TestResizedColourPlanes(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		m := image.NewYCbCr(image.Rect(0, 0, 321, 243), ratio)
		for y := range 243 {
			for x := range 321 {
				m.Y[m.YOffset(x, y)] = uint8(x / 2)
				m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = uint8(y), uint8(255-x/2)
			}
		}
		var s scaler
		got, err := s.resized(t.Context(), m, area{80, 60})
		if err != nil {
			t.Fatal(err)
		}
		want := imaging.Resize(m, 80, 60, imaging.CatmullRom)
		if _, mean := difference(got, want); mean > 1.5 {
			t.Errorf("%v: differs by %.2f in the mean", ratio, mean)
		}
	}
}

func TestAPlainColourStaysWhatItIs(t *testing.T) {
	for _, m := range []image.Image{
		&image.Uniform{C: color.NRGBA{10, 200, 77, 255}},
		&image.Uniform{C: color.Gray{131}},
	} {
		in := image.NewNRGBA(image.Rect(0, 0, 97, 41))
		for i := range in.Pix {
			in.Pix[i] = toNRGBA(crop(m)).Pix[i%4]
		}
		var s scaler
		for _, size := range []area{{13, 7}, {200, 300}, {97, 5}} {
			got, err := s.resized(t.Context(), in, size)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Pix {
				if got.Pix[i] != in.Pix[i%4] {
					t.Fatalf("%v: sample %d is %d, want %d", size, i, got.Pix[i], in.Pix[i%4])
				}
			}
		}
	}
}

// crop is one pixel of a picture without bounds.
func crop(m image.Image) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	out.Set(0, 0, m.At(0, 0))
	return out
}

func TestHiddenColourDoesNotBleed(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for y := range 40 {
		for x := range 40 {
			m.SetNRGBA(x, y, color.NRGBA{255, 0, 0, 0}) // red, but not to be seen
			if x >= 20 {
				m.SetNRGBA(x, y, color.NRGBA{0, 0, 255, 255})
			}
		}
	}
	var s scaler
	got, err := s.resized(t.Context(), m, area{10, 10})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(got.Pix); i += 4 {
		if got.Pix[i] > 2 {
			t.Fatalf("pixel %d is %v", i/4, got.Pix[i:i+4])
		}
	}
}

func TestOtherKindsOfPictures(t *testing.T) {
	bounds := image.Rect(3, 5, 43, 35)
	for _, m := range []interface {
		image.Image
		Set(x, y int, c color.Color)
	}{
		image.NewGray(bounds), image.NewGray16(bounds), image.NewRGBA64(bounds), image.NewNRGBA64(bounds), image.NewCMYK(bounds),
		image.NewRGBA(bounds), image.NewNRGBA(bounds), image.NewPaletted(bounds, color.Palette{color.Black, color.Gray{120}}),
	} {
		for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
			for x := bounds.Min.X; x < bounds.Max.X; x++ {
				m.Set(x, y, color.Gray{120})
			}
		}
		for _, size := range []area{{20, 15}, {40, 30}} {
			var s scaler
			got, err := s.resized(t.Context(), m, size)
			if err != nil {
				t.Fatal(err)
			}
			c := got.NRGBAAt(7, 7)
			if got.Rect.Dx() != size.Width || c.A != 255 || max(c.R, c.G, c.B)-120 > 1 && 120-min(c.R, c.G, c.B) > 1 {
				t.Errorf("%T to %v: %v %v", m, size, got.Rect, c)
			}
		}
	}
}
