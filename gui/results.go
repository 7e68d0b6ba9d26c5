package gui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// results is the pane with the table: what to show of it above, the selected
// row in full below. While there are no rows it says how to get some.
type results struct {
	page   *page
	rows   *rows
	table  *table
	thumbs *thumbs // nil: rows have no pictures
	object fyne.CanvasObject
	tab    *container.TabItem

	filter     *widget.Entry
	onlyFailed *widget.Check
	retry      *widget.Button
	openPlace  *widget.Button
	export     *widget.Button
	tally      *widget.Label
	detail     *widget.Label
	detailBox  *container.Scroll
	copyRow    *widget.Button
	readdress  *widget.Button // of a failed row whose address may have expired
	detailBar  *fyne.Container
	empty      *fyne.Container
	full       *fyne.Container
	chosen     core.Row
	columns    []catalog.Column // the scenario's own, and those that the settings add
	details    *details         // nil: rows have no more to read than they show

	shown, all, failed int // as last looked at
}

func newResults(p *page) *results {
	r := &results{page: p, rows: &rows{weigh: p.scenario.Weigh}, thumbs: newThumbs(p)}
	r.columns = p.scenario.Columns
	r.table = newTable(r.rows, columnsOf(p.scenario.Item, r.columns))
	r.details = newDetails(p)
	if r.thumbs != nil {
		r.table.thumbOf = r.thumbs.Of
	}
	r.table.onSelect, r.table.onOpen, r.table.onSort = r.showDetail, p.openItem, r.arrange
	r.filter = &widget.Entry{PlaceHolder: "Filter by name or reason", OnChanged: r.filtered}
	r.onlyFailed = &widget.Check{Text: "Only failed", OnChanged: func(bool) { r.arrange() }}
	r.tally = &widget.Label{Importance: widget.LowImportance, Truncation: fyne.TextTruncateEllipsis}
	r.retry = &widget.Button{Text: "Retry failed", Icon: theme.ViewRefreshIcon(), OnTapped: p.retryFailed}
	r.openPlace = &widget.Button{Text: "Open folder", Icon: theme.FolderOpenIcon(), OnTapped: p.openPlace}
	r.export = &widget.Button{Text: "Export", Icon: theme.DocumentSaveIcon(), OnTapped: r.askFormat}
	r.build()
	return r
}

func (r *results) build() {
	r.detail = &widget.Label{Wrapping: fyne.TextWrapWord, Selectable: true}
	r.detailBox = container.NewVScroll(r.detail)
	r.copyRow = &widget.Button{Text: "Copy row", Icon: theme.ContentCopyIcon(), OnTapped: r.copyChosen}
	r.readdress = &widget.Button{Text: "Address…", OnTapped: r.page.askNewAddress}
	r.detailBar = container.NewBorder(widget.NewSeparator(), nil, nil, container.NewCenter(container.NewVBox(r.copyRow, r.readdress)),
		r.detailBox)
	r.detailBar.Hide()
	left := container.NewHBox(container.New(widthLayout{200}, r.filter), r.onlyFailed)
	right := container.NewHBox(r.retry, r.openPlace, r.export)
	bar := container.NewBorder(nil, nil, left, right, r.tally)
	var body fyne.CanvasObject = r.table
	if r.details != nil {
		body = r.details.beside(r.table)
	}
	r.full = container.NewBorder(bar, r.detailBar, nil, nil, body)
	r.full.Hide()
	r.empty = r.invitation()
	r.object = container.NewStack(r.full, r.empty)
	r.tab = container.NewTabItem("Results", r.object)
}

// invitation is what an empty table says.
func (r *results) invitation() *fyne.Container {
	p := r.page
	icon := widget.NewIcon(theme.Icon(fyne.ThemeIconName(p.scenario.Icon)))
	say := &widget.Label{
		Text: p.form.invitation(), Alignment: fyne.TextAlignCenter, TextStyle: fyne.TextStyle{Bold: true},
	}
	hint := &widget.Label{Text: r.hint(), Alignment: fyne.TextAlignCenter, Importance: widget.LowImportance}
	box := container.NewVBox(container.New(widthLayout{44}, icon), say)
	if hint.Text != "" {
		box.Add(hint)
	}
	if p.scenario.Sample != nil {
		sample := &widget.Button{Text: "Use sample data", OnTapped: p.useSample}
		box.Add(container.NewCenter(sample))
	}
	return container.NewCenter(box)
}

func (f *form) invitation() string {
	switch {
	case f.find(catalog.Lines) >= 0:
		return "Type, paste or choose addresses above, then press Start."
	case f.asksForPlace():
		return "Choose what to work on above, then press Start."
	}
	return "Press Start: results appear here as they come."
}

