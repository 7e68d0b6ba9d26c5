package transfer

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// plan says who loads which bytes. A byte is there, free, or of a piece.
type plan struct {
	mu   sync.Mutex
	end  int64 // of the file; endless: not known
	free spans
	busy []*piece
}

const endless = math.MaxInt64

// piece is what one connection loads. Only its owner moves at on; end may be
// moved back by others, but never by less than what a buffer holds.
type piece struct{ at, end int64 }

// newPlan plans the rest of a file of total bytes; -1: not known.
func newPlan(total int64, done spans) *plan {
	p := &plan{end: total}
	if total < 0 {
		p.end = endless
	}
	p.free = done.gaps(p.end)
	return p
}

// take gives out the free bytes that an answer goes on with, which stands at a
// place and ends at another. nil: there are none.
func (p *plan) take(at, end int64) *piece {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, s := range p.free {
		if s.from == at && at < end {
			return p.give(i, min(s.to, end))
		}
	}
	return nil
}

// takeAny gives out free bytes; else, if least is not 0, half of what another
// connection has before it, if that is at least so much.
func (p *plan) takeAny(least int64) *piece {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) > 0 {
		return p.give(0, p.free[0].to)
	}
	if least == 0 || len(p.busy) == 0 || p.end == endless {
		return nil
	}
	most := slices.MaxFunc(p.busy, func(a, b *piece) int { return cmp.Compare(a.end-a.at, b.end-b.at) })
	if most.end-most.at < least {
		return nil
	}
	middle := most.at + (most.end-most.at)/2
	half := &piece{middle, most.end}
	most.end = middle
	p.busy = append(p.busy, half)
	return half
}

// give gives out the i-th free span, up to a place in it.
func (p *plan) give(i int, to int64) *piece {
	s := &p.free[i]
	given := &piece{s.from, to}
	s.from = to
	if s.size() == 0 {
		p.free = slices.Delete(p.free, i, i+1)
	}
	p.busy = append(p.busy, given)
	return given
}

// leave takes a piece back, with what of it is missing.
func (p *plan) leave(left *piece) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := len(p.busy)
	p.busy = slices.DeleteFunc(p.busy, func(other *piece) bool { return other == left })
	if len(p.busy) < before {
		p.free = p.free.add(span{left.at, left.end})
	}
}

// room is how much of a piece is missing.
func (p *plan) room(of *piece) int64 { return p.span(of).size() }

// span is what of a piece is missing.
func (p *plan) span(of *piece) span {
	p.mu.Lock()
	defer p.mu.Unlock()
	return span{of.at, of.end}
}

// wrote says that the next bytes of a piece are in the file.
func (p *plan) wrote(of *piece, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of.at += int64(n)
}

// finish says where a file ends of which that was not known. It is false if
// more than that is there.
func (p *plan) finish(end int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.end == end {
		return true
	}
	if p.end != endless || p.doneUp(endless).end() > end {
		return false
	}
	p.end = end
	for _, b := range p.busy {
		b.end = min(b.end, end)
	}
	for i := range p.free {
		p.free[i].to = min(p.free[i].to, end)
	}
	p.free = slices.DeleteFunc(p.free, func(s span) bool { return s.size() <= 0 })
	return true
}

// done are the bytes that are in the file.
func (p *plan) done() spans {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.doneUp(p.end)
}

func (p *plan) doneUp(end int64) spans {
	missing := slices.Clone(p.free)
	for _, b := range p.busy {
		missing = missing.add(span{b.at, b.end})
	}
	return missing.gaps(end)
}

// left is how much is missing; endless if that is not known.
func (p *plan) left() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.end == endless {
		return endless
	}
	return p.end - p.doneUp(p.end).size()
}
