package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// widthLayout gives its object at least a width.
type widthLayout struct{ width float32 }

// MinSize is the width and the object's own height.
func (l widthLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	return fyne.NewSize(max(l.width, size.Width), max(size.Height, min(l.width, 44)*0.6))
}

// Layout fills the space.
func (l widthLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[0].Move(fyne.Position{})
}

// heightLayout gives its object at least a height.
type heightLayout struct{ height float32 }

// MinSize is the height and the object's own width.
func (l heightLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	return fyne.NewSize(size.Width, max(l.height, size.Height))
}

// Layout fills the space.
func (l heightLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[0].Move(fyne.Position{})
}

// besideLayout puts a note to the right of an object. The note gets the width
// it needs, but at most half of it all, and never so little that it would jump
// with every count it tells.
type besideLayout struct{}

const leastNote = 176

// MinSize is that of the object, with room for a short note.
func (besideLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	return size.AddWidthHeight(leastNote, 0)
}

// Layout gives the object what the note leaves.
func (besideLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := float32(leastNote)
	if note, ok := objects[1].(*widget.Label); ok {
		needed := fyne.MeasureText(note.Text, theme.TextSize(), note.TextStyle).Width + 4*theme.InnerPadding()
		width = min(max(width, needed), size.Width/2)
	}
	place(objects[0], 0, 0, size.Width-width, size.Height)
	place(objects[1], size.Width-width, 0, width, size.Height)
}

// pageLayout has a page's parts below one another: the head, the form, the run
// bar and the panes. The form gets the height it needs while that is not more
// than its share; else it scrolls, so that there is always room for results.
type pageLayout struct{ form *form }

const (
	formShare = 0.44 // of the page's height
	leastForm = 120
)

// MinSize has room for a part of the form.
func (l pageLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, theme.Padding()*float32(len(objects)-1))
	for i, o := range objects {
		least := o.MinSize()
		if i == 1 {
			least.Height = min(l.form.object.MinSize().Height, leastForm)
		}
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height)
	}
	return size
}

// Layout gives the panes what the others leave.
func (l pageLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var y float32
	for i, o := range objects {
		height := o.MinSize().Height
		switch i {
		case 1:
			height = l.formHeight(size)
		case len(objects) - 1:
			height = size.Height - y
		}
		place(o, 0, y, size.Width, height)
		y += height + theme.Padding()
	}
}

// formHeight is what the form gets of a page. Where it scrolls its fields keep
// off the scroll bar.
func (l pageLayout) formHeight(size fyne.Size) float32 {
	whole, room := l.form.object.MinSize().Height, max(leastForm, size.Height*formShare)
	margin := float32(0)
	if whole > room {
		margin = theme.ScrollBarSize()
	}
	if l.form.grid.margin != margin {
		l.form.grid.margin = margin
		l.form.grid.Layout(l.form.object.Objects, l.form.object.Size())
	}
	return min(whole, room)
}

const mostDetail = 4 // lines: the item's and three of a reason; the rest is scrolled to

// detailHeight is the height that a text needs when wrapped to a width.
func detailHeight(text string, width float32) float32 {
	lines, height := 0, float32(0)
	for line := range strings.SplitSeq(text, "\n") {
		size := fyne.MeasureText(line, theme.TextSize(), fyne.TextStyle{})
		lines += 1 + int(size.Width*1.05/max(1, width-2*theme.InnerPadding()))
		height = max(height, size.Height+theme.LineSpacing())
	}
	return float32(min(lines, mostDetail))*height + theme.InnerPadding()*1.5
}

// grid lays out a form: pairs of a label and an input, a wide one in a line of
// its own, short ones beside each other, labels and inputs aligned.
type grid struct {
	across int
	wide   map[fyne.CanvasObject]bool // by input
	margin float32                    // at the right
}

// lines gathers the visible pairs into lines.
func (g *grid) lines(objects []fyne.CanvasObject) [][][2]fyne.CanvasObject {
	var lines [][][2]fyne.CanvasObject
	open := false // the last line has room for another short pair
	for i := 0; i+1 < len(objects); i += 2 {
		pair := [2]fyne.CanvasObject{objects[i], objects[i+1]}
		if !pair[1].Visible() {
			continue
		}
		short := !g.wide[pair[1]]
		if last := len(lines) - 1; short && open && len(lines[last]) < g.across {
			lines[last] = append(lines[last], pair)
			continue
		}
		lines = append(lines, [][2]fyne.CanvasObject{pair})
		open = short
	}
	return lines
}

// labels finds how wide the labels of each column are.
func (g *grid) labels(lines [][][2]fyne.CanvasObject) []float32 {
	widths := make([]float32, g.across)
	for _, line := range lines {
		for i, pair := range line {
			widths[i] = max(widths[i], pair[0].MinSize().Width)
		}
	}
	return widths
}

func heightOf(line [][2]fyne.CanvasObject) float32 {
	var height float32
	for _, pair := range line {
		height = max(height, pair[0].MinSize().Height, pair[1].MinSize().Height)
	}
	return height
}

// MinSize is what the lines need above one another.
func (g *grid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	lines := g.lines(objects)
	size := fyne.NewSize(0, -theme.Padding())
	labels := g.labels(lines)
	for _, line := range lines {
		size.Height += heightOf(line) + theme.Padding()
		var width float32
		for i, pair := range line {
			width += labels[i] + pair[1].MinSize().Width + 3*theme.Padding()
		}
		size.Width = max(size.Width, width)
	}
	return size
}

// Layout places the pairs.
func (g *grid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	size.Width -= g.margin
	lines := g.lines(objects)
	labels := g.labels(lines)
	slot := size.Width / float32(g.across)
	var y float32
	for _, line := range lines {
		height := heightOf(line)
		for i, pair := range line {
			x, width := float32(i)*slot, slot
			if i > 0 {
				x, width = x+3*theme.Padding(), width-3*theme.Padding()
			}
			if g.wide[pair[1]] {
				width = size.Width
			}
			place(pair[0], x, y, labels[i], height)
			place(pair[1], x+labels[i], y, width-labels[i], height)
		}
		y += height + theme.Padding()
	}
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}
