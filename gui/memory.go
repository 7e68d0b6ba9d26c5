package gui

import (
	"slices"

	"fyne.io/fyne/v2"

	"manyhands/core/catalog"
)

const mostRecent = 8

// memory is what the program keeps from one start to the next.
type memory struct {
	fyne.Preferences
}

// Keep remembers the settings of a scenario.
func (m memory) Keep(scenario string, fields []catalog.Field) {
	for _, f := range fields {
		text := f.Text()
		if f.Kind == catalog.Lines && tooLong(text) {
			text = "" // the preferences are written as a whole, again and again
		}
		m.SetString(scenario+"."+f.Name, text)
	}
	m.SetBool(scenario+" kept", true)
}

// Recall gives fields the values they had. One that is no longer valid keeps
// its default.
func (m memory) Recall(scenario string, fields []catalog.Field) {
	if !m.Bool(scenario + " kept") {
		return
	}
	for _, f := range fields {
		_ = f.Set(m.StringWithFallback(scenario+"."+f.Name, f.Text()))
	}
}

// Recent lists the folders used last, the newest first.
func (m memory) Recent(scenario string) []string { return m.StringList("recent " + scenario) }

// Visit puts a folder first in the recent ones.
func (m memory) Visit(scenario, folder string) {
	list := slices.DeleteFunc(m.Recent(scenario), func(s string) bool { return s == folder })
	list = slices.Insert(list, 0, folder)
	m.SetStringList("recent "+scenario, list[:min(len(list), mostRecent)])
}

// Size is the window's size when it was last closed.
func (m memory) Size() fyne.Size {
	return fyne.NewSize(
		float32(max(640, m.FloatWithFallback("width", 1180))),
		float32(max(480, m.FloatWithFallback("height", 760))),
	)
}

// KeepSize remembers the window's size.
func (m memory) KeepSize(size fyne.Size) {
	m.SetFloat("width", float64(size.Width))
	m.SetFloat("height", float64(size.Height))
}

// Variant is "light", "dark" or "system".
func (m memory) Variant() string { return m.StringWithFallback("theme", "system") }

// KeepVariant remembers light, dark or system.
func (m memory) KeepVariant(name string) { m.SetString("theme", name) }
