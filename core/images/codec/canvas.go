package codec

import (
	"encoding/binary"
	"image"
	"slices"
)

// canvas is the pixels of image.NRGBA, read as little-endian numbers, row by
// row: what animations are compared and written from.
type canvas []uint32

// load takes a picture's pixels, into the old ones' place if there is room.
func (c canvas) load(m *image.NRGBA) canvas {
	width := m.Rect.Dx()
	c = c.sized(width * m.Rect.Dy())
	for y := range m.Rect.Dy() {
		from, to := m.Pix[y*m.Stride:][:4*width], c[y*width:][:width]
		for x := range to {
			to[x] = binary.LittleEndian.Uint32(from[4*x:])
		}
	}
	return c
}

func (c canvas) sized(n int) canvas {
	if cap(c) < n {
		return make(canvas, n)
	}
	return c[:n]
}

// changed is the smallest rectangle that holds all pixels where two canvases
// differ.
func changed(a, b canvas, width int) (r image.Rectangle) {
	for y := range len(a) / width {
		was, is := a[y*width:][:width], b[y*width:][:width]
		if slices.Equal(was, is) {
			continue
		}
		first, last := 0, width-1
		for was[first] == is[first] {
			first++
		}
		for was[last] == is[last] {
			last--
		}
		r = r.Union(image.Rect(first, y, last+1, y+1))
	}
	return r
}
