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
	at    int                      // the place of the one chosen; -1: none is
	note  func(name string) string // stands at the right; nil: nothing does
	keys  map[fyne.KeyName]func()  // what others than those that move do
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
	text, note := canvas.NewText("", nil), canvas.NewText("", nil)
	text.TextSize = theme.TextSize()
	note.Alignment = fyne.TextAlignTrailing
	return container.New(layout.NewCustomPaddedLayout(0, 0, cellPad, cellPad), text, note)
}

func (l *items) show(id widget.ListItemID, object fyne.CanvasObject) {
	if id >= len(l.names) {
		return
	}
	objects, taken := object.(*fyne.Container).Objects, float32(0)
	if l.note != nil {
		note := objects[1].(*canvas.Text)
		note.Text, note.TextSize, note.Color = l.note(l.names[id]), theme.TextSize(), theme.Color(theme.ColorNamePlaceHolder)
		taken = measured(note) + 2*cellPad
		note.Refresh()
	}
	text := objects[0].(*canvas.Text)
	text.Color = theme.Color(theme.ColorNameForeground)
	text.TextSize = theme.TextSize()
	text.Text = shorten(l.names[id], l.Size().Width-2*cellPad-taken, text.TextSize, true)
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
	} else if do := l.keys[event.Name]; do != nil {
		do()
	}
}
