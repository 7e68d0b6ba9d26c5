package codec

import "slices"

// palette is the colours of a GIF picture: those it has if they are few, else
// 256 that suit it, by Wu's method: a box in the space of colours that holds
// all pixels is cut in two, where that lowers the variance within boxes most,
// and so on with the box of the largest variance; each box's mean is a colour
// (Xiaolin Wu, "Efficient Statistical Computations for Optimal Color
// Quantization", Graphics Gems II, 1991). Pixels are opaque, or 0 for a hole.
type palette struct {
	colours []uint32
	known   [1 << 10]uint16 // hash table: places in colours, plus 1
	sums    [levels * levels * levels]moments
	near    [1 << 16]uint16 // nearest colours, plus 1, of those met so far
}

// levels is how many values of red, green and blue are told apart when boxes
// are cut, and one for sums over none.
const levels = 33

const mostColours = 256

// exact takes the colours that pixels have, a hole counting as one, and tells
// whether they are few enough.
func (p *palette) exact(pixels canvas) bool {
	p.colours = p.colours[:0]
	clear(p.known[:])
	last := uint32(1) // no pixel is neither opaque nor 0
	for _, c := range pixels {
		if c == last {
			continue
		}
		last = c
		if slot := p.slot(c); p.known[slot] == 0 {
			if len(p.colours) == mostColours {
				return false
			}
			p.colours = append(p.colours, c)
			p.known[slot] = uint16(len(p.colours))
		}
	}
	return true
}

// slot is where a colour is in the hash table, or belongs.
func (p *palette) slot(c uint32) uint32 {
	slot := c * 0x9e3779b1 >> 22
	for p.known[slot] != 0 && p.colours[p.known[slot]-1] != c {
		slot = (slot + 1) % uint32(len(p.known))
	}
	return slot
}

// index is the place of a colour that exact has taken.
func (p *palette) index(c uint32) uint8 { return uint8(p.known[p.slot(c)] - 1) }

// adapt makes a palette of colours that suit the pixels, at most so many. If
// there are holes, they are the last colour.
func (p *palette) adapt(pixels canvas) {
	holes := p.count(pixels)
	p.accumulate()
	p.colours = p.colours[:0]
	most := mostColours
	if holes {
		most--
	}
	for _, b := range p.boxes(most) {
		p.colours = append(p.colours, p.sum(b).mean())
	}
	if holes {
		p.colours = append(p.colours, 0)
	}
	clear(p.near[:])
}

// moments are sums over the pixels of a box.
type moments struct{ n, red, green, blue, squares int64 }

func (m moments) plus(o moments) moments {
	return moments{m.n + o.n, m.red + o.red, m.green + o.green, m.blue + o.blue, m.squares + o.squares}
}

func (m moments) minus(o moments) moments {
	return moments{m.n - o.n, m.red - o.red, m.green - o.green, m.blue - o.blue, m.squares - o.squares}
}

// spread is the sum of squares less the variance within: what cutting a box
// makes larger.
func (m moments) spread() float64 {
	r, g, b := float64(m.red), float64(m.green), float64(m.blue)
	return (r*r + g*g + b*b) / float64(m.n)
}

func (m moments) variance() float64 { return float64(m.squares) - m.spread() }

func (m moments) mean() uint32 {
	rounded := func(sum int64) uint32 { return uint32((sum + m.n/2) / m.n) }
	return 0xff000000 | rounded(m.blue)<<16 | rounded(m.green)<<8 | rounded(m.red)
}

const (
	stepRed   = levels * levels
	stepGreen = levels
	stepBlue  = 1
)

// count makes the sums of each cell.
func (p *palette) count(pixels canvas) (holes bool) {
	clear(p.sums[:])
	for _, c := range pixels {
		if c == 0 {
			holes = true
			continue
		}
		r, g, b := int64(c&255), int64(c>>8&255), int64(c>>16&255)
		s := &p.sums[(r>>3+1)*stepRed+(g>>3+1)*stepGreen+(b>>3+1)*stepBlue]
		s.n++
		s.red += r
		s.green += g
		s.blue += b
		s.squares += r*r + g*g + b*b
	}
	return holes
}

// accumulate makes each sum one over all cells up to it, in each direction.
func (p *palette) accumulate() {
	for _, step := range []int{stepRed, stepGreen, stepBlue} {
		for i := step; i < len(p.sums); i++ {
			if i/step%levels != 0 {
				p.sums[i] = p.sums[i].plus(p.sums[i-step])
			}
		}
	}
}

// box is a part of the space of colours: cells above low up to high, of red,
// green and blue.
type box struct{ low, high [3]int }

// sum is over a box, from the sums at its corners.
func (p *palette) sum(b box) moments {
	at := func(r, g, b int) moments { return p.sums[r*stepRed+g*stepGreen+b*stepBlue] }
	upTo := func(r int) moments {
		return at(r, b.high[1], b.high[2]).minus(at(r, b.low[1], b.high[2])).
			minus(at(r, b.high[1], b.low[2])).plus(at(r, b.low[1], b.low[2]))
	}
	return upTo(b.high[0]).minus(upTo(b.low[0]))
}

// boxes cuts the space into at most so many.
func (p *palette) boxes(most int) []box {
	all := []box{{high: [3]int{levels - 1, levels - 1, levels - 1}}}
	variances := []float64{p.sum(all[0]).variance()}
	for len(all) < most {
		i := slices.Index(variances, slices.Max(variances))
		if variances[i] <= 0 {
			break
		}
		a, b, ok := p.cut(all[i])
		if !ok {
			variances[i] = 0
			continue
		}
		all[i] = a
		all = append(all, b)
		variances[i] = p.sum(a).variance()
		variances = append(variances, p.sum(b).variance())
	}
	return all
}

// cut halves a box where the halves' variances are smallest, not ok if all its
// pixels are in one cell.
func (p *palette) cut(whole box) (a, b box, ok bool) {
	total, best := p.sum(whole), 0.0
	for axis := range 3 {
		for at := whole.low[axis] + 1; at < whole.high[axis]; at++ {
			half := whole
			half.high[axis] = at
			one := p.sum(half)
			other := total.minus(one)
			if one.n == 0 || other.n == 0 {
				continue
			}
			if spread := one.spread() + other.spread(); spread > best {
				best, a, b, ok = spread, half, whole, true
				b.low[axis] = at
			}
		}
	}
	return a, b, ok
}
