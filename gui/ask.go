package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
)

// answer is a button of a question. The keyboard can give it: Enter and Space
// press it, Tab goes to the next one, Escape puts the question away.
type answer struct {
	widget.Button
	text       string
	importance widget.Importance
	do         func() // nil: nothing but putting the question away
	escape     func()
}

// TypedKey is for Fyne.
func (a *answer) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyEscape:
		a.escape()
	case fyne.KeyReturn, fyne.KeyEnter:
		a.OnTapped()
	default:
		a.Button.TypedKey(event)
	}
}

// ask shows a question with its answers, the first of which has the keyboard.
// escaped, if not nil, is told when the question was put away unanswered.
func (w *Window) ask(title string, content fyne.CanvasObject, escaped func(), answers ...*answer) {
	question := dialog.NewCustomWithoutButtons(title, content, w)
	var buttons []fyne.CanvasObject
	for _, a := range answers {
		a.Text, a.Importance = a.text, a.importance
		a.OnTapped = putAway(question, a.do)
		a.escape = putAway(question, escaped)
		a.ExtendBaseWidget(a)
		buttons = append(buttons, a)
	}
	question.SetButtons(buttons)
	question.Show()
	w.Canvas().Focus(answers[0])
}

func putAway(question dialog.Dialog, then func()) func() {
	return func() {
		question.Hide()
		if then != nil {
			then()
		}
	}
}
