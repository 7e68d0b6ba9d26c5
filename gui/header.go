package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// heading is the head of a column; a click sorts by it.
type heading struct {
	widget.BaseWidget
	onTap  func(column int) // nil: nothing
	column int
	title  string
	note   string // after the title, less bright
	number bool
	arrow  string // " ▲", " ▼" or nothing
}

// Tapped sorts by the column.
func (h *heading) Tapped(*fyne.PointEvent) {
	if h.onTap != nil {
		h.onTap(h.column)
	}
}

// Cursor shows that a heading can be clicked.
func (h *heading) Cursor() desktop.Cursor {
	if h.onTap == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer is for Fyne.
func (h *heading) CreateRenderer() fyne.WidgetRenderer {
	h.ExtendBaseWidget(h)
	text, note := canvas.NewText("", nil), canvas.NewText("", nil)
	text.TextStyle.Bold = true
	return &headingRenderer{heading: h, text: text, note: note}
}

type headingRenderer struct {
	heading *heading
	text    *canvas.Text
	note    *canvas.Text
}

func (r *headingRenderer) Destroy()                     {}
func (r *headingRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text, r.note} }

// MinSize is a cell's: a table gives all its rows the height of the taller.
func (r *headingRenderer) MinSize() fyne.Size {
	return fyne.NewSize(24, r.heading.Theme().Size(theme.SizeNameText)+5)
}

func (r *headingRenderer) Layout(size fyne.Size) {
	r.text.Move(fyne.NewPos(cellPad, 0))
	r.text.Resize(size.SubtractWidthHeight(2*cellPad, 0))
	r.note.Resize(r.text.Size())
	r.fit()
}

func (r *headingRenderer) Refresh() {
	r.fit()
	canvas.Refresh(r.heading)
}

func (r *headingRenderer) fit() {
	th, v := r.heading.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.text.TextSize = th.Size(theme.SizeNameText)
	r.text.Color = th.Color(theme.ColorNameForeground, v)
	r.text.Alignment = fyne.TextAlignLeading
	if r.heading.number {
		r.text.Alignment = fyne.TextAlignTrailing
	}
	width := r.heading.Size().Width - 2*cellPad - fyne.MeasureText(r.heading.arrow, r.text.TextSize, r.text.TextStyle).Width
	width -= r.fitNote(th.Color(theme.ColorNamePlaceHolder, v))
	r.text.Text = shorten(r.heading.title, width, r.text.TextSize*1.05, false) + r.heading.arrow
	if r.note.Hidden {
		return
	}
	if r.heading.number { // both end at the right
		r.text.Move(fyne.NewPos(-measured(r.note), 0))
		r.note.Move(fyne.NewPos(cellPad, 0))
	} else {
		r.note.Move(fyne.NewPos(cellPad+measured(r.text)+cellPad, 0))
	}
}

const leastTitle = 16 // beside a note

// fitNote shows the note where it leaves the title room, and returns the width
// that it takes.
func (r *headingRenderer) fitNote(colour color.Color) float32 {
	r.note.Text, r.note.TextSize, r.note.Color, r.note.Alignment = r.heading.note, r.text.TextSize, colour, r.text.Alignment
	width := measured(r.note) + cellPad
	r.note.Hidden = r.note.Text == "" || width+leastTitle > r.heading.Size().Width-2*cellPad
	if r.note.Hidden {
		r.text.Move(fyne.NewPos(cellPad, 0))
		return 0
	}
	return width
}

func measured(t *canvas.Text) float32 { return fyne.MeasureText(t.Text, t.TextSize, t.TextStyle).Width }
