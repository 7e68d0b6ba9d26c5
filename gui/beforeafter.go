package gui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// beforeAfter shows two pictures in the same place: the one before left of a
// line, the one after right of it. The line is dragged with the mouse, or
// moved with the arrow keys.
//
// Each picture is an image of its own behind a clip, so that moving the line
// moves a few rectangles and paints no pixel anew.
type beforeAfter struct {
	widget.BaseWidget
	onResize func()

	pictures [2]*canvas.Image
	clips    [2]*container.Clip
	line     *canvas.Rectangle
	grip     *canvas.Circle
	veil     *canvas.Rectangle // over pictures that are no longer true
	size     fyne.Size         // of the pictures' place
	at       float32           // where the line is: 0 left, 1 right
	focused  bool
}

var (
	_ fyne.Draggable     = (*beforeAfter)(nil)
	_ fyne.Focusable     = (*beforeAfter)(nil)
	_ desktop.Mouseable  = (*beforeAfter)(nil)
	_ desktop.Cursorable = (*beforeAfter)(nil)
)

const (
	lineWidth = 4
	gripSize  = 14
	keyStep   = 1 / 40.0
)

func newBeforeAfter() *beforeAfter {
	b := &beforeAfter{at: 0.5, onResize: func() {}}
	for i := range b.pictures {
		b.pictures[i] = canvas.NewImageFromImage(nil)
		b.clips[i] = container.NewClip(container.NewWithoutLayout(b.pictures[i]))
	}
	b.line, b.grip, b.veil = canvas.NewRectangle(nil), canvas.NewCircle(nil), canvas.NewRectangle(nil)
	b.veil.Hide()
	b.ExtendBaseWidget(b)
	return b
}

// show changes the pictures.
func (b *beforeAfter) show(f fitted) {
	for i, picture := range []*image.RGBA{f.before, f.after} {
		b.pictures[i].Image = nil
		if b.pictures[i].Hidden = picture == nil; picture != nil {
			b.pictures[i].Image = picture
			b.pictures[i].Resize(unitsOf(b, picture.Bounds().Size()))
			b.pictures[i].Refresh()
		}
	}
	b.size = unitsOf(b, f.size)
	b.dim(false)
	b.arrange()
	b.Refresh()
}

// dim tells that the pictures are about to be replaced.
func (b *beforeAfter) dim(yes bool) {
	if b.veil.Visible() != yes {
		setVisible(b.veil, yes)
		canvas.Refresh(b)
	}
}

// room is how many pixels there are to show pictures in.
func (b *beforeAfter) room() image.Point {
	one := unitsOf(b, image.Pt(1000, 1000))
	return image.Pt(int(b.Size().Width*1000/one.Width), int(b.Size().Height*1000/one.Height))
}

// arrange puts everything in its place.
func (b *beforeAfter) arrange() {
	all := b.Size()
	corner := fyne.NewPos((all.Width-b.size.Width)/2, max(0, all.Height-b.size.Height)/2)
	height := min(b.size.Height, all.Height)
	x := corner.X + b.at*b.size.Width
	from, to := [2]float32{0, x}, [2]float32{x, all.Width}
	for i, clip := range b.clips {
		place(clip, from[i], 0, max(0, to[i]-from[i]), all.Height)
		size := b.pictures[i].Size()
		b.pictures[i].Move(fyne.NewPos((all.Width-size.Width)/2-from[i], (all.Height-size.Height)/2))
	}
	place(b.line, x-lineWidth/2, corner.Y, lineWidth, height)
	place(b.grip, x-gripSize/2, (all.Height-gripSize)/2, gripSize, gripSize)
	place(b.veil, corner.X, corner.Y, b.size.Width, height)
}

// moveTo moves the line.
func (b *beforeAfter) moveTo(at float32) {
	if at = min(max(at, 0), 1); at != b.at && !b.empty() {
		b.at = at
		b.arrange()
		canvas.Refresh(b)
	}
}

func (b *beforeAfter) empty() bool { return b.size.Width < 1 }

// drag moves the line to where the mouse is.
func (b *beforeAfter) drag(pos fyne.Position) {
	if !b.empty() {
		b.moveTo((pos.X - (b.Size().Width-b.size.Width)/2) / b.size.Width)
	}
}

// Dragged moves the line.
func (b *beforeAfter) Dragged(event *fyne.DragEvent) { b.drag(event.Position) }

// DragEnd is for Fyne.
func (b *beforeAfter) DragEnd() {}

// MouseDown moves the line there, and the keyboard here.
func (b *beforeAfter) MouseDown(event *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil {
		c.Focus(b)
	}
	b.drag(event.Position)
}

// MouseUp is for Fyne.
func (b *beforeAfter) MouseUp(*desktop.MouseEvent) {}

// Cursor shows that the line can be moved.
func (b *beforeAfter) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// TypedKey moves the line.
func (b *beforeAfter) TypedKey(event *fyne.KeyEvent) {
	to := map[fyne.KeyName]float32{
		fyne.KeyLeft: b.at - keyStep, fyne.KeyRight: b.at + keyStep, fyne.KeyHome: 0, fyne.KeyEnd: 1,
	}
	if at, ok := to[event.Name]; ok {
		b.moveTo(at)
	}
}

// TypedRune is for Fyne.
func (b *beforeAfter) TypedRune(rune) {}

// FocusGained shows that the keys move the line.
func (b *beforeAfter) FocusGained() { b.focus(true) }

// FocusLost is for Fyne.
func (b *beforeAfter) FocusLost() { b.focus(false) }

func (b *beforeAfter) focus(yes bool) {
	b.focused = yes
	b.Refresh()
}

// CreateRenderer is for Fyne.
func (b *beforeAfter) CreateRenderer() fyne.WidgetRenderer {
	r := &beforeAfterRenderer{b}
	r.paint()
	return r
}

type beforeAfterRenderer struct{ *beforeAfter }

func (r *beforeAfterRenderer) Destroy() {}

func (r *beforeAfterRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.clips[0], r.clips[1], r.line, r.grip, r.veil}
}

func (r *beforeAfterRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 80) }

func (r *beforeAfterRenderer) Layout(fyne.Size) {
	r.arrange()
	r.onResize()
}

func (r *beforeAfterRenderer) Refresh() {
	r.paint()
	canvas.Refresh(r.beforeAfter)
}

// paint takes the colours from the theme. The line has one of both ends of
// the scale, to be seen on any picture.
func (r *beforeAfterRenderer) paint() {
	th, v := r.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	front, back := th.Color(theme.ColorNameForeground, v), th.Color(theme.ColorNameBackground, v)
	if r.focused {
		front = th.Color(theme.ColorNamePrimary, v)
	}
	r.line.FillColor, r.line.StrokeColor, r.line.StrokeWidth = front, back, 1
	r.grip.FillColor, r.grip.StrokeColor, r.grip.StrokeWidth = front, back, 1
	r.line.Hidden, r.grip.Hidden = r.empty(), r.empty()
	veil := color.NRGBAModel.Convert(back).(color.NRGBA)
	veil.A = 0xa0
	r.veil.FillColor = veil
}
