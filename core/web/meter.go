package web

import (
	"sync"
	"time"
)

// ticks is how finely a meter looks at its span.
const ticks = 10

// meter counts the events of the last span. It takes in up to a tenth of the
// span more.
type meter struct {
	span   time.Duration
	mu     sync.Mutex
	counts [ticks + 1]int
	newest int64 // the tick of the latest event, since 1970
}

func (m *meter) add(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[m.turn(now)]++
}

func (m *meter) sum(now time.Time) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(now)
	n := 0
	for _, count := range m.counts {
		n += count
	}
	return n
}

// turn empties what has gone by, and is the place of now.
func (m *meter) turn(now time.Time) int {
	tick := now.UnixNano() / max(1, int64(m.span)/ticks)
	gone := tick - m.newest
	for i := range min(max(gone, 0), int64(len(m.counts))) {
		m.counts[(tick-i)%int64(len(m.counts))] = 0
	}
	m.newest = max(m.newest, tick)
	return int(m.newest % int64(len(m.counts)))
}
