package watermark

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestEachPositionIsWhereItSays(t *testing.T) {
	logo := pngFile(t, plain(40, 20, red))
	for _, text := range []string{"© Anna", logo} {
		for p := range Position(Tile) {
			m := plain(400, 400, grey)
			stamp(t, Mark{text, p, 1}).Draw(m)
			box := changed(m, plain(400, 400, grey))
			middle := box.Min.Add(box.Max).Div(2)
			column, row := middle.X*3/400, middle.Y*3/400
			if column != 2-int(p%3) || row != 2-int(p/3) {
				t.Errorf("%s at %v is in %v", text, p, box)
			}
			if nearest := min(box.Min.X, box.Min.Y, 400-box.Max.X, 400-box.Max.Y); p != Center && (nearest < 8 || nearest > 14) {
				t.Errorf("%s at %v is %d pixels from the border", text, p, nearest)
			}
		}
	}
}

func TestTilesAreInEveryPart(t *testing.T) {
	for _, text := range []string{"© Anna", pngFile(t, plain(40, 20, red))} {
		m := plain(400, 300, grey)
		stamp(t, Mark{text, Tile, 1}).Draw(m)
		for y := 0; y < 300; y += 100 {
			for x := 0; x < 400; x += 100 {
				part := func(m *image.NRGBA) *image.NRGBA {
					sub := m.SubImage(image.Rect(x, y, x+100, y+100)).(*image.NRGBA)
					return &image.NRGBA{Pix: sub.Pix, Stride: sub.Stride, Rect: image.Rect(0, 0, 100, 100)}
				}
				if changed(part(m), part(plain(400, 300, grey))).Empty() {
					t.Errorf("%s: nothing from %d,%d", text, x, y)
				}
			}
		}
	}
}

func TestOpacityIsTheShareOfTheMark(t *testing.T) {
	half := pngFile(t, plain(4, 4, color.NRGBA{255, 0, 0, 128}))
	logo := pngFile(t, plain(4, 4, red))
	for _, test := range []struct {
		file    string
		opacity float64
		on, to  color.NRGBA
	}{
		{logo, 1, black, red},
		{logo, 0, grey, grey},
		{logo, 0.5, black, color.NRGBA{128, 0, 0, 255}},
		{logo, 0.2, white, color.NRGBA{255, 204, 204, 255}},
		{half, 1, black, color.NRGBA{128, 0, 0, 255}},
		{half, 0.5, black, color.NRGBA{64, 0, 0, 255}},
		{logo, 0.5, color.NRGBA{}, color.NRGBA{255, 0, 0, 128}},
		{logo, 0.5, color.NRGBA{0, 0, 255, 128}, color.NRGBA{170, 0, 85, 192}},
	} {
		m := plain(20, 20, test.on)
		stamp(t, Mark{test.file, Center, test.opacity}).Draw(m)
		if got := m.NRGBAAt(10, 10); got != test.to {
			t.Errorf("%g on %v: %v, want %v", test.opacity, test.on, got, test.to)
		}
		if got := m.NRGBAAt(1, 1); got != test.on {
			t.Errorf("beside it, %v is %v", test.on, got)
		}
	}
}

func TestBlendIsSourceOver(t *testing.T) {
	pixel := rapid.Custom(func(t *rapid.T) [4]uint8 {
		v := rapid.Uint8()
		return [4]uint8{v.Draw(t, "r"), v.Draw(t, "g"), v.Draw(t, "b"), v.Draw(t, "a")}
	})
	rapid.Check(t, func(t *rapid.T) {
		back := pixel.Draw(t, "back")
		front := pixel.Filter(func(p [4]uint8) bool { return p[3] > 0 }).Draw(t, "front")
		got := back
		blend(got[:], front[:])
		f, b := float64(front[3])/255, float64(back[3])/255
		opacity := f + b*(1-f)
		for c := range 3 {
			want := (float64(front[c])*f + float64(back[c])*b*(1-f)) / opacity
			if math.Abs(float64(got[c])-want) > 0.5001 {
				t.Fatalf("%v over %v: %v, want %.2f", front, back, got, want)
			}
		}
		if math.Abs(float64(got[3])-255*opacity) > 0.5001 {
			t.Fatalf("%v over %v: %v, want opacity %.2f", front, back, got, 255*opacity)
		}
	})
}

