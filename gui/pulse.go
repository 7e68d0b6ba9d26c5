package gui

import (
	"cmp"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

const beat = 100 * time.Millisecond

// pulse is the one way from another goroutine to the window. While any work
// given to Go is under way it beats ten times a second: it runs what finished
// work handed back, what was asked for later and is due, and show, in a single
// call on the GUI goroutine. A window with nothing under way has no pulse and
// costs nothing.
type pulse struct {
	show  func()        // look at what is running, and show it
	every time.Duration // from one beat to the next; 0: a tenth of a second
	do    func(func())  // run on the GUI goroutine, return after; nil: fyne.DoAndWait

	mu       sync.Mutex
	underWay int
	beating  bool
	back     []func()
	waiting  []*later
	wg       sync.WaitGroup
}

// Go runs work on a goroutine of its own, and what work returns on the GUI
// goroutine at the next beat.
func (p *pulse) Go(work func() (then func())) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.underWay++
	// Ends with the work.
	p.wg.Go(func() { p.finish(work()) })
	p.wake()
}

// wake has the pulse beat. The caller holds mu.
func (p *pulse) wake() {
	if !p.beating {
		p.beating = true
		// Ends at the first beat with nothing under way.
		p.wg.Go(p.run)
	}
}

// Post runs then on the GUI goroutine at the next beat. Only work that is
// under way may call it: without it there is no next beat.
func (p *pulse) Post(then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.back = append(p.back, then)
}

func (p *pulse) finish(then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.underWay--
	p.back = append(p.back, then)
}

func (p *pulse) run() {
	do := p.do
	if do == nil {
		do = fyne.DoAndWait
	}
	ticker := time.NewTicker(cmp.Or(p.every, beat))
	defer ticker.Stop()
	for more := true; more; {
		<-ticker.C
		do(p.once)
		more = p.goesOn()
	}
}

// once is one beat.
func (p *pulse) once() {
	p.mu.Lock()
	back := append(p.back, p.due()...)
	p.back = nil
	p.mu.Unlock()
	for _, then := range back {
		if then != nil {
			then()
		}
	}
	p.show()
}

func (p *pulse) goesOn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beating = p.underWay > 0 || len(p.back) > 0 || len(p.waiting) > 0
	return p.beating
}
