package core

import (
	"sync"
	"time"
)

// lane is one worker's place in a run, kept while the goroutine in it changes:
// its number and its meters.
type lane[In, Out any] struct {
	number int             // from 1
	hands  *hands[In, Out] // nil: nobody works here; under the run's lock

	mu   sync.Mutex // guards the meters
	bars timeline
	took latency
	busy time.Duration
}

// fold adds a finished batch to the meters.
func (l *lane[In, Out]) fold(results []Result[In, Out], bar Bar) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range results {
		if s := results[i].Status; s == OK || s == Failed {
			l.took.add(results[i].Took)
		}
	}
	if bar.Items+bar.Failed > 0 {
		l.busy += bar.Spent[Working]
		l.bars.add(bar)
	}
}

func (l *lane[In, Out]) addBar(bar Bar) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bars.add(bar)
}

// timeline holds a worker's bars, at most barsMost of them: when they are too
// many, neighbours are joined, and from then on stretches half as fine.
type timeline struct {
	bars  []Bar
	width time.Duration // neighbours that fit into this are joined at once
}

const barsMost = 1024

func (t *timeline) add(b Bar) {
	if n := len(t.bars); n > 0 && b.End-t.bars[n-1].Start <= t.width {
		t.bars[n-1].join(b)
		return
	}
	if len(t.bars) == barsMost {
		t.halve()
	}
	t.bars = append(t.bars, b)
}

func (t *timeline) halve() {
	for i := 0; i < len(t.bars); i += 2 {
		b := t.bars[i]
		b.join(t.bars[i+1])
		t.bars[i/2] = b
	}
	t.bars = t.bars[:len(t.bars)/2]
	t.width = t.bars[len(t.bars)-1].End / (barsMost / 2)
}

// join makes b cover c, which follows it.
func (b *Bar) join(c Bar) {
	if c.longest() > b.longest() {
		b.Seq = c.Seq
	}
	b.End = c.End
	b.Items += c.Items
	b.Failed += c.Failed
	for a := range c.Spent {
		b.Spent[a] += c.Spent[a]
	}
}

func (b *Bar) longest() time.Duration {
	if b.Seq == 0 {
		return -1
	}
	return b.Spent[Working] / time.Duration(max(1, b.Items+b.Failed))
}
