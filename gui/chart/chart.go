// Package chart draws how a run went: bars that compare two ways of doing the
// same work, lanes that show what each worker did, and lines of what changes
// while it goes on.
//
// A chart is a pure function of its data, its size and a Look, which is the
// theme boiled down to what a chart needs:
//
//	data + size + Look ── Draw ──> canvas objects ──> Widget, or PNG
//
// so the same function serves the window, a picture file and a test.
package chart

import (
	"image/color"
	"image/png"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Draw makes a chart's objects, placed within size.
type Draw func(size fyne.Size, look Look) []fyne.CanvasObject

// Look is what a chart takes from the theme.
type Look struct {
	Text       float32 // size, in pixels
	Background color.Color
	Foreground color.Color
	Muted      color.Color // labels of axes, and what serves only to compare
	Grid       color.Color
	Working    color.Color
	Failed     color.Color
	Limited    color.Color
	Opening    color.Color
	Delivering color.Color
}

// LookOf boils a theme down.
func LookOf(t fyne.Theme, v fyne.ThemeVariant) Look {
	return Look{
		Text:       t.Size(theme.SizeNameCaptionText) + 1,
		Background: t.Color(theme.ColorNameBackground, v),
		Foreground: t.Color(theme.ColorNameForeground, v),
		Muted:      t.Color(theme.ColorNamePlaceHolder, v),
		Grid:       t.Color(theme.ColorNameSeparator, v),
		Working:    t.Color(theme.ColorNamePrimary, v),
		Failed:     t.Color(theme.ColorNameError, v),
		Limited:    t.Color(theme.ColorNameWarning, v),
		Opening:    color.NRGBA{0x9c, 0x6a, 0xde, 0xff},
		Delivering: t.Color(theme.ColorNameSuccess, v),
	}
}

// Widget shows a chart and draws it anew when its size, the theme or, told by
// Refresh, its data changes.
type Widget struct {
	widget.BaseWidget
	draw Draw
	min  fyne.Size
}

// New makes a widget of a chart that needs at least a size.
func New(draw Draw, least fyne.Size) *Widget {
	w := &Widget{draw: draw, min: least}
	w.ExtendBaseWidget(w)
	return w
}

// CreateRenderer is for Fyne.
func (w *Widget) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{widget: w}
	r.drawAt(w.Size())
	return r
}

type renderer struct {
	widget  *Widget
	size    fyne.Size // drawn at
	objects []fyne.CanvasObject
	raster  *canvas.Raster // a chart has one at most
}

func (r *renderer) Destroy()                     {}
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) MinSize() fyne.Size           { return r.widget.min }

// Layout draws at a new size only. Fyne lays a widget out again whenever one of
// its objects is new to it; new objects each time would never come to an end.
func (r *renderer) Layout(size fyne.Size) {
	if size != r.size {
		r.drawAt(size)
	}
}

func (r *renderer) drawAt(size fyne.Size) {
	r.size = size
	look := LookOf(r.widget.Theme(), fyne.CurrentApp().Settings().ThemeVariant())
	objects := r.widget.draw(size, look)
	r.keepRaster(objects)
	r.objects = objects
}

// keepRaster goes on with the raster of the last drawing: Fyne keeps what it
// painted of each for a minute, which adds up at two drawings a second.
func (r *renderer) keepRaster(objects []fyne.CanvasObject) {
	for i, o := range objects {
		fresh, ok := o.(*canvas.Raster)
		if !ok {
			continue
		}
		if r.raster == nil {
			r.raster = fresh
			continue
		}
		r.raster.Generator = fresh.Generator
		r.raster.Move(fresh.Position())
		r.raster.Resize(fresh.Size())
		r.raster.Refresh()
		objects[i] = r.raster
	}
}

func (r *renderer) Refresh() {
	r.drawAt(r.widget.Size())
	canvas.Refresh(r.widget)
}

// PNG writes a chart as a picture of the given size, with a margin around it.
func PNG(w io.Writer, draw Draw, size fyne.Size, t fyne.Theme, v fyne.ThemeVariant) error {
	const margin = 16
	look := LookOf(t, v)
	back := canvas.NewRectangle(look.Background)
	back.Resize(size)
	inner := container.NewWithoutLayout(draw(size.SubtractWidthHeight(2*margin, 2*margin), look)...)
	inner.Move(fyne.NewPos(margin, margin))
	all := container.NewWithoutLayout(back, inner)
	all.Resize(size)
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(all)
	c.Resize(size)
	return png.Encode(w, c.Capture())
}

// label makes a text whose left top corner is at pos.
func label(text string, pos fyne.Position, size float32, colour color.Color) *canvas.Text {
	t := canvas.NewText(text, colour)
	t.TextSize = size
	t.Move(pos)
	t.Resize(t.MinSize())
	return t
}

func box(x, y, w, h float32, colour color.Color) *canvas.Rectangle {
	r := canvas.NewRectangle(colour)
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(w, h))
	return r
}

func measure(text string, size float32) float32 {
	return fyne.MeasureText(text, size, fyne.TextStyle{}).Width
}
