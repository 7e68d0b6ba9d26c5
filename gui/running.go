package gui

import (
	"errors"
	"fmt"

	"manyhands/core"
	"manyhands/core/catalog"
)

// start reads the form and begins a run with it. What is wrong is said beside
// the button, and the keyboard moves to where it can be put right.
func (p *page) start() {
	if !p.idle() {
		return
	}
	cfg, ok := p.settings()
	if !ok {
		return
	}
	p.remember()
	p.results.clear()
	p.timing.clear()
	p.live.clear()
	p.rejects.clear()
	p.launch(cfg)
}

// settings reads the form. If something is wrong it says so.
func (p *page) settings() (catalog.Config, bool) {
	cfg, place, err := p.form.read()
	if err == nil {
		return cfg, true
	}
	p.bar.complain(sentence(err))
	p.form.focus(place)
	return nil, false
}

// retryFailed runs the failed items again with the settings they failed with.
// Their results replace the failed ones; all others stay.
func (p *page) retryFailed() {
	if !p.canRetry() {
		return
	}
	cfg := catalog.Copy(p.ran)
	cfg.(catalog.Retrier).Only(p.results.rows.Redo())
	p.launch(cfg)
}

// launch starts a run. Starting may take long, so it is not waited for here.
func (p *page) launch(cfg catalog.Config) {
	if p.ran == nil || p.results.all == 0 {
		p.ran = cfg
		p.results.follow(cfg)
	}
	p.queue.begin()
	p.handed = p.form.texts()
	w := p.begin("Starting…")
	p.pulse.Go(func() func() {
		run, err := cfg.Start(w.ctx, p.results.rows.Append)
		return func() { p.started(run, err) }
	})
}

func (p *page) started(run core.Steerable, err error) {
	if err != nil {
		p.end()
		p.bar.status.SetText("Not started")
		p.bar.complain(sentence(err))
		return
	}
	p.work.steer = run
	p.memory.Begin(p.scenario.Name)
	p.live.watch(run)
	p.queue.watch(run)
	p.rejects.watch(run)
	p.adjust()
	p.settle()
	p.pulse.Go(func() func() {
		report, err := run.Wait()
		notes := notesOf(run)
		return func() {
			p.bar.note(notes)
			p.finished(run, report, err)
		}
	})
}

// notesOf is what a run that has ended has to say.
func notesOf(run core.Steerable) []string {
	if noter, ok := run.(catalog.Noter); ok {
		return noter.Notes()
	}
	return nil
}

// finished shows what a run came to.
func (p *page) finished(run core.Steerable, report core.Report, err error) {
	p.results.look()
	p.report = report
	p.timing.finished(run, report)
	p.live.finished()
	p.queue.finished(err)
	p.rejects.look()
	p.ended = fmt.Sprintf("%s done", count(report.OK+report.Failed+report.Skipped))
	if report.Failed > 0 {
		p.ended += fmt.Sprintf(", %s failed", count(report.Failed))
	}
	p.end()
	if p.database != nil {
		p.database.renew()
	}
	summary := withSaved(summaryOf(report), p.results.saved())
	p.bar.status.SetText(summary)
	if err == nil {
		p.memory.End(p.scenario.Name)
	}
	switch {
	case err == nil:
		p.bar.tell("")
	case errors.Is(err, core.ErrCancelled):
		p.bar.tell("Cancelled: what was done stays.")
		p.ended = "cancelled, " + p.ended
	default:
		p.bar.complain("The run could not go on: " + err.Error())
		p.ended = "stopped, " + p.ended
	}
	p.Window.settle()
	p.notify(p.scenario.Title, summary)
}

func (p *page) pauseOrResume() {
	if p.work == nil || p.work.steer == nil {
		return
	}
	if p.work.steer.Progress().State == core.Paused {
		p.work.steer.Resume()
	} else {
		p.work.steer.Pause()
	}
	p.look()
}

// cancel ends what is in hand and drops the rest. What has not started yet
// does not start.
func (p *page) cancel() {
	if p.work == nil {
		return
	}
	p.bar.cancel.Disable()
	if p.work.steer != nil {
		p.work.steer.Cancel()
	}
	p.work.cancel()
}

// pause is, in beats, how long nothing must be typed before a setting is handed
// to a run that goes on: it is longer than between two keys.
const pause = 8

// adjustOnEnter hands a setting over at once when Enter is pressed in it.
func (p *page) adjustOnEnter(field catalog.Field, in input) {
	if !adjustable(field) {
		return
	}
	switch entry := in.focus.(type) {
	case *entryInput:
		entry.OnSubmitted = func(string) { p.adjust() }
	case *comboInput:
		entry.OnSubmitted = func(string) { p.adjust() }
	}
}

func adjustable(field catalog.Field) bool { return field.Live || field.Name == workers }

// adjust hands to a run that goes on what was changed in the form since it was
// given that.
func (p *page) adjust() {
	p.steers.Drop()
	if p.work == nil || p.work.steer == nil || p.work.prefix != "" {
		return
	}
	texts := p.form.texts()
	for _, field := range p.form.fields {
		text := texts[field.Name]
		if !adjustable(field) || text == p.handed[field.Name] {
			continue
		}
		p.handed[field.Name] = text
		if err := hand(p.work.steer, field, text); err != nil {
			p.blame(field, err)
		} else {
			p.bar.tell("")
		}
	}
}

// hand gives a run another value of a setting.
func hand(run core.Steerable, field catalog.Field, text string) error {
	if field.Name == workers {
		var n core.Workers
		if err := n.UnmarshalText([]byte(text)); err != nil || text == "" {
			return err
		}
		run.SetWorkers(n.Count())
		return nil
	}
	if adjuster, ok := run.(catalog.Adjuster); ok {
		return adjuster.Adjust(field.Name, text)
	}
	return nil
}

// blame says what is wrong with a field, by its name.
func (p *page) blame(field catalog.Field, err error) {
	if p.form.blamed(err) < 0 {
		err = fmt.Errorf("%s: %w", field.Label, err)
	}
	p.bar.complain(sentence(err))
}

// workersAsked is the number of workers the form asks for.
func (p *page) workersAsked() int {
	var n core.Workers
	for i, f := range p.form.fields {
		if f.Name == workers {
			_ = n.UnmarshalText([]byte(p.form.inputs[i].get()))
		}
	}
	return n.Count()
}
