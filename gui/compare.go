package gui

import (
	"fmt"

	"manyhands/core"
	"manyhands/core/catalog"
)

// compare runs the same items with one worker and with as many as the form
// asks for, into a folder that is removed, so that the speed-up is measured
// and not guessed.
func (p *page) compare() {
	if !p.idle() {
		return
	}
	cfg, ok := p.settings()
	if !ok {
		return
	}
	many := p.manyWorkers()
	p.timing.clearBars()
	p.panes.Select(p.timing.tab)
	w := p.begin("Comparing…")
	p.pulse.Go(func() func() {
		reports, err := catalog.Compare(w.ctx, cfg, []int{1, many}, p.watch)
		return func() { p.compared(reports, err) }
	})
}

// manyWorkers is what one worker is compared with.
func (p *page) manyWorkers() int {
	if n := p.workersAsked(); n > 1 {
		return n
	}
	return max(2, core.Workers(0).Count())
}

// watch is told of each run of a comparison as it starts, on the comparison's
// own goroutine.
func (p *page) watch(workers int, run core.Steerable) {
	p.pulse.Post(func() {
		if p.work == nil {
			return
		}
		p.work.steer, p.work.prefix = run, countOf(workers, "worker")+": "
		p.settle()
		if p.work.ctx.Err() != nil { // cancelled between two runs
			run.Cancel()
		}
	})
}

func (p *page) compared(reports []core.Report, err error) {
	if p.work.steer != nil {
		p.timing.finished(p.work.steer, p.report)
	}
	cancelled := p.end()
	switch {
	case cancelled:
		p.bar.status.SetText("Comparison cancelled")
	case err != nil:
		p.bar.status.SetText("Not compared")
		p.bar.complain(sentence(err))
	case len(reports) == 2:
		p.timing.showComparison(reports[0], reports[1])
		p.bar.status.SetText(comparisonOf(reports[0], reports[1]))
		p.ended = "compared"
		p.showTitle()
		p.notify(p.scenario.Title, p.bar.status.Text)
	}
}

// comparisonOf says what a comparison came to: "1,240 in 61.2 s one by one,
// in 9.4 s with 8 workers: 6.5 times as fast".
func comparisonOf(one, many core.Report) string {
	return fmt.Sprintf("%s in %s one by one, in %s with %s: %s",
		count(one.Items), duration(one.Wall), duration(many.Wall), countOf(many.Workers, "worker"), speedUp(one, many))
}

func speedUp(one, many core.Report) string {
	return fmt.Sprintf("%.1f times as fast", catalog.SpeedUp(one, many))
}
