package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const cellPad = 5

// cell is one cell of the result table: a line of text, shortened to its
// width, before the colour of its row. A click selects the row at once; a
// double click opens it.
type cell struct {
	widget.BaseWidget
	onPress func(line int)
	onOpen  func(line int)
	line    int
	text    string
	middle  bool
	number  bool
	colour  fyne.ThemeColorName
	back    fyne.ThemeColorName // "": none
	across  float32             // how far back reaches, if farther than the cell
}

var (
	_ desktop.Mouseable   = (*cell)(nil)
	_ fyne.DoubleTappable = (*cell)(nil)
	_ fyne.WidgetRenderer = (*cellRenderer)(nil)
)

// MouseDown selects the row without waiting to see if a second click comes.
func (c *cell) MouseDown(*desktop.MouseEvent) { c.onPress(c.line) }

// MouseUp is for Fyne.
func (c *cell) MouseUp(*desktop.MouseEvent) {}

// DoubleTapped opens the row's file.
func (c *cell) DoubleTapped(*fyne.PointEvent) { c.onOpen(c.line) }

// CreateRenderer is for Fyne.
func (c *cell) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	return &cellRenderer{cell: c, back: canvas.NewRectangle(nil), text: canvas.NewText("", nil)}
}

type cellRenderer struct {
	cell *cell
	back *canvas.Rectangle
	text *canvas.Text
}

func (r *cellRenderer) Destroy() {}

func (r *cellRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.text}
}

func (r *cellRenderer) MinSize() fyne.Size {
	return fyne.NewSize(24, r.cell.Theme().Size(theme.SizeNameText)+5)
}

// Layout lets the row's colour reach over the gaps between cells.
func (r *cellRenderer) Layout(size fyne.Size) {
	padding := r.cell.Theme().Size(theme.SizeNamePadding)
	r.back.Move(fyne.NewPos(-padding/2, -padding/2))
	r.back.Resize(fyne.NewSize(max(size.Width, r.cell.across)+padding, size.Height+padding))
	r.text.Move(fyne.NewPos(cellPad, 0))
	r.text.Resize(size.SubtractWidthHeight(2*cellPad, 0))
	r.fit()
}

func (r *cellRenderer) Refresh() {
	r.fit()
	canvas.Refresh(r.cell)
}

func (r *cellRenderer) fit() {
	th, v := r.cell.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.text.TextSize = th.Size(theme.SizeNameText)
	r.text.Color = th.Color(r.cell.colour, v)
	r.text.Alignment = fyne.TextAlignLeading
	if r.cell.number {
		r.text.Alignment = fyne.TextAlignTrailing
	}
	r.text.Text = shorten(r.cell.text, r.cell.Size().Width-2*cellPad, r.text.TextSize, r.cell.middle)
	r.back.Hidden = r.cell.back == ""
	if !r.back.Hidden {
		r.back.FillColor = th.Color(r.cell.back, v)
	}
}

// shorten cuts a text to a width in pixels: at its end, or in its middle so
// that both the folder a path begins with and the name it ends with are seen.
func shorten(text string, width, size float32, middle bool) string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width <= width }
	if text == "" || fits(text) {
		return text
	}
	runes := []rune(text)
	least, most := 0, min(len(runes), int(width/size*4)+1) // no text is narrower than a quarter of its height a rune
	for least+1 < most {
		if half := (least + most) / 2; fits(cut(runes, half, middle)) {
			least = half
		} else {
			most = half
		}
	}
	return cut(runes, least, middle)
}

// cut keeps n runes and puts … for the others.
func cut(runes []rune, n int, middle bool) string {
	if !middle {
		return string(runes[:n]) + "…"
	}
	tail := (n + 1) / 2
	return string(runes[:n-tail]) + "…" + string(runes[len(runes)-tail:])
}
