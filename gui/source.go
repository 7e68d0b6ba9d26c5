package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// source is the pane with the first rows of what the settings name, as a run
// would read them. The type of a column can be chosen in its heading.
type source struct {
	page  *page
	tab   *container.TabItem
	about *widget.Label
	note  *widget.Label
	why   *widget.Label // of a column's type
	say   *widget.Label // in the table's place
	table *table
	full  *fyne.Container

	settings catalog.Config // nil: not read yet
	mistake  error          // in the form
	stale    bool           // what is shown is not that of the settings
	asked    latest
	peek     *core.Peek
	column   int       // of the peek, that the words are about; -1: none
	head     *kindHead // of that column

	place  string // that the form began with
	chosen bool   // a file was, not typed: if it cannot be read that is to be seen
	coming bool   // to the front, by itself
	turned bool   // a person has turned to a pane
	keys   bool   // the keyboard is to go into the table once that is there
}

// newSource returns nil if the scenario's source is not a table.
func newSource(p *page) *source {
	if _, ok := p.scenario.New().(catalog.Peeker); !ok {
		return nil
	}
	s := &source{page: p, asked: latest{pulse: p.pulse}, column: -1, place: p.form.placeText()}
	s.about = &widget.Label{Truncation: fyne.TextTruncateEllipsis}
	s.note = &widget.Label{Wrapping: fyne.TextWrapWord, Importance: widget.WarningImportance}
	s.why = &widget.Label{Truncation: fyne.TextTruncateEllipsis, Importance: widget.LowImportance}
	s.say = &widget.Label{Wrapping: fyne.TextWrapWord, Alignment: fyne.TextAlignCenter, TextStyle: fyne.TextStyle{Bold: true}}
	s.table = newTable(&values{}, nil)
	s.table.CreateHeader, s.table.UpdateHeader = s.newHead, s.showHead
	s.table.SetRowHeight(-1, headHeight()) // costs a walk over all rows, of which there are few
	s.table.onSelect, s.table.onOpen, s.table.onCopy = func(core.Row) {}, func(core.Row) {}, p.copyValues
	s.table.keys = map[fyne.KeyName]func(){
		fyne.KeyLeft:  func() { s.tell(max(0, s.column-1), true) },
		fyne.KeyRight: func() { s.tell(s.column+1, true) },
		fyne.KeySpace: s.offerChosen,
	}
	words := container.NewVBox(s.note, s.why)
	s.full = container.NewBorder(s.about, words, nil, nil, s.table)
	said := container.NewVBox(layout.NewSpacer(), s.say, layout.NewSpacer())
	s.tab = container.NewTabItem("Source", container.NewStack(s.full, said))
	s.show(nil, s.invitation(), widget.MediumImportance)
	return s
}

func (s *source) invitation() string {
	return "Choose what to read above: its first rows are shown here, with the types of its columns."
}

// change takes over other settings.
func (s *source) change(cfg catalog.Config, mistake error) {
	s.settings, s.mistake, s.stale = cfg, mistake, true
	s.work()
}

// work reads the source anew if that is wanted and can be seen, or if it would
// come to the front.
func (s *source) work() {
	if !s.stale || s.settings == nil || !s.page.seen(s.tab) && !s.comes() {
		return
	}
	s.stale = false
	if s.mistake != nil {
		s.asked.Stop()
		s.show(nil, sentence(s.mistake), widget.DangerImportance)
		return
	}
	peeker := catalog.Copy(s.settings).(catalog.Peeker)
	s.asked.Ask(func(ctx context.Context) func() {
		var peek *core.Peek
		err := caught(func() (err error) { peek, err = peeker.Peek(ctx); return err })
		return func() { s.take(peek, err) }
	})
}

func (s *source) take(peek *core.Peek, err error) {
	switch {
	case err != nil:
		s.show(nil, sentence(err), widget.DangerImportance)
	case peek == nil:
		s.show(nil, s.invitation(), widget.MediumImportance)
	default:
		s.show(peek, "", widget.MediumImportance)
	}
	if s.comes() && (peek != nil || err != nil && s.chosen) {
		s.coming = true
		s.page.panes.Select(s.tab)
		s.coming = false
	}
	s.chosen = false
}

