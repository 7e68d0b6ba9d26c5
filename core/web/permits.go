package web

import (
	"container/list"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// permits keep a limit of so many events in any window. Each permit has a
// clock of its own, a rate.Limiter of burst 1, which takes its token when the
// permit is given back: the permit is good again one window after that.
//
// Requests queue for a permit, first come first served, and whoever is handed
// one waits until it is good. A permit is in one place only: out, free, or
// spare, when the limit was lowered.
type permits struct {
	per time.Duration

	mu      sync.Mutex
	most    int        // out and free together; 0: no limit
	pace    rate.Limit // of each clock
	out     int
	free    []*permit // first the one that is good first
	spare   []*permit
	queue   list.List     // of chan handed, each with room for one
	changed chan struct{} // closed when most or pace change
}

type permit struct{ clock *rate.Limiter }

// handed is what the queue hands out; without a permit none is needed.
type handed struct {
	permit  *permit
	changed <-chan struct{}
}

func newPermits(n float64, per time.Duration) *permits {
	p := &permits{per: per, changed: make(chan struct{})}
	p.set(n)
	return p
}

// set changes the limit to n events in a window; 0 is none. A fraction widens
// the window: 1.5 are two permits, each good every 4/3 windows.
func (p *permits) set(n float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.most = int(math.Ceil(n))
	if n > 0 {
		p.pace = rate.Limit(n / float64(p.most) / p.per.Seconds())
	}
	known := slices.Concat(p.free, p.spare)
	p.free, p.spare = nil, nil
	for _, s := range known {
		p.insert(s)
	}
	p.trim()
	close(p.changed)
	p.changed = make(chan struct{})
	p.serve()
}

// take waits for a permit; nil means that none is needed. What was taken is
// either given back or put back.
func (p *permits) take(ctx context.Context) (*permit, error) {
	for first := true; ; first = false {
		h, err := p.stand(ctx, first)
		if err != nil || h.permit == nil {
			return nil, err
		}
		good, err := h.await(ctx)
		if good {
			return h.permit, nil
		}
		p.putBack(h.permit)
		if err != nil {
			return nil, err
		}
	}
}

// stand waits in the queue, at its end or (second time) at its head.
func (p *permits) stand(ctx context.Context, atEnd bool) (handed, error) {
	if ctx.Err() != nil {
		return handed{}, context.Cause(ctx)
	}
	turn := make(chan handed, 1)
	p.mu.Lock()
	var place *list.Element
	if atEnd {
		place = p.queue.PushBack(turn)
	} else {
		place = p.queue.PushFront(turn)
	}
	p.serve()
	p.mu.Unlock()
	select {
	case h := <-turn:
		return h, nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	p.queue.Remove(place) // if it is still there
	p.mu.Unlock()
	select {
	case h := <-turn: // both came at once
		p.putBack(h.permit)
	default:
	}
	return handed{}, context.Cause(ctx)
}

// await waits until the permit is good. It is false when the limit changes, or
// with the error of ctx.
func (h handed) await(ctx context.Context) (good bool, err error) {
	for {
		wait := h.permit.wait(time.Now())
		if wait <= 0 {
			return true, nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
			continue
		case <-h.changed:
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		timer.Stop()
		return false, err
	}
}

// wait is how long it takes until the permit is good, at least.
func (s *permit) wait(now time.Time) time.Duration {
	missing := 1 - s.clock.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing/float64(s.clock.Limit())*float64(time.Second)) + 1
}

// giveBack returns a permit that was used: it is good again a window from now.
func (p *permits) giveBack(s *permit) {
	if s == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s.clock.SetLimit(p.pace)
	s.clock.Reserve()
	p.back(s)
}

// putBack returns a permit that was not used.
func (p *permits) putBack(s *permit) {
	if s == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.back(s)
}

func (p *permits) back(s *permit) {
	p.out--
	p.insert(s)
	p.trim()
	p.serve()
}

// insert puts a permit among the free ones.
func (p *permits) insert(s *permit) {
	now := time.Now()
	s.clock.SetLimitAt(now, p.pace)
	tokens := s.clock.TokensAt(now)
	at, _ := slices.BinarySearchFunc(p.free, tokens, func(f *permit, tokens float64) int {
		if f.clock.TokensAt(now) < tokens {
			return 1
		}
		return -1
	})
	p.free = slices.Insert(p.free, at, s)
}

// trim keeps no more than are allowed: the last ones to be good again stay.
func (p *permits) trim() {
	over := min(p.out+len(p.free)-p.most, len(p.free))
	if over > 0 {
		p.spare = append(p.spare, p.free[:over]...)
		p.free = slices.Delete(p.free, 0, over)
	}
}

// serve hands out what can be handed out.
func (p *permits) serve() {
	for p.queue.Len() > 0 && (p.most == 0 || p.out < p.most) {
		turn := p.queue.Remove(p.queue.Front()).(chan handed)
		turn <- handed{p.next(), p.changed}
	}
}

func (p *permits) next() *permit {
	if p.most == 0 {
		return nil
	}
	p.out++
	if p.out+len(p.free) <= p.most { // fewer were made than are allowed
		return &permit{rate.NewLimiter(p.pace, 1)}
	}
	s := p.free[0]
	p.free = slices.Delete(p.free, 0, 1)
	return s
}

// resting says that every permit is free and good: then nothing is lost when
// they are made anew.
func (p *permits) resting(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	waits := func(s *permit) bool { return s.wait(now) > 0 }
	return p.out == 0 && p.queue.Len() == 0 && !slices.ContainsFunc(p.free, waits) && !slices.ContainsFunc(p.spare, waits)
}
