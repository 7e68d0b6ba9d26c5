package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

const auto = "auto"

// kindHead is the head of a source's column: its name and, below that, its
// type, which a click changes.
type kindHead struct {
	widget.BaseWidget
	source *source
	place  int // of the column in the peek; -1: it has none
	column core.PeekColumn
	number bool
	marked bool // the words are about it
}

var (
	_ desktop.Hoverable  = (*kindHead)(nil)
	_ desktop.Cursorable = (*kindHead)(nil)
	_ fyne.Tappable      = (*kindHead)(nil)
)

func (s *source) newHead() fyne.CanvasObject {
	h := &kindHead{source: s, place: -1}
	h.ExtendBaseWidget(h)
	return h
}

func (s *source) showHead(id widget.TableCellID, object fyne.CanvasObject) {
	h, place := object.(*kindHead), id.Col-1
	var column core.PeekColumn
	if s.peek == nil || place >= len(s.peek.Columns) || id.Col >= len(s.table.columns) {
		return
	}
	if place >= 0 {
		column = s.peek.Columns[place]
	}
	number, marked := id.Col >= 0 && s.table.columns[id.Col].number, place >= 0 && place == s.column
	if h.place != place || h.column != column || h.number != number || h.marked != marked {
		h.place, h.column, h.number, h.marked = place, column, number, marked
		h.Refresh()
	}
	if marked {
		s.head = h
	}
}

// kindWord is a type as a heading shows it.
func kindWord(c core.PeekColumn) string {
	if c.Given {
		return c.Type + " (chosen)"
	}
	return c.Type
}

// headHeight has room for the name and the type.
func headHeight() float32 { return 2*theme.TextSize() + 19 }

// kindWidth is what a column's head needs.
func kindWidth(c core.PeekColumn) float32 {
	return fyne.MeasureText(kindWord(c), theme.TextSize(), fyne.TextStyle{Bold: true}).Width + 5*cellPad + theme.IconInlineSize()
}

// Tapped offers the types.
func (h *kindHead) Tapped(*fyne.PointEvent) {
	if h.place >= 0 {
		h.source.tell(h.place, true)
		h.source.offer(h, h.place)
	}
}

// MouseIn tells of the column.
func (h *kindHead) MouseIn(*desktop.MouseEvent) {
	if h.place >= 0 {
		h.source.tell(h.place, false)
	}
}

// MouseMoved is for Fyne.
func (h *kindHead) MouseMoved(*desktop.MouseEvent) {}

// MouseOut leaves the words, to be read.
func (h *kindHead) MouseOut() {}

// Cursor shows that a type can be clicked.
func (h *kindHead) Cursor() desktop.Cursor {
	if h.place < 0 {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// offerChosen offers the types of the column that the words are about.
func (s *source) offerChosen() {
	if s.peek != nil && s.column >= 0 && s.head != nil {
		s.offer(s.head, s.column)
	}
}

// offer lets a person choose a column's type.
func (s *source) offer(under fyne.CanvasObject, place int) {
	popUpUnder(under, fyne.NewMenu("", s.kinds(place)...))
}

func (s *source) kinds(place int) []*fyne.MenuItem {
	column := s.peek.Columns[place]
	automatic := fyne.NewMenuItem(auto, func() { s.give(column.Name, "") })
	automatic.Checked = !column.Given
	items := []*fyne.MenuItem{automatic, fyne.NewMenuItemSeparator()}
	for _, name := range s.peek.Types {
		item := fyne.NewMenuItem(name, func() { s.give(column.Name, name) })
		item.Checked = column.Given && name == column.Type
		items = append(items, item)
	}
	return items
}

// give has the form's settings take another type for a column; "": the one
// that is found.
func (s *source) give(column, kind string) {
	f := s.page.form
	_ = f.forget()  // fails only where making the form did
	_, _ = f.take() // keep what was typed, whatever is wrong with it
	f.cfg.(catalog.Peeker).SetType(column, kind)
	f.show()
	f.given = f.placeText() // the type does not go with another source
	s.page.changed()
	s.page.changes.Drop()
	s.page.reconsider()
}

// CreateRenderer is for Fyne.
func (h *kindHead) CreateRenderer() fyne.WidgetRenderer {
	h.ExtendBaseWidget(h)
	r := &kindRenderer{
		head: h, name: canvas.NewText("", nil), kind: canvas.NewText("", nil),
		box: &canvas.Rectangle{CornerRadius: 3, StrokeWidth: 1}, arrow: widget.NewIcon(theme.MenuDropDownIcon()),
	}
	r.name.TextStyle.Bold = true
	return r
}

type kindRenderer struct {
	head       *kindHead
	name, kind *canvas.Text
	box        *canvas.Rectangle
	arrow      *widget.Icon
}

func (r *kindRenderer) Destroy() {}

// MinSize is that of one line: the table would give all its rows the height of
// the whole.
func (r *kindRenderer) MinSize() fyne.Size { return fyne.NewSize(24, theme.TextSize()+5) }

func (r *kindRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.name, r.box, r.kind, r.arrow}
}

func (r *kindRenderer) Refresh() {
	r.Layout(r.head.Size())
	canvas.Refresh(r.head)
}

func (r *kindRenderer) Layout(size fyne.Size) {
	th, v := r.head.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	text, line := th.Size(theme.SizeNameText), th.Size(theme.SizeNameText)+6
	for _, t := range []*canvas.Text{r.name, r.kind} {
		t.TextSize, t.Color = text, th.Color(theme.ColorNameForeground, v)
	}
	r.name.Alignment = fyne.TextAlignLeading
	if r.head.number {
		r.name.Alignment = fyne.TextAlignTrailing
	}
	title := r.head.column.Name
	if r.head.place < 0 {
		title = "#"
	}
	r.name.Text = shorten(oneCell(title), size.Width-2*cellPad, text*1.05, false)
	place(r.name, cellPad, 0, size.Width-2*cellPad, line)
	for _, o := range []fyne.CanvasObject{r.box, r.kind, r.arrow} {
		setVisible(o, r.head.place >= 0)
	}
	r.layoutKind(fyne.NewPos(0, line+1), fyne.NewSize(size.Width, line+2), th, v)
}

// layoutKind draws the type as a button, in colour where a person gave it.
func (r *kindRenderer) layoutKind(at fyne.Position, size fyne.Size, th fyne.Theme, v fyne.ThemeVariant) {
	icon := th.Size(theme.SizeNameInlineIcon)
	r.kind.TextStyle.Bold = r.head.column.Given
	if r.head.column.Given {
		r.kind.Color = th.Color(theme.ColorNamePrimary, v)
	}
	r.kind.Text = shorten(kindWord(r.head.column), size.Width-3*cellPad-icon, r.kind.TextSize*1.05, false)
	place(r.kind, at.X+2*cellPad, at.Y, max(0, size.Width-3*cellPad-icon), size.Height)
	r.box.FillColor, r.box.StrokeColor = th.Color(theme.ColorNameInputBackground, v), th.Color(theme.ColorNameInputBorder, v)
	if r.head.marked {
		r.box.StrokeColor = th.Color(theme.ColorNamePrimary, v)
	}
	place(r.box, at.X+2, at.Y, max(0, size.Width-4), size.Height)
	place(r.arrow, at.X+size.Width-icon-cellPad, at.Y+(size.Height-icon)/2, icon, icon)
}
