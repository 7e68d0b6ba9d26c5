package gui

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// reader shows a long text to read and to copy from, in letters of one width.
// It draws only the lines that are seen: Fyne's label takes a minute for 64 KB
// without a line break.
//
// A place in the text is the number of its byte. Marked is what lies between
// two places, and is copied as it stands in the text.
type reader struct {
	widget.BaseWidget
	scroll *container.Scroll
	sheet  *sheet
}

// sheet is what a reader scrolls: its lines.
type sheet struct {
	widget.BaseWidget
	reader   *reader
	text     string
	lines    []piece
	columns  int // that a line has room for
	from, to int // marked; equal: nothing is
}

// piece is the part of the text that is in one line.
type piece struct{ from, to int }

var (
	_ desktop.Mouseable  = (*sheet)(nil)
	_ desktop.Cursorable = (*sheet)(nil)
	_ fyne.Draggable     = (*sheet)(nil)
	_ fyne.Focusable     = (*sheet)(nil)
	_ fyne.Shortcutable  = (*sheet)(nil)
)

func newReader() *reader {
	r := &reader{sheet: &sheet{}}
	r.sheet.reader = r
	r.sheet.ExtendBaseWidget(r.sheet)
	r.scroll = container.NewVScroll(r.sheet)
	r.scroll.OnScrolled = func(fyne.Position) { r.sheet.Refresh() }
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is for Fyne.
func (r *reader) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.scroll) }

// MinSize is small: the text scrolls.
func (r *reader) MinSize() fyne.Size { return fyne.NewSize(120, 60) }

// set shows another text from its beginning.
func (r *reader) set(text string) {
	s := r.sheet
	s.text, s.from, s.to = readable(text), 0, 0
	s.wrap()
	r.scroll.ScrollToTop()
	r.scroll.Refresh()
}

// readable has nothing in it that cannot be drawn as one letter.
func readable(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(text)
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' || c == 0x7f {
			return '·'
		}
		return c
	}, text)
}

// Resize breaks the lines anew for another width.
func (r *reader) Resize(size fyne.Size) {
	letter, _ := r.sheet.letter()
	columns := max(8, int((size.Width-2*theme.InnerPadding()-theme.ScrollBarSize())/letter))
	changed := columns != r.sheet.columns
	if changed {
		r.sheet.columns = columns
		r.sheet.wrap()
	}
	r.BaseWidget.Resize(size)
	if changed {
		r.scroll.Refresh()
	}
}

// wrap breaks the text into lines that fit, at a space where there is one.
func (s *sheet) wrap() {
	s.lines = s.lines[:0]
	if s.columns == 0 {
		return
	}
	for from := 0; from <= len(s.text); {
		end := len(s.text)
		if at := strings.IndexByte(s.text[from:], '\n'); at >= 0 {
			end = from + at
		}
		for from += s.breakOff(from, end); from < end; from += s.breakOff(from, end) {
		}
		from = end + 1
	}
}

// breakOff makes a line of as much of a part of the text as fits, and returns
// its length.
func (s *sheet) breakOff(from, end int) int {
	wide, space, at := 0, -1, from
	for at < end {
		c, n := utf8.DecodeRuneInString(s.text[at:end])
		if wide += columnsOfRune(c); wide > s.columns && at > from {
			break
		}
		at += n
		if c == ' ' {
			space = at
		}
	}
	if at < end && space > from+(at-from)/2 {
		at = space
	}
	s.lines = append(s.lines, piece{from, at})
	return at - from
}

// columnsOfRune is 2 for the scripts whose letters are about twice as wide:
// those from Hangul Jamo on.
func columnsOfRune(c rune) int {
	if c >= 0x1100 {
		return 2
	}
	return 1
}

// letter is the width of a letter and the height of a line.
func (s *sheet) letter() (width, height float32) {
	size := fyne.MeasureText("M", theme.TextSize(), fyne.TextStyle{Monospace: true})
	return size.Width, size.Height
}

// MinSize is as high as all lines.
func (s *sheet) MinSize() fyne.Size {
	_, height := s.letter()
	return fyne.NewSize(10, float32(len(s.lines))*height+2*theme.InnerPadding())
}

// CreateRenderer is for Fyne.
func (s *sheet) CreateRenderer() fyne.WidgetRenderer {
	r := &sheetRenderer{sheet: s}
	r.draw()
	return r
}

// sheetRenderer draws the lines that are seen.
type sheetRenderer struct {
	sheet   *sheet
	marks   []*canvas.Rectangle
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

func (r *sheetRenderer) Destroy()                     {}
func (r *sheetRenderer) Layout(fyne.Size)             { r.draw() }
func (r *sheetRenderer) MinSize() fyne.Size           { return r.sheet.MinSize() }
func (r *sheetRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *sheetRenderer) Refresh() {
	r.draw()
	canvas.Refresh(r.sheet)
}

func (r *sheetRenderer) draw() {
	s := r.sheet
	_, height := s.letter()
	first := max(0, int((s.reader.scroll.Offset.Y-theme.InnerPadding())/height))
	past := min(len(s.lines), first+int(s.reader.scroll.Size().Height/height)+2)
	r.grow(past - first)
	th, v := s.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	for i, text := range r.texts {
		text.Hidden, r.marks[i].Hidden = first+i >= past, true
		if text.Hidden {
			continue
		}
		line := s.lines[first+i]
		y := theme.InnerPadding() + float32(first+i)*height
		text.Text, text.TextSize, text.Color = s.text[line.from:line.to], theme.TextSize(), th.Color(theme.ColorNameForeground, v)
		place(text, theme.InnerPadding(), y, s.Size().Width, height)
		if from, to := s.marked(line); from < to {
			r.marks[i].Hidden, r.marks[i].FillColor = false, th.Color(theme.ColorNameSelection, v)
			left := s.widthOf(line.from, from)
			place(r.marks[i], theme.InnerPadding()+left, y, s.widthOf(line.from, to)-left, height)
		}
	}
}

// grow makes objects for n lines. Those there are already are used again.
func (r *sheetRenderer) grow(n int) {
	for len(r.texts) < n {
		text := canvas.NewText("", nil)
		text.TextStyle.Monospace = true
		mark := canvas.NewRectangle(nil)
		r.texts, r.marks = append(r.texts, text), append(r.marks, mark)
		r.objects = append(r.objects, mark, text)
	}
}
