package web

import (
	"cmp"
	"context"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"manyhands/core"
)

const (
	longestPause = 10 * time.Minute // a host that asks for more is not waited for
	goodAnswers  = 20               // after so many the host's rate climbs
	climb        = 1.1
)

// backOff is the length of a pause that the host did not set itself.
var backOff = core.Backoff(math.MaxInt, time.Second, longestPause)

// hosts are the servers that requests go to.
type hosts struct {
	rate int // of each, per window; 0: no limit
	per  time.Duration

	mu      sync.Mutex
	known   map[string]*host
	sweepAt int // so many known hosts are too many
}

// host is one server: its limit, and how it feels.
type host struct {
	name    string
	rate    float64 // set by a person; 0: none
	per     time.Duration
	permits *permits

	users int // requests under way; under hosts.mu

	mu      sync.Mutex
	limit   float64       // now; 0: none
	until   time.Time     // nothing is sent before
	refused time.Duration // the pause it asked for, when that is too long
	calm    calm          // lasts until the next pause
	struck  time.Time     // what was sent before is no news
	strikes int           // since the last good answer
	good    int           // answers since the limit changed
	recent  meter
	link    time.Duration // how long connecting took, last
	soon    bool          // an answer began soon after its request, once
	slow    int           // answers since then, or ever
}

// Host names the host of an address, with its port where that is not the usual
// one: requests with the same name count together.
func Host(u *url.URL) string {
	name, port := strings.ToLower(u.Hostname()), u.Port()
	if port == "" || port == defaultPort(u) {
		return name
	}
	return net.JoinHostPort(name, port)
}

func defaultPort(u *url.URL) string {
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

// enter finds the host of an address, and keeps it until leave.
func (hs *hosts) enter(u *url.URL) *host {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	name := Host(u)
	h := hs.known[name]
	if h == nil {
		hs.sweep()
		rate := float64(hs.rate)
		h = &host{name: name, rate: rate, limit: rate, per: hs.per, permits: newPermits(rate, hs.per), recent: meter{span: hs.per}, calm: newCalm()}
		hs.known[name] = h
	}
	h.users++
	return h
}

func (hs *hosts) leave(h *host) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h.users--
}

// sweep forgets hosts about which there is nothing to remember, when there
// are many.
func (hs *hosts) sweep() {
	if hs.known == nil {
		hs.known, hs.sweepAt = map[string]*host{}, 1000
	}
	if len(hs.known) < hs.sweepAt {
		return
	}
	now := time.Now()
	maps.DeleteFunc(hs.known, func(_ string, h *host) bool { return h.users == 0 && h.resting(now) })
	hs.sweepAt = max(1000, 2*len(hs.known))
}

func (h *host) resting(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.limit == h.rate && h.strikes == 0 && !h.until.After(now) && h.permits.resting(now)
}

func (hs *hosts) left(name string, now time.Time) time.Duration {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h := hs.known[name]
	if h == nil {
		return 0
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refused > 0 {
		return 0
	}
	return max(0, h.until.Sub(now))
}

func (hs *hosts) paused(now time.Time) []Pause {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	var found []Pause
	for _, h := range hs.known {
		h.mu.Lock()
		if h.until.After(now) {
			found = append(found, Pause{h.name, h.until})
		}
		h.mu.Unlock()
	}
	slices.SortFunc(found, func(a, b Pause) int { return cmp.Compare(a.Host, b.Host) })
	return found
}

// open waits for the end of a pause, or does not: then its error is a
// PausedError. The calm that it returns lasts until the next pause.
func (h *host) open(ctx context.Context, patient bool) (calm, error) {
	for {
		h.mu.Lock()
		now, refused, wait := h.calm, h.refused, time.Until(h.until)
		h.mu.Unlock()
		switch {
		case wait <= 0:
			return now, nil
		case refused > 0:
			return now, &LongPauseError{h.name, refused}
		case !patient:
			return now, &PausedError{h.name, wait}
		}
		if err := sleep(ctx, wait); err != nil {
			return now, err
		}
	}
}

// calm is the time between two pauses.
type calm struct {
	context.Context
	end context.CancelFunc
}

func newCalm() calm {
	ctx, end := context.WithCancel(context.Background())
	return calm{ctx, end}
}

// within makes a context that ends with the calm, too.
func (c calm) within(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancel(ctx)
	stop := context.AfterFunc(c, end)
	return ctx, func() {
		stop()
		end()
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// pass counts a request that is about to be sent, unless the calm is over.
func (h *host) pass(calm calm) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if calm.Err() != nil {
		return false
	}
	h.recent.add(time.Now())
	return true
}

// answered learns from the answer to a request sent at the given time. The
// error is a LongPauseError.
func (h *host) answered(resp *http.Response, sent time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	news := !sent.Before(h.struck)
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return h.strike(resp, news)
	}
	if news && resp.StatusCode < 500 {
		h.strikes = 0
		h.reward()
	}
	return nil
}

// strike pauses the host, and slows it down when it said "too many".
func (h *host) strike(resp *http.Response, news bool) error {
	now := time.Now()
	wait := askedPause(resp.Header, now)
	if wait == 0 && !news {
		return nil
	}
	if news {
		h.struck = now
		h.strikes++
		if resp.StatusCode == http.StatusTooManyRequests {
			h.slowDown(now)
		}
	}
	if wait == 0 {
		wait, _ = backOff(nil, h.strikes)
	}
	h.calm.end()
	h.calm = newCalm()
	if until := now.Add(wait); until.After(h.until) {
		h.until, h.refused = until, 0
		if wait > longestPause {
			h.refused = wait
		}
	}
	if wait > longestPause {
		return &LongPauseError{h.name, wait}
	}
	return nil
}

// slowDown halves the limit, or what was sent in the last window when there is
// none.
func (h *host) slowDown(now time.Time) {
	from := h.limit
	if from == 0 {
		from = float64(h.recent.sum(now))
	}
	h.setLimit(max(1, from/2))
}

// reward lets a limit climb that was lowered. One that nobody set climbs only
// as far as it is used.
func (h *host) reward() {
	if h.limit == h.rate {
		return
	}
	h.good++
	if h.good < goodAnswers {
		return
	}
	next := h.limit * climb
	if h.rate > 0 {
		next = min(next, h.rate)
	} else if next > 2*float64(h.recent.sum(time.Now())) {
		next = h.limit
	}
	h.setLimit(next)
}

func (h *host) setLimit(n float64) {
	h.good = 0
	if n != h.limit {
		h.limit = n
		h.permits.set(n)
	}
}
