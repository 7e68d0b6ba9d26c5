package fetch

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// sample holds times: all of them, up to a number, and of more a fair sample
// (Vitter, "Random Sampling with a Reservoir", 1985, algorithm R).
type sample struct {
	n      int // that were added
	values []time.Duration
	most   time.Duration
}

// add adds a time to a sample of so many.
func (s *sample) add(d time.Duration, room int) {
	s.n++
	s.most = max(s.most, d)
	if len(s.values) < room {
		s.values = append(s.values, d)
	} else if i := rand.IntN(s.n); i < room {
		s.values[i] = d
	}
}

// merge adds another sample. Each of its values stands for as many as there
// were, so it is left out where there is no room, by chance.
func (s *sample) merge(other sample, room int) {
	s.n += other.n
	s.most = max(s.most, other.most)
	s.values = append(s.values, other.values...)
	if len(s.values) > room {
		rand.Shuffle(len(s.values), func(i, j int) { s.values[i], s.values[j] = s.values[j], s.values[i] })
		s.values = s.values[:room]
	}
}

// whole says that no value is missing.
func (s *sample) whole() bool { return s.n == len(s.values) }

// quantile is the least value that a share q of all do not exceed (the nearest
// rank). The sample must not be empty.
func (s *sample) quantile(q float64) time.Duration {
	slices.Sort(s.values)
	rank := int(math.Ceil(q * float64(len(s.values))))
	return s.values[max(rank, 1)-1]
}
