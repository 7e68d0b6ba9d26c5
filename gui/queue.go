package gui

import (
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// queue is the pane with the items of a run that have not ended, and with what
// steers them. It is there once a run lets its items be steered one by one.
//
//	run ── Pending: what can be seen ──► queueRows ──► table
//	 ▲                                       │ chosen
//	 └── Hold, Drop, Move … ◄── deeds ◄── buttons, menus, keys
type queue struct {
	page  *page
	rows  *queueRows
	drawn queueRows // as the table shows them
	able  able      // as buttons and menu show it
	shown bool      // among the panes
	from  *container.TabItem
	tab   *container.TabItem

	table     *table
	buttons   map[string]*widget.Button // by their deed's name
	tally     *widget.Label
	detail    *widget.Label
	detailBox *container.Scroll
	say       *widget.Label
	full      *fyne.Container
	empty     *fyne.Container
}

func newQueue(p *page) *queue {
	q := &queue{page: p, rows: &queueRows{line: -1}, buttons: map[string]*widget.Button{}}
	q.table = newTable(q.rows, queueColumns(p.scenario.Item))
	q.rows.window = func() (from, most int) { return q.table.top(), q.table.lines() }
	q.table.onSelect, q.table.onMenu = q.choose, q.offer
	q.table.onOpen = func(core.Row) { q.do(changeAddress) }
	q.table.keys = map[fyne.KeyName]func(){
		fyne.KeySpace:  func() { q.do(holdItem) },
		fyne.KeyDelete: func() { q.do(cancelItem) },
	}
	q.tally = &widget.Label{Importance: widget.LowImportance, Alignment: fyne.TextAlignTrailing, Truncation: fyne.TextTruncateEllipsis}
	q.detail = &widget.Label{Wrapping: fyne.TextWrapBreak, Selectable: true}
	q.detailBox = container.NewVScroll(q.detail)
	q.detailBox.Hide()
	bar := container.NewBorder(nil, nil, q.bar(), nil, q.tally)
	q.full = container.NewBorder(bar, q.detailBox, nil, nil, q.table)
	q.say = &widget.Label{Alignment: fyne.TextAlignCenter, TextStyle: fyne.TextStyle{Bold: true}}
	results := &widget.Button{Text: "Show results", OnTapped: func() { p.panes.Select(p.results.tab) }}
	icon := widget.NewIcon(theme.Icon(fyne.ThemeIconName(p.scenario.Icon)))
	q.empty = container.NewCenter(container.NewVBox(container.New(widthLayout{44}, icon), q.say, container.NewCenter(results)))
	q.tab = container.NewTabItem("Queue", container.NewStack(q.full, q.empty))
	q.draw()
	return q
}

// begin notes which pane is in front when a run is started: a person who turns
// to another one before it goes on wants that.
func (q *queue) begin() {
	q.from = q.page.panes.Selected()
}

// watch begins to show a run, if its items can be steered.
func (q *queue) watch(run core.Steerable) {
	queuer, ok := run.(catalog.Queuer)
	if !ok {
		return
	}
	q.say.SetText("Nothing waits. More can be added while the run goes on.")
	q.table.ScrollToTop()
	q.rows.follow(queuer)
	selected := q.page.panes.Selected()
	if !q.shown {
		q.shown = true
		q.page.panes.SetItems(q.page.tabs())
		q.page.panes.Select(selected)
	}
	if selected == q.from {
		q.page.panes.Select(q.tab)
	}
	q.look()
}

// finished empties the queue of a run that has ended.
func (q *queue) finished(err error) {
	switch {
	case err == nil:
		q.say.SetText("All done: what came of it is in the results.")
	case errors.Is(err, core.ErrCancelled):
		q.say.SetText("The run was cancelled: nothing waits any more.")
	default:
		q.say.SetText("The run could not go on: nothing waits any more.")
	}
	q.rows.follow(nil)
	q.draw()
}

// look shows how the items stand, while they are seen.
func (q *queue) look() {
	if q.going() && q.page.seen(q.tab) {
		q.rows.see()
		q.rows.find()
		q.draw()
	}
	q.settle()
}

func (q *queue) going() bool { return q.rows.run != nil }

// draw shows what is not as it was drawn last.
func (q *queue) draw() {
	was, now := q.drawn, *q.rows
	q.drawn = now
	setVisible(q.full, now.all > 0)
	setVisible(q.empty, now.all == 0)
	say(q.tally, count(now.all)+" to go")
	q.describe()
	if was.all != now.all || was.from != now.from || was.line != now.line || !slices.Equal(was.items, now.items) {
		q.table.selected = now.line
		q.table.Refresh()
		q.table.keepWithin()
	}
	q.settle()
}

// describe tells all of the chosen item: its row shortens it.
func (q *queue) describe() {
	text := ""
	if q.rows.line >= 0 {
		text = q.rows.chosen.Item + "\n" + q.rows.chosen.State
	}
	if text == q.detail.Text {
		return
	}
	q.detail.SetText(text)
	height := detailHeight(text, q.table.Size().Width)
	if q.detailBox.Visible() == (text == "") || q.detailBox.MinSize().Height != height {
		q.detailBox.SetMinSize(fyne.NewSize(0, height))
		setVisible(q.detailBox, text != "")
		q.full.Refresh()
	}
}

// choose is told by the table which row was selected.
func (q *queue) choose(row core.Row) {
	one, ok := row.Out.(core.Pending)
	if !ok {
		q.table.selected = -1
	}
	q.rows.choose(one, q.table.selected)
	q.draw()
}

// focusQueue shows the queue and moves the keyboard into its table.
func (p *page) focusQueue() {
	p.panes.Select(p.queue.tab)
	if p.queue.full.Visible() {
		p.Canvas().Focus(p.queue.table)
	}
}

// CreateRenderer finds out where the table scrolls, which Fyne's does not tell.
func (t *table) CreateRenderer() fyne.WidgetRenderer {
	made := t.Table.CreateRenderer()
	for _, o := range made.Objects() {
		if scroll, ok := o.(*container.Scroll); ok {
			t.scroll = scroll
		}
	}
	return made
}

// Refresh lets lines that were added be scrolled to: Fyne's table forgets that,
// and one that began with few would not scroll at all.
func (t *table) Refresh() {
	t.Table.Refresh()
	if t.scroll != nil && t.scroll.Content.Size().Height < t.scroll.Content.MinSize().Height {
		t.scroll.Refresh()
	}
}

// top is the first line that can be seen.
func (t *table) top() int {
	if t.scroll == nil {
		return 0
	}
	return int(max(0, t.scroll.Offset.Y) / t.pitch())
}

// keepWithin scrolls back a table that has become shorter: Fyne's would show
// nothing where its lines were.
func (t *table) keepWithin() {
	if t.scroll == nil {
		return
	}
	lines, _ := t.length()
	most := max(0, float32(lines)*t.pitch()-t.scroll.Size().Height)
	if t.scroll.Offset.Y > most {
		t.ScrollToOffset(fyne.NewPos(t.scroll.Offset.X, most))
	}
}
