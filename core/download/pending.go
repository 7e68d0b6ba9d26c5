package download

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"manyhands/core"
	"manyhands/core/download/list"
	"manyhands/core/web"
)

// Pending lists the items in hand, then the others in the order of their turn.
func (r *run) Pending(from, most int) ([]core.Pending, int) {
	q := r.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	var shown []core.Pending
	for i := max(from, 0); i < len(q.taken)+len(q.waiting) && len(shown) < most; i++ {
		if i < len(q.taken) {
			shown = append(shown, q.taken[i].pending(q))
		} else {
			shown = append(shown, q.waiting[i-len(q.taken)].pending(q))
		}
	}
	return shown, len(q.taken) + len(q.waiting) + int(r.unread.Load())
}

func (it *item) pending(q *queue) core.Pending {
	return core.Pending{
		ID: it.id, Item: it.shown, State: it.state(q), Active: it.active, Held: it.held,
		Done: it.progress.Done.Load(), All: it.progress.All.Load(), Rate: it.rate.perSecond,
	}
}

// state is what an item is at, in words. The lock is held.
func (it *item) state(q *queue) string {
	switch {
	case it.dropped:
		return "being cancelled"
	case it.held:
		return "paused"
	case q.resting:
		return "all are paused"
	case it.active:
		return it.progress.Phase()
	case it.why != "" && time.Until(it.due) > 0:
		return fmt.Sprintf("again in %.0f s: %s", time.Until(it.due).Seconds(), it.why)
	}
	if wait := q.paused(it.host); wait > 0 {
		return fmt.Sprintf("%s asks to wait, %.0f s more", it.host, wait.Seconds())
	}
	if q.perHost > 0 && q.hosts[it.host] >= q.perHost {
		return fmt.Sprintf("waiting: %d of %s are in hand", q.perHost, it.host)
	}
	return "waiting"
}

// find finds an item that has not ended, and whether it waits. The lock is
// held.
func (q *queue) find(id int) (it *item, waiting bool) {
	is := func(it *item) bool { return it.id == id }
	if i := slices.IndexFunc(q.taken, is); i >= 0 {
		return q.taken[i], false
	}
	if i := slices.IndexFunc(q.waiting, is); i >= 0 {
		return q.waiting[i], true
	}
	return nil, false
}

// change does something to an item that has not ended. A try that is under way
// ends for the given reason; nil: it goes on.
func (q *queue) change(id int, reason error, do func(it *item, waiting bool)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	it, waiting := q.find(id)
	if it == nil {
		return
	}
	do(it, waiting)
	if it.end != nil && reason != nil {
		it.end(reason)
	}
	q.wake()
}

// Hold pauses an item. What it has so far stays, and it does not lose its
// place.
func (r *run) Hold(id int) {
	r.queue.change(id, errHeld, func(it *item, _ bool) { it.held = true })
}

// Release lets an item go on.
func (r *run) Release(id int) {
	r.queue.change(id, nil, func(it *item, _ bool) { it.held = false })
}

// Drop cancels an item, and removes what was loaded of it.
func (r *run) Drop(id int) {
	q := r.queue
	q.change(id, errDropped, func(it *item, waiting bool) {
		it.dropped = true
		if waiting { // so that it does not wait for its turn to end
			q.place(it, 0)
		}
	})
}

// Move gives an item that waits another place among those.
func (r *run) Move(id, to int) {
	q := r.queue
	q.change(id, nil, func(it *item, waiting bool) {
		if waiting {
			q.place(it, to)
		}
	})
}

func (q *queue) place(it *item, to int) {
	q.waiting = slices.DeleteFunc(q.waiting, func(other *item) bool { return other == it })
	q.waiting = slices.Insert(q.waiting, min(max(to, 0), len(q.waiting)), it)
}

// Readdress lets an item go on from another address. What was loaded from the
// old one is kept if it is of the same file.
func (r *run) Readdress(id int, address string) error {
	u, err := web.Address(address)
	if err != nil {
		return err
	}
	r.queue.change(id, errReaddressed, func(it *item, _ bool) {
		it.from, it.host = u.String(), web.Host(u)
	})
	return nil
}

// Add takes more downloads, one a line, while the run goes on.
func (r *run) Add(text string) (added int, err error) {
	var all []*item
	_, err = list.Read(strings.NewReader(text), func(e list.Entry) bool {
		all = append(all, newItem(e))
		return true
	})
	if err != nil {
		return 0, err
	}
	for _, it := range all {
		if it.wrong != "" {
			return 0, fmt.Errorf("line %d: %s", it.line, it.wrong)
		}
	}
	select {
	case <-r.Done():
		return 0, errOver
	default:
	}
	for _, it := range all {
		r.claim(it)
		r.added.Add(1)
		r.queue.push(it, true)
	}
	return len(all), nil
}
