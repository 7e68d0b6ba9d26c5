package core

import (
	"fmt"
	"sync"
)

// outbox hands results to the sink and the log, one caller at a time. A worker
// that finds another delivering leaves its results there and goes on; so a
// slow sink is given larger batches and holds up nobody until the window is
// full.
type outbox[In, Out any] struct {
	mu      sync.Mutex
	ready   []Result[In, Out]
	spare   []Result[In, Out] // the last batch's memory
	busy    bool              // someone is delivering
	dead    bool              // the run was given up: nothing is delivered any more
	reorder []Result[In, Out] // by Seq modulo its length; nil: as they come
	next    int               // Seq awaited

	// Owned by whoever set busy.
	err  error // of the sink; nothing is delivered after it
	rows []Row
}

func (o *outbox[In, Out]) init(job Job[In, Out]) {
	o.next = 1
	if job.Ordered {
		o.reorder = make([]Result[In, Out], job.Window)
	}
}

// deliver passes results on, and whatever others leave meanwhile.
func (r *Run[In, Out]) deliver(results []Result[In, Out]) {
	o := &r.out
	o.mu.Lock()
	o.put(results)
	if o.busy || o.dead {
		o.mu.Unlock()
		return
	}
	o.busy = true
	for len(o.ready) > 0 && !o.dead {
		batch := o.ready
		o.ready = o.spare[:0]
		o.mu.Unlock()
		r.handOut(batch)
		clear(batch)
		o.mu.Lock()
		o.spare = batch
	}
	o.busy = o.dead
	o.mu.Unlock()
}

// put files results where they are delivered from. The lock is held.
func (o *outbox[In, Out]) put(results []Result[In, Out]) {
	if o.reorder == nil {
		o.ready = append(o.ready, results...)
		return
	}
	for _, res := range results {
		o.reorder[res.Seq%len(o.reorder)] = res
	}
	for {
		slot := &o.reorder[o.next%len(o.reorder)]
		if slot.Seq != o.next {
			return
		}
		o.ready = append(o.ready, *slot)
		*slot = Result[In, Out]{}
		o.next++
	}
}

// handOut gives a batch to the sink and the log, and counts it.
func (r *Run[In, Out]) handOut(batch []Result[In, Out]) {
	o := &r.out
	if o.err == nil && r.job.Sink != nil {
		if err := protect(func() error { return r.job.Sink(batch) }); err != nil {
			o.err = err
			r.stop(o.err)
		}
	}
	var counts [4]int
	for i := range batch {
		if o.err != nil {
			batch[i].Status, batch[i].Err = Cancelled, o.err
		} else if batch[i].Status == OK && batch[i].Err != nil {
			r.reconsider(&batch[i])
		}
		counts[batch[i].Status]++
	}
	if r.job.Log != nil && !r.isOver() {
		r.log(batch)
	}
	r.release(counts)
}

// reconsider judges an item anew that the sink has failed.
func (r *Run[In, Out]) reconsider(res *Result[In, Out]) {
	res.Status = r.judge(res.Err)
	if res.Status == Failed {
		r.countFailure()
	}
}

// log tells the face. A panic there is the face's own matter, and ends the
// run as one in the sink does.
func (r *Run[In, Out]) log(batch []Result[In, Out]) {
	err := protect(func() error {
		rows := r.out.rows[:0]
		for i := range batch {
			rows = append(rows, r.row(&batch[i]))
		}
		r.job.Log(rows)
		clear(rows)
		r.out.rows = rows
		return nil
	})
	if err != nil {
		r.stop(fmt.Errorf("show results: %w", err))
	}
}

func (r *Run[In, Out]) row(res *Result[In, Out]) Row {
	row := Row{
		Seq: res.Seq, Item: r.job.Name(res.In), Status: res.Status, Err: res.Err, Worker: res.Worker,
		Start: res.Start, Took: res.Took, Tries: res.Tries,
	}
	if res.Status == OK || res.Status == Skipped {
		row.Out = res.Out
	}
	return row
}

func (r *Run[In, Out]) isOver() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.over
}
