package gui

import (
	"context"
	"slices"
	"testing"
	"time"
)

func TestOnlyTheNewestWishCounts(t *testing.T) {
	d := sit(t)
	l := latest{pulse: d.pulse}
	var begun, ended []string
	gate := make(chan struct{})
	wish := func(name string) {
		l.Ask(func(ctx context.Context) func() {
			begun = append(begun, name)
			select {
			case <-gate:
			case <-ctx.Done():
			}
			return func() { ended = append(ended, name) }
		})
	}
	wish("first")
	wish("second")
	wish("third")
	close(gate)
	d.until("the end", func() bool { return !l.Busy() })
	if !slices.Equal(begun, []string{"first", "third"}) || !slices.Equal(ended, []string{"third"}) {
		t.Errorf("begun %q, ended %q", begun, ended)
	}
}

func TestWhatIsStoppedSaysNothing(t *testing.T) {
	d := sit(t)
	l := latest{pulse: d.pulse}
	ended := false
	l.Ask(func(ctx context.Context) func() { <-ctx.Done(); return func() { ended = true } })
	if !l.Busy() {
		t.Error("it is not busy")
	}
	l.Stop()
	if l.Busy() {
		t.Error("it is busy after it was stopped")
	}
	d.until("the end", func() bool { return l.stop == nil })
	if ended {
		t.Error("what nobody wants was handed back")
	}
	l.Stop() // nothing is under way
}

func TestWhatTakesLongIsMentioned(t *testing.T) {
	l := latest{since: time.Now()}
	for since, want := range map[time.Duration]string{0: "", 500 * time.Millisecond: "Reading…", 3500 * time.Millisecond: "Reading… 3 s"} {
		l.stop, l.since = func() {}, time.Now().Add(-since)
		if got := l.Words("Reading"); got != want {
			t.Errorf("after %v: %q", since, got)
		}
	}
	l.stop = nil
	if l.Words("Reading") != "" {
		t.Error("it says so after its end")
	}
}
