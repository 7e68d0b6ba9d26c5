package core

import (
	"slices"
	"time"
)

// Progress is a cheap look at the run.
func (r *Run[In, Out]) Progress() Progress {
	took, _ := r.meters()
	r.mu.Lock()
	defer r.mu.Unlock()
	p := Progress{
		State: r.state(), Total: r.total(), Read: r.read(),
		OK: r.counts[OK], Failed: r.counts[Failed], Cancelled: r.counts[Cancelled], Skipped: r.counts[Skipped],
		Retrying: len(r.retries.waiting), Workers: min(r.target, len(r.lanes)),
		P50: took.quantile(.50), P95: took.quantile(.95), P99: took.quantile(.99),
	}
	if r.over {
		p.Elapsed = r.report.Wall - r.report.Paused
		p.Rate = r.report.Rate
		return p
	}
	now := r.now()
	p.Elapsed = now - r.idle(now)
	p.Rate = r.speed.of(p.Elapsed, p.Done())
	if left := p.Total - p.Done(); p.State != Paused && p.Elapsed >= time.Second && left > 0 && p.Rate > 0 {
		p.ETA = time.Duration(float64(left) / p.Rate * float64(time.Second))
	}
	return p
}

// meters sums up the workers' meters.
func (r *Run[In, Out]) meters() (took *latency, busy time.Duration) {
	r.mu.Lock()
	lanes := slices.Clip(r.lanes)
	r.mu.Unlock()
	took = new(latency)
	for _, l := range lanes {
		l.mu.Lock()
		took.merge(&l.took)
		busy += l.busy
		l.mu.Unlock()
	}
	return took, busy
}

// state tells what the run is doing. The lock is held.
func (r *Run[In, Out]) state() State {
	switch {
	case r.over:
		return Ended
	case r.stopping:
		return Cancelling
	case r.pausedAt != 0:
		return Paused
	case r.unwanted.Load():
		return Draining
	}
	return Running
}

// total is the number of items there will be, as far as is known. The lock is
// held.
func (r *Run[In, Out]) total() int {
	if !r.reading && !r.stopping {
		return r.read()
	}
	return max(r.job.Total, min(r.job.Total, 1)*r.read())
}

// idle is the time spent paused until now. The lock is held.
func (r *Run[In, Out]) idle(now time.Duration) time.Duration {
	if r.pausedAt == 0 {
		return r.pausedTime
	}
	return r.pausedTime + now - r.pausedAt
}

// sum is the report of a run that is over. The lock is held, and no worker is
// left that could hold a meter's.
func (r *Run[In, Out]) sum() Report {
	rep := Report{
		Items: r.read(), OK: r.counts[OK], Failed: r.counts[Failed], Cancelled: r.counts[Cancelled],
		Skipped: r.counts[Skipped], Unread: max(0, r.job.Total-r.read()),
		Wall: r.now(), Paused: r.pausedTime, Workers: r.most,
	}
	took := new(latency)
	for _, l := range r.lanes {
		took.merge(&l.took)
		rep.Busy += l.busy
	}
	rep.P50, rep.P95, rep.P99 = took.quantile(.50), took.quantile(.95), took.quantile(.99)
	if working := (rep.Wall - rep.Paused).Seconds(); working > 0 {
		rep.Rate = float64(rep.OK+rep.Failed+rep.Skipped) / working
	}
	return rep
}

// speed tells the rate of the last seconds, from samples taken when asked.
type speed struct {
	samples []sample
}

type sample struct {
	at   time.Duration
	done int
}

const (
	sampleEvery = 250 * time.Millisecond
	speedWindow = 8 * time.Second
)

// of is the rate per second at a moment when so many were done.
func (s *speed) of(at time.Duration, done int) float64 {
	if n := len(s.samples); n == 0 || at-s.samples[n-1].at >= sampleEvery {
		s.samples = append(s.samples, sample{at, done})
	}
	for len(s.samples) > 2 && at-s.samples[1].at >= speedWindow {
		s.samples = s.samples[1:]
	}
	first := s.samples[0]
	if len(s.samples) == 1 { // nothing to compare with yet
		first = sample{}
	}
	if at <= first.at {
		return 0
	}
	return float64(done-first.done) / (at - first.at).Seconds()
}

func (s *speed) forget() { s.samples = nil }

// Timeline copies what each worker did so far, and what it has in hand.
func (r *Run[In, Out]) Timeline() [][]Bar {
	r.mu.Lock()
	lanes := slices.Clip(r.lanes)
	hands := make([]*hands[In, Out], len(lanes))
	for i, l := range lanes {
		hands[i] = l.hands
	}
	over := r.over
	r.mu.Unlock()
	bars := make([][]Bar, len(lanes))
	for i, l := range lanes {
		l.mu.Lock()
		bars[i] = append(make([]Bar, 0, len(l.bars.bars)+1), l.bars.bars...)
		l.mu.Unlock()
		if hands[i] == nil || over {
			continue
		}
		if now, ok := hands[i].current(r.now()); ok {
			bars[i] = append(bars[i], now)
		}
	}
	return bars
}

// current is the bar of what is in hand.
func (h *hands[In, Out]) current(now time.Duration) (Bar, bool) {
	g, first := h.grip.Load(), h.first.Load()
	if g == loose || g == takenOver {
		return Bar{}, false
	}
	index, _, activity, since := parseGrip(g)
	bar := Bar{Start: min(since, now), End: now, Seq: int(first) + index}
	bar.Spent[activity] = bar.End - bar.Start
	return bar, true
}
