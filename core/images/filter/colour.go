package filter

import (
	"image"
	"image/color"
	"math"

	"github.com/disintegration/imaging"
)

// matrix makes red, green and blue of a colour each from all three of them,
// as feColorMatrix does (W3C Filter Effects Module Level 1). It works on sRGB
// values, as that module's filter functions do.
type matrix [3][3]float64

// sepia is the filter function sepia(1).
var sepia = matrix{
	{0.393, 0.769, 0.189},
	{0.349, 0.686, 0.168},
	{0.272, 0.534, 0.131},
}

// hue turns the hue and keeps the luminance, as far as the colours can be
// shown: feColorMatrix of the type hueRotate.
func hue(degrees float64) matrix {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return matrix{
		{0.213 + cos*0.787 - sin*0.213, 0.715 - cos*0.715 - sin*0.715, 0.072 - cos*0.072 + sin*0.928},
		{0.213 - cos*0.213 + sin*0.143, 0.715 + cos*0.285 + sin*0.140, 0.072 - cos*0.072 - sin*0.283},
		{0.213 - cos*0.213 - sin*0.787, 0.715 - cos*0.715 + sin*0.715, 0.072 + cos*0.928 + sin*0.072},
	}
}

func (x matrix) of(m image.Image) *image.NRGBA {
	return imaging.AdjustFunc(m, func(c color.NRGBA) color.NRGBA {
		r, g, b := float64(c.R), float64(c.G), float64(c.B)
		sum := func(row [3]float64) uint8 { return nearest(row[0]*r + row[1]*g + row[2]*b) }
		return color.NRGBA{sum(x[0]), sum(x[1]), sum(x[2]), c.A}
	})
}

// nearest rounds to the nearest sample there is.
func nearest(v float64) uint8 { return uint8(min(max(v, 0), 255) + 0.5) }

// autoContrast stretches each colour to all of 0..255, leaving out Amount
// percent of the pixels at either end, as Pillow's ImageOps.autocontrast does
// (but rounded, where that cuts off). Pixels that cannot be seen do not count.
func autoContrast(m *image.NRGBA, f Filter) *image.NRGBA {
	var counts [3][256]int
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride:][:4*m.Rect.Dx()]
		for ; len(row) > 0; row = row[4:] {
			if row[3] > 0 {
				counts[0][row[0]]++
				counts[1][row[1]]++
				counts[2][row[2]]++
			}
		}
	}
	var to [3][256]uint8
	for i := range to {
		to[i] = stretched(counts[i], f.Amount)
	}
	return imaging.AdjustFunc(m, func(c color.NRGBA) color.NRGBA {
		return color.NRGBA{to[0][c.R], to[1][c.G], to[2][c.B], c.A}
	})
}

// stretched tells what becomes of each value of a channel.
func stretched(counts [256]int, percent float64) (to [256]uint8) {
	total := 0
	for _, n := range counts {
		total += n
	}
	cut := int(float64(total) * percent / 100)
	low, high, below := 255, 0, 0
	for v, n := range counts {
		if below+n > cut {
			low = min(low, v)
		}
		if total-below > cut {
			high = v
		}
		below += n
	}
	for v := range to {
		to[v] = uint8(v)
		if low < high { // else it is all one value
			to[v] = nearest(float64(v-low) * 255 / float64(high-low))
		}
	}
	return to
}
