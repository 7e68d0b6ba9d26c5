package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"manyhands/core/catalog"
)

// A list is remembered however long it is.
func TestLongListsAreRemembered(t *testing.T) {
	m := memory{test.NewTempApp(t).Preferences(), t.TempDir()}
	for _, text := range []string{"https://a/1", strings.Repeat("https://example.com/a/long/one\n", 20_000) + "https://b/2", "https://c/3", ""} {
		fields := fieldsOf(t, new(inquiry))
		place := lineField(fields)
		if err := fields[place].Set(text); err != nil {
			t.Fatal(err)
		}
		m.Keep("x", fields)
		again := fieldsOf(t, new(inquiry))
		m.Recall("x", again)
		if got := again[place].Text(); got != text {
			t.Errorf("%d bytes became %d", len(text), len(got))
		}
		if stored := m.String("x." + fields[place].Name); len(stored) > 1000 {
			t.Errorf("%d bytes are in the preferences", len(stored))
		}
	}
}

func fieldsOf(t *testing.T, c catalog.Config) []catalog.Field {
	t.Helper()
	fields, err := catalog.Fields(c)
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

func lineField(fields []catalog.Field) int {
	for i, f := range fields {
		if f.Kind == catalog.Lines {
			return i
		}
	}
	return -1
}

// A run that was not finished when the program ended is offered again.
func TestAnUnfinishedRunIsOfferedAgain(t *testing.T) {
	d, in := queued(t, 3)
	again := func() string {
		p, err := newPage(d.Window, d.page.scenario)
		if err != nil {
			t.Fatal(err)
		}
		return p.bar.say.Text
	}
	if got := again(); !strings.Contains(got, "press Start to go on") {
		t.Errorf("while it goes on: %q", got)
	}
	close(in.gate)
	d.until("the end", d.page.idle)
	if got := again(); got != "" {
		t.Errorf("after its end: %q", got)
	}
}
