package gui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// reads selects a line and waits for its details.
func (d *desk) reads(line int, what string) {
	d.Helper()
	d.page.results.table.press(line)
	d.until(what, func() bool { return strings.Contains(d.page.results.details.reader.sheet.text, what) })
}

func TestDetailsAreShownBesideTheTable(t *testing.T) {
	d, _ := called(t, 5)
	about := d.page.results.details
	if about.object.Visible() {
		t.Fatal("details of no row")
	}
	whole := d.page.results.table.Size().Width
	d.reads(1, "items/2")
	if !about.object.Visible() || !slices.Equal(about.choose.Options, []string{"Body", "Headers"}) {
		t.Errorf("sections %q", about.choose.Options)
	}
	if share := about.object.Size().Width / whole; share < 0.35 || share > 0.42 {
		t.Errorf("they take %.2f of the width", share)
	}
	if !d.page.results.detailBar.Visible() {
		t.Error("the line below the table is gone")
	}
	about.choose.SetSelected("Headers")
	d.reads(2, "X-Request-Id: https://example.org/api/items/3")
	test.Tap(about.copyAll)
	d.want("clipboard", d.app.Clipboard().Content(), about.sections[1].Text)
	d.page.results.table.choose(-1)
	if about.object.Visible() || d.page.results.table.Size().Width != whole {
		t.Error("they stay without a row")
	}
}

func TestARowWithoutDetailsShowsNone(t *testing.T) {
	d, _ := called(t, 7)
	d.reads(0, "items/1")
	failed := slices.IndexFunc(d.items(), func(item string) bool { return strings.Contains(item, "/7") })
	d.page.results.table.press(failed)
	d.until("none", func() bool { return !d.page.hasDetails() })
	if d.page.results.chosen.Item != d.items()[failed] {
		t.Error("the failed row is not selected")
	}
}

func TestDetailsGoWithTheNextRun(t *testing.T) {
	d, _ := called(t, 3)
	d.reads(0, "items/1")
	test.Tap(d.page.bar.start)
	if d.page.hasDetails() {
		t.Error("details of a row that is gone")
	}
	d.finish()
}

func TestOneRowIsReadAtATimeAndTheLastOneShown(t *testing.T) {
	d, in := called(t, 5)
	in.gate = make(chan struct{})
	for line := range 5 {
		d.page.results.table.press(line)
	}
	d.until("a word", func() bool { return d.page.results.details.reader.sheet.text == "Reading…" })
	close(in.gate)
	d.until("the last", func() bool { return strings.Contains(d.page.results.details.reader.sheet.text, "items/5") })
	if n := in.read.Load(); n != 2 {
		t.Errorf("%d rows were read", n)
	}
}

func TestARowThatCannotBeReadSaysSo(t *testing.T) {
	d, in := called(t, 2)
	in.broken = true
	d.page.results.table.press(0)
	d.until("the error", func() bool { return d.page.hasDetails() })
	d.want("section", d.page.results.details.choose.Selected, "Error")
}

func TestAMegabyteIsShownInPart(t *testing.T) {
	for name, body := range map[string]string{
		"without a line break": strings.Repeat(`{"id":1,"é":[1,2]},`, 60_000),
		"of lines":             strings.Repeat("a\n", 500_000),
	} {
		t.Run(name, func(t *testing.T) {
			d, in := called(t, 2)
			in.body = body
			d.page.results.table.press(0)
			d.until("details", func() bool { return d.page.hasDetails() })
			about := d.page.results.details
			if n := len(about.reader.sheet.text); n > mostRead || n < mostRead-4 {
				t.Errorf("%d bytes are shown", n)
			}
			if !strings.HasPrefix(about.cut.Text, "This is the first 66 kB of 1.") || !about.cut.Visible() {
				t.Errorf("said %q", about.cut.Text)
			}
			if drawn := test.LaidOutObjects(about.reader); len(drawn) > 200 {
				t.Errorf("%d objects are drawn", len(drawn))
			}
			d.page.copyDetails()
			if got := d.app.Clipboard().Content(); !strings.HasPrefix(got, body) {
				t.Errorf("%d bytes are copied", len(got))
			}
		})
	}
}

