package core

import (
	"errors"
	"sync/atomic"
	"time"
)

// hands are one goroutine that works: they open a worker, take batches, do
// them and deliver the results. When work does not stop they can be taken out
// of the run (see giveup.go): whatever they still hold is then taken over, and
// what they come back with is dropped.
type hands[In, Out any] struct {
	run     *Run[In, Out]
	lane    *lane[In, Out]
	worker  Worker[In, Out] // nil until the first item, and after it broke
	tasks   []task[In]      // the batch
	results [batchMost]Result[In, Out]
	longest time.Duration // of recent attempts
	peak    time.Duration // of the batch's attempts
	bar     Bar           // what the timeline will show of the batch

	// grip says which item is in hand and where the batch ends, since when, and
	// in which activity. It changes by compare-and-swap: results below its
	// index and tasks from it to its end belong to whoever changed it last.
	grip  atomic.Int64
	held  int64        // the last grip known to this goroutine
	end   int          // of the batch, as in held
	first atomic.Int64 // Seq of the batch's first item, for the timeline
}

// A grip packs a batch's index and end (7 bits each), an activity (3 bits) and
// microseconds since the run's start. Nothing in hand is 0, taken over -1.
const (
	loose     = 0
	takenOver = -1
)

func grip(index, end int, a Activity, at time.Duration) int64 {
	return (int64(at/time.Microsecond)+1)<<17 | int64(a)<<14 | int64(end)<<7 | int64(index)
}

func parseGrip(g int64) (index, end int, a Activity, at time.Duration) {
	return int(g & 127), int(g >> 7 & 127), Activity(g >> 14 & 7), time.Duration(g>>17-1) * time.Microsecond
}

// hold moves the grip; false means that these hands were taken over. It learns
// of a batch that was cut short meanwhile.
func (h *hands[In, Out]) hold(index int, a Activity, at time.Duration) bool {
	for {
		g := grip(index, h.end, a, at)
		if h.grip.CompareAndSwap(h.held, g) {
			h.held = g
			return true
		}
		h.held = h.grip.Load()
		if h.held == takenOver {
			return false
		}
		_, h.end, _, _ = parseGrip(h.held)
	}
}

// live is the goroutine.
func (h *hands[In, Out]) live() {
	defer h.leave()
	defer h.put()
	for h.take() && h.work() {
		h.settle()
	}
}

// leave takes the goroutine off the books. An item still in hand means that
// Do ended the goroutine (runtime.Goexit): the item fails, the lane goes on.
func (h *hands[In, Out]) leave() {
	if _, _, activity, _ := parseGrip(h.held); h.held > loose && activity != Delivering {
		h.run.takeOver(h, h.held, Failed, errors.New("the goroutine of its worker was ended (runtime.Goexit)"))
	}
	if h.grip.Load() == takenOver {
		return
	}
	h.run.mu.Lock()
	h.lane.hands = nil
	h.run.leave()
}

// work does the batch in hand; false means that these hands were taken over.
func (h *hands[In, Out]) work() bool {
	h.first.Store(int64(h.tasks[0].seq))
	h.end = len(h.tasks)
	now := h.run.now()
	h.longest = h.longest * 3 / 4
	for i := 0; ; i++ {
		if !h.hold(i, Working, now) {
			return false
		}
		if i >= h.end {
			break
		}
		if h.run.stopped.Load() {
			h.file(i, h.run.cause)
			continue
		}
		from := now
		var ok bool
		if now, ok = h.attempt(i, now); !ok {
			return false
		}
		if now-from > batchTime && i+1 < h.end {
			h.run.rescueFrom(h, 0)
		}
	}
	return h.hold(h.end, Delivering, now)
}

// file writes the result of an item whose work was never begun.
func (h *hands[In, Out]) file(i int, cause error) {
	t := &h.tasks[i]
	h.results[i] = Result[In, Out]{
		Seq: t.seq, In: t.in, Start: t.start, Took: t.took, Tries: t.tries - 1,
		Err: cause, Status: Cancelled,
	}
}

// settle delivers the batch.
func (h *hands[In, Out]) settle() {
	results := compact(h.results[:h.end])
	h.lane.fold(results, h.bar)
	h.bar = Bar{}
	from := h.run.now()
	h.run.deliver(results)
	if end := h.run.now(); end-from > batchTime {
		bar := Bar{Start: from, End: end}
		bar.Spent[Delivering] = end - from
		h.lane.addBar(bar)
	}
	clear(h.results[:h.end])
	clear(h.tasks[:h.end])
	h.held = loose
	h.grip.Store(loose)
}

// compact moves the results together that are there.
func compact[In, Out any](results []Result[In, Out]) []Result[In, Out] {
	n := 0
	for i := range results {
		if results[i].Seq == 0 {
			continue // waits for another attempt
		}
		if n < i {
			results[n] = results[i]
		}
		n++
	}
	return results[:n]
}
