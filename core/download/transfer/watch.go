package transfer

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	leastBytes = 1 << 10 // must come within Options.Stall
	looks      = 10      // in that time
)

// watch ends a connection over which too little comes. Time in which nothing is
// read, as the run is paused or the bandwidth is limited, does not count.
type watch struct {
	limit time.Duration
	held  func() time.Duration // in which nothing was read, in all
	end   func(error)
	came  atomic.Int64

	mu    sync.Mutex
	timer *time.Timer // nil: stopped
	since time.Time   // leastBytes have come up to here
	from  int64       // bytes then
	idle  time.Duration
}

// start begins to watch; a limit of 0 is none.
func (w *watch) start() {
	if w.limit <= 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mark()
	w.timer = time.AfterFunc(w.limit/looks, w.look)
}

func (w *watch) mark() { w.since, w.from, w.idle = time.Now(), w.came.Load(), w.held() }

func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil {
		return
	}
	came := w.came.Load() - w.from
	if came >= leastBytes {
		w.mark()
	} else if time.Since(w.since)-(w.held()-w.idle) >= w.limit {
		w.end(&stallError{came, w.limit})
		return
	}
	w.timer.Reset(w.limit / looks)
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}
