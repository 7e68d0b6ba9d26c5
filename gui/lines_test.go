package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

func (d *desk) linesOf(name string) *linesInput { return d.input(name).focus.(*linesInput) }

func (d *desk) paste(into *linesInput, text string) {
	d.app.Clipboard().SetContent(text)
	into.TypedShortcut(&fyne.ShortcutPaste{Clipboard: d.app.Clipboard()})
}

func TestLinesAreReadOneEach(t *testing.T) {
	d, _ := calls(t)
	l := d.linesOf("url")
	if l.MinSize().Height < lineRows*l.Theme().Size("text") || !l.MultiLine {
		t.Errorf("the entry is %v high", l.MinSize().Height)
	}
	d.want("hint", l.PlaceHolder, "https://example.org/api/items/1")
	d.paste(l, "http://a/?x=1,2\r\nhttp://b;c\r\n")
	cfg, _, err := d.page.form.read()
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.(*inquiry).URLs; len(got) != 2 || got[0] != "http://a/?x=1,2" || got[1] != "http://b;c" {
		t.Errorf("read %q", got)
	}
}

func TestTabLeavesTheLines(t *testing.T) {
	d, _ := calls(t)
	d.Canvas().Focus(d.linesOf("url"))
	d.Canvas().FocusNext()
	if d.linesOf("url").AcceptsTab() || d.Canvas().Focused() == fyne.Focusable(d.linesOf("url")) {
		t.Error("Tab stays in the lines")
	}
}

func TestLinesAreAPlace(t *testing.T) {
	d, _ := calls(t)
	if !d.page.form.asksForPlace() {
		t.Error("an empty window does not ask for addresses")
	}
	d.fill("url", addresses(50))
	d.found("50 addresses")
	d.fill("list", "/some/list.txt")
	d.found("51 addresses")
	d.fill("url", "")
	d.found("1 address")
	d.fill("list", "")
	d.found("")
	d.page.openRecent("/a/list")
	d.want("the file", d.field("list"), "/a/list")
	d.want("the lines", d.field("url"), "")
}

func TestAMissingAddressIsAskedForInTheLines(t *testing.T) {
	d, _ := calls(t)
	d.Canvas().Unfocus()
	test.Tap(d.page.bar.start)
	d.want("said", d.page.bar.say.Text, "Addresses: type or paste at least one")
	if d.Canvas().Focused() != fyne.Focusable(d.linesOf("url")) {
		t.Error("the keyboard is not in the lines")
	}
}

func TestALongTextIsKeptBesideTheEntry(t *testing.T) {
	for name, fill := range map[string]func(d *desk, text string){
		"pasted": func(d *desk, text string) { d.paste(d.linesOf("url"), text) },
		"pasted over what was marked": func(d *desk, text string) {
			l := d.linesOf("url")
			l.SetText("http://old/")
			l.TypedShortcut(&fyne.ShortcutSelectAll{})
			d.paste(l, text)
		},
		"given": func(d *desk, text string) { d.fill("url", text) },
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := calls(t)
			l, many := d.linesOf("url"), addresses(100_000)
			fill(d, many)
			d.found("100,000 addresses")
			if l.get() != many || len(l.Text) > 500 || !strings.HasSuffix(l.Text, "\n… and "+count(100_000-lineRows+1)+" more lines") {
				t.Errorf("%d bytes are kept, shown is %q", len(l.get()), l.Text)
			}
			if !l.Disabled() || !l.clear.Visible() {
				t.Error("what is shown can be edited, or cannot be cleared")
			}
			l.TypedShortcut(&fyne.ShortcutUndo{})
			d.paste(l, "more")
			if l.get() != many {
				t.Error("it was changed")
			}
			test.Tap(l.clear)
			d.found("")
			if l.get() != "" || l.Disabled() || l.clear.Visible() {
				t.Errorf("cleared, it has %q", l.get())
			}
		})
	}
}

func TestALongTextIsPastedWhereTheCursorIs(t *testing.T) {
	d, _ := calls(t)
	l := d.linesOf("url")
	l.SetText("http://é\nhttp://b")
	l.CursorRow, l.CursorColumn = 1, 0
	many := addresses(mostLines)
	d.paste(l, many)
	if want := "http://é\n" + many + "http://b"; l.get() != want {
		t.Errorf("it begins with %q", l.get()[:60])
	}
}

