package gui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/dustin/go-humanize"

	"manyhands/core"
	"manyhands/core/catalog"
)

// choose shows a table, of which the list tells.
func (d *database) choose(name string) {
	if name == "" || name == d.chosen && d.brought == nil {
		return
	}
	d.turn(name)
}

// turn reads a table: another one from its beginning, the same one where it is
// looked at.
func (d *database) turn(name string) {
	if d.brought == nil && name == d.chosen {
		d.rows.restart(d.table.top() / pageRows)
		return
	}
	d.forget()
	d.chosen = name
	d.filter.SetText("")
	d.filtering.Drop()
	d.table.rows = &d.rows
	d.rows.restart(0)
	d.show("", widget.MediumImportance)
}

// forget shows nothing of any table.
func (d *database) forget() {
	d.reading.Stop()
	d.rows.clear()
	d.chosen, d.brought = "", nil
	d.table.selected, d.table.sorted, d.table.descending = -1, -1, false
	d.table.columns, d.names, d.measured = nil, nil, false
	d.table.ScrollToTop()
	d.table.ScrollToLeading()
	d.table.Refresh()
}

// refine reads the table as the filter and the headings want it now.
func (d *database) refine() {
	if d.brought != nil {
		d.brought.values.sort(d.table.sorted-1, d.table.descending)
		d.table.selected = -1
		d.table.Refresh()
		return
	}
	if d.chosen != "" {
		d.table.selected = -1
		d.table.ScrollToTop()
		d.rows.restart(0)
	}
}

// wanted is the part of the table that is asked for.
func (d *database) wanted(offset, limit int) catalog.View {
	v := catalog.View{Table: d.chosen, Filter: d.filter.Text, Offset: offset, Limit: limit, Descending: d.table.descending}
	if at := d.table.sorted; at > 0 && at < len(d.table.columns) {
		v.Sort = d.table.columns[at].title
	}
	return v
}

// read reads a page of the table.
func (d *database) read(page int) {
	cfg, v := catalog.Copy(d.settings), d.wanted(page*pageRows, pageRows)
	d.reading.Ask(func(ctx context.Context) func() {
		var columns []catalog.Described
		var grid catalog.Grid
		err := browse(ctx, cfg, func(b *catalog.Browser, _ string) (err error) {
			if columns, err = b.Columns(ctx, v.Table); err == nil {
				grid, err = b.Page(ctx, v)
			}
			return err
		})
		return func() { d.took(page, v, columns, grid, err) }
	})
}

// took shows a page.
func (d *database) took(page int, v catalog.View, columns []catalog.Described, grid catalog.Grid, err error) {
	if err != nil {
		d.forget()
		d.chosen = v.Table // to be tried again
		d.show(sentence(err), widget.DangerImportance)
		return
	}
	anew := d.rows.take(page, grid)
	if anew && page > 0 && len(grid.Rows) == 0 { // it has become shorter
		d.rows.restart(0)
		return
	}
	if anew {
		d.expect(v)
		d.setColumns(columns, grid.Rows)
	}
	if !d.table.Visible() {
		d.show("", widget.MediumImportance)
	}
	d.table.Refresh()
	if d.table.keepWithin(); anew {
		d.settle()
		d.page.Window.settle()
	}
	d.tellTally()
}

// expect takes over from the list of tables how many rows there are.
func (d *database) expect(v catalog.View) {
	for _, t := range d.tables {
		if t.Name == v.Table && t.Exact && v.Filter == "" && !d.rows.ended {
			d.rows.expect(int(t.Rows))
		}
	}
}

// setColumns shows the columns of a table. While they stay the same they stay
// as wide as the first rows had them, and the heading that sorts stays.
func (d *database) setColumns(columns []catalog.Described, rows [][]any) {
	names := make([]named, len(columns))
	for i, c := range columns {
		names[i] = named{c.Name, kindOfColumn(c)}
	}
	if slices.Equal(names, d.names) && (d.measured || len(rows) == 0) {
		return
	}
	d.names, d.measured = names, len(rows) > 0
	d.table.setColumns(valueColumns(names, rows))
}

func kindOfColumn(c catalog.Described) string {
	kind := c.Declared
	if c.Key {
		kind = strings.TrimSpace(kind + " key")
	}
	return kind
}

// tellTally says what is shown, and what takes long.
func (d *database) tellTally() {
	words := d.tallyWords()
	for _, busy := range []string{
		d.listing.Words("Reading " + countOf(len(d.tables), "table")), d.reading.Words(d.readingWords()),
	} {
		if busy != "" {
			words = busy
		}
	}
	say(d.tally, words)
}

func (d *database) readingWords() string {
	from := max(0, d.rows.asked) * pageRows
	return "Reading rows " + count(from+1) + " to " + count(from+pageRows)
}

func (d *database) tallyWords() string {
	switch {
	case d.brought != nil:
		return d.brought.words()
	case d.chosen == "" || !d.table.Visible():
		return ""
	case d.rows.ended && d.filter.Text != "":
		return d.chosen + ": " + countOf(d.rows.lines, "row") + " with this text"
	case d.filter.Text != "":
		return d.chosen + ": more than " + count(max(0, d.rows.lines-pageRows)) + " rows with this text"
	}
	return d.chosen + ": " + d.allWords()
}

// allWords is how many rows the table has, and how many can be scrolled to.
func (d *database) allWords() string {
	words := countOf(d.rows.lines, "row")
	for _, t := range d.tables {
		switch {
		case t.Name != d.chosen || d.rows.ended || t.Exact && t.Rows == int64(d.rows.lines):
		case t.Rows < 0:
			words = "more than " + count(max(0, d.rows.lines-pageRows)) + " rows"
		default:
			words = tableRows(t) + " rows"
		}
	}
	if d.rows.lines == mostScrolled {
		words += ", the first " + count(mostScrolled) + " are here"
	}
	return words
}

// tableRows is how many rows a table has: "1,204", "~1.2 M", "" if not known.
func tableRows(t catalog.Listed) string {
	switch {
	case t.Rows < 0:
		return ""
	case t.Exact:
		return count(int(t.Rows))
	}
	return "~" + strings.TrimSpace(humanize.SIWithDigits(float64(t.Rows), 1, ""))
}

// openRow shows a row in full, with a value in each line.
func (d *database) openRow(row core.Row) {
	var b strings.Builder
	for i, c := range d.table.columns[1:] {
		if v, ok := valueAt(row, i); ok {
			b.WriteString(c.title + ": " + valueText(v) + "\n")
		}
	}
	text := newReader()
	text.set(strings.ToValidUTF8(b.String()[:min(b.Len(), mostRead)], ""))
	room := d.page.Canvas().Size().SubtractWidthHeight(160, 220)
	sized := container.NewGridWrap(room.Min(fyne.NewSize(620, 380)), text)
	d.page.ask("Row "+count(row.Seq), sized, nil,
		&answer{text: "Close"}, &answer{text: "Copy", do: func() { d.page.copyValues(row) }})
}
