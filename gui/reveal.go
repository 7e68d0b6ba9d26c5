package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// The inputs of a form tell when the keyboard comes to them, so that a form
// higher than its room scrolls to where one types.
type (
	entryInput struct {
		widget.Entry
		reveal func(fyne.Focusable)
	}
	comboInput struct {
		widget.SelectEntry
		reveal func(fyne.Focusable)
	}
	choiceInput struct {
		widget.Select
		reveal func(fyne.Focusable)
	}
	toggleInput struct {
		widget.Check
		reveal func(fyne.Focusable)
	}
)

// FocusGained is for Fyne.
func (i *entryInput) FocusGained() {
	i.Entry.FocusGained()
	i.reveal(i)
}

// FocusGained is for Fyne.
func (i *comboInput) FocusGained() {
	i.SelectEntry.FocusGained()
	i.reveal(i)
}

// FocusGained is for Fyne.
func (i *choiceInput) FocusGained() {
	i.Select.FocusGained()
	i.reveal(i)
}

// FocusGained is for Fyne.
func (i *toggleInput) FocusGained() {
	i.Check.FocusGained()
	i.reveal(i)
}

// newEntry makes a text.
func (f *form) newEntry(hint string) *entryInput {
	entry := &entryInput{reveal: f.reveal}
	entry.ExtendBaseWidget(entry)
	entry.PlaceHolder, entry.OnChanged = hint, f.typed
	return entry
}

// newCombo makes a text with suggestions.
func (f *form) newCombo(hint string, choices []string) *comboInput {
	entry := &comboInput{reveal: f.reveal}
	entry.ExtendBaseWidget(entry)
	entry.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	entry.PlaceHolder, entry.OnChanged = hint, f.typed
	entry.SetOptions(choices)
	return entry
}

// reveal scrolls to the input that has the keyboard.
func (f *form) reveal(focused fyne.Focusable) {
	for _, in := range f.inputs {
		if in.focus != focused {
			continue
		}
		top := in.object.Position().Y
		offset := max(min(f.scroll.Offset.Y, top), top+in.object.Size().Height-f.scroll.Size().Height)
		f.scroll.ScrollToOffset(fyne.NewPos(0, offset))
	}
}