func (r *results) hint() string {
	f := r.page.form
	switch _, ok := f.cfg.(catalog.Dropper); {
	case !ok:
		return ""
	case f.find(catalog.Lines) >= 0:
		return "Or drop a list, or addresses, anywhere on this window."
	}
	return "Or drop a folder or files anywhere on this window."
}

// look shows what came since the last look.
func (r *results) look() {
	if r.thumbs != nil {
		r.thumbs.look()
	}
	if r.details != nil {
		r.details.look()
	}
	shown, all, failed := r.rows.Look()
	if shown != r.shown || all != r.all || failed != r.failed {
		r.tellCounts(shown, all, failed)
		r.table.makeRoom(r.rows.Widest())
		r.table.Refresh()
	}
}

func (r *results) tellCounts(shown, all, failed int) {
	r.shown, r.all, r.failed = shown, all, failed
	setVisible(r.full, all > 0)
	setVisible(r.empty, all == 0)
	setVisible(r.page.again, all > 0)
	text := "Only failed"
	if failed > 0 {
		text = fmt.Sprintf("Only failed (%s)", count(failed))
	}
	if r.onlyFailed.Text != text {
		r.onlyFailed.Text = text
		r.onlyFailed.Refresh()
	}
	var tally []string
	if shown != all {
		tally = append(tally, count(shown)+" of "+count(all)+" shown")
	}
	if saved := r.saved(); saved != "" {
		tally = append(tally, saved)
	}
	say(r.tally, strings.Join(tally, " · "))
}

// saved is what the work came to in bytes, "" where nothing is weighed.
func (r *results) saved() string { return catalog.Saved(r.rows.Weight()) }

func (r *results) filtered(string) { r.arrange() }

// arrange asks for the rows that the bar above the table wants, in the order
// that its headings want.
func (r *results) arrange() {
	q := query{text: r.filter.Text, onlyFailed: r.onlyFailed.Checked, descending: r.table.descending}
	if r.table.sorted >= 0 {
		q.by = r.table.columns[r.table.sorted].key
	}
	r.rows.Arrange(q)
	shown, all, failed := r.rows.Look()
	r.tellCounts(shown, all, failed)
	r.keepChosen()
	r.table.Refresh()
}

// keepChosen moves the selection to where its row is now.
func (r *results) keepChosen() {
	if r.table.selected < 0 {
		return
	}
	r.table.selected = r.rows.Line(r.chosen.Seq)
	if r.table.selected < 0 {
		r.showDetail(core.Row{})
	}
}

// follow has the table's columns follow a run's settings.
func (r *results) follow(cfg catalog.Config) {
	r.columns = catalog.ColumnsFor(r.page.scenario, cfg)
	r.table.setColumns(columnsOf(r.page.scenario.Item, r.columns))
	r.arrange()
}

// clear empties the table for a new run.
func (r *results) clear() {
	r.rows.Clear()
	if r.thumbs != nil {
		r.thumbs.clear()
	}
	r.table.selected = -1
	r.showDetail(core.Row{})
	r.table.ScrollToTop()
	r.arrange()
}

// showDetail shows a row in full below the table; a zero row hides that.
func (r *results) showDetail(row core.Row) {
	r.chosen = row
	r.detailBar.Hidden = row.Seq == 0
	if !r.detailBar.Hidden {
		r.page.lookAt(row.Item)
		r.detail.SetText(detailOf(row))
		setVisible(r.readdress, r.page.canReaddress())
		r.detailBox.SetMinSize(fyne.NewSize(0, detailHeight(r.detail.Text, r.table.Size().Width-r.copyRow.MinSize().Width)))
		r.detailBox.ScrollToTop()
	}
	if r.details != nil {
		r.details.show(row)
	}
	r.full.Refresh()
}

// detailOf is the item and, as it was written, why it did not end well.
func detailOf(row core.Row) string {
	text := row.Item + " · " + row.Status.String()
	if row.Tries > 1 {
		text += fmt.Sprintf(" · %d tries", row.Tries)
	}
	if row.Err != nil {
		text += "\n" + row.Err.Error()
	}
	return text
}

func (r *results) focusFilter() {
	r.page.panes.Select(r.tab)
	r.page.Canvas().Focus(r.filter)
}

func (r *results) toggleFailed() {
	r.page.panes.Select(r.tab)
	r.onlyFailed.SetChecked(!r.onlyFailed.Checked)
}

// focusTable shows the results and moves the keyboard into their table.
func (p *page) focusTable() {
	p.panes.Select(p.results.tab)
	p.Canvas().Focus(p.results.table)
}
