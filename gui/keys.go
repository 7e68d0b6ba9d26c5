package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// press selects a line and takes the focus, so that the arrow keys go on from
// there.
func (t *table) press(line int) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
	t.choose(line)
}

// choose selects a line; -1 selects none.
func (t *table) choose(line int) {
	row, ok := t.rows.At(line)
	if !ok {
		line = -1
	}
	t.selected = line
	t.Refresh()
	t.onSelect(row)
}

func (t *table) open(line int) {
	if row, ok := t.rows.At(line); ok {
		t.onOpen(row)
	}
}

// FocusGained shows the focus by a selection, if there is none yet.
func (t *table) FocusGained() {
	t.focused = true
	if t.selected < 0 {
		t.choose(0)
	}
}

// FocusLost leaves the selection as it is.
func (t *table) FocusLost() { t.focused = false }

// TypedShortcut copies what is selected.
func (t *table) TypedShortcut(shortcut fyne.Shortcut) {
	if _, ok := shortcut.(*fyne.ShortcutCopy); ok {
		t.copySelected()
	}
}

func (t *table) copySelected() {
	if row, ok := t.rows.At(t.selected); ok && t.onCopy != nil {
		t.onCopy(row)
	}
}

// TypedKey moves the selection, and opens what is selected.
func (t *table) TypedKey(event *fyne.KeyEvent) {
	lines, _ := t.length()
	page := max(1, int(t.Size().Height/t.pitch())-2)
	to := map[fyne.KeyName]int{
		fyne.KeyUp: t.selected - 1, fyne.KeyDown: t.selected + 1,
		fyne.KeyPageUp: t.selected - page, fyne.KeyPageDown: t.selected + page,
		fyne.KeyHome: 0, fyne.KeyEnd: lines - 1,
	}
	line, moves := to[event.Name]
	switch {
	case moves && lines > 0:
		line = min(max(line, 0), lines-1)
		t.ScrollTo(widget.TableCellID{Row: line})
		t.choose(line)
	case event.Name == fyne.KeyReturn, event.Name == fyne.KeyEnter:
		t.open(t.selected)
	case t.keys[event.Name] != nil:
		t.keys[event.Name]()
	}
}
