package watermark

import (
	"image"
	"image/color"
	"strings"
	"testing"
)

// darkest and brightest are the extremes of a picture's green.
func extremes(m *image.NRGBA) (darkest, brightest uint8) {
	darkest = 255
	for i := 1; i < len(m.Pix); i += 4 {
		darkest, brightest = min(darkest, m.Pix[i]), max(brightest, m.Pix[i])
	}
	return darkest, brightest
}

func TestATextCanBeReadOnEveryGround(t *testing.T) {
	for _, ground := range []color.NRGBA{black, grey, white, {0, 255, 0, 255}} {
		for opacity, contrast := range map[float64]uint8{0.5: 100, 1: 220} {
			m := plain(800, 600, ground)
			stamp(t, Mark{"© Anna", Center, opacity}).Draw(m)
			if darkest, brightest := extremes(m); brightest-darkest < contrast {
				t.Errorf("on %v with opacity %g: %d to %d", ground, opacity, darkest, brightest)
			}
		}
	}
}

func TestTheSizeOfAText(t *testing.T) {
	long := strings.Repeat("Anna ", 20)
	for name, test := range map[string]struct {
		text     string
		on       image.Point
		from, to image.Point // the least and the most that it covers, edge included
	}{
		"five per cent":           {"H", image.Pt(2000, 1000), image.Pt(30, 35), image.Pt(55, 60)},
		"of the shorter side":     {"H", image.Pt(1000, 2000), image.Pt(30, 35), image.Pt(55, 60)},
		"ten pixels at least":     {"H", image.Pt(100, 50), image.Pt(6, 7), image.Pt(12, 14)},
		"shrunk to the width":     {long, image.Pt(400, 1000), image.Pt(350, 5), image.Pt(380, 20)},
		"shrunk to the height":    {"H", image.Pt(100, 8), image.Pt(4, 6), image.Pt(12, 8)},
		"wide, but there is room": {long, image.Pt(8000, 400), image.Pt(700, 15), image.Pt(1200, 30)},
	} {
		m := plain(test.on.X, test.on.Y, grey)
		stamp(t, Mark{test.text, Center, 1}).Draw(m)
		got := changed(m, plain(test.on.X, test.on.Y, grey)).Size()
		if got.X < test.from.X || got.Y < test.from.Y || got.X > test.to.X || got.Y > test.to.Y {
			t.Errorf("%s: %v, want %v to %v", name, got, test.from, test.to)
		}
	}
}

func TestLettersDiffer(t *testing.T) {
	drawn := map[string]string{}
	for _, r := range "ABCabc123äöüßЖα©€" {
		m := plain(200, 200, grey)
		stamp(t, Mark{string(r), Center, 1}).Draw(m)
		if other, ok := drawn[string(m.Pix)]; ok {
			t.Errorf("%c is drawn as %s", r, other)
		}
		drawn[string(m.Pix)] = string(r)
	}
}
