package download

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"manyhands/core/download/transfer"
)

// Why the try in hand was ended, though the run goes on.
var (
	errHeld        = errors.New("paused")
	errDropped     = errors.New("cancelled by hand")
	errReaddressed = errors.New("another address was given")
)

// item is one download. Its fields belong to the worker that has it in hand,
// except those of which the queue takes care.
type item struct {
	address, name, sum string // as the list has them
	line               int
	wrong              string // why it cannot be loaded
	shown              string // Row.Item
	likely             string // the name its file has, as far as the address tells
	sure               bool   // the server has no say in that
	wanted             bool   // it is part of the run
	claimed            [2]string
	progress           transfer.Progress
	tries, sent        int   // failures since it last came forward; requests in all
	gained             int64 // bytes at the last failure

	id      int // the rest is under queue.mu
	from    string
	host    string
	on      string // the host that the try in hand counts for
	held    bool
	dropped bool
	active  bool
	why     string    // its last try failed
	due     time.Time // of its next try
	end     context.CancelCauseFunc
	rate    rate
}

// ticket is the core's item. It stands for a download once a worker took one.
type ticket struct{ it *item } // under queue.mu

// queue holds the downloads that have not ended. An item is in one place only:
// it waits, or a ticket has it.
type queue struct {
	perHost int                             // most in hand of one host; 0: any
	paused  func(host string) time.Duration // how long a host is to be left alone

	mu      sync.Mutex
	changed chan struct{} // closed when something did that take may wait for
	waiting []*item       // in the order of their turn
	taken   []*item       // in the order they were
	hosts   map[string]int
	resting bool  // the run is paused
	spare   int   // items without a ticket
	done    int64 // bytes of the items that have ended
	last    int   // id
}

func newQueue(perHost int, paused func(string) time.Duration) *queue {
	return &queue{perHost: perHost, paused: paused, changed: make(chan struct{}), hosts: map[string]int{}}
}

// wake has everything look again. The lock is held.
func (q *queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// push adds an item at the end. One that is added while the run goes on still
// needs a ticket.
func (q *queue) push(it *item, added bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.last++
	it.id = q.last
	q.waiting = append(q.waiting, it)
	if added {
		q.spare++
	}
	q.wake()
}

// more waits for an item that needs a ticket. It is false when all have ended.
func (q *queue) more(ctx context.Context) bool {
	for {
		q.mu.Lock()
		spare, empty, changed := q.spare > 0, len(q.waiting)+len(q.taken) == 0, q.changed
		if spare {
			q.spare--
		}
		q.mu.Unlock()
		if spare || empty {
			return spare
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// take gives a ticket its item: the one it has, or the first whose turn it is.
// The context that it returns ends with the try, or when a person wants so.
func (q *queue) take(ctx context.Context, t *ticket) (*item, context.Context, error) {
	for {
		q.mu.Lock()
		it, wait := q.next(t)
		if it != nil {
			ctx, it.end = context.WithCancelCause(ctx)
			it.active, it.why, it.on = true, "", it.host
			q.hosts[it.on]++
			q.mu.Unlock()
			return it, ctx, nil
		}
		changed := q.changed
		q.mu.Unlock()
		if err := await(ctx, changed, wait); err != nil {
			return nil, nil, err
		}
	}
}

// next finds the item for a ticket, or how long to wait for one; 0: until
// something changes. The lock is held.
func (q *queue) next(t *ticket) (*item, time.Duration) {
	if t.it != nil && t.it.held && !t.it.dropped {
		q.putBack(t)
	}
	if q.resting {
		return nil, 0
	}
	if t.it != nil {
		return t.it, 0
	}
	soonest := time.Duration(0)
	for i, it := range q.waiting {
		if it.dropped || it.wrong != "" {
			return q.bind(t, i), 0
		}
		if it.held || q.perHost > 0 && q.hosts[it.host] >= q.perHost {
			continue
		}
		wait := q.paused(it.host)
		if wait == 0 {
			return q.bind(t, i), 0
		}
		soonest = min(cmp.Or(soonest, wait), wait)
	}
	return nil, soonest
}

func (q *queue) bind(t *ticket, i int) *item {
	t.it = q.waiting[i]
	q.waiting = slices.Delete(q.waiting, i, i+1)
	q.taken = append(q.taken, t.it)
	return t.it
}

// putBack lets a ticket's item wait for its turn again, as the first.
func (q *queue) putBack(t *ticket) {
	q.taken = slices.DeleteFunc(q.taken, func(it *item) bool { return it == t.it })
	q.waiting = slices.Insert(q.waiting, 0, t.it)
	t.it = nil
	q.wake()
}

func await(ctx context.Context, changed <-chan struct{}, wait time.Duration) error {
	var due <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-changed:
		return nil
	case <-due:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// rest ends a try. The item is tried again by its ticket (at due), or waits
// for another one, or has ended.
func (q *queue) rest(t *ticket, then fate, why string, due time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	it := t.it
	it.end(nil)
	it.active, it.end = false, nil
	it.why, it.due = why, due
	it.rate = rate{}
	q.leave(it.on)
	switch then {
	case ended:
		q.done += it.progress.Done.Load()
		q.taken = slices.DeleteFunc(q.taken, func(other *item) bool { return other == it })
	case waits:
		q.putBack(t)
	}
	q.wake()
}

// another counts one more connection to a host, if it may have one.
func (q *queue) another(host string) (giveBack func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.perHost > 0 && q.hosts[host] >= q.perHost {
		return nil
	}
	q.hosts[host]++
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.leave(host)
		q.wake()
	}
}

// leave counts one connection less. The lock is held.
func (q *queue) leave(host string) {
	if q.hosts[host]--; q.hosts[host] == 0 {
		delete(q.hosts, host)
	}
}

// fate is what becomes of an item after a try.
type fate uint8

const (
	ended fate = iota
	waits
	tried // again by its ticket
)

// name is what a ticket's item is called. One that has none, because the run
// was cancelled, gets one.
func (q *queue) name(t *ticket) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t.it == nil && len(q.waiting) > 0 {
		q.bind(t, 0)
	}
	if t.it == nil {
		return ""
	}
	return t.it.shown
}

// setResting pauses the run, or lets it go on.
func (q *queue) setResting(resting bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.resting = resting
	q.wake()
}

// gate waits while the run is paused.
func (q *queue) gate(ctx context.Context) error {
	for {
		q.mu.Lock()
		resting, changed := q.resting, q.changed
		q.mu.Unlock()
		if !resting {
			return nil
		}
		if err := await(ctx, changed, 0); err != nil {
			return err
		}
	}
}
