package filter

import (
	"image"
	"math"
	"testing"
)

// ringOf is the filter as its definition says it.
func ringOf(m *image.NRGBA, x, y, channel int) uint8 {
	sum := 0
	for dy := -2; dy <= 2; dy++ {
		for dx := -2; dx <= 2; dx++ {
			if max(dx, -dx, dy, -dy) == 2 {
				sum += int(m.Pix[m.PixOffset(x+dx, y+dy)+channel])
			}
		}
	}
	return uint8(math.Floor(float64(sum)/16 + 0.5))
}

func TestRingIsTheMeanOfSixteen(t *testing.T) {
	for _, size := range []image.Point{{23, 17}, {5, 5}, {6, 5}, {4, 9}, {9, 4}, {1, 1}, {800, 5}} {
		m := random(size.X, size.Y, false)
		got := apply(t, m, "blur")
		for y := range size.Y {
			for x := range size.X {
				for c := range 4 {
					want := m.Pix[m.PixOffset(x, y)+c]
					if x >= 2 && y >= 2 && x < size.X-2 && y < size.Y-2 {
						want = ringOf(m, x, y, c)
					}
					if v := got.Pix[got.PixOffset(x, y)+c]; v != want {
						t.Fatalf("%v at %d,%d channel %d: %d, want %d", size, x, y, c, v, want)
					}
				}
			}
		}
	}
}
