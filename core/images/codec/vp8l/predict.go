package vp8l

import "math"

// tileBits is the side of the squares that have a predictor each, as a power
// of two.
const tileBits = 4

// predictors are those of section 3.5.1 that need no pixel to the right, which
// in the last column has rules of its own.
var predictors = [...]struct {
	mode    uint32
	predict func(left, top, topLeft uint32) uint32
}{
	{1, func(left, _, _ uint32) uint32 { return left }},
	{2, func(_, top, _ uint32) uint32 { return top }},
	{7, func(left, top, _ uint32) uint32 { return average(left, top) }},
	{11, selected},
	{12, clampedSum},
}

const black = 0xff000000

func tilesAcross(pixels int) int { return (pixels + 1<<tileBits - 1) >> tileBits }

// subtractGreen takes green out of red and blue (section 3.5.3).
func subtractGreen(pixels []uint32) {
	for i, p := range pixels {
		green := p >> 8 & 0xff
		pixels[i] = difference(p, green<<16|green)
	}
}

// predict fills the residuals of e.pixels, and returns the predictor of each
// tile as the pixels of a picture of its own.
func (e *Encoder) predict(width int) []uint32 {
	height := len(e.pixels) / width
	e.residuals = sized(e.residuals, len(e.pixels))
	tiles := make([]uint32, 0, tilesAcross(width)*tilesAcross(height))
	for y := 0; y < height; y += 1 << tileBits {
		for x := 0; x < width; x += 1 << tileBits {
			t := tile{x: x, y: y, right: min(x+1<<tileBits, width), bottom: min(y+1<<tileBits, height)}
			best := e.bestPredictor(t, width)
			e.residual(t, width, best)
			tiles = append(tiles, black|predictors[best].mode<<8)
		}
	}
	e.edges(width)
	return tiles
}

// tile is a square of pixels, less what is over the edge.
type tile struct{ x, y, right, bottom int }

// bestPredictor is the one with the smallest sum of residuals, looking at
// every second row. The picture's first row and column are predicted alike by
// all.
func (e *Encoder) bestPredictor(t tile, width int) (best int) {
	least := math.MaxInt
	for i := range predictors {
		sum := 0
		predict := predictors[i].predict
		for y := max(t.y, 1); y < t.bottom && sum < least; y += 2 {
			for at := y*width + max(t.x, 1); at < y*width+t.right; at++ {
				sum += size(difference(e.pixels[at], predict(e.pixels[at-1], e.pixels[at-width], e.pixels[at-width-1])))
			}
		}
		if sum < least {
			best, least = i, sum
		}
	}
	return best
}

func (e *Encoder) residual(t tile, width, predictor int) {
	predict := predictors[predictor].predict
	for y := max(t.y, 1); y < t.bottom; y++ {
		for at := y*width + max(t.x, 1); at < y*width+t.right; at++ {
			e.residuals[at] = difference(e.pixels[at], predict(e.pixels[at-1], e.pixels[at-width], e.pixels[at-width-1]))
		}
	}
}

// edges fills the first row, predicted from the left, and the first column,
// from above.
func (e *Encoder) edges(width int) {
	e.residuals[0] = difference(e.pixels[0], black)
	for x := 1; x < width; x++ {
		e.residuals[x] = difference(e.pixels[x], e.pixels[x-1])
	}
	for at := width; at < len(e.pixels); at += width {
		e.residuals[at] = difference(e.pixels[at], e.pixels[at-width])
	}
}

// difference subtracts each of four bytes.
func difference(a, b uint32) uint32 {
	const even, odd = 0x00ff00ff, 0xff00ff00
	return (even+a&odd-b&odd)&odd | (odd+a&even-b&even)&even
}

// size is the sum of four bytes' distances from zero.
func size(p uint32) int {
	return distance[p&0xff] + distance[p>>8&0xff] + distance[p>>16&0xff] + distance[p>>24]
}

var distance = func() (d [256]int) {
	for i := range d {
		d[i] = min(i, 256-i)
	}
	return d
}()

// average halves each of four sums, rounding down.
func average(a, b uint32) uint32 { return (a^b)&0xfefefefe>>1 + a&b }

// selected is Select: the neighbour nearer to left + top - topLeft.
func selected(left, top, topLeft uint32) uint32 {
	toLeft, toTop := 0, 0
	for shift := 0; shift < 32; shift += 8 {
		l, t, tl := int(left>>shift&0xff), int(top>>shift&0xff), int(topLeft>>shift&0xff)
		toLeft += max(t-tl, tl-t)
		toTop += max(l-tl, tl-l)
	}
	if toLeft < toTop {
		return left
	}
	return top
}

// clampedSum is ClampAddSubtractFull: left + top - topLeft, a byte each.
func clampedSum(left, top, topLeft uint32) (p uint32) {
	for shift := 0; shift < 32; shift += 8 {
		v := int(left>>shift&0xff) + int(top>>shift&0xff) - int(topLeft>>shift&0xff)
		p |= uint32(min(max(v, 0), 255)) << shift
	}
	return p
}
