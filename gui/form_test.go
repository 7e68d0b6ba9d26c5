package gui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

func (d *desk) input(name string) input {
	d.Helper()
	for i, f := range d.page.form.fields {
		if f.Name == name {
			return d.page.form.inputs[i]
		}
	}
	d.Fatalf("no field %s", name)
	return input{}
}

func TestEveryKindHasItsInput(t *testing.T) {
	d := sit(t)
	for name, is := range map[string]func(fyne.Focusable) bool{
		"folder":  is[*comboInput],
		"to":      is[*comboInput],
		"list":    is[*comboInput],
		"items":   is[*entryInput],
		"speed":   is[*choiceInput],
		"colours": is[*entryInput],
		"loud":    is[*toggleInput],
		"workers": is[*comboInput],
	} {
		if in := d.input(name); !is(in.focus) {
			t.Errorf("%s is asked for with a %T", name, in.focus)
		}
	}
}

func is[T any](o fyne.Focusable) bool {
	_, ok := o.(T)
	return ok
}

func TestTheFormIsReadAtStart(t *testing.T) {
	d := sit(t)
	d.fill("folder", "/parcels")
	d.fill("speed", "slow")
	d.fill("colours", "red,blue")
	d.fill("loud", "true")
	d.fill("workers", "auto")
	cfg, _, err := d.page.form.read()
	if err != nil {
		t.Fatal(err)
	}
	got := cfg.(*fake)
	if got.Folder != "/parcels" || got.Speed != "slow" || !slices.Equal(got.Colours, []string{"red", "blue"}) || !got.Loud || got.Workers != 0 {
		t.Errorf("read %+v", got)
	}
	if got == d.page.form.cfg.(*fake) {
		t.Error("a run would share its settings with the form")
	}
}

func TestMoreShowsTheRareFields(t *testing.T) {
	d := sit(t)
	loud := d.input("loud").object
	if loud.Visible() {
		t.Fatal("rare fields show at once")
	}
	before := d.page.form.object.MinSize().Height
	test.Tap(d.page.form.more)
	if !loud.Visible() || d.page.form.object.MinSize().Height <= before {
		t.Error("More… shows nothing")
	}
	test.Tap(d.page.form.more)
	if loud.Visible() {
		t.Error("Less hides nothing")
	}
}

func TestBrowseFillsTheField(t *testing.T) {
	d := sit(t)
	d.asked.path = "/found"
	for _, f := range d.page.form.fields {
		if slices.Contains([]catalog.Kind{catalog.Folder, catalog.NewFolder, catalog.File}, f.Kind) {
			in := d.input(f.Name)
			d.page.browse(f, in.get(), in.set)
			d.want(f.Name, in.get(), "/found")
			d.want("asked", d.asked.title, f.Label)
		}
	}
}

func TestBrowseBeginsAtTheNearestFolder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(dir, "a;b")
	if err := os.Mkdir(odd, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"": "", dir: dir, filepath.Join(dir, "not", "there"): dir, file: dir,
		dir + ";/elsewhere": dir, filepath.Join(dir, "not") + ";/elsewhere": dir, odd: odd,
	} {
		if got := nearestFolder(path); got != want {
			t.Errorf("from %q it begins at %q, want %q", path, got, want)
		}
	}
	if !isFile(file) || isFile(dir) || isFile(filepath.Join(dir, "none")) {
		t.Error("files are not told from folders")
	}
}

func TestThePathOfAChosenFile(t *testing.T) {
	for path, uris := range map[string][]string{
		"":                 nil,
		"/home/ann/a b#1%": {"file:///home/ann/a b#1%", "file:///second"},
	} {
		if got := pathOf(uris); got != path {
			t.Errorf("%q is %q, want %q", uris, got, path)
		}
	}
	if got := pathOf([]string{"https://elsewhere/x"}); got != "" {
		t.Errorf("a web address is %q", got)
	}
}

