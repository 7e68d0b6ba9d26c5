package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/gui/chart"
)

// live is the pane with the figures of a run that change while it goes on. It
// is there once a run has such figures, and keeps them after its end.
type live struct {
	page    *page
	run     catalog.Charter // nil: the last run has no figures
	going   bool
	charts  []core.Chart
	figures []figure // of the charts
	drawn   time.Time
	shown   bool // among the panes
	grid    *fyne.Container
	tab     *container.TabItem
}

// figure shows one of the charts under its title.
type figure struct {
	*chart.Widget
	title *widget.Label
}

const figureHeight = 160 // in a picture

func newLive(p *page) *live {
	l := &live{page: p, grid: container.NewGridWithColumns(1)}
	l.tab = container.NewTabItem("Live", l.grid)
	return l
}

// clear forgets the last run.
func (l *live) clear() {
	l.run, l.going = nil, false
	l.take(nil)
}

// watch begins to show a run, if that has figures.
func (l *live) watch(run core.Steerable) {
	l.run, l.going = nil, false
	charter, ok := run.(catalog.Charter)
	if !ok {
		return
	}
	l.run, l.going = charter, true
	if !l.shown {
		l.shown = true
		selected := l.page.panes.Selected()
		l.page.panes.SetItems(l.page.tabs())
		l.page.panes.Select(selected)
	}
	l.take(charter.Charts())
}

// look takes the figures anew, twice a second and only while they are seen.
func (l *live) look() {
	if l.going && time.Since(l.drawn) >= redraw && l.page.seen(l.tab) {
		l.take(l.run.Charts())
	}
}

// finished shows the figures as they are at the run's end.
func (l *live) finished() {
	if l.going {
		l.going = false
		l.take(l.run.Charts())
	}
}

func (l *live) take(charts []core.Chart) {
	l.drawn, l.charts = time.Now(), charts
	if len(charts) != len(l.figures) {
		l.arrange()
	}
	for i, f := range l.figures {
		say(f.title, charts[i].Title)
		f.Refresh()
	}
}

// arrange makes a place for each figure: two beside each other, if there are
// several.
func (l *live) arrange() {
	l.figures = nil
	l.grid.Layout = layout.NewGridLayoutWithColumns(min(max(1, len(l.charts)), 2))
	l.grid.Objects = nil
	for i := range l.charts {
		f := figure{title: heading2("")}
		f.Widget = chart.New(func(size fyne.Size, look chart.Look) []fyne.CanvasObject {
			if i >= len(l.charts) {
				return nil
			}
			return chart.Line(l.charts[i])(size, look)
		}, fyne.NewSize(200, 70))
		l.figures = append(l.figures, f)
		l.grid.Add(container.NewBorder(f.title, nil, nil, nil, indented(f.Widget)))
	}
	l.grid.Refresh()
}

// parts are the figures for a picture.
func (l *live) parts() []chart.Part {
	var parts []chart.Part
	for _, c := range l.charts {
		parts = append(parts, chart.Part{Title: c.Title, Height: figureHeight, Draw: chart.Line(c)})
	}
	return parts
}