func TestHowALongTextBegins(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"many lines":    {strings.Repeat("x\n", lineRows+6), strings.Repeat("x\n", lineRows-1) + "… and 7 more lines"},
		"one too many":  {strings.Repeat("x\n", lineRows-1) + "x", strings.Repeat("x\n", lineRows-1) + "… and 1 more line"},
		"one long line": {strings.Repeat("é", 1000), strings.Repeat("é", 200) + "…"},
	} {
		if got := beginning(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if !tooLong(strings.Repeat("a", mostTyped+1)) || !tooLong(strings.Repeat("\n", mostLines)) || tooLong("a\nb") {
		t.Error("too long is not what it is said to be")
	}
}

func TestLinesAreRemembered(t *testing.T) {
	d, _ := calls(t)
	d.fill("url", "http://a\nhttp://b")
	d.page.form.read()
	d.page.remember()
	again := sitBefore(t, d.app, &world{}, d.page.scenario)
	again.want("remembered", again.field("url"), "http://a\nhttp://b")
	d.fill("url", addresses(1000))
	d.page.form.read()
	d.page.remember()
	again = sitBefore(t, d.app, &world{}, d.page.scenario)
	again.want("many, remembered", again.field("url"), strings.TrimSpace(addresses(1000)))
}

func TestPlurals(t *testing.T) {
	for one, want := range map[string]string{
		"file": "files", "address": "addresses", "query": "queries", "key": "keys", "box": "boxes", "match": "matches", "y": "ys",
	} {
		if got := plural(one); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// pickBoxes are the values of the question shown, and whether they are checked.
func (d *desk) pickBoxes() (boxes []*pickCheck) {
	for _, o := range test.LaidOutObjects(d.Canvas().Overlays().Top()) {
		if box, ok := o.(*pickCheck); ok && box.Visible() && box.Text != "" {
			boxes = append(boxes, box)
		}
	}
	return boxes
}

func (d *desk) openPicks() {
	d.Helper()
	for _, o := range test.LaidOutObjects(d.input("columns").object) {
		if b, ok := o.(*widget.Button); ok && b.Text == "Pick…" {
			test.Tap(b)
			return
		}
	}
	d.Fatal("there is no button to pick with")
}

func TestColumnsArePickedFromAnAnswer(t *testing.T) {
	d, _ := calls(t)
	d.fill("url", "http://a")
	d.fill("columns", "mine,title")
	d.openPicks()
	d.until("the question", func() bool { return d.Canvas().Overlays().Top() != nil })
	boxes := d.pickBoxes()
	if len(boxes) != 3 || !boxes[0].Checked || boxes[1].Checked {
		t.Fatalf("%d boxes", len(boxes))
	}
	boxes[0].SetChecked(false)
	boxes[1].SetChecked(true)
	boxes[2].SetChecked(true)
	d.press("OK")
	d.want("columns", d.field("columns"), `mine,author.name,a\,b`)
}

// Wherever in the question the keyboard is.
func TestEscapeTakesNoPicks(t *testing.T) {
	d, _ := calls(t)
	d.fill("url", "http://a")
	d.fill("columns", "mine")
	for _, at := range []string{"the filter", "the list", "a box"} {
		d.openPicks()
		d.until("the question", func() bool { return d.Canvas().Overlays().Top() != nil })
		d.pickBoxes()[0].SetChecked(true)
		focus := d.Canvas().Focused()
		if filter, ok := focus.(*pickFilter); !ok {
			t.Fatalf("%T has the keyboard, not the filter", focus)
		} else if at == "the list" {
			focus = filter.of.list
		} else if at == "a box" {
			focus = d.pickBoxes()[1]
		}
		d.Canvas().Focus(focus)
		focus.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if d.Canvas().Overlays().Top() != nil {
			t.Fatalf("in %s, Escape does not put the question away", at)
		}
		d.want("columns", d.field("columns"), "mine")
	}
}

func TestPicksAreFilteredByValueAndExample(t *testing.T) {
	l := newPickList([]core.Pick{{Value: "title", Example: "Many"}, {Value: "name", Example: "Heywood"}}, func(string) bool { return false })
	l.narrow(" HEY ")
	if len(l.shown) != 1 || l.shown[0].Value != "name" {
		t.Errorf("%v", l.shown)
	}
	l.toggle(0)
	l.narrow("")
	if !l.chosen["name"] || l.chosen["title"] || len(l.shown) != 2 {
		t.Errorf("%v", l.chosen)
	}
}

func TestWhyThereIsNothingToPickIsSaid(t *testing.T) {
	d, in := calls(t)
	d.openPicks()
	d.said("Nothing to pick from: there is no address to ask")
	d.fill("url", "http://a")
	in.picks = nil
	d.openPicks()
	d.said("There is nothing to pick from.")
	d.fill("rate", "many")
	d.openPicks()
	if !strings.HasPrefix(d.page.bar.say.Text, "Requests/s: ") {
		t.Errorf("said %q", d.page.bar.say.Text)
	}
}

func TestPickingIsGivenUpWithThePage(t *testing.T) {
	d, in := calls(t)
	in.gate = make(chan struct{})
	d.fill("url", "http://a")
	d.openPicks()
	d.page.rest()
	close(in.gate)
	d.said("Nothing to pick from: context canceled")
}

func TestPickedValuesJoinWhatWasTyped(t *testing.T) {
	fields, err := catalog.Fields(new(inquiry))
	if err != nil {
		t.Fatal(err)
	}
	var field catalog.Field
	for _, f := range fields {
		if f.Name == "columns" {
			field = f
		}
	}
	picks := []core.Pick{{Value: "a"}, {Value: "b,c"}}
	for _, c := range []struct {
		text   string
		chosen map[string]bool
		want   string
	}{
		{"", map[string]bool{"a": true, "b,c": true}, `a,b\,c`},
		{`a,b\,c`, map[string]bool{"b,c": true}, `b\,c`},
		{`x=a,a,y`, map[string]bool{}, "x=a,y"},
		{"aa", map[string]bool{"a": true}, "aa,a"},
		{"a", map[string]bool{"a": true}, "a"},
	} {
		if got := repicked(field, c.text, picks, c.chosen); got != c.want {
			t.Errorf("%q became %q, want %q", c.text, got, c.want)
		}
	}
}
