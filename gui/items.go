package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// items is a list of names, one of which is chosen. It adds to Fyne's list
// that the keyboard chooses, too.
type items struct {
	widget.List
	names []string
	at    int // the place of the one chosen; -1: none is
}

func newItems(choose func(name string)) *items {
	l := &items{at: -1}
	l.Length = func() int { return len(l.names) }
	l.CreateItem = newItem
	l.UpdateItem = l.show
	l.OnSelected = func(id widget.ListItemID) {
		l.at = id
		choose(l.names[id])
	}
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

func newItem() fyne.CanvasObject {
	text := canvas.NewText("", nil)
	text.TextSize = theme.TextSize()
	return container.New(layout.NewCustomPaddedLayout(0, 0, cellPad, cellPad), text)
}

func (l *items) show(id widget.ListItemID, object fyne.CanvasObject) {
	if id >= len(l.names) {
		return
	}
	text := object.(*fyne.Container).Objects[0].(*canvas.Text)
	text.Color = theme.Color(theme.ColorNameForeground)
	text.TextSize = theme.TextSize()
	text.Text = shorten(l.names[id], l.Size().Width-2*cellPad, text.TextSize, true)
	text.Refresh()
}

// set changes the names.
func (l *items) set(names []string, chosen string) {
	same := l.at >= 0 && l.at < len(names) && names[l.at] == chosen
	l.names = names
	l.Refresh()
	if !same {
		l.UnselectAll()
		l.choose(chosen)
	}
}

// choose chooses a name; none if it is not in the list.
func (l *items) choose(name string) {
	if l.at >= 0 && l.at < len(l.names) && l.names[l.at] == name {
		return
	}
	if l.at = slices.Index(l.names, name); l.at < 0 {
		l.UnselectAll()
		return
	}
	l.Select(l.at)
}

// FocusGained does without the mark that Fyne's list puts on the item it takes
// for the current one: that is not always the chosen one.
func (l *items) FocusGained() {}

// TypedKey chooses another name.
func (l *items) TypedKey(event *fyne.KeyEvent) {
	page := max(1, int(l.Size().Height/(newItem().MinSize().Height+theme.Padding()))-1)
	to := map[fyne.KeyName]int{
		fyne.KeyUp: l.at - 1, fyne.KeyDown: l.at + 1,
		fyne.KeyPageUp: l.at - page, fyne.KeyPageDown: l.at + page,
		fyne.KeyHome: 0, fyne.KeyEnd: len(l.names) - 1,
	}
	if at, ok := to[event.Name]; ok && len(l.names) > 0 {
		l.Select(min(max(at, 0), len(l.names)-1))
	}
}
