package core

import (
	"math/bits"
	"time"
)

// latency counts durations in buckets whose width grows with them, sixteen to
// each doubling: a quantile is right within 4 % (the idea of Gil Tene's
// HdrHistogram).
type latency struct {
	counts [(64 - fineBits) << fineBits]uint32
	n      int
}

const fineBits = 4

func bucket(d time.Duration) int {
	v := uint64(max(0, d))
	shift := max(0, bits.Len64(v)-fineBits-1)
	return shift<<fineBits + int(v>>shift)
}

// middle is the duration a bucket stands for.
func middle(bucket int) time.Duration {
	shift := max(0, bucket>>fineBits-1)
	low := uint64(bucket-shift<<fineBits) << shift
	return time.Duration(low + uint64(1)<<shift/2)
}

func (l *latency) add(d time.Duration) {
	l.counts[bucket(d)]++
	l.n++
}

func (l *latency) merge(other *latency) {
	l.n += other.n
	if other.n == 0 {
		return
	}
	for i, n := range other.counts {
		l.counts[i] += n
	}
}

// quantile is the duration that a share q of all took at most; 0 of none.
func (l *latency) quantile(q float64) time.Duration {
	rank := int(q * float64(l.n-1))
	for i, n := range l.counts {
		if rank -= int(n); rank < 0 && l.n > 0 {
			return middle(i)
		}
	}
	return 0
}
