package gui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const cellPad = 5

// cell is one cell of the result table: a line of text, shortened to its
// width, before the colour of its row, and perhaps after a small picture. A
// click selects the row at once; a double click opens it.
type cell struct {
	widget.BaseWidget
	content
	onPress func(line int)
	onOpen  func(line int)
	onMenu  func(at fyne.Position) // nil: the row has no menu
	height  float32
	line    int
	across  float32 // how far back reaches, if farther than the cell
}

// content is what a cell shows.
type content struct {
	text    string
	thumb   bool        // there is room for a picture
	picture *image.RGBA // nil: none
	middle  bool
	number  bool
	colour  fyne.ThemeColorName
	back    fyne.ThemeColorName // "": none
	fill    fyne.ThemeColorName // of a bar before the text; "": there is none
	percent int                 // of the bar
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

// TappedSecondary opens the menu of the row, which the press has selected.
func (c *cell) TappedSecondary(event *fyne.PointEvent) {
	if c.onMenu != nil {
		c.onMenu(event.AbsolutePosition)
	}
}

// CreateRenderer is for Fyne.
func (c *cell) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	r := &cellRenderer{cell: c, back: canvas.NewRectangle(nil), text: canvas.NewText("", nil)}
	r.objects = []fyne.CanvasObject{r.back, r.text}
	return r
}

type cellRenderer struct {
	cell    *cell
	back    *canvas.Rectangle
	text    *canvas.Text
	picture *canvas.Image        // nil: none was shown yet
	bar     [2]*canvas.Rectangle // the whole and how much is done; nil: none was shown yet
	objects []fyne.CanvasObject
}

func (r *cellRenderer) Destroy() {}

func (r *cellRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *cellRenderer) MinSize() fyne.Size { return fyne.NewSize(24, r.cell.height) }

func (r *cellRenderer) Layout(fyne.Size) { r.fit() }

// show puts the picture into the middle of its place, a pixel on a pixel.
func (r *cellRenderer) show() {
	if r.picture == nil && r.cell.picture != nil {
		r.picture = canvas.NewImageFromImage(nil)
		r.objects = append(r.objects, r.picture)
	}
	if r.picture == nil {
		return
	}
	r.picture.Hidden = r.cell.picture == nil
	if r.picture.Hidden || r.picture.Image == image.Image(r.cell.picture) {
		return
	}
	r.picture.Image = r.cell.picture
	size := unitsOf(r.cell, r.picture.Image.Bounds().Size())
	r.picture.Resize(size)
	r.picture.Move(fyne.NewPos(cellPad+(thumbSide-size.Width)/2, (r.cell.Size().Height-size.Height)/2))
	r.picture.Refresh()
}

// unitsOf is the size that shows pixels as they are.
func unitsOf(o fyne.CanvasObject, pixels image.Point) fyne.Size {
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		x, _ := c.PixelCoordinateForPosition(fyne.NewPos(1000, 0))
		scale = float32(x) / 1000
	}
	return fyne.NewSize(float32(pixels.X)/scale, float32(pixels.Y)/scale)
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
	left := float32(cellPad)
	if r.cell.thumb {
		left += thumbSide + cellPad
	}
	size := r.cell.Size().SubtractWidthHeight(left+cellPad, 0)
	r.text.Move(fyne.NewPos(left, 0))
	r.text.Resize(size)
	r.text.Text = shorten(r.cell.text, size.Width, r.text.TextSize, r.cell.middle)
	r.show()
	r.measure(th, v)
	r.back.Hidden = r.cell.back == ""
	if !r.back.Hidden {
		r.back.FillColor = th.Color(r.cell.back, v)
		r.spread(th.Size(theme.SizeNamePadding))
	}
}

// spread lets the row's colour reach over the gaps between cells.
func (r *cellRenderer) spread(padding float32) {
	size := r.cell.Size()
	place(r.back, -padding/2, -padding/2, max(size.Width, r.cell.across)+padding, size.Height+padding)
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
