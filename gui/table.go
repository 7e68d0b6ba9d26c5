package gui

import (
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
)

// table shows rows. It adds to Fyne's table what that lacks: a selection of
// whole rows, by mouse and by keyboard, headings that sort, columns that fill
// the width.
type table struct {
	widget.Table
	rows     lines
	columns  []column
	onSelect func(core.Row)
	onOpen   func(core.Row)
	onSort   func()                     // nil: headings do not sort
	onMenu   func(at fyne.Position)     // nil: rows have no menu
	onCopy   func(core.Row)             // nil: rows are not copied
	keys     map[fyne.KeyName]func()    // what others than those that move do
	thumbOf  func(core.Row) *image.RGBA // nil: rows have no pictures

	selected   int // line; -1: none
	sorted     int // column; -1: as they came
	descending bool
	unsorts    bool // a heading that sorted in both directions sorts no more
	unsorted   int  // columns at the left whose headings do not sort
	focused    bool
	scroll     *container.Scroll // around the lines, inside Fyne's table
	width      float32
}

// lines are what a table shows.
type lines interface {
	Look() (shown, all, failed int)
	At(line int) (core.Row, bool)
}

func newTable(r lines, columns []column) *table {
	t := &table{rows: r, columns: columns, selected: -1, sorted: -1}
	t.Length = t.length
	t.CreateCell = t.createCell
	t.UpdateCell = t.updateCell
	t.ShowHeaderRow = true
	t.CreateHeader = t.createHeader
	t.UpdateHeader = t.updateHeader
	t.HideSeparators = true
	t.ExtendBaseWidget(t)
	return t
}

// setColumns changes the columns. It is sorted no more if they are others.
func (t *table) setColumns(columns []column) {
	same := func(a, b column) bool { return a.title == b.title }
	if !slices.EqualFunc(t.columns, columns, same) {
		t.sorted, t.descending = -1, false
	}
	t.columns, t.width = columns, 0
	t.Resize(t.Size())
}

// length pretends that a table too small to show anything is empty: laid out
// without a height, Fyne's would make an object for every row there is.
func (t *table) length() (lines, columns int) {
	if t.Size().Height < 100 {
		return 0, len(t.columns)
	}
	shown, _, _ := t.rows.Look()
	return shown, len(t.columns)
}

func (t *table) createCell() fyne.CanvasObject {
	c := &cell{onPress: t.press, onOpen: t.open, onMenu: t.onMenu, height: t.lineHeight()}
	c.colour = theme.ColorNameForeground
	c.ExtendBaseWidget(c)
	return c
}

func (t *table) updateCell(id widget.TableCellID, object fyne.CanvasObject) {
	c := object.(*cell)
	row, ok := t.rows.At(id.Row)
	if !ok || id.Col >= len(t.columns) {
		return
	}
	c.line, c.across = id.Row, 0
	made := t.contentOf(t.columns[id.Col], row)
	if made.back = t.backOf(id); made.back != "" {
		c.across = t.Size().Width
	}
	if c.content != made {
		c.content = made
		c.Refresh()
	}
}

func (t *table) contentOf(column column, row core.Row) content {
	made := content{text: oneCell(column.text(row)), colour: theme.ColorNameForeground, number: column.number, middle: column.middle}
	if column.colour != nil {
		made.colour = column.colour(row)
	}
	if column.bar != nil {
		made.fill, made.percent = column.bar(row)
	}
	if column.thumb && t.thumbOf != nil {
		made.thumb, made.picture = true, t.thumbOf(row)
	}
	return made
}

// oneCell is as much of a text as a cell could show at most: measuring all of
// a long one takes seconds.
func oneCell(text string) string {
	const most = 1000
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	if strings.ContainsAny(text, "\n\t\r") {
		text = oneLine(text)
	}
	return text
}

// lineHeight is the same for every line: SetRowHeight would have Fyne add up
// the heights of all rows again and again.
func (t *table) lineHeight() float32 {
	if t.thumbOf != nil {
		return thumbSide + 2
	}
	return t.Theme().Size(theme.SizeNameText) + 5
}

// pitch is the height from one line to the next.
func (t *table) pitch() float32 {
	return t.lineHeight() + t.Theme().Size(theme.SizeNamePadding)
}

// lines is how many lines can be seen, at least in part.
func (t *table) lines() int { return int(t.Size().Height/t.pitch()) + 2 }

// backOf is the colour behind a cell. The first one's reaches across the whole
// line: each object drawn costs time in every frame.
func (t *table) backOf(id widget.TableCellID) fyne.ThemeColorName {
	switch {
	case id.Col > 0:
		return ""
	case id.Row == t.selected:
		return theme.ColorNameSelection
	case id.Row%2 == 1:
		return theme.ColorNameInputBackground
	}
	return ""
}

func (t *table) createHeader() fyne.CanvasObject {
	h := &heading{}
	if t.onSort != nil {
		h.onTap = t.sortBy
	}
	h.ExtendBaseWidget(h)
	return h
}

func (t *table) updateHeader(id widget.TableCellID, object fyne.CanvasObject) {
	h := object.(*heading)
	if id.Col < 0 || id.Col >= len(t.columns) {
		return
	}
	column, arrow := t.columns[id.Col], ""
	if id.Col == t.sorted {
		arrow = " ▲"
		if t.descending {
			arrow = " ▼"
		}
	}
	if h.title != column.title || h.note != column.note || h.number != column.number || h.arrow != arrow || h.column != id.Col {
		h.column, h.title, h.note, h.number, h.arrow = id.Col, column.title, column.note, column.number, arrow
		h.Refresh()
	}
}

// sortBy sorts by a column, by the same in the other direction, and then
// perhaps no more.
func (t *table) sortBy(column int) {
	if column < t.unsorted || column >= len(t.columns) {
		return
	}
	again := column == t.sorted
	t.sorted = column
	if again && t.descending && t.unsorts {
		t.sorted = -1
	}
	t.descending = again && !t.descending
	t.onSort()
}

// sortNext sorts by the column after the one sorted by.
func (t *table) sortNext() {
	next := t.sorted + 1
	if next >= len(t.columns) {
		next = 0
	}
	t.sortBy(max(next, t.unsorted))
}

func (t *table) sortBack() { t.sortBy(max(t.unsorted, t.sorted)) }

// mostRoom is how wide the column of the items may need to be.
const mostRoom = 360

// makeRoom has an item fit into its column, if that is not too wide then: it
// is what tells rows from each other. A table with less room scrolls.
func (t *table) makeRoom(item string) {
	at := slices.IndexFunc(t.columns, func(c column) bool { return c.thumb })
	if at < 0 {
		return
	}
	width := fyne.MeasureText(oneCell(item), t.Theme().Size(theme.SizeNameText), fyne.TextStyle{}).Width + 2*cellPad + 2
	if t.thumbOf != nil {
		width += thumbSide + cellPad
	}
	if width = min(width, mostRoom); width > t.columns[at].least {
		t.columns[at].least, t.width = width, 0
		t.Resize(t.Size())
	}
}

// Resize shares the new width out among the columns.
func (t *table) Resize(size fyne.Size) {
	t.Table.Resize(size)
	if size.Width == t.width {
		return
	}
	t.width = size.Width
	between := t.Theme().Size(theme.SizeNamePadding) * float32(len(t.columns)-1)
	scrollBar := t.Theme().Size(theme.SizeNameScrollBarSmall) + 2
	for i, width := range widths(t.columns, size.Width-between-scrollBar) {
		t.SetColumnWidth(i, width)
	}
}