func TestTheChooserFallsBackWithoutAPortal(t *testing.T) {
	d := sit(t)
	fallen, chosen := false, ""
	c := &chooser{d.Window.Window, d.pulse}
	c.ask(func() ([]string, error) { return nil, os.ErrNotExist }, func(string) { t.Error("chosen") }, func() { fallen = true })
	d.until("the other dialog", func() bool { return fallen })
	c.ask(func() ([]string, error) { return []string{"file:///chosen"}, nil }, func(p string) { chosen = p }, func() { t.Error("fallen") })
	d.until("the answer", func() bool { return chosen == "/chosen" })
}

func TestBlamedFindsTheField(t *testing.T) {
	d := sit(t)
	for text, want := range map[string]string{
		"folder: is missing": "folder", "Send to: not a folder": "to", "--items must be more": "items",
	} {
		place := d.page.form.blamed(errorText(text))
		if place < 0 || d.page.form.fields[place].Name != want {
			t.Errorf("%q is blamed on %d, want %s", text, place, want)
		}
	}
	if got := d.page.form.blamed(errorText("the moon is full")); got != -1 {
		t.Errorf("nothing to do with field %d", got)
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }

func TestRecentFoldersNewestFirstAndOnce(t *testing.T) {
	m := memory{test.NewTempApp(t).Preferences(), t.TempDir()}
	for _, folder := range []string{"/a", "/b", "/c", "/a", "/d", "/e", "/f", "/g", "/h", "/i"} {
		m.Visit("x", folder)
	}
	want := []string{"/i", "/h", "/g", "/f", "/e", "/d", "/a", "/c"}
	if got := m.Recent("x"); !slices.Equal(got, want) {
		t.Errorf("recent: %q", got)
	}
	if len(m.Recent("y")) != 0 {
		t.Error("scenarios share their folders")
	}
}

func TestGridPutsShortFieldsSideBySide(t *testing.T) {
	pair := func(width float32) [2]fyne.CanvasObject {
		label, input := &box{min: fyne.NewSize(40, 20)}, &box{min: fyne.NewSize(width, 20)}
		return [2]fyne.CanvasObject{label, input}
	}
	wide, a, b, c, d := pair(100), pair(50), pair(50), pair(50), pair(50)
	g := &grid{across: 3, wide: map[fyne.CanvasObject]bool{wide[1]: true}}
	var objects []fyne.CanvasObject
	for _, p := range [][2]fyne.CanvasObject{wide, a, b, c, d} {
		objects = append(objects, p[0], p[1])
	}
	if got := len(g.lines(objects)); got != 3 {
		t.Fatalf("%d lines, want 3", got)
	}
	g.Layout(objects, fyne.NewSize(600, 100))
	if wide[1].Size().Width != 560 {
		t.Errorf("the wide one is %v wide", wide[1].Size().Width)
	}
	if a[1].Position().Y != c[1].Position().Y || d[1].Position().Y <= c[1].Position().Y || a[1].Position().X != d[1].Position().X {
		t.Error("short ones are not aligned")
	}
	b[1].Hide()
	if got := len(g.lines(objects)); got != 2 {
		t.Errorf("%d lines with one hidden, want 2", got)
	}
}

// box is an object of a fixed least size.
type box struct {
	widget.BaseWidget
	min fyne.Size
}

func (b *box) MinSize() fyne.Size                  { return b.min }
func (b *box) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(&widget.Label{}) }

func TestDetailGrowsToFourLines(t *testing.T) {
	test.NewTempApp(t)
	one, two := detailHeight("a", 500), detailHeight("a\nb", 500)
	if two <= one || detailHeight("a\nb\nc\nd\ne\nf", 500) != detailHeight("a\nb\nc\nd", 500) {
		t.Error("heights do not follow the lines")
	}
	if wrapped := detailHeight("a rather long line that has to be wrapped because it does not fit", 200); wrapped <= two {
		t.Error("a wrapped line gets no room")
	}
}

