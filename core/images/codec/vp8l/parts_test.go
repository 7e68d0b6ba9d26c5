package vp8l

import (
	"bytes"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestBitsAreWrittenLowestFirst(t *testing.T) {
	w := bitWriter{out: []byte{7}}
	w.write(1, 1)
	w.write(0b10, 2)
	w.write(0x12345678, 32)
	w.write(0, 0)
	w.write(0b101, 3)
	value := uint64(0b101)<<35 | uint64(0x12345678)<<3 | 0b10<<1 | 1
	want := []byte{7}
	for range 5 {
		want = append(want, byte(value))
		value >>= 8
	}
	if got := w.flush(); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
	if got := w.flush(); !bytes.Equal(got, want) {
		t.Errorf("%x after another flush", got)
	}
}

// TestPrefixCodes checks that they can be told apart, use up all bits
// patterns, which decoders insist on, and are no longer than allowed.
func TestPrefixCodes(t *testing.T) {
	fibonacci, powers := make([]int, 40), make([]int, 30)
	fibonacci[0], fibonacci[1], powers[0] = 1, 1, 1
	for i := range fibonacci[2:] {
		fibonacci[i+2] = fibonacci[i] + fibonacci[i+1]
	}
	for i := range powers[1:] {
		powers[i+1] = 2 * powers[i]
	}
	for name, test := range map[string]struct {
		counts []int
		most   int
	}{
		"two":        {[]int{0, 5, 0, 7}, 15},
		"even":       {slices.Repeat([]int{3}, 256), 15},
		"280":        {slices.Repeat([]int{1, 9, 1000, 0}, 70), 15},
		"Fibonacci":  {fibonacci, 15},
		"powers":     {powers, 15},
		"short":      {fibonacci[:19], 7},
		"very short": {powers[:19], 7},
	} {
		c := newPrefixCode(test.counts, test.most)
		sum := 0.0
		for symbol, n := range c.lengths {
			if (n > 0) != (test.counts[symbol] > 0) || int(n) > test.most {
				t.Errorf("%s: %d bits for symbol %d, which occurs %d times", name, n, symbol, test.counts[symbol])
			}
			if n > 0 {
				sum += math.Pow(2, -float64(n))
			}
			for other, m := range c.lengths[:symbol] {
				if short := min(n, m); short > 0 && (c.bits[symbol]^c.bits[other])<<(16-short) == 0 {
					t.Errorf("%s: symbols %d and %d start alike", name, symbol, other)
				}
			}
		}
		if sum != 1 {
			t.Errorf("%s: %v of the patterns are used", name, sum)
		}
	}
}

// TestMoreFrequentSymbolsAreShorter holds also where the limit makes codes
// worse than Huffman's.
func TestMoreFrequentSymbolsAreShorter(t *testing.T) {
	counts := make([]int, 40)
	for i := range counts {
		counts[i] = 1 + i*i*i*i
	}
	c := newPrefixCode(counts, 7)
	if !slices.IsSortedFunc(c.lengths, func(a, b uint8) int { return int(b) - int(a) }) {
		t.Errorf("%d", c.lengths)
	}
}

func TestACodeOfOneSymbolTakesNoBits(t *testing.T) {
	for symbol := range 3 {
		counts := make([]int, 3)
		counts[symbol] = 9
		c := newPrefixCode(counts, 15)
		var w bitWriter
		c.write(&w, uint32(symbol))
		if c.only != symbol || w.n != 0 {
			t.Errorf("symbol %d: %+v, %d bits", symbol, c, w.n)
		}
	}
	if c := newPrefixCode(make([]int, 9), 15); c.only != 0 {
		t.Errorf("of nothing: %+v", c)
	}
}

func TestRunsSpellTheLengths(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var lengths []uint8
		for len(lengths) < 280 {
			lengths = append(lengths, slices.Repeat([]uint8{uint8(r.IntN(2) * r.IntN(16))}, 1+r.IntN(1+r.IntN(200)))...)
		}
		var spelt []uint8
		for _, run := range runLengths(lengths) {
			switch run.symbol {
			case 17:
				spelt = append(spelt, make([]uint8, 3+run.extra)...)
			case 18:
				spelt = append(spelt, make([]uint8, 11+run.extra)...)
			default:
				spelt = append(spelt, uint8(run.symbol))
			}
			if run.extra>>run.bits != 0 {
				t.Fatalf("%+v", run)
			}
		}
		if !bytes.Equal(spelt, lengths) {
			t.Fatalf("%d became %d", lengths, spelt)
		}
	}
}

