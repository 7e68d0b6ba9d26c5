package images

import (
	"math"

	"github.com/disintegration/imaging"
)

// weightBits is the precision of a weight: 255 times the sum of all, with the
// kernel's negative lobes, stays far below 31 bits.
const weightBits = 15

// taps tells which samples make each new one, and how much of each.
type taps struct {
	first   []int   // sample of each new one
	end     []int   // of its weights
	weights []int32 // in 1/2^weightBits, together 1 for each new sample
}

func newTaps(samples int, span float64, n int) taps {
	kernel := imaging.CatmullRom
	ratio := span / float64(n)
	wide := max(ratio, 1)
	t := taps{first: make([]int, n), end: make([]int, n)}
	var exact []float64
	for i := range n {
		centre := (float64(i) + 0.5) * ratio
		from := max(0, int(math.Round(centre-kernel.Support*wide)))
		to := min(samples, max(from+1, int(math.Round(centre+kernel.Support*wide))))
		from = min(from, to-1)
		exact = exact[:0]
		for j := from; j < to; j++ {
			exact = append(exact, kernel.Kernel((float64(j)+0.5-centre)/wide))
		}
		t.first[i] = from
		t.weights = appendWeights(t.weights, exact)
		t.end[i] = len(t.weights)
	}
	return t
}

// appendWeights makes weights whole numbers whose sum is exactly 1, so that a
// plain colour stays what it is.
func appendWeights(weights []int32, exact []float64) []int32 {
	var sum float64
	for _, w := range exact {
		sum += w
	}
	rest, largest := int32(1<<weightBits), 0
	start := len(weights)
	for i, w := range exact {
		whole := int32(math.Round(w / sum * (1 << weightBits)))
		weights = append(weights, whole)
		rest -= whole
		if w > exact[largest] {
			largest = i
		}
	}
	weights[start+largest] += rest
	return weights
}

// row scales one row.
func (t taps) row(out, in []uint8) {
	start := 0
	for x := range out {
		weights := t.weights[start:t.end[x]]
		samples := in[t.first[x]:][:len(weights)]
		sum := int32(1 << (weightBits - 1))
		for i, w := range weights {
			sum += int32(samples[i]) * w
		}
		out[x] = clamp(sum >> weightBits)
		start = t.end[x]
	}
}

// column sums up the rows that make new row y.
func (t taps) column(sums []int32, rows []uint8, y int) {
	for x := range sums {
		sums[x] = 1 << (weightBits - 1)
	}
	start := 0
	if y > 0 {
		start = t.end[y-1]
	}
	for i, w := range t.weights[start:t.end[y]] {
		row := rows[(t.first[y]+i)*len(sums):][:len(sums)]
		for x, sample := range row {
			sums[x] += int32(sample) * w
		}
	}
}

// narrow writes sums as bytes, step apart.
func narrow(out []uint8, step int, sums []int32) {
	for x, sum := range sums {
		out[x*step] = clamp(sum >> weightBits)
	}
}

func clamp(v int32) uint8 {
	if uint32(v) > 255 { //nolint:gosec // a negative one becomes large
		if v < 0 {
			return 0
		}
		return 255
	}
	return uint8(v)
}
