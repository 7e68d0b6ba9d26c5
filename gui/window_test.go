package gui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// answers are the buttons of the question on the screen.
func (d *desk) answers() []*answer {
	var found []*answer
	top := d.Canvas().Overlays().Top()
	if top == nil {
		return nil
	}
	for _, o := range test.LaidOutObjects(top) {
		if a, ok := o.(*answer); ok {
			found = append(found, a)
		}
	}
	return found
}

func (d *desk) press(name string) {
	d.Helper()
	for _, a := range d.answers() {
		if a.Text == name {
			test.Tap(a)
			return
		}
	}
	d.Fatalf("there is no %q to press", name)
}

// choose takes an entry of the menu.
func (d *desk) choose(label string) {
	d.Helper()
	for _, a := range d.actions {
		if a.item.Label == label {
			a.item.Action()
			return
		}
	}
	d.Fatalf("no %q in the menu", label)
}

func TestAnIdleWindowClosesAtOnce(t *testing.T) {
	d := sit(t)
	closed := false
	d.SetOnClosed(func() { closed = true })
	d.askToLeave()
	if !closed {
		t.Error("it stays open")
	}
}

func TestABusyWindowAsksBeforeItCloses(t *testing.T) {
	d := held(t)
	closed := false
	d.SetOnClosed(func() { closed = true })
	d.askToLeave()
	d.askToLeave() // impatient
	if got := len(d.answers()); got != 2 {
		t.Fatalf("%d answers are offered", got)
	}
	d.press("Keep working")
	if closed || d.page.idle() || d.asking {
		t.Fatal("it did not keep working")
	}
	d.askToLeave()
	d.press("Stop and close")
	if closed {
		t.Error("it closed before the run had ended")
	}
	d.until("closed", func() bool { return closed })
}

func TestAQuestionIsAnsweredByKeyboard(t *testing.T) {
	d := held(t)
	d.askToLeave()
	first := d.Canvas().Focused().(*answer)
	d.want("answer with the keyboard", first.Text, "Keep working")
	first.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(d.answers()) != 0 || d.asking {
		t.Error("Escape does not put it away")
	}
	d.askToLeave()
	d.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(d.answers()) != 0 || d.leaving {
		t.Error("Enter does not press the first answer")
	}
}

func TestNoShortcutActsBehindAQuestion(t *testing.T) {
	d := sit(t)
	d.fill("folder", "/parcels")
	d.choose("Shortcuts")
	d.choose("Start")
	if !d.page.idle() {
		t.Error("it started behind the list of shortcuts")
	}
	d.press("Close")
	d.choose("Start")
	d.finish()
	if len(d.items()) != 12 {
		t.Error("it does not start from the menu")
	}
}

func TestEveryEntryHasItsOwnShortcut(t *testing.T) {
	d := sit(t)
	text := []string{"Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+A", "Ctrl+Z", "Ctrl+Y", "Ctrl+Insert"}
	seen := map[string]string{}
	for _, menu := range d.MainMenu().Items {
		for _, item := range menu.Items {
			keys := keyText(item)
			switch {
			case item.IsSeparator || item == d.recent:
				continue
			case keys == "":
				t.Errorf("%s has no shortcut", item.Label)
			case seen[keys] != "":
				t.Errorf("%s and %s are both %s", item.Label, seen[keys], keys)
			case slices.Contains(text, keys):
				t.Errorf("%s takes %s from text editing", item.Label, keys)
			}
			seen[keys] = item.Label
		}
	}
}

func TestTheMenuGreysOutWhatCannotBeDone(t *testing.T) {
	d := sit(t)
	greyed := func() (labels []string) {
		for _, a := range d.actions {
			if a.item.Disabled {
				labels = append(labels, a.item.Label)
			}
		}
		return labels
	}
	for _, label := range []string{"Export CSV…", "Retry failed", "Cancel", "Copy row", "Open output folder", "Save chart as PNG…"} {
		if !slices.Contains(greyed(), label) {
			t.Errorf("%s can be chosen in an empty window", label)
		}
	}
	d = ran(t)
	for _, label := range []string{"Export CSV…", "Retry failed", "Save chart as PNG…", "Start"} {
		if slices.Contains(greyed(), label) {
			t.Errorf("%s is grey after a run with failed items", label)
		}
	}
	d = held(t)
	for label, grey := range map[string]bool{"Start": true, "Cancel": false, "Pause or resume": false, "Use sample data": true} {
		if slices.Contains(greyed(), label) != grey {
			t.Errorf("while running, %s grey is %v", label, !grey)
		}
	}
}