// TestPrefixedNumbers reads them as the decoder of section 3.6.2.2 does.
func TestPrefixedNumbers(t *testing.T) {
	for v := uint32(1); v <= 1<<20; v += 1 + v/300 {
		symbol, extra, n := prefixed(v)
		got := symbol + 1
		if symbol >= 4 {
			bits := (symbol - 2) >> 1
			got = (2+symbol&1)<<bits + uint32(extra) + 1
			if uint(bits) != n {
				t.Fatalf("%d: %d bits, want %d", v, n, bits)
			}
		}
		if got != v || symbol >= 40 || v <= longest && symbol >= 24 || bits.Len64(extra) > int(n) {
			t.Fatalf("%d became %d: symbol %d, %d of %d bits", v, got, symbol, extra, n)
		}
	}
}

func TestTokensSpellThePixels(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var m matcher
	for _, width := range []int{1, 2, 3, 17, 300} {
		pixels := make([]uint32, 300*40)
		for i := range pixels {
			pixels[i] = r.Uint32N(4)
			if i > 900 && r.IntN(50) > 0 {
				pixels[i] = pixels[i-900]
			}
		}
		var spelt []uint32
		copies := 0
		for _, token := range m.tokens(pixels, width) {
			if token.length == 0 {
				spelt = append(spelt, token.value)
				continue
			}
			copies++
			dist := int(token.value) - nearestCode
			if token.value <= 4 {
				dist = []int{width, 1, width + 1, width - 1}[token.value-1]
			}
			for range token.length {
				spelt = append(spelt, spelt[len(spelt)-dist])
			}
		}
		if !slices.Equal(spelt, pixels) || copies < 10 {
			t.Errorf("width %d: other pixels, or too few copies (%d)", width, copies)
		}
	}
}

func TestCopiesAreNotTooLongNorTooFar(t *testing.T) {
	var m matcher
	pixels := make([]uint32, 3*longest)
	for _, token := range m.tokens(pixels, len(pixels)) {
		if token.length > longest {
			t.Errorf("%d pixels", token.length)
		}
	}
	pixels = make([]uint32, window+100) // of one colour, but for two places that come again
	for i := range 9 {
		pixels[i], pixels[window+1+i] = uint32(10+i), uint32(10+i) // one too far
		pixels[50+i], pixels[window+50+i] = uint32(20+i), uint32(20+i)
	}
	var far []token
	for _, token := range m.tokens(pixels, 1000) {
		if token.length > 0 && token.value > 5000 {
			far = append(far, token)
		}
	}
	if len(far) != 1 || far[0].length < 9 || far[0].value != window+nearestCode {
		t.Errorf("%v", far)
	}
}

// TestPredictors computes them as section 3.5.1 does, a byte at a time.
func TestPredictors(t *testing.T) {
	each := map[uint32]func(l, t, tl int) int{
		1:  func(l, _, _ int) int { return l },
		2:  func(_, t, _ int) int { return t },
		7:  func(l, t, _ int) int { return (l + t) / 2 },
		12: func(l, t, tl int) int { return min(max(l+t-tl, 0), 255) },
	}
	r := rand.New(rand.NewPCG(3, 3))
	for range 2000 {
		left, top, topLeft := r.Uint32(), r.Uint32(), r.Uint32()
		for _, p := range predictors {
			got := p.predict(left, top, topLeft)
			if p.mode == 11 {
				if got != left && got != top {
					t.Fatalf("selected %x of %x, %x", got, left, top)
				}
				continue
			}
			for shift := 0; shift < 32; shift += 8 {
				at := func(p uint32) int { return int(p >> shift & 255) }
				if want := each[p.mode](at(left), at(top), at(topLeft)); at(got) != want {
					t.Fatalf("mode %d: %d, want %d", p.mode, at(got), want)
				}
			}
		}
	}
	if got := selected(0x64646464, 0x0a0a0a0a, 0x0b0b0b0b); got != 0x64646464 { // nearly all as at the left
		t.Errorf("selected %x", got)
	}
	if got := selected(0x0a0a0a0a, 0x64646464, 0x0b0b0b0b); got != 0x64646464 {
		t.Errorf("selected %x", got)
	}
}

func TestDifferences(t *testing.T) {
	if got := difference(0x00ff1000, 0x01fe1101); got != 0xff01ffff {
		t.Errorf("%08x", got)
	}
	if got := size(0xff01807f); got != 1+1+128+127 {
		t.Errorf("%d", got)
	}
}

func TestGiantsBuffersAreNotKept(t *testing.T) {
	e := Encoder{pixels: make([]uint32, mostKept+1)}
	e.trim()
	if e.pixels != nil {
		t.Error("kept")
	}
	e.pixels = make([]uint32, 9)
	e.trim()
	if e.pixels == nil {
		t.Error("not kept")
	}
}
