package gui

import (
	"slices"
	"testing"
)

func TestLaterIsDoneOnceAfterTheLastAsking(t *testing.T) {
	var shown []string
	p := &pulse{show: func() {}, beating: true}
	l := &later{pulse: p, beats: 3, do: func() { shown = append(shown, "done") }}
	beat := func(n int) {
		for range n {
			p.once()
			shown = append(shown, "beat")
		}
	}
	l.Ask()
	beat(2)
	l.Ask()
	beat(4)
	want := []string{"beat", "beat", "beat", "beat", "done", "beat", "beat"}
	if !slices.Equal(shown, want) {
		t.Errorf("%q, want %q", shown, want)
	}
	if p.goesOn() {
		t.Error("it beats with nothing to wait for")
	}
	l.Ask()
	if !p.goesOn() {
		t.Error("it does not wait")
	}
	l.Drop()
	beat(4)
	if slices.Index(shown[len(want):], "done") >= 0 || p.goesOn() {
		t.Error("what was dropped is done")
	}
}
