package core

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// attempt makes one attempt at the i-th item and files its result, or sends
// it off to be retried. It returns when it ended.
func (h *hands[In, Out]) attempt(i int, now time.Duration) (end time.Duration, ok bool) {
	t := &h.tasks[i]
	res := &h.results[i]
	*res = Result[In, Out]{Seq: t.seq, In: t.in, Worker: h.lane.number, Start: t.start, Tries: t.tries}
	if t.tries == 1 {
		res.Start = now
	}
	err := h.prepare(i, &now)
	from := now
	if err == nil {
		res.Out, err = h.do(t.in)
		now = h.run.now()
	}
	if h.grip.Load() == takenOver {
		return 0, false
	}
	res.Took, res.Err, res.Status = t.took+now-from, err, h.run.judge(err)
	h.note(from, now, res)
	if res.Status == Failed {
		if wait, again := h.run.decide(err, t.tries); again {
			return now, h.retry(i, now, wait)
		}
		h.run.countFailure()
	}
	return now, true
}

// note adds an attempt to the batch's bar.
func (h *hands[In, Out]) note(from, to time.Duration, res *Result[In, Out]) {
	b, took := &h.bar, to-from
	if b.Seq == 0 || took > h.peak {
		h.peak, b.Seq = took, res.Seq
	}
	if b.Items+b.Failed == 0 {
		b.Start = from
	}
	b.End = to
	b.Spent[Working] += took
	if res.Status == Failed {
		b.Failed++
	} else {
		b.Items++
	}
	h.longest = max(h.longest, took, 1)
}

// retry gives the i-th item away until its next attempt.
func (h *hands[In, Out]) retry(i int, now, wait time.Duration) bool {
	t, res := h.tasks[i], &h.results[i]
	t.tries, t.start, t.took = t.tries+1, res.Start, res.Took
	res.Seq = 0                      // no result yet
	if !h.hold(i, Delivering, now) { // it is in no one's hands now
		return false
	}
	h.run.again(t, wait)
	return true
}

// prepare waits for a permit and opens a worker where these are wanting. It
// moves now on accordingly.
func (h *hands[In, Out]) prepare(i int, now *time.Duration) error {
	r := h.run
	if r.job.Limit != nil {
		if err := h.spend(Limited, i, now, r.waitPermit); err != nil {
			return err
		}
	}
	if h.worker != nil {
		return nil
	}
	return h.spend(Opening, i, now, h.open)
}

// spend does what is not the work itself, visibly.
func (h *hands[In, Out]) spend(a Activity, i int, now *time.Duration, do func() error) error {
	if !h.hold(i, a, *now) {
		return ErrBroken
	}
	err, from := do(), *now
	*now = h.run.now()
	if !h.hold(i, Working, *now) {
		return ErrBroken
	}
	bar := Bar{Start: from, End: *now, Seq: h.tasks[i].seq}
	bar.Spent[a] = *now - from
	h.lane.addBar(bar)
	return err
}

func (h *hands[In, Out]) open() error {
	worker, err := h.run.openWorker()
	if err != nil {
		return fmt.Errorf("open worker: %w", err)
	}
	h.worker = worker
	if h.run.stopped.Load() {
		return h.run.cause
	}
	return nil
}

func (r *Run[In, Out]) openWorker() (worker Worker[In, Out], err error) {
	err = protect(func() (err error) {
		worker, err = r.job.Open(r.ctx)
		return err
	})
	return worker, err
}

// do calls Do within its time limit, and drops a worker that broke.
func (h *hands[In, Out]) do(in In) (out Out, err error) {
	r, ctx := h.run, h.run.ctx
	if r.job.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.job.Timeout)
		defer cancel()
	}
	out, err = call(ctx, h.worker, in)
	if err == nil {
		return out, nil
	}
	if r.job.Timeout > 0 && ctx.Err() != nil && !r.stopped.Load() {
		err = fmt.Errorf("no result within %v: %w", r.job.Timeout, err)
	}
	if errors.Is(err, ErrBroken) {
		h.put()
	}
	return out, err
}

func call[In, Out any](ctx context.Context, w Worker[In, Out], in In) (out Out, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return w.Do(ctx, in)
}

// put closes the worker, if there is one. Its error has nowhere to go: the
// results it stood for are delivered already.
func (h *hands[In, Out]) put() {
	if h.worker != nil {
		_ = protect(h.worker.Close)
		h.worker = nil
	}
}

// judge says how an attempt with this outcome ended.
func (r *Run[In, Out]) judge(err error) Status {
	if err == nil {
		return OK
	}
	var skip skipError
	switch {
	case errors.As(err, &skip):
		return Skipped
	case r.ctx.Err() != nil:
		r.stop(context.Cause(r.ctx)) // the caller's context may have ended just now
		return Cancelled
	}
	return Failed
}

// decide asks Job.Retry.
func (r *Run[In, Out]) decide(err error, tries int) (wait time.Duration, again bool) {
	if r.job.Retry == nil {
		return 0, false
	}
	_ = protect(func() error {
		wait, again = r.job.Retry(err, tries)
		return nil
	})
	return wait, again && !r.stopped.Load()
}

func (r *Run[In, Out]) countFailure() {
	if n := r.failures.Add(1); r.job.MaxFail > 0 && n >= int64(r.job.MaxFail) {
		r.stop(fmt.Errorf("%w: %d", ErrTooManyFailed, r.job.MaxFail)) // each that comes here, should the first be held up
	}
}

// waitPermit waits for Job.Limit, alone: rate.Limiter keeps the reservations
// of those that stop waiting.
func (r *Run[In, Out]) waitPermit() error {
	select {
	case r.permit <- struct{}{}:
	case <-r.ctx.Done():
		return context.Cause(r.ctx)
	}
	defer func() { <-r.permit }()
	err := protect(func() error { return r.job.Limit.Wait(undated{r.ctx}) })
	if err != nil && r.ctx.Err() == nil {
		err = fmt.Errorf("wait for the rate limit: %w", err)
		r.stop(err)
	}
	return err
}

// undated hides a context's deadline from rate.Limiter, which gives up at
// once when its turn comes later.
type undated struct{ context.Context }

func (undated) Deadline() (time.Time, bool) { return time.Time{}, false }