// reading is a reader with a text, 30 letters wide and 10 lines high.
func reading(t *testing.T, text string) *reader {
	t.Helper()
	test.NewTempApp(t)
	r := newReader()
	w := test.NewTempWindow(t, r)
	w.SetPadded(false)
	letter, height := r.sheet.letter()
	w.Resize(fyne.NewSize(30.5*letter+2*r.Theme().Size("innerPadding")+r.Theme().Size("scrollBar"), 10*height))
	r.set(text)
	return r
}

func (r *reader) shown() (lines []string) {
	for _, line := range r.sheet.lines {
		lines = append(lines, r.sheet.text[line.from:line.to])
	}
	return lines
}

func TestLinesAreBrokenToTheWidth(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":         {"", []string{""}},
		"short":         {"a\n\nb\n", []string{"a", "", "b", ""}},
		"at a space":    {strings.Repeat("word ", 8), []string{strings.Repeat("word ", 6), "word word "}},
		"anywhere":      {strings.Repeat("x", 70), []string{strings.Repeat("x", 30), strings.Repeat("x", 30), strings.Repeat("x", 10)}},
		"wide letters":  {strings.Repeat("漢", 20), []string{strings.Repeat("漢", 15), strings.Repeat("漢", 5)}},
		"odd bytes":     {"a\xff\x00\tb\r\nc", []string{"a\uFFFD·    b", "c"}},
		"exactly fits":  {strings.Repeat("y", 30) + "\nz", []string{strings.Repeat("y", 30), "z"}},
		"carriage only": {"a\rb", []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := reading(t, c.text).shown(); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestOnlyTheLinesSeenAreDrawn(t *testing.T) {
	r := reading(t, addresses(5000))
	before := len(test.LaidOutObjects(r))
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyPageDown, fyne.KeyEnd} {
		r.sheet.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if n := len(test.LaidOutObjects(r)); n > before+6 || n > 80 {
		t.Errorf("%d objects, %d before", n, before)
	}
	if end := r.sheet.Size().Height - r.scroll.Size().Height; r.scroll.Offset.Y != end {
		t.Errorf("End goes to %v, not to %v", r.scroll.Offset.Y, end)
	}
	r.set("short")
	if r.scroll.Offset.Y != 0 {
		t.Error("another text does not begin at its beginning")
	}
}

func TestTextIsMarkedAndCopied(t *testing.T) {
	r := reading(t, "first line\n"+strings.Repeat("é", 40)+"\nlast")
	s := r.sheet
	letter, height := s.letter()
	pad := r.Theme().Size("innerPadding")
	at := func(line, column float32) fyne.Position {
		return fyne.NewPos(pad+column*letter, pad+(line+0.5)*height)
	}
	s.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(0, 6.1)}})
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(2, 4.2)}})
	s.DragEnd()
	clipboard := fyne.CurrentApp().Clipboard()
	s.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard})
	if got, want := clipboard.Content(), "line\n"+strings.Repeat("é", 34); got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
	s.TypedShortcut(&fyne.ShortcutSelectAll{})
	s.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard})
	if clipboard.Content() != s.text {
		t.Error("not all is copied")
	}
	s.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(-5, -5)}})
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(99, 99)}})
	if s.from != 0 || s.to != len(s.text) {
		t.Errorf("beyond the text it marks %d to %d of %d", s.from, s.to, len(s.text))
	}
}

