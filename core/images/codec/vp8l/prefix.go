package vp8l

import (
	"cmp"
	"math/bits"
	"slices"
)

const (
	literals  = 256 // symbols for a green value; the copies' lengths follow
	mostBits  = 15  // of a prefix code
	orderBits = 7   // of the codes for code lengths
)

// The five prefix codes of section 3.6.2: green values and lengths, red, blue,
// alpha, distances.
const (
	green = iota
	red
	blue
	alpha
	far
)

var alphabets = [5]int{literals + 24, 256, 256, 256, 40}

type codes [5]prefixCode

// codesFor makes the best prefix codes for some tokens.
func codesFor(tokens []token) *codes {
	var counts [5][]int
	for i, n := range alphabets {
		counts[i] = make([]int, n)
	}
	for _, t := range tokens {
		if t.length > 0 {
			length, _, _ := prefixed(t.length)
			dist, _, _ := prefixed(t.value)
			counts[green][literals+length]++
			counts[far][dist]++
			continue
		}
		counts[green][t.value>>8&0xff]++
		counts[red][t.value>>16&0xff]++
		counts[blue][t.value&0xff]++
		counts[alpha][t.value>>24]++
	}
	var c codes
	for i := range c {
		c[i] = newPrefixCode(counts[i], mostBits)
	}
	return &c
}

func (c *codes) write(w *bitWriter, t token) {
	if t.length == 0 {
		c[green].write(w, t.value>>8&0xff)
		c[red].write(w, t.value>>16&0xff)
		c[blue].write(w, t.value&0xff)
		c[alpha].write(w, t.value>>24)
		return
	}
	symbol, extra, n := prefixed(t.length)
	c[green].write(w, literals+symbol)
	w.write(extra, n)
	symbol, extra, n = prefixed(t.value)
	c[far].write(w, symbol)
	w.write(extra, n)
}

// prefixCode is a canonical Huffman code.
type prefixCode struct {
	lengths []uint8  // by symbol, 0 for one that does not occur
	bits    []uint16 // by symbol, the first bit lowest
	only    int      // the one symbol there is, which takes no bits, or -1
}

func newPrefixCode(counts []int, most int) prefixCode {
	c := prefixCode{lengths: make([]uint8, len(counts)), bits: make([]uint16, len(counts)), only: 0}
	used := 0
	for symbol, n := range counts {
		if n > 0 {
			used++
			c.only = symbol
		}
	}
	if used < 2 {
		return c
	}
	c.only = -1
	for least := 1; !huffmanLengths(c.lengths, counts, least, most); least *= 2 {
	}
	c.assign()
	return c
}

// node is a leaf or a pair of the tree that Huffman's method builds.
type node struct{ count, symbol, left, right int }

// huffmanLengths sets the lengths of an optimal code for the counts, of which
// those below the least count as that. It reports whether none is too long:
// with a higher least the tree is flatter.
func huffmanLengths(lengths []uint8, counts []int, least, most int) bool {
	var nodes []node
	for symbol, n := range counts {
		if n > 0 {
			nodes = append(nodes, node{count: max(n, least), symbol: symbol})
		}
	}
	slices.SortStableFunc(nodes, func(a, b node) int { return cmp.Compare(a.count, b.count) })
	leaves := len(nodes)
	leaf, pair := 0, leaves
	smallest := func() (i int) { // of the leaves and the pairs, both in order
		if leaf < leaves && (pair == len(nodes) || nodes[leaf].count <= nodes[pair].count) {
			leaf++
			return leaf - 1
		}
		pair++
		return pair - 1
	}
	for range leaves - 1 {
		a, b := smallest(), smallest()
		nodes = append(nodes, node{count: nodes[a].count + nodes[b].count, left: a, right: b})
	}
	return depths(lengths, nodes, leaves, most)
}

// depths sets each leaf's length, from the root, which is last, down.
func depths(lengths []uint8, nodes []node, leaves, most int) bool {
	depth := make([]int, len(nodes))
	for i := len(nodes) - 1; i >= leaves; i-- {
		depth[nodes[i].left], depth[nodes[i].right] = depth[i]+1, depth[i]+1
	}
	for i, n := range nodes[:leaves] {
		if depth[i] > most {
			return false
		}
		lengths[n.symbol] = uint8(depth[i])
	}
	return true
}

// assign gives out the codes: shorter first, equal ones by symbol.
func (c *prefixCode) assign() {
	next := uint16(0)
	for length := uint8(1); length <= mostBits; length++ {
		for symbol, l := range c.lengths {
			if l == length {
				c.bits[symbol] = bits.Reverse16(next) >> (16 - length)
				next++
			}
		}
		next <<= 1
	}
}

func (c *prefixCode) write(w *bitWriter, symbol uint32) {
	w.write(uint64(c.bits[symbol]), uint(c.lengths[symbol]))
}

// define writes the code itself (section 3.7.2.1): as a simple code if it has
// one symbol, which is always below 256, because the first token is a pixel.
func (c *prefixCode) define(w *bitWriter) {
	if c.only >= 0 {
		w.write(1|0<<1|1<<2, 3) // simple, one symbol, of 8 bits
		w.write(uint64(c.only), 8)
		return
	}
	w.write(0, 1)
	runs := runLengths(c.lengths)
	counts := make([]int, len(lengthOrder))
	for _, r := range runs {
		counts[r.symbol]++
	}
	counts[0]++ // so that there are two symbols at least:
	counts[1]++ // not every reader takes a code of one
	order := newPrefixCode(counts, orderBits)
	w.write(uint64(len(lengthOrder)-4), 4)
	for _, symbol := range lengthOrder {
		w.write(uint64(order.lengths[symbol]), 3)
	}
	w.write(0, 1) // as many as the alphabet has
	for _, r := range runs {
		order.write(w, r.symbol)
		w.write(r.extra, r.bits)
	}
}

// lengthOrder is kCodeLengthCodeOrder of section 3.7.2.1.2.
var lengthOrder = [19]int{17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// run is a code length, or with symbol 17 or 18 several zeros.
type run struct {
	symbol uint32
	extra  uint64
	bits   uint
}

func runLengths(lengths []uint8) (runs []run) {
	for i := 0; i < len(lengths); {
		zeros := 0
		for i+zeros < len(lengths) && lengths[i+zeros] == 0 && zeros < 138 {
			zeros++
		}
		switch {
		case zeros >= 11:
			runs = append(runs, run{18, uint64(zeros - 11), 7})
		case zeros >= 3:
			runs = append(runs, run{17, uint64(zeros - 3), 3})
		default:
			zeros = 1
			runs = append(runs, run{symbol: uint32(lengths[i])})
		}
		i += zeros
	}
	return runs
}
