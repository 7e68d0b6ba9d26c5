package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

const (
	mostRead     = 64 << 10 // bytes of a section that are shown
	detailsShare = 0.4      // of the table's width, until it is dragged
)

// details is what there is to read of the selected row, beside the table: one
// of its sections at a time.
type details struct {
	page     *page
	split    *container.Split
	object   *fyne.Container
	choose   *widget.Select
	copyAll  *widget.Button
	reader   *reader
	cut      *widget.Label // what is not shown
	sections []core.Section

	row   core.Row // wanted; a zero row hides all
	busy  bool     // one is being read
	stale bool     // what is shown is not that of row
	beats int      // since it was wanted
}

// newDetails returns nil if rows have no more to read than they show.
func newDetails(p *page) *details {
	if _, ok := p.scenario.New().(catalog.Detailer); !ok {
		return nil
	}
	d := &details{page: p, reader: newReader()}
	d.choose = &widget.Select{PlaceHolder: "Details", OnChanged: func(string) { d.turn() }}
	d.copyAll = &widget.Button{Text: "Copy all", Icon: theme.ContentCopyIcon(), OnTapped: p.copyDetails}
	d.cut = &widget.Label{Importance: widget.LowImportance, Wrapping: fyne.TextWrapWord}
	d.cut.Hide()
	bar := container.NewBorder(nil, nil, container.New(widthLayout{140}, d.choose), d.copyAll)
	d.object = container.NewBorder(bar, d.cut, nil, nil, d.reader)
	d.object.Hide()
	return d
}

// beside puts the details to the right of the table.
func (d *details) beside(table fyne.CanvasObject) fyne.CanvasObject {
	d.split = container.NewHSplit(table, d.object)
	d.split.Offset = 1 - detailsShare
	return d.split
}

// show reads a row's sections, if it is not the one shown; a zero row hides
// them.
func (d *details) show(row core.Row) {
	if row.Seq == 0 {
		d.row, d.stale = row, false
		d.hide()
		return
	}
	if d.row.Seq != row.Seq || d.row.Tries != row.Tries || d.row.Status != row.Status {
		d.row, d.stale, d.beats = row, true, 0
		d.read()
	}
}

func (d *details) hide() {
	d.sections = nil
	if d.object.Visible() {
		d.object.Hide()
		d.split.Refresh()
		d.page.Window.settle()
	}
}

// read begins to read the row that is wanted, unless another one is being
// read: then that is waited for.
func (d *details) read() {
	detailer, ok := d.page.ran.(catalog.Detailer)
	if !ok || d.busy || !d.stale {
		return
	}
	d.busy, d.stale = true, false
	row := d.row
	d.page.pulse.Go(func() func() {
		var sections []core.Section
		if err := caught(func() error { sections = detailer.Details(row); return nil }); err != nil {
			sections = []core.Section{{Title: "Error", Text: sentence(err)}}
		}
		return func() { d.take(row, sections) }
	})
}

func (d *details) take(row core.Row, sections []core.Section) {
	d.busy = false
	switch {
	case d.stale:
		d.read()
	case row.Seq != d.row.Seq: // no longer wanted
	case len(sections) == 0:
		d.hide()
	default:
		d.fill(sections)
	}
}

// look says that it takes long, if it does.
func (d *details) look() {
	if !d.busy || d.row.Seq == 0 {
		return
	}
	if d.beats++; d.beats == moment {
		d.reader.set("Reading…")
	}
}

// fill shows the sections, of them the one with the title that was chosen
// last.
func (d *details) fill(sections []core.Section) {
	d.sections = sections
	titles := make([]string, len(sections))
	for i, s := range sections {
		titles[i] = s.Title
	}
	d.choose.Options = titles
	if !slices.Contains(titles, d.choose.Selected) {
		d.choose.Selected = titles[0]
	}
	d.choose.Refresh()
	d.turn()
	if !d.object.Visible() {
		d.object.Show()
		d.split.Refresh()
		d.page.Window.settle()
	}
}

// turn shows the section chosen.
func (d *details) turn() {
	text := d.chosen().Text
	shown := text
	if len(text) > mostRead {
		shown = strings.ToValidUTF8(text[:mostRead], "")
	}
	d.reader.set(shown)
	say(d.cut, leftUnread(text))
	if setVisible(d.cut, d.cut.Text != ""); d.object.Visible() {
		d.object.Refresh()
	}
}

func leftUnread(text string) string {
	if len(text) <= mostRead {
		return ""
	}
	return "This is the first " + sizeOf(mostRead) + " of " + sizeOf(int64(len(text))) + ". Copy all copies the whole."
}

func (d *details) chosen() core.Section {
	for _, s := range d.sections {
		if s.Title == d.choose.Selected {
			return s
		}
	}
	return core.Section{}
}

func (p *page) hasDetails() bool {
	return p.results.details != nil && p.results.details.object.Visible()
}

// focusDetails moves the keyboard to the choice of the section.
func (p *page) focusDetails() {
	p.panes.Select(p.results.tab)
	p.Canvas().Focus(p.results.details.choose)
}

// copyDetails puts the whole section on the clipboard.
func (p *page) copyDetails() {
	section := p.results.details.chosen()
	p.app.Clipboard().SetContent(section.Text)
	p.bar.tell(section.Title + " copied, " + sizeOf(int64(len(section.Text))) + ".")
}
