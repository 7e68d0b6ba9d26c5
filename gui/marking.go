package gui

import (
	"sort"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// marked is the part of a line that is marked.
func (s *sheet) marked(line piece) (from, to int) {
	return max(line.from, min(s.from, s.to)), min(line.to, max(s.from, s.to))
}

func (s *sheet) widthOf(from, to int) float32 {
	return fyne.MeasureText(s.text[from:to], theme.TextSize(), fyne.TextStyle{Monospace: true}).Width
}

// at finds the place in the text that is nearest to a point.
func (s *sheet) at(pos fyne.Position) int {
	if len(s.lines) == 0 {
		return 0
	}
	_, height := s.letter()
	line := s.lines[min(max(0, int((pos.Y-theme.InnerPadding())/height)), len(s.lines)-1)]
	var ends []int // of the letters
	for at := line.from; at < line.to; {
		_, n := utf8.DecodeRuneInString(s.text[at:])
		at += n
		ends = append(ends, at)
	}
	left := pos.X - theme.InnerPadding()
	before := sort.Search(len(ends), func(i int) bool {
		start := line.from
		if i > 0 {
			start = ends[i-1]
		}
		return (s.widthOf(line.from, start)+s.widthOf(line.from, ends[i]))/2 > left
	})
	if before == 0 {
		return line.from
	}
	return ends[before-1]
}

// MouseDown begins to mark.
func (s *sheet) MouseDown(event *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
	s.from = s.at(event.Position)
	s.to = s.from
	s.Refresh()
}

// MouseUp is for Fyne.
func (s *sheet) MouseUp(*desktop.MouseEvent) {}

// Dragged marks up to where the mouse is, and scrolls there.
func (s *sheet) Dragged(event *fyne.DragEvent) {
	s.to = s.at(event.Position)
	scroll := s.reader.scroll
	_, height := s.letter()
	if top := event.Position.Y - height; top < scroll.Offset.Y {
		scroll.ScrollToOffset(fyne.NewPos(0, max(0, top)))
	} else if bottom := event.Position.Y + height; bottom > scroll.Offset.Y+scroll.Size().Height {
		scroll.ScrollToOffset(fyne.NewPos(0, min(bottom, s.Size().Height)-scroll.Size().Height))
	}
	s.Refresh()
}

// DragEnd is for Fyne.
func (s *sheet) DragEnd() {}

// Cursor shows that there is text.
func (s *sheet) Cursor() desktop.Cursor { return desktop.TextCursor }

// FocusGained is for Fyne.
func (s *sheet) FocusGained() {}

// FocusLost is for Fyne.
func (s *sheet) FocusLost() {}

// TypedRune is for Fyne.
func (s *sheet) TypedRune(rune) {}

// TypedKey scrolls.
func (s *sheet) TypedKey(event *fyne.KeyEvent) {
	scroll := s.reader.scroll
	_, height := s.letter()
	end := max(0, s.Size().Height-scroll.Size().Height)
	to, scrolls := map[fyne.KeyName]float32{
		fyne.KeyUp: scroll.Offset.Y - height, fyne.KeyDown: scroll.Offset.Y + height,
		fyne.KeyPageUp: scroll.Offset.Y - scroll.Size().Height, fyne.KeyPageDown: scroll.Offset.Y + scroll.Size().Height,
		fyne.KeyHome: 0, fyne.KeyEnd: end,
	}[event.Name]
	if scrolls {
		scroll.ScrollToOffset(fyne.NewPos(0, min(max(0, to), end)))
	}
}

// TypedShortcut copies what is marked, and marks all.
func (s *sheet) TypedShortcut(shortcut fyne.Shortcut) {
	switch shortcut := shortcut.(type) {
	case *fyne.ShortcutCopy:
		if s.from != s.to {
			shortcut.Clipboard.SetContent(s.text[min(s.from, s.to):max(s.from, s.to)])
		}
	case *fyne.ShortcutSelectAll:
		s.from, s.to = 0, len(s.text)
		s.Refresh()
	}
}
