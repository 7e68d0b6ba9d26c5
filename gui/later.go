package gui

import "slices"

// moment is, in beats, how long nothing must be changed before something
// follows from it, and how long work may take before it is mentioned.
const moment = 3

// later is something that is done on the GUI goroutine once a number of beats
// has passed since it was last asked for: what is typed letter by letter is
// acted on once.
type later struct {
	pulse *pulse
	beats int
	do    func()
	left  int // beats to go, guarded by pulse.mu; 0: not asked for
}

// Ask begins to count anew.
func (l *later) Ask() {
	p := l.pulse
	p.mu.Lock()
	defer p.mu.Unlock()
	if l.left == 0 {
		p.waiting = append(p.waiting, l)
	}
	l.left = l.beats
	p.wake()
}

// Drop forgets that it was asked for.
func (l *later) Drop() {
	p := l.pulse
	p.mu.Lock()
	defer p.mu.Unlock()
	l.left = 0
	p.waiting = slices.DeleteFunc(p.waiting, func(w *later) bool { return w == l })
}

// due counts a beat, and takes out what has waited long enough. The caller
// holds mu.
func (p *pulse) due() []func() {
	var list []func()
	p.waiting = slices.DeleteFunc(p.waiting, func(l *later) bool {
		l.left--
		if l.left == 0 {
			list = append(list, l.do)
		}
		return l.left == 0
	})
	return list
}
