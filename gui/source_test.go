package gui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// peeked is a desk that shows the first rows of a list.
func peeked(t *testing.T) (*desk, *hold, *source) {
	t.Helper()
	d, in := docks(t)
	d.fill("file", list(t, "name,weight", "tea,12", "salt,", "rum,7"))
	d.until("the source", func() bool { return d.page.source.peek != nil })
	return d, in, d.page.source
}

func TestTheSourceShowsItsFirstRows(t *testing.T) {
	d, _, s := peeked(t)
	d.want("about", s.about.Text, "CSV, comma, 2 columns · the first 3 rows")
	d.want("titles", titles(s.table), "# | name | weight")
	for at, want := range []string{"1 | tea | 12", "2 | salt | (NULL)", "3 | rum | 7"} {
		d.want("line", cells(s.table, at), want)
	}
	if s.note.Visible() || !s.full.Visible() || !s.table.columns[2].number || s.table.columns[1].number {
		t.Error("a note shows, or no table, or numbers are not at the right")
	}
}

func TestTheSourceFollowsTheForm(t *testing.T) {
	d, in, s := peeked(t)
	d.fill("sep", "semicolon")
	d.until("one column", func() bool { return titles(s.table) == "# | name,weight" })
	d.fill("file", list(t, "a;b", "1;2", "3"))
	d.until("the note", func() bool { return s.note.Visible() })
	d.want("note", s.note.Text, "line 3 would be rejected")
	d.want("a short line", cells(s.table, 1), "2 | 3 | (…)")
	d.fill("file", filepath.Join(t.TempDir(), "gone.csv"))
	d.until("the error", func() bool { return strings.HasSuffix(s.say.Text, "gone.csv: no such file or directory") })
	if s.full.Visible() || s.say.Importance != widget.DangerImportance {
		t.Error("the rows of another file show beside an error")
	}
	d.fill("workers", "many")
	d.until("the mistake", func() bool { return strings.HasPrefix(s.say.Text, "Workers: ") })
	d.fill("workers", "1")
	d.fill("file", "")
	d.until("the invitation", func() bool { return s.say.Text == s.invitation() })
	d.want("looked at with", in.peeks[1][strings.LastIndex(in.peeks[1], " "):], " semicolon")
}

func TestASourceThatIsTypedIsReadOnce(t *testing.T) {
	d, in, s := peeked(t)
	path := list(t, "other", "1")
	for i := range path {
		d.fill("file", path[:i+1])
	}
	d.until("the other", func() bool { return titles(s.table) == "# | other" })
	if len(in.peeks) != 2 {
		t.Errorf("looked at %q", in.peeks)
	}
}

func TestASourceThatIsOutOfDateIsGivenUp(t *testing.T) {
	d, in, s := peeked(t)
	in.set(func() { in.gate = make(chan struct{}) })
	d.fill("sep", "semicolon")
	d.until("words", func() bool { return s.about.Text == "Reading the first rows…" })
	d.fill("sep", "comma")
	d.until("given up", func() bool { return in.given() == 1 })
	close(in.gate)
	d.until("the rows", func() bool { return strings.HasPrefix(s.about.Text, "CSV, comma") })
	d.want("titles", titles(s.table), "# | name | weight")
}

func (h *hold) given() (n int) { h.set(func() { n = h.dropped }); return n }

func TestAChosenTypeGoesIntoTheForm(t *testing.T) {
	d, _, s := peeked(t)
	menu := func(label string) {
		t.Helper()
		for _, item := range s.kinds(1) {
			if item.Label == label {
				item.Action()
				return
			}
		}
		t.Fatalf("no type %s", label)
	}
	menu("INTEGER")
	d.until("the type", func() bool { return s.peek.Columns[1].Given })
	d.want("field", d.field("types"), "weight=INTEGER")
	d.want("heading", kindWord(s.peek.Columns[1]), "INTEGER (chosen)")
	var checked []string
	for _, item := range s.kinds(1) {
		if item.Checked {
			checked = append(checked, item.Label)
		}
	}
	if !slices.Equal(checked, []string{"INTEGER"}) {
		t.Errorf("checked: %q", checked)
	}
	menu("auto")
	d.until("the found one", func() bool { return !s.peek.Columns[1].Given })
	d.want("field", d.field("types"), "")
	d.want("heading", kindWord(s.peek.Columns[1]), "TEXT")
}

