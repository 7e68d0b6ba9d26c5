package gui

import (
	"context"
	"fmt"
	"time"
)

// latest does work off the GUI goroutine of which only the newest wish counts,
// one at a time: a newer wish ends the one under way and waits for that.
type latest struct {
	pulse   *pulse
	next    func(context.Context) (then func()) // waits; nil: nothing does
	stop    context.CancelFunc                  // of the one under way; nil: none is
	since   time.Time                           // when the newest was wished for
	stopped bool                                // nobody wants the one under way any more
}

// longer is how long work may take before it is mentioned.
const longer = 300 * time.Millisecond

// Ask has work done in the place of any earlier. What it returns is run on the
// GUI goroutine, unless something newer was asked for or it was stopped.
func (l *latest) Ask(work func(context.Context) (then func())) {
	l.next, l.since = work, time.Now()
	if l.stop != nil {
		l.stopped = true
		l.stop()
		return
	}
	l.begin()
}

func (l *latest) begin() {
	work := l.next
	ctx, stop := context.WithCancel(context.Background())
	l.next, l.stop, l.stopped = nil, stop, false
	l.pulse.Go(func() func() {
		then := work(ctx)
		return func() { l.ended(then) }
	})
}

func (l *latest) ended(then func()) {
	l.stop()
	l.stop = nil
	switch {
	case l.next != nil:
		l.begin()
	case !l.stopped && then != nil:
		then()
	}
}

// Stop gives up what is under way and what waits.
func (l *latest) Stop() {
	l.next = nil
	if l.stop != nil {
		l.stopped = true
		l.stop()
	}
}

// Busy tells whether something is still to come.
func (l *latest) Busy() bool { return l.next != nil || l.stop != nil && !l.stopped }

// Words tell what takes long and how long it took so far, "" if nothing does.
func (l *latest) Words(what string) string {
	took := time.Since(l.since)
	switch {
	case !l.Busy() || took < longer:
		return ""
	case took < time.Second:
		return what + "…"
	}
	return fmt.Sprintf("%s… %d s", what, int(took.Seconds()))
}
