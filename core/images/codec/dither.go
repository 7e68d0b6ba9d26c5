package codec

// nearest is the place of the colour nearest to one, or to one that is alike
// in the 5 or 6 highest bits of each part.
func (p *palette) nearest(r, g, b int32) uint8 {
	key := r>>3<<11 | g>>2<<5 | b>>3
	if p.near[key] == 0 {
		p.near[key] = uint16(p.search(r&^7+4, g&^3+2, b&^7+4)) + 1
	}
	return uint8(p.near[key] - 1)
}

func (p *palette) search(r, g, b int32) (best int) {
	least := int32(1 << 30)
	for i, c := range p.colours {
		if c == 0 {
			continue // the hole
		}
		dr, dg, db := r-int32(c&255), g-int32(c>>8&255), b-int32(c>>16&255)
		if d := dr*dr + dg*dg + db*db; d < least {
			best, least = i, d
		}
	}
	return best
}

// hole is the place of the colour for holes, which is the last.
func (p *palette) hole() uint8 { return uint8(len(p.colours) - 1) }

// match gives each pixel the nearest colour.
func (p *palette) match(out []byte, pixels canvas) {
	for i, c := range pixels {
		if c == 0 {
			out[i] = p.hole()
			continue
		}
		out[i] = p.nearest(int32(c&255), int32(c>>8&255), int32(c>>16&255))
	}
}

// dither gives each pixel the nearest colour to what it should be, and hands
// what it is off by on to the pixels right and below (Floyd and Steinberg, "An
// adaptive algorithm for spatial greyscale", 1976). Holes take nothing on.
func (p *palette) dither(out []byte, pixels canvas, width int) {
	this, below := make([][3]int32, width+2), make([][3]int32, width+2) // in sixteenths, a pixel to the right
	for start := 0; start < len(pixels); start += width {
		clear(below)
		for x, c := range pixels[start : start+width] {
			if c == 0 {
				out[start+x] = p.hole()
				continue
			}
			var want [3]int32
			for i := range want {
				want[i] = min(max(int32(c>>(8*i)&255)+(this[x+1][i]+8)>>4, 0), 255)
			}
			index := p.nearest(want[0], want[1], want[2])
			out[start+x] = index
			for i := range want {
				off := want[i] - int32(p.colours[index]>>(8*i)&255)
				this[x+2][i] += 7 * off
				below[x][i] += 3 * off
				below[x+1][i] += 5 * off
				below[x+2][i] += off
			}
		}
		this, below = below, this
	}
}
