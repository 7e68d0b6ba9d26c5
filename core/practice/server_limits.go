package practice

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// window is a rate limit as strict as one can be: it knows when each request
// came (a sliding window log), and counts those that it refuses, too.
type window struct {
	rate int
	per  time.Duration
	log  []time.Duration // of the last per, since the server began

	requests, refused, worst int
}

// windowKept bounds a log; worst goes no further.
const windowKept = 1 << 16

// arrive notes a request that comes no earlier than the one before. It returns
// how many came in (at-per, at], with this one, and how long to wait until one
// more would be within the limit: 0 if this one was.
func (w *window) arrive(at time.Duration) (within int, wait time.Duration) {
	gone := 0
	for gone < len(w.log) && (w.log[gone] <= at-w.per || len(w.log)-gone >= windowKept) {
		gone++
	}
	w.log = append(w.log[gone:], at)
	within = len(w.log)
	w.requests++
	w.worst = max(w.worst, within)
	if within > w.rate {
		w.refused++
		wait = w.log[within-w.rate] + w.per - at
	}
	return within, wait
}

// limited answers 429 when more requests of its key come than the rate allows.
func (s *Server) limited(w http.ResponseWriter, p *params) {
	rate, per := p.whole("rate", 5, 1, 10_000), p.seconds("per", time.Second, time.Hour)
	key := p.text("key", "")
	if per == 0 {
		p.mistake("per", "more than 0 seconds")
	}
	if p.refused(w) {
		return
	}
	var n, within int
	var wait time.Duration
	_, err := s.windows.change(key, func(now *window) *window {
		if now == nil || now.rate != rate || now.per != per {
			now = &window{rate: rate, per: per}
		}
		within, wait = now.arrive(time.Since(s.began))
		n = now.requests
		return now
	})
	if err != nil {
		refuse(w, http.StatusInsufficientStorage, err)
		return
	}
	status := http.StatusOK
	if wait > 0 {
		w.Header().Set("Retry-After", wholeSeconds(wait))
		status = http.StatusTooManyRequests
	}
	sendJSON(w, status, map[string]any{"n": n, "in_window": within})
}

// limitedReport says what the requests of a key came to.
func (s *Server) limitedReport(w http.ResponseWriter, p *params) {
	key := p.text("key", "")
	if p.refused(w) {
		return
	}
	var report map[string]any
	known := s.windows.look(key, func(now *window) {
		report = map[string]any{
			"rate": now.rate, "per_s": now.per.Seconds(),
			"requests": now.requests, "refused": now.refused, "worst": now.worst,
		}
	})
	if !known {
		refuse(w, http.StatusNotFound, fmt.Errorf("key: /limited has had no request with %q yet", key))
		return
	}
	sendJSON(w, http.StatusOK, report)
}

// retryAfter refuses from the first request of a key on, for some seconds.
func (s *Server) retryAfter(w http.ResponseWriter, p *params) {
	seconds := p.seconds("seconds", 0, 24*time.Hour)
	status, date := p.choice("status", "429", "503"), p.choice("date", "0", "1")
	key := p.memoryKey()
	if p.refused(w) {
		return
	}
	now := time.Now()
	until, err := s.deadlines.change(key, func(until time.Time) time.Time {
		if until.IsZero() {
			until = now.Add(seconds)
		}
		return until
	})
	wait := until.Sub(now)
	switch {
	case err != nil:
		refuse(w, http.StatusInsufficientStorage, err)
	case wait <= 0:
		sendJSON(w, http.StatusOK, map[string]any{"let_through": true})
	default:
		after := wholeSeconds(wait)
		if date == "1" {
			after = until.Add(time.Second - 1).UTC().Format(http.TimeFormat) // which has no fractions
		}
		w.Header().Set("Retry-After", after)
		code, _ := strconv.Atoi(status)
		refuse(w, code, fmt.Errorf("come again in %.1f s", wait.Seconds()))
	}
}

func wholeSeconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// flaky fails some times.
func (s *Server) flaky(w http.ResponseWriter, p *params) {
	n, mode := p.whole("n", 0, 0, 1000), p.choice("mode", "503", "close")
	turn := s.turn(w, p)
	switch {
	case turn == 0:
	case turn > n:
		sendJSON(w, http.StatusOK, map[string]any{"request": turn})
	case mode == "close":
		hangUp()
	default:
		refuse(w, http.StatusServiceUnavailable, errors.New("not this time"))
	}
}
