package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// keyEntry is a text entry with keys that do something else.
type keyEntry struct {
	widget.Entry
	keys map[fyne.KeyName]func()
}

func newKeyEntry(hint string, keys map[fyne.KeyName]func()) *keyEntry {
	e := &keyEntry{keys: keys}
	e.ExtendBaseWidget(e)
	e.PlaceHolder = hint
	return e
}

// TypedKey is for Fyne.
func (e *keyEntry) TypedKey(event *fyne.KeyEvent) {
	if do := e.keys[event.Name]; do != nil {
		do()
		return
	}
	e.Entry.TypedKey(event)
}