func TestPulseStopsAndStartsAgain(t *testing.T) {
	d := sit(t)
	for range 3 {
		back := false
		d.pulse.Go(func() func() { return func() { back = true } })
		d.until("the way back", func() bool { return back })
		d.until("rest", func() bool {
			d.pulse.mu.Lock()
			defer d.pulse.mu.Unlock()
			return len(d.pulse.back) == 0
		})
	}
}

func TestWhatWasDroppedIsForgottenWithItsFolder(t *testing.T) {
	d := sit(t)
	d.page.drop([]string{"/dropped"})
	d.page.form.cfg.(*fake).only = []string{"item-001"}
	if cfg, _, _ := d.page.form.read(); len(cfg.(*fake).only) != 1 {
		t.Error("the choice is lost before the run")
	}
	d.fill("folder", "/another")
	cfg, _, err := d.page.form.read()
	if err != nil || len(cfg.(*fake).only) != 0 || cfg.(*fake).Folder != "/another" {
		t.Errorf("%v, %+v", err, cfg)
	}
}

func TestALongFormLeavesRoomForResults(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 1280, Height: 772}, {Width: 1020, Height: 642}} {
		d, _ := exhibit(t)
		d.Resize(size)
		d.page.form.toggleMore()
		if got := d.page.form.scroll.Size().Height; got > size.Height/2 {
			t.Errorf("at %v the form takes %v", size, got)
		}
		d.fill("folder", "/photos")
		d.fill("to", "/small")
		d.page.start()
		d.finish()
		if lines, _ := d.page.results.table.length(); lines == 0 {
			t.Errorf("at %v the table shows nothing", size)
		}
	}
	d, _ := exhibit(t)
	d.page.form.toggleMore()
	if got := d.Canvas().Content().MinSize(); got.Width > 900 || got.Height > 600 {
		t.Errorf("the window needs %v", got)
	}
}

func TestAFormThatScrollsShowsWhereOneTypes(t *testing.T) {
	d, _ := exhibit(t)
	d.Resize(fyne.NewSize(900, 600))
	d.page.form.toggleMore()
	f := d.page.form
	if f.grid.margin == 0 || f.scroll.Size().Height >= f.object.MinSize().Height {
		t.Fatal("it does not scroll")
	}
	seen := func(name string) bool {
		o := d.input(name).object
		top := o.Position().Y - f.scroll.Offset.Y
		return top >= 0 && top+o.Size().Height <= f.scroll.Size().Height
	}
	for _, name := range []string{"truncated", "folder", "background", "size", "keep-dates"} {
		if d.Canvas().Focus(d.input(name).focus); !seen(name) {
			t.Errorf("%s has the keyboard and is not seen", name)
		}
	}
	d.Resize(fyne.NewSize(1280, 900))
	if f.grid.margin != 0 {
		t.Error("room is kept for a scroll bar that is gone")
	}
}

func TestTheNoteBesideAFolderGrowsWithItsText(t *testing.T) {
	test.NewTempApp(t)
	entry, note := &box{min: fyne.NewSize(100, 30)}, &widget.Label{Text: "40 files"}
	layout, objects := besideLayout{}, []fyne.CanvasObject{nil, nil}
	objects[0], objects[1] = entry, note
	layout.Layout(objects, fyne.NewSize(800, 30))
	if entry.Size().Width != 800-leastNote {
		t.Errorf("a short note leaves %v", entry.Size().Width)
	}
	note.Text = "/home/ann/photos: permission denied; choose another one"
	layout.Layout(objects, fyne.NewSize(800, 30))
	if note.Size().Width <= leastNote || note.Size().Width > 400 {
		t.Errorf("a long note is %v wide", note.Size().Width)
	}
	note.Text = strings.Repeat(note.Text, 9)
	layout.Layout(objects, fyne.NewSize(800, 30))
	if note.Size().Width != 400 {
		t.Errorf("a very long note is %v wide", note.Size().Width)
	}
}
