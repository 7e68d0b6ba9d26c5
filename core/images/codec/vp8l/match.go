package vp8l

import "math/bits"

const (
	hashBits    = 16
	mostTries   = 12          // candidates looked at for one copy
	shortest    = 3           // pixels worth copying
	longest     = 4096        // section 3.6.2.2
	window      = 1<<20 - 120 // the farthest copy, less the codes for near ones
	goodEnough  = 128         // pixels that end the search
	nearestCode = 120         // distance codes up to here are places nearby
)

// token is one pixel, or a copy of earlier ones.
type token struct {
	length uint32 // of the copy, 0 for a pixel
	value  uint32 // the pixel, or the copy's distance code
}

// matcher finds copies, by chains of the places where three pixels hash alike.
type matcher struct {
	head [1 << hashBits]int32 // the last place of a hash, plus 1
	prev []int32              // the place before with the same hash, plus 1
	out  []token
}

// tokens is a picture as pixels and copies. It is valid until the next call.
func (m *matcher) tokens(pixels []uint32, width int) []token {
	clear(m.head[:])
	if cap(m.prev) < len(pixels) {
		m.prev, m.out = make([]int32, len(pixels)), make([]token, 0, len(pixels))
	}
	m.prev, m.out = m.prev[:len(pixels)], m.out[:0]
	for i := 0; i < len(pixels); {
		length, dist := m.find(pixels, i)
		if length < shortest {
			m.out = append(m.out, token{value: pixels[i]})
			length = 1
		} else {
			m.out = append(m.out, token{length: uint32(length), value: distanceCode(dist, width)})
		}
		for end := i + length; i < end; i++ {
			m.insert(pixels, i)
		}
	}
	return m.out
}

func (m *matcher) insert(pixels []uint32, i int) {
	if i+shortest <= len(pixels) {
		h := hash(pixels[i:])
		m.prev[i] = m.head[h]
		m.head[h] = int32(i + 1)
	}
}

// find returns the longest copy for place i, the nearest of equals.
func (m *matcher) find(pixels []uint32, i int) (length, dist int) {
	if i+shortest > len(pixels) {
		return 0, 0
	}
	here := pixels[i:min(i+longest, len(pixels))]
	at := int(m.head[hash(here)]) - 1
	for range mostTries {
		if at < 0 || i-at > window || length >= goodEnough || length == len(here) {
			break
		}
		if pixels[at+length] == here[length] { // else it is no longer
			if n := common(pixels[at:], here); n > length {
				length, dist = n, i-at
			}
		}
		at = int(m.prev[at]) - 1
	}
	return length, dist
}

func common(a, b []uint32) int {
	for i, p := range b {
		if a[i] != p {
			return i
		}
	}
	return len(b)
}

func hash(p []uint32) uint32 {
	return ((p[0]*0x9e3779b1^p[1]*0x85ebca6b)*0x27d4eb2f + p[2]*0xc2b2ae35) >> (32 - hashBits)
}

// distanceCode is a copy's distance as section 3.6.2.2 has it: of the 120
// places nearby, only the four next to the pixel have their own code here.
func distanceCode(dist, width int) uint32 {
	switch dist {
	case width:
		return 1
	case 1:
		return 2
	case width + 1:
		return 3
	case width - 1:
		return 4
	}
	return uint32(dist + nearestCode)
}

// prefixed is a length or a distance code as the symbol and the extra bits of
// section 3.6.2.2.
func prefixed(v uint32) (symbol uint32, extra uint64, n uint) {
	if v <= 4 {
		return v - 1, 0, 0
	}
	v--
	top := uint(bits.Len32(v)) - 1
	n = top - 1
	return uint32(2*top) + v>>n&1, uint64(v & (1<<n - 1)), n
}