// comes tells whether the pane would come to the front: once something else
// was chosen to work on, while there are no results and nobody wanted another
// pane.
func (s *source) comes() bool {
	p := s.page
	return p.ran == nil && p.idle() && !s.turned && p.seen(p.results.tab) && (s.chosen || p.form.placeText() != s.place)
}

// show shows what was read, or says why there is nothing to show.
func (s *source) show(peek *core.Peek, text string, importance widget.Importance) {
	s.say.Importance = importance
	s.say.SetText(text)
	setVisible(s.full, peek != nil)
	if peek == nil {
		s.peek = nil
		return
	}
	same := s.peek != nil && slices.EqualFunc(s.peek.Columns, peek.Columns, func(a, b core.PeekColumn) bool { return a.Name == b.Name })
	s.peek = peek
	s.table.rows = &values{rows: peek.Rows}
	s.table.setColumns(s.columns())
	if !same {
		s.column, s.table.selected = -1, -1
		s.table.ScrollToTop()
		s.table.ScrollToLeading()
	}
	say(s.about, aboutPeek(peek))
	s.note.SetText(peek.Note)
	setVisible(s.note, peek.Note != "")
	s.tell(s.column, false)
	s.full.Refresh()
	s.table.Refresh()
	if s.keys && s.page.seen(s.tab) {
		s.page.Canvas().Focus(s.table)
	}
	s.keys = false
}

func aboutPeek(peek *core.Peek) string {
	rows := countOf(len(peek.Rows), "row")
	if peek.More {
		rows = "the first " + rows
	}
	if peek.About == "" {
		return rows
	}
	return peek.About + " · " + rows
}

// columns are those of the table: the number of the row, then the source's.
func (s *source) columns() []column {
	names := make([]named, len(s.peek.Columns))
	for i, c := range s.peek.Columns {
		names[i] = named{name: c.Name}
	}
	columns := valueColumns(names, s.peek.Rows)
	for i, c := range s.peek.Columns {
		columns[i+1].least = max(columns[i+1].least, kindWidth(c))
	}
	return columns
}

// tell says why a column has its type.
func (s *source) tell(column int, reveal bool) {
	if s.peek == nil {
		return
	}
	s.column = min(column, len(s.peek.Columns)-1)
	text := "Point at a column's type to read why it was found, and click to choose another."
	if s.column >= 0 {
		text = whyOf(s.peek.Columns[s.column])
	}
	say(s.why, oneLine(text))
	if reveal {
		s.table.ScrollTo(widget.TableCellID{Row: max(0, s.table.selected), Col: s.column + 1})
		s.table.Refresh()
	}
}

func whyOf(c core.PeekColumn) string {
	switch {
	case c.Given:
		return c.Name + ": " + c.Type + ", as it was chosen."
	case c.Why == "":
		return c.Name + ": " + c.Type
	}
	return c.Name + ": " + c.Type + ", " + c.Why
}

// look says that it takes long, if it does. It runs at every beat.
func (s *source) look() {
	if !s.page.seen(s.tab) {
		return
	}
	switch words := s.asked.Words("Reading the first rows"); {
	case words == "":
	case s.peek == nil:
		s.say.Importance = widget.MediumImportance
		say(s.say, words)
	default:
		say(s.about, words)
	}
}

func (s *source) rest() { s.asked.Stop() }

// focusSource shows the source and moves the keyboard into its table.
func (p *page) focusSource() {
	p.panes.Select(p.source.tab)
	p.source.keys = !p.source.full.Visible()
	p.Canvas().Focus(p.source.table)
}

// copyValues puts a row's values on the clipboard.
func (p *page) copyValues(row core.Row) {
	p.app.Clipboard().SetContent(spreadRow(row))
	p.bar.tell("Row " + count(row.Seq) + " copied.")
}