func TestAPartOfAPictureIsMarkedAlone(t *testing.T) {
	for p := range Position(len(positions)) {
		whole, alone := plain(90, 80, grey), plain(50, 40, grey)
		r := image.Rect(20, 30, 70, 70)
		s := stamp(t, Mark{"Anna", p, 1})
		s.Draw(whole.SubImage(r).(*image.NRGBA))
		s.Draw(alone)
		for y := range 80 {
			for x := range 90 {
				want := grey
				if at := image.Pt(x, y); at.In(r) {
					want = alone.NRGBAAt(x-20, y-30)
				}
				if got := whole.NRGBAAt(x, y); got != want {
					t.Fatalf("%v: %d,%d is %v, want %v", p, x, y, got, want)
				}
			}
		}
	}
}

func TestSmallPictures(t *testing.T) {
	for _, text := range []string{"© Anna Müller 2026", "i", pngFile(t, plain(40, 20, red))} {
		for p := range Position(len(positions)) {
			s := stamp(t, Mark{text, p, 1})
			for _, size := range []image.Point{{1, 1}, {2, 1}, {1, 2}, {3, 3}, {5, 2}, {10, 10}, {1, 400}, {400, 1}, {0, 0}} {
				m := plain(size.X, size.Y, grey)
				s.Draw(m)
				if s.picture != nil && p != Tile && size.X > 0 && changed(m, plain(size.X, size.Y, grey)).Empty() {
					t.Errorf("%v on %v: nothing", p, size)
				}
			}
		}
	}
}

func TestNoMarkDrawsNothing(t *testing.T) {
	for name, s := range map[string]*Stamp{"zero": stamp(t, Mark{}), "position only": stamp(t, Mark{Position: Top, Opacity: 1}), "nil": nil} {
		m := plain(30, 30, grey)
		if s.Draw(m); !changed(m, plain(30, 30, grey)).Empty() {
			t.Errorf("%s: it is changed", name)
		}
	}
}

func TestDrawingTwiceMakesTheMarkOnce(t *testing.T) {
	s := stamp(t, Mark{"Anna", Center, 0.5})
	first, other := s.sized(image.Pt(80, 60)), s.sized(image.Pt(60, 80))
	if s.sized(image.Pt(80, 60)) != first || s.sized(image.Pt(60, 80)) != other || first == other {
		t.Error("not kept")
	}
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	s := stamp(t, Mark{"A", Center, 0.5})
	for side := range 100 {
		s.sized(image.Pt(40+side, 40))
	}
	if len(s.ready) != keptMarks {
		t.Errorf("%d are kept", len(s.ready))
	}
	last := s.ready[keptMarks-1]
	if last.on != image.Pt(139, 40) {
		t.Errorf("the last is for %v", last.on)
	}
	logo := stamp(t, Mark{pngFile(t, plain(3000, 1000, red)), Center, 0.5})
	for range 2 {
		logo.sized(image.Pt(12000, 12000))
		logo.sized(image.Pt(12001, 12000))
	}
	if len(logo.ready) != 1 {
		t.Errorf("%d large ones are kept", len(logo.ready))
	}
}

func TestManyDrawAtOnce(t *testing.T) {
	for _, text := range []string{"© Anna", pngFile(t, plain(40, 20, red))} {
		s, alone := stamp(t, Mark{text, Tile, 0.5}), stamp(t, Mark{text, Tile, 0.5})
		want := map[int]*image.NRGBA{}
		for side := 50; side < 90; side++ {
			want[side] = plain(side, side, grey)
			alone.Draw(want[side])
		}
		var wg sync.WaitGroup
		wrong := make([]error, 8)
		for i := range wrong {
			wg.Go(func() { // ends after its pictures
				for side := 50; side < 90; side++ {
					m := plain(side, side, grey)
					if s.Draw(m); !bytes.Equal(m.Pix, want[side].Pix) {
						wrong[i] = fmt.Errorf("%s on %d pixels differs", text, side)
					}
				}
			})
		}
		wg.Wait()
		for _, err := range wrong {
			if err != nil {
				t.Error(err)
			}
		}
	}
}
