package gui

import (
	"context"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// page is a tab: the form, the run bar, the results and the timing of one
// scenario, whichever it is.
type page struct {
	*Window
	scenario catalog.Scenario
	form     *form
	bar      *runBar
	results  *results
	timing   *timing
	panes    *container.AppTabs
	tab      *container.TabItem
	object   *fyne.Container
	again    fyne.CanvasObject // offers sample data beside results

	work   *work          // under way; nil: nothing
	ran    catalog.Config // the settings of the results shown
	report core.Report    // of the last run
	ended  string         // "1,240 done, 3 failed", for the title
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
	var err error
	if p.form, err = newForm(p); err != nil {
		return nil, err
	}
	p.again = p.sampleButton()
	p.bar = newRunBar(p)
	p.results = newResults(p)
	p.timing = newTiming(p)
	p.panes = container.NewAppTabs(
		container.NewTabItem("Results", p.results.object),
		container.NewTabItem("Timing", p.timing.object),
	)
	about := &widget.Label{Text: s.About, TextStyle: fyne.TextStyle{Bold: true}, Truncation: fyne.TextTruncateEllipsis}
	head := container.NewBorder(nil, nil, nil, p.again, about)
	top := container.NewVBox(head, p.form.object, p.bar.object)
	p.object = container.NewPadded(container.NewBorder(top, nil, nil, nil, p.panes))
	p.tab = container.NewTabItemWithIcon(s.Title, theme.Icon(fyne.ThemeIconName(s.Icon)), p.object)
	p.settle()
	return p, nil
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

// look shows how the page's work stands. It runs at every beat.
func (p *page) look() {
	p.results.look()
	if p.work == nil || p.work.steer == nil {
		return
	}
	progress := p.work.steer.Progress()
	if progress.State != core.Ended {
		p.bar.look(p.work.prefix, progress)
	}
	p.timing.look(p.work.steer)
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

func (p *page) openPlace() { p.openPath(p.place()) }

// openItem opens the file that a row is about, if it is one.
func (p *page) openItem(row core.Row) {
	for _, path := range []string{row.Item, filepath.Join(p.place(), row.Item)} {
		if filepath.IsAbs(path) && isFile(path) {
			p.openPath(path)
			return
		}
	}
}

// drop takes what was dropped onto the window into the form.
func (p *page) drop(paths []string) {
	_, _, _ = p.form.read() // keep what was typed, whatever is wrong with it
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
	p.bar.tell("Press Start to go on with what was dropped.")
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
