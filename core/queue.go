package core

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"time"
)

const (
	batchMost = 64                    // items a worker takes at once, at most
	batchTime = 50 * time.Microsecond // and about as much work
)

// feed runs the source on its own goroutine.
func (r *Run[In, Out]) feed() {
	err := protect(func() error { return r.job.Source(r.readCtx, r.push) })
	if r.ctx.Err() != nil { // the caller's context may have ended just now
		r.stop(context.Cause(r.ctx))
	}
	r.mu.Lock()
	if !r.reading { // given up meanwhile
		r.mu.Unlock()
		return
	}
	r.reading = false
	if told := r.unwanted.Load() && errors.Is(err, context.Canceled); err != nil && r.cause == nil && !told {
		r.cause = err
	}
	r.items.Broadcast()
	r.leave()
}

// push is the source's yield: it waits until there is room and queues an item.
// Only the feeder calls it, and it takes no lock while there is room and work
// for all.
func (r *Run[In, Out]) push(in In) bool {
	if r.open() >= r.job.Window {
		r.waitForRoom()
	}
	if r.unwanted.Load() {
		return false
	}
	r.inlet.push(task[In]{seq: r.read() + 1, in: in, tries: 1})
	if r.asleep.Load() > 0 && !r.waking.Load() {
		r.mu.Lock()
		r.wake()
		r.mu.Unlock()
	}
	return true
}

func (r *Run[In, Out]) waitForRoom() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.open() >= r.job.Window && !r.unwanted.Load() {
		r.hungry = true
		r.room.Wait()
	}
}

// wake lets one sleeping worker see that there is work; it wakes the next.
// The lock is held.
func (r *Run[In, Out]) wake() {
	if r.asleep.Load() > 0 && !r.waking.Load() {
		r.waking.Store(true)
		r.items.Signal()
	}
}

// queued counts the items that wait for a worker. The lock is held.
func (r *Run[In, Out]) queued() int { return r.queue.len() + r.inlet.len() }

// take fills h's hands with the next batch and reports whether there is one.
// After a stop the batch is there to be cancelled, not done.
func (h *hands[In, Out]) take() bool {
	r := h.run
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		if h.notNeeded() {
			r.wake() // another may have been meant
			return false
		}
		if n := h.portion(); n > 0 {
			h.tasks = r.queue.pop(h.tasks[:0], min(n, r.queue.len()))
			h.tasks = r.inlet.pop(h.tasks, n-len(h.tasks))
			if r.queued() > 0 {
				r.wake()
			}
			return true
		}
		if !r.reading && (r.stopping || r.open() == 0) {
			r.sweeper = nil
			return false
		}
		h.sleep()
	}
}

// notNeeded says that these hands are to leave: their lane is one too many, or
// the run is stopping and others empty the queue already. The lock is held.
func (h *hands[In, Out]) notNeeded() bool {
	r := h.run
	if !r.stopping {
		return h.lane.number > r.target
	}
	if r.sweeper == nil {
		r.sweeper = h
	}
	return r.sweeper != h
}

// sleep waits for a reason to look again. Counted as asleep it looks once
// more, because the feeder may have looked for sleepers just before. The lock
// is held.
func (h *hands[In, Out]) sleep() {
	r := h.run
	r.asleep.Add(1)
	if h.portion() == 0 {
		r.armRescue()
		r.items.Wait()
	}
	r.asleep.Add(-1)
	r.waking.Store(false)
}

// portion is the size of the next batch: a fair share of what is queued, and
// no more than batchTime of work, judged by the longest recent item. The lock
// is held.
func (h *hands[In, Out]) portion() int {
	r := h.run
	switch queued := r.queued(); {
	case r.stopping:
		return min(batchMost, queued+r.sweep())
	case r.pausedAt != 0:
		return 0
	case queued <= 1 || r.job.Limit != nil || h.longest == 0:
		return min(queued, 1)
	default:
		fair := (queued + r.target - 1) / r.target
		return max(1, min(fair, batchMost, int(batchTime/h.longest)))
	}
}

// A batch whose items turn out to be slow is cut short, so that idle workers
// get the rest: by its own worker after a slow item, and, while one is still
// in hand, by a timer that runs when workers are idle.
const rescueAfter = time.Millisecond

// armRescue sets that timer. The lock is held.
func (r *Run[In, Out]) armRescue() {
	switch {
	case r.rescuing || len(r.lanes) == 1:
		return
	case r.rescuer == nil:
		r.rescuer = time.AfterFunc(rescueAfter, r.rescue)
	default:
		r.rescuer.Reset(rescueAfter)
	}
	r.rescuing = true
}

func (r *Run[In, Out]) rescue() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rescuing = false
	batches := false
	for _, l := range r.lanes {
		if l.hands != nil {
			batches = r.cutShort(l.hands, rescueAfter) || batches
		}
	}
	if batches && r.asleep.Load() > 0 && !r.over {
		r.armRescue()
	}
}

func (r *Run[In, Out]) rescueFrom(h *hands[In, Out], after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cutShort(h, after)
}

// cutShort puts what h has not begun back into the queue if its item is in
// hand for so long. It reports whether h holds a batch at all. The lock is held.
func (r *Run[In, Out]) cutShort(h *hands[In, Out], after time.Duration) bool {
	g := h.grip.Load()
	index, end, activity, since := parseGrip(g)
	if g == loose || g == takenOver || end-index < 2 {
		return false
	}
	if r.now()-since >= after && h.grip.CompareAndSwap(g, grip(index, index+1, activity, since)) {
		r.giveBack(h.tasks[index+1 : end])
		clear(h.tasks[index+1 : end])
	}
	return true
}

// giveBack puts tasks at the front of the queue. The lock is held.
func (r *Run[In, Out]) giveBack(tasks []task[In]) {
	for _, t := range slices.Backward(tasks) {
		r.queue.pushFront(t)
	}
	r.wake()
}

// sweep moves what waits for another attempt into the queue, and counts it.
// The lock is held.
func (r *Run[In, Out]) sweep() int {
	tasks := r.retries.all()
	r.giveBack(tasks)
	return len(tasks)
}

// again keeps an item until its next attempt is due, without a worker. After
// a stop it is left to the sweeper.
func (r *Run[In, Out]) again(t task[In], wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retries.add(t, r.now()+wait)
	r.arm()
	if r.stopping {
		r.wake()
	}
}

// arm sets the timer for the next attempt that is due. The lock is held.
func (r *Run[In, Out]) arm() {
	if due, ok := r.retries.next(); ok && !r.over {
		r.retries.stop()
		r.retries.timer = time.AfterFunc(due-r.now(), r.requeue)
	}
}

// requeue puts items whose next attempt is due at the front of the queue.
func (r *Run[In, Out]) requeue() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.retries.due(r.now()) {
		r.queue.pushFront(t)
	}
	r.wake()
	r.arm()
}

// release takes delivered items off the books and makes room for others.
func (r *Run[In, Out]) release(counts [4]int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return
	}
	for status, n := range counts {
		r.counts[status] += n
		r.delivered.Add(int64(n))
	}
	free := r.job.Window - r.open()
	if r.hungry && (r.queue.len() == 0 || free >= r.job.Window/4) {
		r.hungry = false
		r.room.Signal()
	}
	if r.finished() {
		r.items.Broadcast()
	}
}

// protect turns a panic into an error.
func protect(call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return call()
}

func joined(cause error, stuck []error) error {
	if len(stuck) == 0 {
		return cause
	}
	return errors.Join(append([]error{cause}, stuck...)...)
}
