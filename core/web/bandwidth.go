package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	paceBytes  = 20        // so many pieces a second, so that bytes come evenly
	mostPiece  = 256 << 10 // of a body at once
	leastBurst = 2         // pieces: a timer that comes late loses nothing
)

// bandwidth is a limit of bytes a second over all bodies. They take turns, a
// piece each, and only the one whose turn it is waits for tokens: so none gets
// ahead of another, and one that stops waiting leaves nothing behind.
type bandwidth struct {
	turn chan struct{} // room for one; those who wait are served in order

	mu      sync.Mutex
	tokens  *rate.Limiter
	piece   int           // 0: no limit
	changed chan struct{} // closed when the limit changes
}

func newBandwidth(n int64) *bandwidth {
	b := &bandwidth{turn: make(chan struct{}, 1), tokens: rate.NewLimiter(rate.Inf, 0), changed: make(chan struct{})}
	b.set(n)
	return b
}

// set changes the limit; 0 is none.
func (b *bandwidth) set(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.piece = 0
	if n > 0 {
		b.piece = int(min(max(n/paceBytes, 1), mostPiece))
		b.tokens.SetLimit(rate.Limit(n))
		b.tokens.SetBurst(int(max(leastBurst*int64(b.piece), n/paceBytes)))
	}
	close(b.changed)
	b.changed = make(chan struct{})
}

// most is how many bytes may be read at once; 0: any number.
func (b *bandwidth) most() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.piece
}

// spend waits until n bytes, not more than most, are within the limit.
func (b *bandwidth) spend(ctx context.Context, n int) error {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-b.turn }()
	for {
		wait, changed := b.take(n)
		if wait <= 0 {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-changed:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
		timer.Stop()
	}
}

// take takes the tokens, or says how long until they are there. A limit that
// was lowered meanwhile asks for no more than it can ever have.
func (b *bandwidth) take(n int) (time.Duration, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.piece == 0 {
		return 0, nil
	}
	now := time.Now()
	n = min(n, b.tokens.Burst())
	if b.tokens.AllowN(now, n) {
		return 0, nil
	}
	missing := float64(n) - b.tokens.TokensAt(now)
	return time.Duration(missing/float64(b.tokens.Limit())*float64(time.Second)) + 1, b.changed
}

// SetBandwidth changes Options.Bandwidth, at once also for bodies that are
// being read. 0 is no limit.
func (c *Client) SetBandwidth(n int64) { c.bytes.set(max(n, 0)) }

// HeldBack is how long reading the body of an answer has waited for the limit
// of bandwidth so far. It may be asked while the body is read, if that is the
// one that Do returned.
func HeldBack(resp *http.Response) time.Duration {
	b, ok := resp.Body.(*body)
	if !ok {
		return 0
	}
	return b.held.total()
}

// stopwatch adds up times. It may be read while it runs.
type stopwatch struct {
	mu    sync.Mutex
	spent time.Duration
	since time.Time // zero: it stands
}

func (s *stopwatch) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = time.Now()
}

func (s *stopwatch) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spent += time.Since(s.since)
	s.since = time.Time{}
}

func (s *stopwatch) total() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		return s.spent
	}
	return s.spent + time.Since(s.since)
}

// readPiece reads a piece of the body, and waits until it is within the limit.
func (b *body) readPiece(p []byte) (int, error) {
	bytes := b.flight.c.bytes
	most := bytes.most()
	if most == 0 || len(p) == 0 {
		return b.ReadCloser.Read(p)
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), most)])
	if n == 0 {
		return 0, err
	}
	b.held.start()
	defer b.held.stop()
	if late := bytes.spend(b.flight.ctx, n); late != nil {
		return n, late
	}
	return n, err
}
