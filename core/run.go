package core

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Run is a job under way. It is steered and watched through Steerable.
type Run[In, Out any] struct {
	job    Job[In, Out]
	epoch  time.Time
	permit chan struct{} // held by the one worker that waits for Job.Limit
	done   chan struct{}
	out    outbox[In, Out]

	ctx      context.Context // what Do and Open get
	endCtx   context.CancelCauseFunc
	readCtx  context.Context // what Source gets
	endRead  context.CancelFunc
	unhook   func() bool // from the caller's context
	stopped  atomic.Bool // stopping, to be read without the lock
	failures atomic.Int64

	inlet     inlet[task[In]] // filled by the feeder, emptied under the lock
	delivered atomic.Int64    // changed under the lock
	unwanted  atomic.Bool     // nothing more is to be read; set under the lock
	asleep    atomic.Int32    // workers at items.Wait; changed under the lock
	waking    atomic.Bool     // one of them was woken; changed under the lock

	mu    sync.Mutex // guards all below; never held while a callback runs
	items sync.Cond  // workers wait here for items
	room  sync.Cond  // the feeder waits here for room in the window

	queue   ring[task[In]] // given back or retried: before the inlet
	retries retries[In]
	lanes   []*lane[In, Out]
	sweeper *hands[In, Out] // empties the queue after a stop
	target  int             // workers wanted
	most    int             // workers wanted at most so far
	alive   int             // goroutines that have not left
	hungry  bool            // the feeder is at room.Wait

	counts   [4]int
	reading  bool // the source has not ended
	stopping bool
	over     bool
	cause    error // why the run ended early
	stuck    []error

	pausedAt   time.Duration // 0: not paused
	pausedTime time.Duration
	graces     []*time.Timer
	watcher    *time.Timer // of attempts that outlast Job.Timeout
	rescuer    *time.Timer // of batches behind a slow item
	rescuing   bool        // it is set
	speed      speed
	report     Report
	err        error
}

// task is an item on its way to a result.
type task[In any] struct {
	seq   int
	in    In
	tries int           // which attempt comes next, from 1
	start time.Duration // of the first attempt
	took  time.Duration // over the attempts made
}

// Start begins a run. It ends by itself when the source has ended and every
// item is delivered; Wait tells. When ctx ends, the run is cancelled.
func Start[In, Out any](ctx context.Context, job Job[In, Out]) *Run[In, Out] {
	r := &Run[In, Out]{
		job: withDefaults(job), epoch: time.Now(), permit: make(chan struct{}, 1),
		done: make(chan struct{}), reading: true,
	}
	r.items.L, r.room.L = &r.mu, &r.mu
	r.inlet = newInlet[task[In]](r.job.Window)
	r.out.init(r.job)
	r.ctx, r.endCtx = context.WithCancelCause(ctx)
	r.readCtx, r.endRead = context.WithCancel(r.ctx) //nolint:gosec // called by Drain and at the end

	r.mu.Lock()
	defer r.mu.Unlock()
	r.alive++
	go r.feed() // ends with the source, or when push tells the source to stop
	r.staff(r.job.Workers)
	r.unhook = context.AfterFunc(ctx, func() { r.stop(context.Cause(ctx)) })
	if r.job.Timeout > 0 {
		r.watcher = time.AfterFunc(r.job.Grace, r.watch)
	}
	return r
}

func withDefaults[In, Out any](job Job[In, Out]) Job[In, Out] {
	if job.Workers <= 0 {
		job.Workers = runtime.GOMAXPROCS(0)
	}
	if job.Window <= 0 {
		job.Window = max(1024, 2*job.Workers)
	}
	if job.Name == nil {
		job.Name = func(in In) string { return fmt.Sprint(in) }
	}
	if job.Grace <= 0 {
		job.Grace = time.Second
	}
	return job
}

func (r *Run[In, Out]) now() time.Duration { return time.Since(r.epoch) }

// Pause lets the workers finish what is in hand and take no more.
func (r *Run[In, Out]) Pause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pausedAt == 0 && !r.stopping && !r.over {
		r.pausedAt = max(1, r.now())
	}
}