func TestMenuEntriesAct(t *testing.T) {
	d := ran(t)
	d.choose("Timing")
	if d.page.panes.SelectedIndex() != 1 {
		t.Error("Timing")
	}
	d.choose("Only failed")
	if d.page.panes.SelectedIndex() != 0 || !d.page.results.onlyFailed.Checked {
		t.Error("Only failed")
	}
	d.choose("Filter")
	if d.Canvas().Focused() != d.page.results.filter {
		t.Error("Filter")
	}
	d.choose("Go to settings")
	if d.Canvas().Focused() != d.page.form.inputs[0].focus {
		t.Error("Go to settings")
	}
	d.asked.path = "/chosen"
	d.choose("Open folder…")
	d.want("folder", d.field("folder"), "/chosen")
	d.choose("About Manyhands")
	d.press("Close")
	d.choose("More or fewer settings")
	d.want("button", d.page.form.more.Text, "Less")
	d.choose("Next tab")
	d.choose("Previous tab")
}

func TestTheThemeIsChosenAndRemembered(t *testing.T) {
	d := sit(t)
	background := func() any { return d.app.Settings().Theme().Color(theme.ColorNameBackground, theme.VariantDark) }
	d.choose("Light theme")
	light := background()
	d.choose("Dark theme")
	if light == background() {
		t.Error("light and dark are the same")
	}
	d.want("remembered", d.memory.Variant(), "dark")
	for _, a := range d.actions {
		if strings.HasSuffix(a.item.Label, " theme") && a.item.Checked != (a.item.Label == "Dark theme") {
			t.Errorf("%s checked: %v", a.item.Label, a.item.Checked)
		}
	}
	d.choose("System theme")
	if light == background() {
		t.Error("the system's dark is not used")
	}
}

func TestRecentFoldersAreInTheMenu(t *testing.T) {
	d := ran(t)
	d.fill("folder", "")
	items := d.recent.ChildMenu.Items
	if len(items) != 1 || keyText(items[0]) != "Alt+1" {
		t.Fatalf("%d recent folders", len(items))
	}
	items[0].Action()
	d.want("folder", d.field("folder"), "/parcels")
}

func TestNotificationOnlyWhenAway(t *testing.T) {
	d := sit(t)
	test.AssertNotificationSent(t, nil, func() { d.notify("Parcels", "done") })
	d.away = true
	test.AssertNotificationSent(t, fyne.NewNotification("Parcels", "done"), func() { d.notify("Parcels", "done") })
}

func TestDropsGoToTheTabInFront(t *testing.T) {
	in := &world{}
	d := sitBefore(t, test.NewTempApp(t), in, about("parcels", in), about("letters", in))
	d.step(1)
	elsewhere, err := storage.ParseURI("https://elsewhere/x")
	if err != nil {
		t.Fatal(err)
	}
	d.dropped(fyne.Position{}, []fyne.URI{elsewhere, storage.NewFileURI("/dropped")})
	d.want("first tab", d.field("folder"), "")
	d.page = d.pages[1]
	d.want("second tab", d.field("folder"), "/dropped")
}

func TestSizeIsRemembered(t *testing.T) {
	a, in := test.NewTempApp(t), &world{}
	d := sitBefore(t, a, in, about("parcels", in))
	d.Resize(fyne.NewSize(900, 650))
	d.leave()
	if got := (memory{a.Preferences(), ""}).Size(); got.Width < 890 || got.Width > 910 || got.Height < 640 {
		t.Errorf("remembered %v", got)
	}
}

func TestAnIconWithADotIsStillAnIcon(t *testing.T) {
	made := string(dotted(theme.MailSendIcon()).Content())
	if strings.Count(made, "</svg>") != 1 || !strings.Contains(made, "circle") {
		t.Errorf("drawn: %s", made)
	}
	picture := fyne.NewStaticResource("x.png", []byte("not a drawing"))
	if dotted(picture) != fyne.Resource(picture) {
		t.Error("a picture was changed")
	}
}

func TestTheWindowFitsASmallScreen(t *testing.T) {
	d := sit(t)
	d.page.form.toggleMore()
	if got := d.Canvas().Content().MinSize(); got.Width > 900 || got.Height > 600 {
		t.Errorf("the window needs %v", got)
	}
}

func TestShortcutsAreListed(t *testing.T) {
	d := sit(t)
	d.showShortcuts()
	var words []string
	for _, o := range test.LaidOutObjects(d.Canvas().Overlays().Top()) {
		if l, ok := o.(*widget.Label); ok {
			words = append(words, l.Text)
		}
		if s, ok := o.(*container.Scroll); ok {
			for _, o := range s.Content.(*fyne.Container).Objects {
				words = append(words, o.(*widget.Label).Text)
			}
		}
	}
	for _, want := range []string{"Start", "Ctrl+Enter", "Next tab", "Ctrl+Page Down"} {
		if !slices.Contains(words, want) {
			t.Errorf("%q is not listed", want)
		}
	}
}
