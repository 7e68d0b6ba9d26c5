package core

import "time"

// What happens when work does not stop, Job.Grace after it was told to:
//
//	an attempt past Timeout   its item fails, the run goes on        watch
//	an item, after Cancel     it is cancelled, the run ends          giveUp
//	the source, after Drain   nothing more of it is taken            giveUpSource
//	the sink, or a Close      four graces later the run ends anyway  forceEnd
//
// The goroutine itself cannot be ended: it is left behind with what it holds,
// and finds its grip gone when it returns.
const patience = 4

// watch looks, again and again, for attempts that go on although their time
// limit passed Job.Grace ago. Each is given up: its item fails, and its lane
// gets a new goroutine.
func (r *Run[In, Out]) watch() {
	r.mu.Lock()
	if r.over {
		r.mu.Unlock()
		return
	}
	late := map[*hands[In, Out]]int64{}
	for _, l := range r.lanes {
		if h := l.hands; h != nil {
			if g := h.grip.Load(); h.late(g) {
				late[h] = g
			}
		}
	}
	r.watcher.Reset(r.job.Grace)
	r.mu.Unlock()
	for h, g := range late {
		r.takeOver(h, g, Failed, nil)
	}
}

// late says that an attempt outlasted its time limit and the grace.
func (h *hands[In, Out]) late(g int64) bool {
	_, _, activity, since := parseGrip(g)
	return g > loose && activity == Working && h.run.now()-since > h.run.job.Timeout+h.run.job.Grace
}

// giveUp takes over every item still in hand after a stop.
func (r *Run[In, Out]) giveUp() {
	r.mu.Lock()
	var busy []*hands[In, Out]
	for _, l := range r.lanes {
		if l.hands != nil && !r.over {
			busy = append(busy, l.hands)
		}
	}
	if !r.over {
		r.graces = append(r.graces, time.AfterFunc(patience*r.job.Grace, r.forceEnd))
	}
	r.mu.Unlock()
	for _, h := range busy {
		r.takeOver(h, h.grip.Load(), Cancelled, nil)
	}
	r.giveUpSource()
}

// giveUpSource goes on without a source that does not return.
func (r *Run[In, Out]) giveUpSource() {
	r.mu.Lock()
	if !r.reading || r.over {
		r.mu.Unlock()
		return
	}
	r.reading = false
	r.stuck = append(r.stuck, &StuckError{Item: "the source", After: r.job.Grace})
	r.items.Broadcast()
	r.leave()
}

// forceEnd ends a stopped run whose sink, or whose workers' Close, hangs.
func (r *Run[In, Out]) forceEnd() {
	r.out.mu.Lock()
	sinking := r.out.busy
	r.out.dead = true
	r.out.mu.Unlock()

	r.mu.Lock()
	if r.over {
		r.mu.Unlock()
		return
	}
	what := "closing a worker"
	if sinking {
		what = "the sink"
	}
	r.stuck = append(r.stuck, &StuckError{Item: what, After: (1 + patience) * r.job.Grace})
	r.counts[Cancelled] += r.open()
	r.delivered.Store(r.inlet.tail.Load())
	r.alive = 1
	r.leave()
}

// takeOver takes hands whose grip is g out of the run and delivers what they
// hold: finished results, the item in hand with the given status and err (nil:
// a StuckError), the rest of the batch by way of the queue. Hands that went on
// meanwhile are left alone.
func (r *Run[In, Out]) takeOver(h *hands[In, Out], g int64, status Status, err error) {
	index, end, activity, since := parseGrip(g)
	if g <= loose || index >= end || activity == Delivering {
		return
	}
	for !h.grip.CompareAndSwap(g, takenOver) {
		end = index + 1 // the batch may have been cut short
		if short := grip(index, end, activity, since); g != short {
			g = short
			continue
		}
		return
	}
	now := r.now()
	t := h.tasks[index]
	if err == nil {
		err = &StuckError{Item: r.job.Name(t.in), After: now - since}
	}
	results := append([]Result[In, Out](nil), compact(h.results[:index])...)
	results = append(results, Result[In, Out]{
		Seq: t.seq, In: t.in, Err: err, Status: status, Worker: h.lane.number,
		Start: since, Took: t.took + now - since, Tries: t.tries,
	})
	bar := Bar{Start: since, End: now, Failed: 1, Seq: t.seq}
	bar.Spent[activity] = now - since
	h.lane.fold(results, bar)
	r.replace(h, h.tasks[index+1:end], status, err)
	r.deliver(results)
	r.mu.Lock()
	r.leave()
}

// replace puts fresh hands into the lane of h, and the rest of its batch back
// into the queue. The caller stands in for h's goroutine until it leaves.
func (r *Run[In, Out]) replace(h *hands[In, Out], rest []task[In], status Status, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h.lane.hands = nil
	r.giveBack(rest)
	if status == Cancelled {
		r.stuck = append(r.stuck, err)
	}
	if !r.over && (h.lane.number <= r.target || r.stopping) {
		r.hire(h.lane) // after a stop, to cancel what was given back
	}
}
