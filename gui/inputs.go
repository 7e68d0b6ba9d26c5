package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// workers is the name of the field that every run takes while it goes on.
const workers = "workers"

var workerChoices = []string{"auto", "1", "2", "4", "8", "16"}

// input is how a form asks for one field.
type input struct {
	object fyne.CanvasObject
	focus  fyne.Focusable
	wide   bool // takes a whole line
	get    func() string
	set    func(string)
	recent func([]string) // nil: it offers no recent ones
}

func (f *form) inputFor(field catalog.Field) input {
	switch field.Kind {
	case catalog.Toggle:
		return f.toggle(field)
	case catalog.Choice:
		return f.choice(field)
	case catalog.List:
		return f.list(field)
	case catalog.Folder, catalog.NewFolder, catalog.File:
		return f.place(field)
	case catalog.Lines:
		return f.lines(field)
	}
	if field.Name == workers || len(field.Choices) > 0 {
		return f.combo(field)
	}
	entry := f.newEntry(hintOf(field))
	return ofEntry(&entry.Entry, entry)
}

func (f *form) typed(string) { f.changed() }

func ofEntry(entry *widget.Entry, focus fyne.Focusable) input {
	return input{
		object: focus.(fyne.CanvasObject), focus: focus,
		get: func() string { return entry.Text }, set: entry.SetText,
	}
}

// hintOf is what an empty entry says: an example, or what empty means. A hint
// in capitals is the name of a value on the command line, no example.
func hintOf(field catalog.Field) string {
	switch {
	case field.Hint != strings.ToUpper(field.Hint):
		return field.Hint
	case field.Default != "":
		return field.Default
	}
	return field.Help
}

func (f *form) toggle(field catalog.Field) input {
	check := &toggleInput{reveal: f.reveal}
	check.ExtendBaseWidget(check)
	check.Text, check.OnChanged = field.Label, func(bool) { f.changed() }
	return input{
		object: check, focus: check,
		get: func() string { return map[bool]string{true: "true", false: "false"}[check.Checked] },
		set: func(text string) { check.SetChecked(text == "true") },
	}
}

func (f *form) choice(field catalog.Field) input {
	choose := &choiceInput{reveal: f.reveal}
	choose.ExtendBaseWidget(choose)
	choose.Options, choose.PlaceHolder, choose.OnChanged = field.Choices, "Choose", f.typed
	return input{
		object: choose, focus: choose,
		get: func() string { return choose.Selected }, set: choose.SetSelected,
	}
}

// combo is a text with suggestions.
func (f *form) combo(field catalog.Field) input {
	choices := field.Choices
	if len(choices) == 0 {
		choices = workerChoices
	}
	entry := f.newCombo(hintOf(field), choices)
	return ofEntry(&entry.Entry, entry)
}

// list is a text of several values with commas; its buttons add one of those
// the scenario suggests, and let one choose among those it can find.
func (f *form) list(field catalog.Field) input {
	entry := f.newEntry(hintOf(field))
	made := ofEntry(&entry.Entry, entry)
	beside := container.NewHBox()
	if len(field.Choices) > 0 {
		add := &widget.Button{Icon: theme.ContentAddIcon(), Importance: widget.LowImportance}
		add.OnTapped = func() { suggest(add, field.Choices, &entry.Entry) }
		beside.Add(add)
	}
	if f.picks(field) {
		beside.Add(f.page.pickButton(field.Name))
	}
	if len(beside.Objects) > 0 {
		made.object = container.NewBorder(nil, nil, nil, beside, entry)
	}
	return made
}

func suggest(under fyne.CanvasObject, choices []string, entry *widget.Entry) {
	var items []*fyne.MenuItem
	for _, choice := range choices {
		items = append(items, fyne.NewMenuItem(choice, func() { entry.SetText(withValue(entry.Text, choice)) }))
	}
	popUpUnder(under, fyne.NewMenu("", items...))
}

// withValue adds a value to a list with commas.
func withValue(list, value string) string {
	parts := strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
	if !slices.Contains(parts, value) {
		parts = append(parts, value)
	}
	return strings.Join(parts, ",")
}

func popUpUnder(o fyne.CanvasObject, menu *fyne.Menu) {
	driver := fyne.CurrentApp().Driver()
	pos := driver.AbsolutePositionForObject(o).AddXY(0, o.Size().Height)
	widget.ShowPopUpMenuAtPosition(menu, driver.CanvasForObject(o), pos)
}

// place is a folder or a file: typed, one of the recent ones, or chosen with
// the desktop's own dialog.
func (f *form) place(field catalog.Field) input {
	entry := f.newCombo(hintOf(field), f.page.memory.Recent(f.page.scenario.Name))
	browse := &widget.Button{Text: "Browse", Icon: theme.FolderOpenIcon()}
	browse.OnTapped = func() { f.page.browse(field, entry.Text, entry.SetText) }
	made := ofEntry(&entry.Entry, entry)
	made.object = container.NewBorder(nil, nil, nil, browse, entry)
	if f.isFirstPlace(field) {
		made.object = f.page.found.beside(made.object)
	}
	made.wide = true
	made.recent = entry.SetOptions
	return made
}

// offerRecent puts the recent folders behind the arrows of the folder rows.
func (f *form) offerRecent() {
	for _, made := range f.inputs {
		if made.recent != nil {
			made.recent(f.page.memory.Recent(f.page.scenario.Name))
		}
	}
}