// Resume lets the workers take items again.
func (r *Run[In, Out]) Resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.resume()
}

func (r *Run[In, Out]) resume() {
	if r.pausedAt == 0 || r.over {
		return
	}
	r.pausedTime += r.now() - r.pausedAt
	r.pausedAt = 0
	r.speed.forget()
	r.items.Broadcast()
}

// SetWorkers changes the number of workers. One too many leaves after what it
// has in hand.
func (r *Run[In, Out]) SetWorkers(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.over && !r.stopping {
		r.staff(max(1, n))
	}
}

// staff makes n the number of workers wanted and starts those that are
// missing. The lock is held.
func (r *Run[In, Out]) staff(n int) {
	r.target, r.most = n, max(r.most, n)
	for len(r.lanes) < n {
		r.lanes = append(r.lanes, &lane[In, Out]{number: len(r.lanes) + 1})
	}
	for _, l := range r.lanes[:n] {
		if l.hands == nil && !r.finished() {
			r.hire(l)
		}
	}
	r.items.Broadcast() // for those that are to leave
}

// hire starts a lane's goroutine. The lock is held.
func (r *Run[In, Out]) hire(l *lane[In, Out]) {
	l.hands = &hands[In, Out]{run: r, lane: l}
	r.alive++
	go l.hands.live() // ends when the run is finished, or the lane is not wanted
}

// Drain reads no more and finishes everything read. It lifts a pause, and a
// source that does not return is given up after Job.Grace.
func (r *Run[In, Out]) Drain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over || r.unwanted.Load() {
		return
	}
	r.unwanted.Store(true)
	r.resume()
	r.room.Broadcast()
	r.endRead()
	r.graces = append(r.graces, time.AfterFunc(r.job.Grace, r.giveUpSource))
}

// Cancel ends what is in hand and drops what is queued.
func (r *Run[In, Out]) Cancel() { r.stop(ErrCancelled) }

// stop ends the run early. The queue is stopped first, so that nothing is
// begun while the context's end travels.
func (r *Run[In, Out]) stop(cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over || r.stopping {
		return
	}
	r.resume()
	r.stopping, r.cause = true, cause
	r.unwanted.Store(true)
	r.endCtx(cause)
	r.stopped.Store(true)
	r.items.Broadcast()
	r.room.Broadcast()
	r.graces = append(r.graces, time.AfterFunc(r.job.Grace, r.giveUp))
}

// finished says that nothing is left to do. The lock is held.
func (r *Run[In, Out]) finished() bool { return !r.reading && r.open() == 0 }

// read counts the items read, open those of them that are not yet delivered.
func (r *Run[In, Out]) read() int { return int(r.inlet.tail.Load()) }
func (r *Run[In, Out]) open() int { return int(r.inlet.tail.Load() - r.delivered.Load()) }

// leave is every goroutine's last word; the last one ends the run. The lock is
// held, and given back.
func (r *Run[In, Out]) leave() {
	r.alive--
	last := r.alive == 0 && !r.over
	if last {
		r.end()
	}
	r.mu.Unlock()
	if last {
		close(r.done)
	}
}

// end settles the report. The lock is held; the caller closes done.
func (r *Run[In, Out]) end() {
	r.resume()
	r.over = true
	r.unhook()
	for _, t := range append(r.graces, r.watcher, r.rescuer, r.retries.timer) {
		if t != nil {
			t.Stop()
		}
	}
	r.report = r.sum()
	r.err = joined(r.cause, r.stuck)
	r.endRead()
	r.endCtx(nil)
}

// Done is closed when the run has ended.
func (r *Run[In, Out]) Done() <-chan struct{} { return r.done }

// Wait blocks until the run has ended. Its error is the run's own: the
// source's or the sink's, ErrTooManyFailed, ErrCancelled or the cause of the
// context's end, with a StuckError for all that had to be given up.
func (r *Run[In, Out]) Wait() (Report, error) {
	<-r.done
	return r.report, r.err
}
