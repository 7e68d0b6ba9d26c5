package gui

import (
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
	text := canvas.NewText("", nil)
	text.TextStyle.Bold = true
	return &headingRenderer{heading: h, text: text}
}

type headingRenderer struct {
	heading *heading
	text    *canvas.Text
}

func (r *headingRenderer) Destroy()                     {}
func (r *headingRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }

// MinSize is a cell's: a table gives all its rows the height of the taller.
func (r *headingRenderer) MinSize() fyne.Size {
	return fyne.NewSize(24, r.heading.Theme().Size(theme.SizeNameText)+5)
}

func (r *headingRenderer) Layout(size fyne.Size) {
	r.text.Move(fyne.NewPos(cellPad, 0))
	r.text.Resize(size.SubtractWidthHeight(2*cellPad, 0))
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
	r.text.Text = shorten(r.heading.title, width, r.text.TextSize*1.05, false) + r.heading.arrow
}
