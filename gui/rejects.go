package gui

import (
	"sort"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// rejects is the pane with what a run could not use of its source, and why. It
// is there once there is one, and stays until the next run.
type rejects struct {
	page   *page
	rows   *rejectRows
	shown  bool // among the panes
	drawn  int  // how many, as the table shows them
	tab    *container.TabItem
	table  *table
	tally  *widget.Label
	about  *widget.Label // the selected one
	record *reader       // as it stood
	below  fyne.CanvasObject
	full   *fyne.Container
}

const recordHeight = 104

func newRejects(p *page) *rejects {
	r := &rejects{page: p, rows: &rejectRows{}}
	r.table = newTable(r.rows, rejectColumns())
	r.rows.window = func() (from, most int) { return r.table.top(), r.table.lines() }
	r.table.onSelect, r.table.onOpen, r.table.onCopy = r.choose, r.read, r.copy
	r.tally = &widget.Label{Truncation: fyne.TextTruncateEllipsis}
	copyRow := &widget.Button{Text: "Copy row", OnTapped: r.table.copySelected}
	r.about = &widget.Label{Wrapping: fyne.TextWrapWord, Selectable: true}
	r.record = newReader()
	r.below = container.New(heightLayout{recordHeight},
		container.NewBorder(container.NewBorder(nil, nil, nil, container.NewCenter(copyRow), r.about), nil, nil, nil, r.record))
	r.below.Hide()
	r.full = container.NewBorder(r.tally, r.below, nil, nil, r.table)
	r.tab = container.NewTabItem("Rejects", r.full)
	return r
}

func rejectColumns() []column {
	text := func(of func(core.Reject) string) func(core.Row) string {
		return func(r core.Row) string {
			if one, ok := r.Out.(core.Reject); ok {
				return of(one)
			}
			return "…"
		}
	}
	return []column{
		{title: "Source", least: 110, share: 1, middle: true, text: text(func(r core.Reject) string { return r.Source })},
		{title: "Line", number: true, least: 70, text: text(lineText)},
		{title: "Reason", least: 220, share: 3, text: text(func(r core.Reject) string { return r.Reason })},
		{title: "Record", least: 160, share: 3, text: text(func(r core.Reject) string { return r.Record })},
	}
}

func lineText(r core.Reject) string {
	if r.Line == 0 {
		return ""
	}
	return strconv.FormatInt(r.Line, 10)
}

// clear forgets those of the last run.
func (r *rejects) clear() {
	r.rows.follow(nil)
	r.table.selected, r.drawn = -1, 0
	r.choose(core.Row{})
	r.table.ScrollToTop()
	r.settle()
}

// watch begins to show those of a run, if it keeps them.
func (r *rejects) watch(run core.Steerable) {
	r.clear()
	if rejecter, ok := run.(catalog.Rejecter); ok {
		r.rows.follow(rejecter)
		r.look()
	}
}

// look shows what came since the last look. It runs at every beat.
func (r *rejects) look() {
	if r.rows.run == nil {
		return
	}
	before := r.rows.all
	r.rows.count()
	r.settle()
	if r.page.seen(r.tab) && (before != r.rows.all || r.drawn != r.rows.all) {
		r.drawn = r.rows.all
		r.rows.see()
		r.table.Refresh()
	}
}

// settle shows the pane once there is something in it, with how much.
func (r *rejects) settle() {
	say(r.tally, r.words())
	title := "Rejects"
	if r.rows.all > 0 {
		title += " (" + count(r.rows.all) + ")"
	}
	renamed := r.tab.Text != title
	r.tab.Text = title
	switch p := r.page; {
	case r.shown != (r.rows.all > 0):
		r.shown = !r.shown
		p.arrangePanes()
	case renamed && r.shown:
		p.panes.Refresh()
	}
}

func (r *rejects) words() string {
	text := countOf(r.rows.all, "record") + " could not be used."
	if r.rows.kept < r.rows.all {
		text += " The first " + count(r.rows.kept) + " are listed."
	}
	return text
}

// choose shows the selected one in full.
func (r *rejects) choose(row core.Row) {
	one, ok := row.Out.(core.Reject)
	if ok {
		about := one.Source
		if one.Line > 0 {
			about += ", line " + lineText(one)
		}
		say(r.about, about+": "+one.Reason)
		r.record.set(one.Record)
	}
	if r.below.Visible() != ok {
		setVisible(r.below, ok)
		r.full.Refresh()
	}
}

// read moves the keyboard into the record, to mark and copy parts of it.
func (r *rejects) read(core.Row) {
	if r.below.Visible() {
		r.page.Canvas().Focus(r.record.sheet)
	}
}

func (r *rejects) copy(row core.Row) {
	if one, ok := row.Out.(core.Reject); ok {
		r.page.app.Clipboard().SetContent(spread([]string{one.Source, lineText(one), one.Reason, one.Record}))
		r.page.bar.tell("Row " + count(row.Seq) + " copied.")
	}
}

func (p *page) focusRejects() {
	p.panes.Select(p.rejects.tab)
	p.Canvas().Focus(p.rejects.table)
}

// rejectRows are what a run could not use, as a table shows them: only those
// that can be seen are asked for.
type rejectRows struct {
	run    catalog.Rejecter // nil: there is none
	window func() (from, most int)
	from   int // line of the first of items
	items  []core.Reject
	all    int
	kept   int // of all; the others are only counted
}

func (r *rejectRows) follow(run catalog.Rejecter) {
	*r = rejectRows{run: run, window: r.window}
}

// count finds out how many there are, and how many of them are kept.
func (r *rejectRows) count() {
	_, all := r.run.Rejects(0, 0)
	if all == r.all {
		return
	}
	full := r.kept < r.all // only the first are kept, and those were all there
	r.all = all
	if full {
		return
	}
	there := func(line int) bool { items, _ := r.run.Rejects(line, 1); return len(items) == 1 }
	if r.kept = all; all > 0 && !there(all-1) {
		r.kept = sort.Search(all, func(line int) bool { return !there(line) })
	}
}

// see looks at what can be seen now.
func (r *rejectRows) see() {
	if r.run != nil {
		from, most := r.window()
		r.items, _ = r.run.Rejects(from, most)
		r.from = from
	}
}

// Look tells how many lines there are.
func (r *rejectRows) Look() (shown, all, failed int) { return r.kept, r.kept, 0 }

// At is the one in a line.
func (r *rejectRows) At(line int) (core.Row, bool) {
	if line < 0 || line >= r.kept {
		return core.Row{}, false
	}
	if line < r.from || line >= r.from+len(r.items) {
		r.see()
	}
	if line < r.from || line >= r.from+len(r.items) { // chosen, and not seen
		items, _ := r.run.Rejects(line, 1)
		if len(items) == 0 {
			return core.Row{Seq: line + 1}, true
		}
		return core.Row{Seq: line + 1, Out: items[0]}, true
	}
	return core.Row{Seq: line + 1, Out: r.items[line-r.from]}, true
}
