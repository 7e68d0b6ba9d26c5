package download

import (
	"context"
	"math"
	"sync"
	"time"

	"manyhands/core"
)

const (
	glance    = 500 * time.Millisecond // how often the speed is looked at
	memory    = 3 * time.Second        // over which it is averaged
	mostDrawn = 600                    // points of the chart; then every second one is left out
)

// rate is how fast something grows: a mean with weights that fall off
// exponentially, of what there is when that is little.
type rate struct {
	last        int64
	sum, weight float64
	perSecond   float64
}

// look takes note of a count, some time after the last one.
func (r *rate) look(count int64, after time.Duration) {
	if r.weight == 0 && count == 0 { // it has not begun
		return
	}
	fade := math.Exp(-after.Seconds() / memory.Seconds())
	r.sum = r.sum*fade + float64(max(0, count-r.last))/after.Seconds()*(1-fade)
	r.weight = r.weight*fade + 1 - fade
	r.last, r.perSecond = count, r.sum/r.weight
}

// speed is that of the whole run, over time.
type speed struct {
	began time.Time
	mu    sync.Mutex
	limit float64
	all   rate
	every int // so many glances make a point
	sum   float64
	n     int
	drawn []core.Point
	hands []core.Point // files in hand
}

func newSpeed(limit float64) *speed { return &speed{began: time.Now(), limit: limit, every: 1} }

func (s *speed) setLimit(limit float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = limit
}

// look takes note of the bytes that came in so far, and the files in hand.
func (s *speed) look(in int64, hands int, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sum += float64(in-s.all.last) / after.Seconds()
	s.all.look(in, after)
	if s.n++; s.n < s.every {
		return
	}
	at := time.Since(s.began)
	s.drawn = append(s.drawn, core.Point{At: at, Value: s.sum / float64(s.n) / 1e6})
	s.hands = append(s.hands, core.Point{At: at, Value: float64(hands)})
	s.sum, s.n = 0, 0
	if len(s.drawn) >= mostDrawn {
		s.drawn, s.hands = thin(s.drawn), thin(s.hands)
		s.every *= 2
	}
}

// thin makes one point of two.
func thin(points []core.Point) []core.Point {
	half := points[:0]
	for i := 0; i+1 < len(points); i += 2 {
		half = append(half, core.Point{At: points[i+1].At, Value: (points[i].Value + points[i+1].Value) / 2})
	}
	return half
}

// watch looks at the speeds until the run ends.
func (r *run) watch(ctx context.Context) {
	// Ends with ctx, which Wait ends at the latest.
	r.watching.Go(func() {
		ticker := time.NewTicker(glance)
		defer ticker.Stop()
		for last := time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case now := <-ticker.C:
				r.glance(now.Sub(last))
				last = now
			}
		}
	})
}

func (r *run) glance(after time.Duration) {
	if after <= 0 {
		return
	}
	hands := 0
	r.queue.mu.Lock()
	for _, it := range r.queue.taken {
		if it.active {
			hands++
			if it.rate.weight == 0 {
				it.rate.last = it.progress.Resumed.Load()
			}
			it.rate.look(it.progress.Done.Load(), after)
		}
	}
	r.queue.mu.Unlock()
	r.speed.look(r.client.Stats().In, hands, after)
}

// Charts are the speed and the number of files in hand.
func (r *run) Charts() []core.Chart {
	s := r.speed
	s.mu.Lock()
	defer s.mu.Unlock()
	return []core.Chart{
		{Title: "Speed", Unit: "MB/s", Limit: s.limit / 1e6, Points: append([]core.Point(nil), s.drawn...)},
		{Title: "Files in hand", Points: append([]core.Point(nil), s.hands...)},
	}
}

// Bytes are those loaded, those there are in all (0: not known for every file)
// and how many come in a second.
func (r *run) Bytes() (done, all int64, perSecond float64) {
	r.speed.mu.Lock()
	perSecond = r.speed.all.perSecond
	r.speed.mu.Unlock()
	q := r.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	done = q.done
	all, known := q.done, r.unread.Load() == 0
	for _, items := range [][]*item{q.taken, q.waiting} {
		for _, it := range items {
			size := it.progress.All.Load()
			known = known && size > 0
			all += size
			done += it.progress.Done.Load()
		}
	}
	if !known {
		all = 0
	}
	return done, all, perSecond
}
