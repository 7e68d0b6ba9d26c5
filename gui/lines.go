package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

const (
	lineRows  = 3       // seen at once of what to work on, else one less
	mostLines = 500     // to be edited; a letter typed in 2,000 takes 2 s
	mostTyped = 1 << 15 // bytes, likewise
)

// linesInput is a text with a value on each line. One that is too long for
// Fyne's entry is kept beside it: the entry shows how it begins, and clear
// takes it away.
type linesInput struct {
	entryInput
	whole string // kept beside; "": the entry has all
	clear *widget.Button
	row   *fyne.Container

	beside *fyne.Container // what stands at the right
	escape func()          // nil: that key does nothing
}

// newLinesInput makes one that shows so many lines; focus moves the keyboard.
func newLinesInput(rows int, focus func(fyne.Focusable)) *linesInput {
	l := &linesInput{}
	l.reveal = func(fyne.Focusable) {}
	l.ExtendBaseWidget(l)
	l.MultiLine, l.Wrapping = true, fyne.TextWrapOff
	l.OnChanged = func(string) {}
	l.SetMinRowsVisible(rows)
	l.clear = &widget.Button{Text: "Clear", Icon: theme.ContentClearIcon(), OnTapped: func() { l.put(""); focus(l) }}
	l.clear.Hide()
	l.beside = container.NewVBox(l.clear)
	l.row = container.NewBorder(nil, nil, nil, l.beside, l)
	return l
}

// lines asks for several values, one a line.
func (f *form) lines(field catalog.Field) input {
	rows := lineRows - 1
	if f.isFirstPlace(field) {
		rows = lineRows
	}
	l := newLinesInput(rows, func(o fyne.Focusable) { f.page.Canvas().Focus(o) })
	l.reveal, l.PlaceHolder, l.OnChanged = f.reveal, hintOf(field), f.typed
	if f.picks(field) {
		l.beside.Add(f.page.pickButton(field.Name))
	}
	made := input{object: l.row, focus: l, wide: true, get: l.get, set: l.put}
	if f.isFirstPlace(field) {
		made.object = f.page.found.beside(made.object)
	}
	return made
}

// TypedKey is for Fyne.
func (l *linesInput) TypedKey(event *fyne.KeyEvent) {
	if event.Name == fyne.KeyEscape && l.escape != nil {
		l.escape()
		return
	}
	l.Entry.TypedKey(event)
}

// AcceptsTab lets the Tab key go on to the next field.
func (l *linesInput) AcceptsTab() bool { return false }

// FocusGained is for Fyne.
func (l *linesInput) FocusGained() {
	l.Entry.FocusGained()
	l.reveal(l)
}

// TypedShortcut keeps a text too long for the entry out of it.
func (l *linesInput) TypedShortcut(shortcut fyne.Shortcut) {
	if l.Disabled() {
		return
	}
	paste, ok := shortcut.(*fyne.ShortcutPaste)
	if !ok || !tooLong(l.Text+paste.Clipboard.Content()) {
		l.Entry.TypedShortcut(shortcut)
		return
	}
	pasted := paste.Clipboard.Content()
	if l.SelectedText() != "" {
		l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	}
	runes, at := []rune(l.Text), l.CursorTextOffset()
	l.put(string(runes[:at]) + pasted + string(runes[at:]))
}

func tooLong(text string) bool {
	return len(text) > mostTyped || strings.Count(text, "\n") >= mostLines
}

func (l *linesInput) get() string {
	if l.whole != "" {
		return l.whole
	}
	return strings.ReplaceAll(l.Text, "\r", "")
}

// put shows a text, or how it begins.
func (l *linesInput) put(text string) {
	text = strings.ReplaceAll(text, "\r", "")
	l.whole = ""
	if tooLong(text) {
		l.whole, text = text, beginning(text)
	}
	setEnabled(l, l.whole == "")
	setVisible(l.clear, l.whole != "")
	l.row.Refresh()
	changed := l.Text == text // else SetText tells
	l.SetText(text)
	if changed {
		l.OnChanged(text)
	}
}

// beginning is the first lines of a text, and how many there are beside them.
func beginning(text string) string {
	lines := strings.SplitN(text, "\n", lineRows)
	more := 0
	if len(lines) == lineRows {
		more = strings.Count(strings.TrimRight(lines[lineRows-1], "\n"), "\n") + 1
		lines = lines[:lineRows-1]
	}
	for i, line := range lines {
		if runes := []rune(line[:min(len(line), 2000)]); len(runes) > 200 {
			lines[i] = string(runes[:200]) + "…"
		}
	}
	if more > 0 {
		lines = append(lines, "… and "+countOf(more, "more line"))
	}
	return strings.Join(lines, "\n")
}