func TestTheLivePaneComesWithARunThatHasFigures(t *testing.T) {
	d, _ := calls(t)
	if len(d.page.panes.Items) != 2 || d.page.live.shown {
		t.Fatal("a live pane before there is anything to show")
	}
	d.fill("url", addresses(3))
	d.page.panes.Select(d.page.timing.tab)
	test.Tap(d.page.bar.start)
	d.finish()
	var names []string
	for _, tab := range d.page.panes.Items {
		names = append(names, tab.Text)
	}
	if !slices.Equal(names, []string{"Results", "Live", "Timing"}) || d.page.panes.Selected() != d.page.timing.tab {
		t.Errorf("panes %q, shown is %s", names, d.page.panes.Selected().Text)
	}
	d.choose("Live")
	if !d.page.seen(d.page.live.tab) || len(d.page.live.charts) != 2 {
		t.Error("the figures are gone with the run's end")
	}
	d.want("title", d.page.live.figures[1].title.Text, "Time to the first byte")
	test.Tap(d.page.bar.start)
	d.finish()
	if len(d.page.panes.Items) != 3 {
		t.Error("another run brings another pane")
	}
}

func TestARunWithoutFiguresHasNoLivePane(t *testing.T) {
	d := ran(t)
	d.choose("Live")
	if d.page.live.shown || len(d.page.panes.Items) != 2 || d.page.panes.Selected() == d.page.live.tab {
		t.Error("there is a live pane")
	}
}

func TestFiguresAreTakenTwiceASecondAndOnlyWhileSeen(t *testing.T) {
	d, in := calls(t)
	l := d.page.live
	l.watch(charted{service: in})
	taken := func(after time.Duration) int64 {
		before := in.charted.Load()
		l.drawn = time.Now().Add(-after)
		d.page.live.look()
		return in.charted.Load() - before
	}
	if taken(time.Hour) != 0 {
		t.Error("taken while not seen")
	}
	d.page.panes.Select(l.tab)
	if taken(0) != 0 || taken(redraw) != 1 {
		t.Error("not taken twice a second")
	}
	l.finished()
	if taken(time.Hour) != 0 {
		t.Error("taken after the end")
	}
}

func TestThePictureHasTheFiguresToo(t *testing.T) {
	d, _ := called(t, 3)
	path := filepath.Join(t.TempDir(), "chart.png")
	d.asked.path = path
	d.choose("Save chart as PNG…")
	d.said("Saved as " + path)
	if len(d.page.live.parts()) != 2 {
		t.Error("it lacks the figures")
	}
}

func TestColumnsFollowTheSettingsOfTheRun(t *testing.T) {
	d, _ := called(t, 12)
	r := d.page.results
	if d.column("id") < 0 || d.column("title") < 0 {
		t.Fatal("the columns asked for are not shown")
	}
	row, _ := r.rows.At(0)
	if got := r.table.contentOf(r.table.columns[d.column("title")], row).text; got != "title of "+row.Item {
		t.Errorf("a cell is %q", got)
	}
	r.table.sortBy(d.column("id"))
	byLength := func(a, b string) int { return len(a) - len(b) }
	if got := d.items(); !strings.Contains(got[0], "/7") || !slices.IsSortedFunc(got[1:], byLength) || len(got[1]) == len(got[11]) {
		t.Errorf("sorted: %q", got)
	}
	path := filepath.Join(t.TempDir(), "rows.csv")
	d.asked.path = path
	d.fill("columns", "other") // the run was with other ones
	r.exportCSV()
	d.until("the export", func() bool { return strings.Contains(d.page.bar.say.Text, "exported") })
	made, _ := os.ReadFile(path)
	if head, _, _ := strings.Cut(string(made), "\n"); !strings.HasSuffix(head, ",bytes,status,id,title") {
		t.Errorf("header %q", head)
	}
	test.Tap(d.page.bar.start)
	d.finish()
	if d.column("id") >= 0 || d.column("other") < 0 || r.table.sorted != -1 || len(d.items()) != 12 {
		t.Error("the columns do not follow")
	}
}

func TestACellShowsTheBeginningOfALongText(t *testing.T) {
	if got := oneCell("a\n b\tc"); got != "a b c" {
		t.Errorf("%q", got)
	}
	if got := oneCell(strings.Repeat("é", 1_000_000)); len(got) > 1010 || !strings.HasSuffix(got, "é…") {
		t.Errorf("%d bytes", len(got))
	}
}
