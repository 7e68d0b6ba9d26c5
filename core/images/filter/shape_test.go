package filter

import (
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// corners are the marks of the top left and the bottom right pixel.
func corners(m *image.NRGBA) [2]image.Point {
	at := func(x, y int) image.Point { c := m.NRGBAAt(x, y); return image.Pt(int(c.R), int(c.G)) }
	return [2]image.Point{at(0, 0), at(m.Rect.Dx()-1, m.Rect.Dy()-1)}
}

func TestPixelsLandWhereTheyShould(t *testing.T) {
	for _, test := range []struct {
		filter string
		size   image.Point
		want   [2]image.Point // what is then in two corners
	}{
		{"rotate:0", image.Pt(12, 8), [2]image.Point{{0, 0}, {11, 7}}},
		{"rotate:90", image.Pt(8, 12), [2]image.Point{{0, 7}, {11, 0}}}, // clockwise: the bottom left comes to the top left
		{"rotate:-270", image.Pt(8, 12), [2]image.Point{{0, 7}, {11, 0}}},
		{"rotate:180", image.Pt(12, 8), [2]image.Point{{11, 7}, {0, 0}}},
		{"rotate:270", image.Pt(8, 12), [2]image.Point{{11, 0}, {0, 7}}},
		{"rotate:-90", image.Pt(8, 12), [2]image.Point{{11, 0}, {0, 7}}},
		{"rotate:360", image.Pt(12, 8), [2]image.Point{{0, 0}, {11, 7}}},
		{"flip", image.Pt(12, 8), [2]image.Point{{11, 0}, {0, 7}}},
		{"flip:vertical", image.Pt(12, 8), [2]image.Point{{0, 7}, {11, 0}}},
		{"crop:4x4", image.Pt(4, 4), [2]image.Point{{4, 2}, {7, 5}}},
		{"crop:5x99", image.Pt(5, 8), [2]image.Point{{3, 0}, {7, 7}}},
		{"crop:4x3+2+1", image.Pt(4, 3), [2]image.Point{{2, 1}, {5, 3}}},
		{"crop:99x99+10+5", image.Pt(2, 3), [2]image.Point{{10, 5}, {11, 7}}},
		{"crop:1/1", image.Pt(8, 8), [2]image.Point{{2, 0}, {9, 7}}},
		{"crop:3/1", image.Pt(12, 4), [2]image.Point{{0, 2}, {11, 5}}},
		{"crop:3/2", image.Pt(12, 8), [2]image.Point{{0, 0}, {11, 7}}},
		{"crop:1/99999", image.Pt(1, 8), [2]image.Point{{5, 0}, {5, 7}}},
	} {
		got := apply(t, numbered(12, 8), test.filter)
		if got.Rect != (image.Rectangle{Max: test.size}) || corners(got) != test.want {
			t.Errorf("%s: %v with %v in the corners, want %v with %v", test.filter, got.Rect, corners(got), test.size, test.want)
		}
	}
}

func TestRotationUncoversTheBackground(t *testing.T) {
	for _, background := range []color.NRGBA{{10, 20, 30, 255}, {}} {
		m := image.NewNRGBA(image.Rect(0, 0, 40, 20))
		for i := range m.Pix {
			m.Pix[i] = 200
		}
		got, err := Apply(t.Context(), m, parse(t, "rotate:45"), background)
		if err != nil {
			t.Fatal(err)
		}
		w, h := got.Rect.Dx(), got.Rect.Dy()
		for _, at := range []image.Point{{0, 0}, {w - 1, 0}, {0, h - 1}, {w - 1, h - 1}} {
			if c := got.NRGBAAt(at.X, at.Y); c != background {
				t.Errorf("on %v, %v is %v", background, at, c)
			}
		}
		if c := got.NRGBAAt(w/2, h/2); c != (color.NRGBA{200, 200, 200, 200}) {
			t.Errorf("the middle is %v", c)
		}
	}
}

func TestRotationGoesClockwise(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 61, 61))
	m.SetNRGBA(30, 0, color.NRGBA{255, 255, 255, 255}) // twelve o'clock
	got := apply(t, m, "rotate:45")
	brightest, most := image.Point{}, uint8(0)
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if c := got.NRGBAAt(x, y); c.A > most {
				brightest, most = image.Pt(x, y), c.A
			}
		}
	}
	middle := got.Rect.Dx() / 2
	if d := brightest.Sub(image.Pt(middle, middle)); d.X < 20 || d.X > 22 || d.Y < -22 || d.Y > -20 {
		t.Errorf("half past one is at %v from the middle", d)
	}
}

func TestRotatedPicturesKeepAllOfTheirContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := random(rapid.IntRange(1, 40).Draw(t, "width"), rapid.IntRange(1, 40).Draw(t, "height"), true)
		before := len(m.Pix) / 4
		f := Filter{Name: "rotate", Amount: rapid.Float64Range(-360, 360).Draw(t, "degrees")}
		got, err := Apply(t.Context(), m, []Filter{f}, color.NRGBA{})
		if err != nil {
			t.Fatal(err)
		}
		covered := 0.0
		for i := 3; i < len(got.Pix); i += 4 {
			covered += float64(got.Pix[i]) / 255
		}
		around := float64(m.Rect.Dx() + m.Rect.Dy())
		if math.Abs(covered-float64(before)) > around {
			t.Fatalf("%.1f of %d pixels are left", covered, before)
		}
	})
}

func TestRatiosAreAsLargeAsCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 5000).Draw(t, "width"), rapid.IntRange(1, 5000).Draw(t, "height")
		a := area{w: rapid.IntRange(1, 30).Draw(t, "across"), h: rapid.IntRange(1, 30).Draw(t, "down"), ratio: true}
		r := a.within(w, h)
		if r.Empty() || !r.In(image.Rect(0, 0, w, h)) || r.Dx() < w && r.Dy() < h {
			t.Fatalf("%v of %dx%d is %v", a, w, h, r)
		}
		wrong := math.Abs(float64(r.Dx()*a.h-r.Dy()*a.w)) / float64(max(a.w, a.h)) // in pixels of the shorter side
		if wrong > 0.5 && r.Dx() > 1 && r.Dy() > 1 {
			t.Fatalf("%v of %dx%d is %v", a, w, h, r)
		}
		left, right, top, bottom := r.Min.X, w-r.Max.X, r.Min.Y, h-r.Max.Y
		if left != right && left+1 != right || top != bottom && top+1 != bottom {
			t.Fatalf("%v of %dx%d is not in the middle: %v", a, w, h, r)
		}
	})
}
