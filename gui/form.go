package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// form shows a Config's fields, and reads them back. It is the only place
// where settings are changed.
type form struct {
	page   *page
	cfg    catalog.Config
	fields []catalog.Field
	inputs []input
	labels []*widget.Label
	more   *widget.Button // nil: no field hides behind it
	given  string         // the place that cfg came with, by a drop or as sample data
	grid   *grid
	object *fyne.Container
	scroll *container.Scroll // around object
}

const across = 3 // short fields beside each other

// newForm makes a form for a scenario's settings as they were last used.
func newForm(p *page) (*form, error) {
	f := &form{page: p, cfg: p.scenario.New()}
	var err error
	if f.fields, err = catalog.Fields(f.cfg); err != nil {
		return nil, err
	}
	p.memory.Recall(p.scenario.Name, f.fields)
	f.grid = &grid{across: across, wide: map[fyne.CanvasObject]bool{}}
	f.object = container.New(f.grid)
	f.scroll = container.NewVScroll(f.object)
	for _, field := range f.fields {
		f.add(field)
	}
	f.arrange()
	f.show()
	return f, nil
}

func (f *form) add(field catalog.Field) {
	made := f.inputFor(field)
	f.page.adjustOnEnter(field, made)
	label := &widget.Label{Text: field.Label}
	if field.Kind == catalog.Toggle { // a check box carries its own
		label.Text = ""
	}
	f.grid.wide[made.object] = made.wide
	f.inputs = append(f.inputs, made)
	f.labels = append(f.labels, label)
	if field.More {
		label.Hide()
		made.object.Hide()
	}
}

// arrange puts the fields that always show first, among them the presets
// before the first short one, then the button for the others, then those.
func (f *form) arrange() {
	var places, always, rarely []fyne.CanvasObject
	for i, field := range f.fields {
		pair := []fyne.CanvasObject{f.labels[i], f.inputs[i].object}
		switch {
		case field.More:
			rarely = append(rarely, pair...)
		case f.inputs[i].wide && len(always) == 0:
			places = append(places, pair...)
		default:
			always = append(always, pair...)
		}
	}
	if f.page.presets != nil {
		places = append(places, &widget.Label{Text: "Preset"}, f.page.presets.object)
	}
	always = append(places, always...)
	if len(rarely) > 0 {
		f.more = &widget.Button{Text: "More…", OnTapped: f.toggleMore}
		always = append(always, &widget.Label{}, container.NewHBox(f.more))
	}
	f.object.Objects = append(always, rarely...)
}

// changed is told of every change of an input, by whatever made it.
func (f *form) changed() {
	if f.page.form != nil { // it is not being made
		f.page.changed()
	}
}

// toggleMore shows the fields that are rarely needed, or hides them again.
func (f *form) toggleMore() {
	if f.more == nil {
		return
	}
	show := f.more.Text == "More…"
	for i, field := range f.fields {
		if field.More {
			setVisible(f.labels[i], show)
			setVisible(f.inputs[i].object, show)
		}
	}
	f.more.SetText(map[bool]string{true: "Less", false: "More…"}[show])
	f.object.Refresh()
	f.page.object.Refresh()
}

func setVisible(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

// show puts the fields' values into the inputs.
func (f *form) show() {
	for i, field := range f.fields {
		if text := field.Text(); text != f.inputs[i].get() {
			f.inputs[i].set(text)
		}
	}
}

// focus moves the keyboard to an input, the first if place is not known.
func (f *form) focus(place int) {
	if len(f.inputs) == 0 {
		return
	}
	place = max(place, 0)
	if f.fields[place].More && f.more != nil && f.more.Text == "More…" {
		f.toggleMore()
	}
	f.page.Canvas().Focus(f.inputs[place].focus)
	f.reveal(f.inputs[place].focus)
}

// find returns the first field of one of the kinds, -1 if there is none.
func (f *form) find(kinds ...catalog.Kind) int {
	for i, field := range f.fields {
		if slices.Contains(kinds, field.Kind) {
			return i
		}
	}
	return -1
}

// asksForPlace tells whether there is something to work on to choose first: a
// folder, a file or lines.
func (f *form) asksForPlace() bool { return f.find(catalog.Folder, catalog.File, catalog.Lines) >= 0 }

// isFirstPlace tells whether a field is the one whose row says what was found.
func (f *form) isFirstPlace(field catalog.Field) bool {
	first := f.find(catalog.Folder, catalog.File, catalog.Lines)
	return f.page.found != nil && first >= 0 && f.fields[first].Name == field.Name
}

// placeText is what the form says there is to work on: the first lines and the
// first folder or file, of which either will do.
func (f *form) placeText() string {
	var texts []string
	for _, place := range []int{f.find(catalog.Lines), f.find(catalog.Folder, catalog.File)} {
		if place < 0 {
			continue
		}
		if text := f.inputs[place].get(); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "\n")
}

// setPlace puts a path into the first folder or file the form asks for.
func (f *form) setPlace(path string) {
	if place := f.find(catalog.Folder, catalog.File); place >= 0 {
		f.inputs[place].set(path)
	}
}