func TestTheSourceSaysWhyAColumnHasItsType(t *testing.T) {
	d, _, s := peeked(t)
	h := s.newHead().(*kindHead)
	s.showHead(widget.TableCellID{Row: -1, Col: 2}, h)
	h.MouseIn(&desktop.MouseEvent{})
	d.want("why", s.why.Text, "weight: TEXT, it has letters")
	d.key(s.table, fyne.KeyLeft)
	d.want("why", s.why.Text, "name: TEXT, it has letters")
	d.key(s.table, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
	d.want("why", s.why.Text, "weight: TEXT, it has letters")
	s.showHead(widget.TableCellID{Row: -1, Col: 2}, h)
	if !h.marked {
		t.Error("the column is not marked")
	}
	d.key(s.table, fyne.KeySpace)
	if d.Canvas().Overlays().Top() == nil {
		t.Error("Space offers no types")
	}
	d.Canvas().Overlays().Remove(d.Canvas().Overlays().Top())
	s.give("weight", "INTEGER")
	d.until("why", func() bool { return s.why.Text == "weight: INTEGER, as it was chosen." })
	s.showHead(widget.TableCellID{Row: -1, Col: 0}, h)
	h.Tapped(nil)
	h.MouseIn(&desktop.MouseEvent{})
	if d.Canvas().Overlays().Top() != nil || h.Cursor() != desktop.DefaultCursor {
		t.Error("the number of the row has a type")
	}
}

func TestTheSourceComesToTheFrontWhenAFileIsChosen(t *testing.T) {
	d, _, s := peeked(t)
	if !d.page.seen(s.tab) {
		t.Error("it stays behind")
	}
	d.choose("Results")
	d.fill("file", list(t, "other", "1"))
	d.after2(s)
	if !d.page.seen(d.page.results.tab) {
		t.Error("it came to the front though a person turned away")
	}
}

// after2 waits until changes in the form have been followed.
func (d *desk) after2(s *source) {
	d.Helper()
	d.until("reconsidered", func() bool {
		return s.settings != nil && s.settings.(*cargo).File == d.field("file") && !s.asked.Busy()
	})
}

func TestTheSourceComesForTheSameFileAgain(t *testing.T) {
	d, _ := docks(t)
	s := d.page.source
	d.fill("file", list(t, "a", "1"))
	s.place = d.field("file") // as it was when the program was started
	d.after2(s)
	if d.page.seen(s.tab) {
		t.Error("it comes for what was there before")
	}
	d.dropped(fyne.Position{}, []fyne.URI{uri(d.field("file"))})
	d.until("the source", func() bool { return d.page.seen(s.tab) })
}

func TestTheKeyboardFollowsIntoTheSource(t *testing.T) {
	d, _ := docks(t)
	d.choose("Timing")
	d.fill("file", list(t, "a", "1"))
	d.after2(d.page.source)
	d.choose("Source")
	d.until("the keyboard", func() bool { return d.Canvas().Focused() == d.page.source.table })
}

func TestASourceThatCannotBeReadComesOnlyWhenItWasChosen(t *testing.T) {
	d, _ := docks(t)
	s := d.page.source
	d.fill("file", "/nowhere/typed")
	d.after2(s)
	if d.page.seen(s.tab) {
		t.Error("it comes while a name is typed")
	}
	d.dropped(fyne.Position{}, []fyne.URI{uri("/nowhere/dropped")})
	d.until("the error", func() bool { return d.page.seen(s.tab) })
	if !strings.Contains(s.say.Text, "/nowhere/dropped") {
		t.Errorf("said %q", s.say.Text)
	}
}

func TestTheSourceStaysBehindResults(t *testing.T) {
	d, in, s := peeked(t)
	close(in.lines)
	test.Tap(d.page.bar.start)
	d.finish()
	s.turned = false
	d.page.panes.Select(d.page.results.tab)
	s.turned = false
	d.fill("file", list(t, "other", "1"))
	d.after2(s)
	if !d.page.seen(d.page.results.tab) {
		t.Error("it came to the front after a run")
	}
}

func TestNothingIsReadWhileTheSourceIsNotSeen(t *testing.T) {
	d, in, s := peeked(t)
	d.choose("Timing")
	d.fill("sep", "semicolon")
	d.after2(s)
	if len(in.peeks) != 1 {
		t.Errorf("looked at %q", in.peeks)
	}
	d.choose("Source")
	d.until("one column", func() bool { return titles(s.table) == "# | name,weight" })
	if d.Canvas().Focused() != s.table {
		t.Error("the keyboard is not in the table")
	}
}

func TestARowOfTheSourceIsCopied(t *testing.T) {
	d, _, s := peeked(t)
	s.table.press(1)
	s.table.TypedShortcut(&fyne.ShortcutCopy{})
	d.want("copied", d.app.Clipboard().Content(), "salt\t")
	s.table.press(0)
	d.choose("Copy row")
	d.want("copied", d.app.Clipboard().Content(), "tea\t12")
}

func TestAHeadingOfTheSourceIsDrawn(t *testing.T) {
	d, _, s := peeked(t)
	h := s.newHead().(*kindHead)
	s.showHead(widget.TableCellID{Row: -1, Col: 1}, h)
	h.Resize(fyne.NewSize(120, headHeight()))
	r := test.WidgetRenderer(h).(*kindRenderer)
	d.want("name", r.name.Text, "name")
	d.want("type", r.kind.Text, "TEXT")
	s.give("name", "INTEGER")
	d.until("given", func() bool { return s.peek.Columns[0].Given })
	s.showHead(widget.TableCellID{Row: -1, Col: 1}, h)
	h.Resize(fyne.NewSize(180, headHeight()))
	d.want("type", r.kind.Text, "INTEGER (chosen)")
	if !r.kind.TextStyle.Bold || r.MinSize().Height > 30 {
		t.Error("it is not marked, or has every row of the table be as high")
	}
}
