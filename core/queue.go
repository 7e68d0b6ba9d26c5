package core

import (
	"context"
	"errors"
	"fmt"
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
	r.mu.Lock()
	if !r.reading { // given up meanwhile
		r.mu.Unlock()
		return
	}
	r.reading = false
	if told := r.unwanted && errors.Is(err, context.Canceled); err != nil && r.cause == nil && !told {
		r.cause = fmt.Errorf("read items: %w", err)
	}
	r.items.Broadcast()
	r.leave()
}

// push is the source's yield: it waits until there is room and queues an item.
func (r *Run[In, Out]) push(in In) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.open >= r.job.Window && !r.unwanted {
		r.hungry = true
		r.room.Wait()
	}
	if r.unwanted {
		return false
	}
	r.read++
	r.open++
	r.queue.push(task[In]{seq: r.read, in: in, tries: 1})
	r.wake()
	return true
}

// wake lets one sleeping worker see that there is work; it wakes the next.
// The lock is held.
func (r *Run[In, Out]) wake() {
	if r.asleep > 0 && !r.waking {
		r.waking = true
		r.items.Signal()
	}
}

// take fills h's hands with the next batch and reports whether there is one.
// After a stop the batch is there to be cancelled, not done.
func (h *hands[In, Out]) take() bool {
	r := h.run
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		n := 0
		switch {
		case r.stopping:
			n = min(batchMost, r.sweep())
		case h.lane.number > r.target:
			r.wake() // another may have been meant
			return false
		case r.pausedAt == 0:
			n = h.portion()
		}
		if n > 0 {
			h.tasks = r.queue.pop(h.tasks[:0], n)
			if r.queue.len() > 0 {
				r.wake()
			}
			return true
		}
		if r.stopping || r.finished() {
			return false
		}
		r.asleep++
		r.armRescue()
		r.items.Wait()
		r.asleep--
		r.waking = false
	}
}

// portion is the size of the next batch: a fair share of what is queued, and
// no more than batchTime of work, judged by the longest recent item. The lock
// is held.
func (h *hands[In, Out]) portion() int {
	r := h.run
	queued := r.queue.len()
	if queued <= 1 || r.job.Limit != nil || h.longest == 0 {
		return min(queued, 1)
	}
	fair := (queued + r.target - 1) / r.target
	return max(1, min(fair, batchMost, int(batchTime/h.longest)))
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
	if batches && r.asleep > 0 && !r.over {
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

// sweep moves what waits for another attempt into the queue, and counts the
// queue. The lock is held.
func (r *Run[In, Out]) sweep() int {
	for _, t := range r.retries.all() {
		r.queue.push(t)
	}
	return r.queue.len()
}

// again keeps an item until its next attempt is due, without a worker. After
// a stop the caller finds it again in its next batch.
func (r *Run[In, Out]) again(t task[In], wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retries.add(t, r.now()+wait)
	r.arm()
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
		r.open -= n
	}
	free := r.job.Window - r.open
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
