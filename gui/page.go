package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// page is a tab: the form, the run bar, the results, the preview and the
// timing of one scenario, whichever it is.
type page struct {
	*Window
	scenario catalog.Scenario
	form     *form
	bar      *runBar
	results  *results
	timing   *timing
	live     *live
	queue    *queue
	found    *found   // nil: the items cannot be looked for
	preview  *preview // nil: there is none
	source   *source  // nil: likewise
	database *database
	rejects  *rejects
	follows  []follower
	presets  *presets // nil: there are none
	changes  later    // of the form
	steers   later    // what was changed in the form of a run that goes on
	picking  picking
	panes    *container.AppTabs
	tab      *container.TabItem
	object   *fyne.Container
	again    fyne.CanvasObject // offers sample data beside results

	work   *work             // under way; nil: nothing
	handed map[string]string // what of the form a run that goes on was given
	ran    catalog.Config    // the settings of the results shown
	report core.Report       // of the last run
	ended  string            // "1,240 done, 3 failed", for the title
}

// work is what a page has under way: a run, the runs of a comparison, or the
// making of sample data.
type work struct {
	ctx    context.Context //nolint:containedctx // ends with the work, which is why it is kept beside it
	cancel context.CancelFunc
	steer  core.Steerable // nil until it can be steered
	prefix string         // said before the status
}

func newPage(w *Window, s catalog.Scenario) (*page, error) {
	p := &page{Window: w, scenario: s}
	p.changes = later{pulse: w.pulse, beats: moment, do: p.reconsider}
	p.steers = later{pulse: w.pulse, beats: pause, do: p.adjust}
	p.found = newFound(p)
	p.presets = newPresets(p)
	var err error
	if p.form, err = newForm(p); err != nil {
		return nil, err
	}
	p.again = p.sampleButton()
	p.bar = newRunBar(p)
	p.results = newResults(p)
	p.timing = newTiming(p)
	p.live = newLive(p)
	p.queue = newQueue(p)
	p.rejects = newRejects(p)
	p.makeFollowers()
	p.panes = container.NewAppTabs(p.tabs()...)
	p.panes.OnSelected = func(*container.TabItem) { p.turnedTo() }
	about := &widget.Label{Text: s.About, TextStyle: fyne.TextStyle{Bold: true}, Truncation: fyne.TextTruncateEllipsis}
	head := container.NewBorder(nil, nil, nil, p.again, about)
	p.object = container.NewPadded(container.New(pageLayout{p.form}, head, p.form.scroll, p.bar.object, p.panes))
	p.offerToGoOn()
	p.tab = container.NewTabItemWithIcon(s.Title, theme.Icon(fyne.ThemeIconName(s.Icon)), p.object)
	p.settle()
	return p, nil
}

// offerToGoOn says that the last run, of an earlier start of the program, did
// not come to its end.
func (p *page) offerToGoOn() {
	c, ok := p.form.cfg.(catalog.Continuer)
	if ok && c.Continues() && p.memory.Unfinished(p.scenario.Name) {
		p.bar.tell("The last run did not come to its end: press Start to go on where it stopped.")
	}
}

// sampleButton is for later, when the table no longer offers sample data.
func (p *page) sampleButton() fyne.CanvasObject {
	if p.scenario.Sample == nil {
		return container.NewHBox()
	}
	sample := &widget.Button{Text: "Use sample data", Importance: widget.LowImportance, OnTapped: p.useSample}
	sample.Hide()
	return sample
}

// begin marks the page busy. Nothing else can begin until end.
func (p *page) begin(what string) *work {
	ctx, cancel := context.WithCancel(context.Background())
	p.work = &work{ctx: ctx, cancel: cancel}
	p.ended = ""
	p.Canvas().Unfocus() // a blinking cursor keeps a core busy
	p.bar.busy(what)
	p.settle()
	return p.work
}

// end marks the page free again. It tells whether its work was cancelled.
func (p *page) end() (cancelled bool) {
	cancelled = p.work.ctx.Err() != nil
	p.work.cancel()
	p.work = nil
	p.bar.idle()
	p.settle()
	p.leaveIfAsked()
	return cancelled
}

