package codec_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"math"
	"testing"

	"manyhands/core/images/codec"
)

// asGIF writes a GIF and reads it with a decoder that is not ours.
func asGIF(t testing.TB, m *image.NRGBA) *image.Paletted {
	t.Helper()
	var b bytes.Buffer
	var e codec.Encoder
	if err := e.Encode(&b, m, codec.Encoding{Format: codec.GIF}); err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(&b)
	if err != nil || len(g.Image) != 1 {
		t.Fatal(err)
	}
	return g.Image[0]
}

func TestFewColoursAreKeptExactly(t *testing.T) {
	for _, n := range []int{1, 2, 3, 16, 17, 255, 256} {
		for _, holes := range []bool{false, true} {
			if holes && n == 256 {
				continue
			}
			m := drawn(40, 40, func(x, y int) color.NRGBA {
				i := (x + 40*y) % n
				if holes && y == 7 {
					return color.NRGBA{}
				}
				return color.NRGBA{uint8(i * 37), uint8(i * 101), uint8(i), 255}
			})
			got := asGIF(t, m)
			if off := furthest(t, got, m); off != 0 {
				t.Errorf("%d colours, holes %v: off by %d", n, holes, off)
			}
			want := n
			if holes {
				want++
			}
			if len(got.Palette) > 2*want {
				t.Errorf("%d colours became %d", want, len(got.Palette))
			}
		}
	}
}

// TestEveryColourCanBeTheFirst has the extremes in the corner.
func TestEveryColourCanBeTheFirst(t *testing.T) {
	for _, first := range []color.NRGBA{{}, {A: 255}, {255, 255, 255, 255}, {1, 0, 0, 255}, {0, 0, 1, 255}} {
		m := uniform(3, 3, color.NRGBA{90, 80, 70, 255})
		m.SetNRGBA(0, 0, first)
		if off := furthest(t, asGIF(t, m), m); off != 0 {
			t.Errorf("%v: off by %d", first, off)
		}
	}
}

// blurred averages squares of pixels, as the eye does from afar.
func blurred(m image.Image, side int) *image.NRGBA {
	p := nrgba(m)
	return drawn(p.Rect.Dx()/side, p.Rect.Dy()/side, func(x, y int) color.NRGBA {
		var r, g, b int
		for i := range side * side {
			c := p.NRGBAAt(x*side+i%side, y*side+i/side)
			r, g, b = r+int(c.R), g+int(c.G), b+int(c.B)
		}
		n := side * side
		return color.NRGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
	})
}

// TestManyColoursAreDithered expects single pixels to be near, and squares of
// them much nearer.
func TestManyColoursAreDithered(t *testing.T) {
	m := photo(200, 120)
	got := asGIF(t, m)
	if len(got.Palette) != 256 {
		t.Errorf("%d colours", len(got.Palette))
	}
	pixels, squares := average(t, got, m), average(t, blurred(got, 4), blurred(m, 4))
	if pixels > 2 || squares > 0.5 {
		t.Errorf("pixels are off by %.2f, squares by %.2f", pixels, squares)
	}
}

// TestThePaletteSuitsThePicture has one of a few near colours.
func TestThePaletteSuitsThePicture(t *testing.T) {
	m := drawn(128, 128, func(x, y int) color.NRGBA {
		return color.NRGBA{uint8(100 + x/8), uint8(60 + y/8), uint8((x ^ y) / 16), 255}
	})
	if off := average(t, asGIF(t, m), m); off > 1.5 {
		t.Errorf("off by %.2f", off)
	}
}

func TestHolesAmongManyColours(t *testing.T) {
	m := photo(100, 80)
	for i := 3; i < len(m.Pix); i += 4 {
		if i/4%7 == 0 {
			m.Pix[i] = 100
		}
	}
	got := nrgba(asGIF(t, m))
	for i := 3; i < len(m.Pix); i += 4 {
		if hole := got.Pix[i] == 0; hole != (i/4%7 == 0) {
			t.Fatalf("pixel %d: hole %v", i/4, hole)
		}
	}
	onBlack := func(m *image.NRGBA) *image.NRGBA {
		return drawn(100, 80, func(x, y int) color.NRGBA {
			if (x+100*y)%7 == 0 {
				return color.NRGBA{}
			}
			return m.NRGBAAt(x, y)
		})
	}
	if off := average(t, onBlack(got), onBlack(m)); off > 5 {
		t.Errorf("off by %.2f", off)
	}
}

// photo has soft shapes, edges and noise.
func photo(width, height int) *image.NRGBA {
	noise := uint32(1)
	return drawn(width, height, func(x, y int) color.NRGBA {
		noise = noise*1664525 + 1013904223
		v := 128 + 60*math.Sin(float64(x)/50) + 50*math.Cos(float64(y)/70) + float64(noise>>29) - 4
		w := 90 + 80*math.Sin(float64(x+2*y)/90)
		if (x/40+y/60)%5 == 0 {
			w = 255 - w
		}
		return color.NRGBA{uint8(v), uint8((v + w) / 2), uint8(w), 255}
	})
}
