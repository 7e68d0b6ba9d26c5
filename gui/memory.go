package gui

import (
	"os"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"

	"manyhands/core/catalog"
)

const mostRecent = 8

// memory is what the program keeps from one start to the next.
type memory struct {
	fyne.Preferences
	folder string // for texts that are too long for the preferences; "": they are forgotten
}

// Keep remembers the settings of a scenario.
func (m memory) Keep(scenario string, fields []catalog.Field) {
	for _, f := range fields {
		text := f.Text()
		if f.Kind == catalog.Lines {
			text = m.keepLines(scenario+"."+f.Name, text)
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
		name := scenario + "." + f.Name
		text := m.StringWithFallback(name, f.Text())
		if long, err := os.ReadFile(m.file(name)); f.Kind == catalog.Lines && err == nil {
			text = string(long)
		}
		_ = f.Set(text)
	}
}

// keepLines puts a long text into a file, because the preferences are written
// as a whole, again and again. It returns what is left for those.
func (m memory) keepLines(name, text string) string {
	if m.folder == "" || !tooLong(text) {
		_ = os.Remove(m.file(name)) // of an earlier one
		if tooLong(text) {
			return ""
		}
		return text
	}
	err := os.MkdirAll(filepath.Dir(m.file(name)), 0o700)
	if err == nil {
		err = os.WriteFile(m.file(name), []byte(text), 0o600)
	}
	if err != nil { // forgotten: a run does not depend on it
		_ = os.Remove(m.file(name))
	}
	return ""
}

func (m memory) file(name string) string { return filepath.Join(m.folder, "lines", name+".txt") }

// Begin remembers that a run goes on, End that it came to its end.
func (m memory) Begin(scenario string) { m.SetBool(scenario+" unfinished", true) }

// End is told when nothing is left to be done.
func (m memory) End(scenario string) { m.SetBool(scenario+" unfinished", false) }

// Unfinished tells whether the last run did not come to its end.
func (m memory) Unfinished(scenario string) bool { return m.Bool(scenario + " unfinished") }

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