// settle brings everything that depends on what can be done now up to date.
func (p *page) settle() {
	setEnabled(p.results.retry, p.canRetry())
	setEnabled(p.results.openPlace, p.place() != "")
	setEnabled(p.results.export, p.results.all > 0)
	p.timing.settle()
	p.Window.settle()
}

func setEnabled(w fyne.Disableable, enabled bool) {
	if enabled {
		w.Enable()
	} else {
		w.Disable()
	}
}

// changed is told of every change in the form. What depends on the settings
// follows when there was no other one for a moment.
func (p *page) changed() {
	if p.work != nil {
		p.steers.Ask()
	}
	if p.found != nil || len(p.follows) > 0 || p.presets != nil {
		p.changes.Ask()
	}
}

// reconsider brings what depends on the settings up to date.
func (p *page) reconsider() {
	cfg, mistake := p.form.peek()
	if p.presets != nil {
		p.presets.compare(cfg, mistake)
	}
	if p.found != nil {
		p.found.seek(cfg)
	}
	for _, f := range p.follows {
		f.change(cfg, mistake)
	}
}

// rest gives up what is under way beside the page's work.
func (p *page) rest() {
	p.changes.Drop()
	p.steers.Drop()
	p.picking.rest()
	if p.found != nil {
		p.found.rest()
	}
	for _, f := range p.follows {
		f.rest()
	}
	if p.results.thumbs != nil {
		p.results.thumbs.clear()
	}
}

// look shows how the page's work stands. It runs at every beat.
func (p *page) look() {
	p.results.look()
	p.live.look()
	p.queue.look()
	p.rejects.look()
	if p.found != nil {
		p.found.look()
	}
	for _, f := range p.follows {
		f.look()
	}
	if p.work == nil || p.work.steer == nil {
		return
	}
	progress := p.work.steer.Progress()
	if progress.State != core.Ended {
		p.bar.weight = weightOf(p.work.steer)
		p.bar.look(p.work.prefix, progress, p.savedByRun())
		if teller, ok := p.work.steer.(catalog.Teller); ok {
			say(p.bar.told, oneLine(teller.Tell()))
		}
	}
	p.timing.look(p.work.steer)
}

// savedByRun is what the rows came to, which are not those of a comparison.
func (p *page) savedByRun() string {
	if p.work.prefix != "" {
		return ""
	}
	return p.results.saved()
}

func (p *page) idle() bool { return p.work == nil }

func (p *page) canRetry() bool {
	_, can := p.ran.(catalog.Retrier)
	return can && p.idle() && p.results.failed > 0
}

// place is the folder that the results shown lie in, "" if there is none.
func (p *page) place() string {
	if placer, ok := p.ran.(catalog.Placer); ok {
		return placer.Place()
	}
	return ""
}

// drop takes what was dropped onto the window into the queue of a run, or into
// the form if none goes on.
func (p *page) drop(paths []string) {
	if p.queue.going() {
		p.queue.take(paths)
		return
	}
	_ = p.form.forget()  // fails only where making the form did
	_, _ = p.form.take() // keep what was typed, whatever is wrong with it
	taker, ok := p.form.cfg.(catalog.Dropper)
	if !ok {
		p.bar.complain(p.scenario.Title + " takes nothing that is dropped.")
		return
	}
	if err := taker.Drop(paths); err != nil {
		p.bar.complain(sentence(err))
		return
	}
	p.form.show()
	p.form.given = p.form.placeText()
	p.chosePlace()
	p.bar.tell("Press Start to go on with what was dropped.")
}

// chosePlace is told that what to work on was chosen or dropped, not typed. It
// may be what it was before.
func (p *page) chosePlace() {
	if p.source != nil {
		p.source.chosen = true
		p.changed()
	}
}

// remember keeps the settings of a run, and the folders it reads.
func (p *page) remember() {
	p.memory.Keep(p.scenario.Name, p.form.fields)
	for _, f := range slices.Backward(p.form.fields) {
		if f.Kind == catalog.Folder && f.Text() != "" {
			p.memory.Visit(p.scenario.Name, f.Text())
		}
	}
	p.form.offerRecent()
}
