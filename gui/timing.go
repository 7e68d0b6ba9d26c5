package gui

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/gui/chart"
)

// timing is the pane that shows what many workers brought: the measured
// comparison with one, and what each of them did.
type timing struct {
	page  *page
	bars  []chart.Bar
	lanes [][]core.Bar
	drawn time.Time // when lanes were last taken
	tab   *container.TabItem

	invite  *widget.Label
	compare *widget.Button
	save    *widget.Button
	barBox  *chart.Widget
	laneBox *chart.Widget
	none    *widget.Label
	facts   *widget.Label
}

const redraw = 500 * time.Millisecond

func newTiming(p *page) *timing {
	t := &timing{page: p}
	t.invite = &widget.Label{
		Wrapping: fyne.TextWrapWord, Importance: widget.LowImportance,
		Text: "How much faster than one by one? The comparison runs the same items again, with one worker and then with many, and keeps nothing it writes.",
	}
	t.compare = &widget.Button{Text: "Compare with one worker", OnTapped: p.compare}
	t.save = &widget.Button{Text: "Save as PNG", Icon: theme.DocumentSaveIcon(), OnTapped: t.savePicture}
	t.barBox = chart.New(t.drawBars, fyne.NewSize(200, 66))
	t.laneBox = chart.New(t.drawLanes, fyne.NewSize(200, 110))
	t.none = &widget.Label{Text: "After Start, a lane for each worker shows what it did and when.", Importance: widget.LowImportance, Alignment: fyne.TextAlignCenter}
	t.facts = &widget.Label{Wrapping: fyne.TextWrapWord}
	t.build()
	return t
}

func (t *timing) build() {
	head := container.NewBorder(nil, nil, heading2("One by one against many workers"), container.NewHBox(t.compare, t.save))
	top := container.NewVBox(head, container.NewStack(t.invite, indented(t.barBox)), heading2("What each worker did"))
	t.tab = container.NewTabItem("Timing",
		container.NewBorder(top, t.facts, nil, nil, container.NewStack(container.NewCenter(t.none), indented(t.laneBox))))
	t.clear()
}

// indented lines a chart up with the texts above it.
func indented(o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(0, 0, theme.InnerPadding(), theme.InnerPadding()), o)
}

func heading2(text string) *widget.Label {
	return &widget.Label{Text: text, TextStyle: fyne.TextStyle{Bold: true}}
}

func (t *timing) drawBars(size fyne.Size, look chart.Look) []fyne.CanvasObject {
	return chart.Bars(t.bars)(size, look)
}

func (t *timing) drawLanes(size fyne.Size, look chart.Look) []fyne.CanvasObject {
	return chart.Lanes(t.lanes)(size, look)
}

// clear forgets the last run and what it was compared with.
func (t *timing) clear() {
	t.lanes = nil
	t.facts.SetText("")
	t.clearBars()
	t.arrange()
}

func (t *timing) clearBars() {
	t.bars = nil
	t.arrange()
}

// arrange shows the charts that have something to show, and says how to get
// the others.
func (t *timing) arrange() {
	moved := false
	for _, part := range []struct {
		object  fyne.CanvasObject
		visible bool
	}{
		{t.invite, t.bars == nil},
		{t.barBox, t.bars != nil},
		{t.none, len(t.lanes) == 0},
		{t.laneBox, len(t.lanes) > 0},
		{t.facts, t.facts.Text != ""},
	} {
		moved = moved || part.object.Visible() != part.visible
		setVisible(part.object, part.visible)
	}
	t.barBox.Refresh()
	t.laneBox.Refresh()
	if moved { // Fyne forgets to lay out around charts that change in the same frame
		t.tab.Content.Refresh()
	}
}

func (t *timing) settle() {
	setEnabled(t.compare, t.page.idle())
	setEnabled(t.save, t.hasPicture())
}

func (t *timing) hasPicture() bool { return len(t.lanes) > 0 || t.bars != nil }

// look takes the lanes anew, twice a second and only while they are seen.
func (t *timing) look(run core.Steerable) {
	if time.Since(t.drawn) >= redraw && t.page.seen(t.tab) {
		t.take(run)
	}
}

func (t *timing) take(run core.Steerable) {
	had := t.hasPicture()
	t.drawn = time.Now()
	t.lanes = run.Timeline()
	t.arrange()
	if had != t.hasPicture() {
		t.page.settle()
	}
}

// finished shows a run's whole timeline and its figures.
func (t *timing) finished(run core.Steerable, report core.Report) {
	t.take(run)
	t.facts.SetText(factsOf(report))
	t.arrange()
}

// factsOf gives the figures of a run. Overlap is not called a speed-up: an
// item's clock runs on while it waits for a processor.
func factsOf(r core.Report) string {
	if r.Items == 0 {
		return ""
	}
	return fmt.Sprintf("One item took %s as a rule, %s at the 95th and %s at the 99th percentile. Overlap: %.1f items in hand at once, with %s.",
		duration(r.P50), duration(r.P95), duration(r.P99), r.Overlap(), countOf(r.Workers, "worker"))
}

// showComparison shows two measured runs of the same items.
func (t *timing) showComparison(one, many core.Report) {
	t.bars = []chart.Bar{
		{Label: "One by one", Value: one.Wall.Seconds(), Text: duration(one.Wall), Muted: true},
		{
			Label: countOf(many.Workers, "worker"), Value: many.Wall.Seconds(),
			Text: duration(many.Wall) + ", " + speedUp(one, many),
		},
	}
	t.facts.SetText(factsOf(many))
	t.arrange()
	t.page.settle()
}

// savePicture asks for a file and draws all charts into it, twice as fine as
// on the screen.
func (t *timing) savePicture() {
	if !t.hasPicture() {
		return
	}
	p := t.page
	p.pick.save("Save the chart", p.scenario.Name+"-timing.png", func(path string) {
		size := fyne.NewSize(1280, 640+float32(len(p.live.charts))*(figureHeight+40))
		var made bytes.Buffer // drawn here: Fyne's fonts and caches are the GUI goroutine's
		err := chart.PNG(&made, t.picture(), size, p.app.Settings().Theme(), p.app.Settings().ThemeVariant())
		if err != nil {
			p.saved(path, err)
			return
		}
		p.pulse.Go(func() func() {
			err := writeFile(path, func(w io.Writer) error { _, err := made.WriteTo(w); return err })
			return func() { p.saved(path, err) }
		})
	})
}

// picture is all charts as one, with the data as it is now.
func (t *timing) picture() chart.Draw {
	parts := []chart.Part{}
	if t.bars != nil {
		parts = append(parts, chart.Part{Title: "One by one against many workers", Height: 100, Draw: chart.Bars(t.bars)})
	}
	if len(t.lanes) > 0 {
		parts = append(parts, chart.Part{Title: "What each worker did", Draw: chart.Lanes(t.lanes)})
	}
	parts = append(parts, t.page.live.parts()...)
	return chart.Stack(t.page.scenario.Title+": "+t.page.bar.status.Text, parts)
}

func (p *page) saved(path string, err error) {
	if err != nil {
		p.bar.complain("Not saved: " + err.Error())
		return
	}
	p.bar.tell("Saved as " + path)
}
