package gui

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// mostPicking is how long a scenario may look for what there is to pick.
const mostPicking = time.Minute

// picking is the one look for values at a time.
type picking struct{ stop context.CancelFunc } // nil: none goes on

// rest gives it up.
func (p *picking) rest() {
	if p.stop != nil {
		p.stop()
	}
}

func (p *page) pickButton(setting string) *widget.Button {
	button := &widget.Button{Text: "Pick…"}
	button.OnTapped = func() { p.seekPicks(setting, button) }
	return button
}

// picks reports whether a field has a button to choose its values.
func (f *form) picks(field catalog.Field) bool {
	_, ok := f.cfg.(catalog.Picker)
	return ok && field.Pick
}

// seekPicks looks for what a setting may be made of, as the form stands, and
// then asks which of it to take.
func (p *page) seekPicks(setting string, button *widget.Button) {
	cfg, mistake := p.form.peek()
	if mistake != nil {
		p.bar.complain(sentence(mistake))
		return
	}
	if p.picking.stop != nil {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), mostPicking)
	p.picking.stop = stop
	button.Disable()
	p.bar.tell("Looking for what there is to pick…")
	p.pulse.Go(func() func() {
		var picks []core.Pick
		err := caught(func() (err error) {
			picks, err = cfg.(catalog.Picker).Picks(ctx, setting)
			return err
		})
		return func() {
			stop()
			p.picking.stop = nil
			button.Enable()
			p.picked(setting, picks, err)
		}
	})
}

func (p *page) picked(setting string, picks []core.Pick, err error) {
	switch {
	case err != nil:
		p.bar.complain("Nothing to pick from: " + err.Error())
	case len(picks) == 0:
		p.bar.complain("There is nothing to pick from.")
	default:
		p.bar.tell("")
		p.askPicks(setting, picks)
	}
}

// askPicks asks which values a setting is to have. What else was typed into
// its field stays.
func (p *page) askPicks(setting string, picks []core.Pick) {
	at := slices.IndexFunc(p.form.fields, func(f catalog.Field) bool { return f.Name == setting })
	field, in := p.form.fields[at], p.form.inputs[at]
	list := newPickList(picks, func(value string) bool { return hasValue(field, in.get(), value) })
	take := func() { in.set(repicked(field, in.get(), picks, list.chosen)) }
	accept := &answer{text: "OK", importance: widget.HighImportance, do: take}
	p.ask(field.Label, list.object, nil, accept, &answer{text: "Cancel"})
	list.escape = accept.escape
	p.Canvas().Focus(list.filter)
}

// separator is what a list's values are joined by.
func separator(field catalog.Field) string { return strings.Trim(field.Join("a", "b"), "ab") }

func hasValue(field catalog.Field, text, value string) bool {
	sep := separator(field)
	return strings.Contains(sep+text+sep, sep+field.Join(value)+sep)
}

// repicked is a list's text with the values chosen of those to pick from, and
// without the others of them.
func repicked(field catalog.Field, text string, picks []core.Pick, chosen map[string]bool) string {
	sep := separator(field)
	for _, pick := range picks {
		one := field.Join(pick.Value)
		switch has := hasValue(field, text, pick.Value); {
		case has && !chosen[pick.Value]:
			text = strings.Trim(strings.Replace(sep+text+sep, sep+one+sep, sep, 1), sep)
		case !has && chosen[pick.Value] && text == "":
			text = one
		case !has && chosen[pick.Value]:
			text += sep + one
		}
	}
	return text
}

// pickList is a list to check values in, with an example of each.
type pickList struct {
	all, shown []core.Pick
	chosen     map[string]bool
	filter     *pickFilter
	list       *pickTable
	object     fyne.CanvasObject
	escape     func() // puts the question away
}

// pickFilter, pickTable and pickCheck are the parts that can have the keyboard:
// for each of them, Escape puts the question away.
type (
	pickFilter struct {
		widget.Entry
		of *pickList
	}
	pickTable struct {
		widget.List
		of *pickList
	}
	pickCheck struct {
		widget.Check
		of *pickList
	}
)

// TypedKey is for Fyne.
func (f *pickFilter) TypedKey(event *fyne.KeyEvent) { f.of.typed(event, f.Entry.TypedKey) }

// TypedKey is for Fyne.
func (t *pickTable) TypedKey(event *fyne.KeyEvent) { t.of.typed(event, t.List.TypedKey) }

// TypedKey is for Fyne.
func (c *pickCheck) TypedKey(event *fyne.KeyEvent) { c.of.typed(event, c.Check.TypedKey) }

func (l *pickList) typed(event *fyne.KeyEvent, other func(*fyne.KeyEvent)) {
	if event.Name == fyne.KeyEscape {
		l.escape()
		return
	}
	other(event)
}

func newPickList(picks []core.Pick, chosen func(value string) bool) *pickList {
	l := &pickList{all: picks, shown: picks, chosen: map[string]bool{}}
	for _, pick := range picks {
		l.chosen[pick.Value] = chosen(pick.Value)
	}
	l.filter, l.list = &pickFilter{of: l}, &pickTable{of: l}
	l.filter.PlaceHolder, l.filter.OnChanged = "Filter", l.narrow
	l.filter.ExtendBaseWidget(l.filter)
	l.list.Length, l.list.CreateItem, l.list.UpdateItem = func() int { return len(l.shown) }, l.newRow, l.show
	l.list.OnSelected, l.list.HideSeparators = l.toggle, true
	l.list.ExtendBaseWidget(l.list)
	space := container.NewGridWrap(fyne.NewSize(560, 320), l.list)
	l.object = container.NewBorder(l.filter, nil, nil, nil, space)
	return l
}

// narrow shows the values that the filter lets through.
func (l *pickList) narrow(text string) {
	text = strings.ToLower(strings.TrimSpace(text))
	l.shown = nil
	for _, pick := range l.all {
		if strings.Contains(strings.ToLower(pick.Value+"\n"+pick.Example), text) {
			l.shown = append(l.shown, pick)
		}
	}
	l.list.Refresh()
	l.list.ScrollToTop()
}

// toggle is told of a row that was clicked beside its box, or chosen by the
// keyboard.
func (l *pickList) toggle(id widget.ListItemID) {
	l.list.UnselectAll()
	l.check(l.shown[id].Value, !l.chosen[l.shown[id].Value])
}

func (l *pickList) check(value string, chosen bool) {
	l.chosen[value] = chosen
	l.list.Refresh()
}

func (l *pickList) newRow() fyne.CanvasObject {
	check := &pickCheck{of: l}
	check.ExtendBaseWidget(check)
	example := &widget.Label{Importance: widget.LowImportance, Truncation: fyne.TextTruncateEllipsis}
	return container.NewGridWithColumns(2, check, example)
}

func (l *pickList) show(id widget.ListItemID, object fyne.CanvasObject) {
	pick, row := l.shown[id], object.(*fyne.Container).Objects
	check := row[0].(*pickCheck)
	check.OnChanged = nil
	check.Text, check.Checked = shorten(pick.Value, 230, theme.TextSize(), true), l.chosen[pick.Value]
	check.OnChanged = func(chosen bool) { l.check(pick.Value, chosen) }
	check.Refresh()
	row[1].(*widget.Label).SetText(oneCell(pick.Example))
}
