package filter

import "image"

// ring is Pillow's ImageFilter.BLUR: each sample becomes the mean of the 16
// around it at a distance of two, a 5x5 square without its 3x3 middle. Alpha
// is treated as a fourth colour. The outer two pixels have no full ring and
// stay as they are.
//
// It is written out, because a general convolution spends more time on it than
// the encoder does on the whole picture, and spreads over all cores.
func ring(m *image.NRGBA, _ Filter) *image.NRGBA {
	width, height := 4*m.Rect.Dx(), m.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, m.Rect.Dx(), height))
	ends, sides := make([]int32, width), make([]int32, width)
	for y := range height {
		copy(out.Pix[y*out.Stride:][:width], m.Pix[y*m.Stride:][:width])
		if y < 2 || y >= height-2 || width < 20 {
			continue
		}
		row := func(dy int) []uint8 { return m.Pix[(y+dy)*m.Stride:][:width] }
		sum2(ends, row(-2), row(+2))
		sum3(sides, row(-1), row(0), row(+1))
		ringRow(out.Pix[y*out.Stride:][:width], ends, sides)
	}
	return out
}

// ringRow fills a row from the sums of the rows two away, which count with
// five samples each, and of the middle three rows, which count with two.
func ringRow(out []uint8, ends, sides []int32) {
	var run [4]int32 // of five ends, one for each channel
	for i := range 16 {
		run[i%4] += ends[i]
	}
	for i := 8; i < len(out)-8; i++ {
		sum := run[i&3] + ends[i+8]
		out[i] = uint8((sum + sides[i-8] + sides[i+8] + 8) >> 4) //nolint:gosec // a mean of bytes
		run[i&3] = sum - ends[i-8]
	}
}

func sum2(out []int32, a, b []uint8) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = int32(a[i]) + int32(b[i])
	}
}

func sum3(out []int32, a, b, c []uint8) {
	a, b, c = a[:len(out)], b[:len(out)], c[:len(out)]
	for i := range out {
		out[i] = int32(a[i]) + int32(b[i]) + int32(c[i])
	}
}
