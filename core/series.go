package core

import (
	"sync"
	"time"
)

const (
	stretch       = 500 * time.Millisecond
	mostStretches = 600
)

// Series counts what happens while a run goes on, for a Chart: how much a
// second. When the run gets long, neighbouring stretches of time are joined,
// so that its size is bounded.
type Series struct {
	began time.Time
	mu    sync.Mutex
	width time.Duration
	sums  []float64
	ring  [8]float64 // of the last stretches, by their number modulo 8
	last  int        // the newest of these
}

// NewSeries begins to count now.
func NewSeries() *Series { return &Series{began: time.Now(), width: stretch} }

// Add counts n that happened now.
func (s *Series) Add(n float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := time.Since(s.began)
	s.turn(int(since / stretch))
	s.ring[s.last%len(s.ring)] += n
	for int(since/s.width) >= mostStretches {
		s.join()
	}
	i := int(since / s.width)
	for len(s.sums) <= i {
		s.sums = append(s.sums, 0)
	}
	s.sums[i] += n
}

// turn forgets what was before the last stretches. The lock is held.
func (s *Series) turn(now int) {
	for s.last < now {
		s.last++
		s.ring[s.last%len(s.ring)] = 0
		if now-s.last > len(s.ring) {
			s.last = now - len(s.ring)
		}
	}
}

// join makes one stretch of two. The lock is held.
func (s *Series) join() {
	s.width *= 2
	half := (len(s.sums) + 1) / 2
	for i := range half {
		sum := s.sums[2*i]
		if 2*i+1 < len(s.sums) {
			sum += s.sums[2*i+1]
		}
		s.sums[i] = sum
	}
	s.sums = s.sums[:half]
}

// Rate is how much a second came over the last three seconds.
func (s *Series) Rate() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := time.Since(s.began)
	s.turn(int(since / stretch))
	const whole = 6
	sum, time := 0.0, since-time.Duration(s.last)*stretch
	for i := range min(whole, s.last) + 1 {
		sum += s.ring[(s.last-i)%len(s.ring)]
		if i > 0 {
			time += stretch
		}
	}
	if time <= 0 {
		return 0
	}
	return sum / time.Seconds()
}

// Points are how much a second came, by time, up to now.
func (s *Series) Points() []Point {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := time.Since(s.began)
	points := make([]Point, 0, int(since/s.width)+1)
	for i := range int(since / s.width) { // those that are over
		value := 0.0
		if i < len(s.sums) {
			value = s.sums[i] / s.width.Seconds()
		}
		points = append(points, Point{At: time.Duration(i+1) * s.width, Value: value})
	}
	return points
}
