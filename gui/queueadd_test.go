package gui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// typing is the entry that the question on the screen has the keyboard in.
func (d *desk) typing() *widget.Entry {
	d.Helper()
	switch entry := d.Canvas().Focused().(type) {
	case *lineEntry:
		return &entry.Entry
	case *linesInput:
		return &entry.Entry
	}
	d.Fatalf("the keyboard is in %T", d.Canvas().Focused())
	return nil
}

func (d *desk) tells(what string) {
	d.Helper()
	d.until(what, func() bool { return d.page.bar.say.Text == what && d.page.bar.say.Visible() })
}

func TestAddressesAreAddedByAQuestion(t *testing.T) {
	d, in := queued(t, 3)
	d.app.Clipboard().SetContent("Dear John,\nhttps://example.org/x")
	d.tapQueue("Add addresses…")
	d.want("offered of a letter", d.typing().Text, "")
	d.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(d.answers()) != 0 {
		t.Fatal("Escape does not put the question away")
	}
	d.app.Clipboard().SetContent(" https://example.org/a\nhttps://example.org/b \n")
	d.choose("Add addresses…")
	d.want("offered of a list", d.typing().Text, "https://example.org/a\nhttps://example.org/b")
	d.press("Add")
	d.tells("2 added")
	d.want("items", in.items(), "1 2 3 a b")
	d.want("kept in the form", d.page.form.inputs[d.page.form.find(catalog.Lines)].get(), "https://example.org/a\nhttps://example.org/b")
	d.want("kept for the next start", d.page.memory.String(d.page.scenario.Name+".url"), "https://example.org/a\nhttps://example.org/b")
	if len(d.answers()) != 0 {
		t.Error("the question stays")
	}
	if !strings.HasPrefix(d.line(4), "https://example.org/b ") {
		t.Errorf("the queue does not show it: %q", d.line(4))
	}
}

func TestAQuestionSaysWhyNothingWasAdded(t *testing.T) {
	d, in := queued(t, 3)
	in.refuse = errNoAddress
	d.choose("Add addresses…")
	says := func(what string) {
		t.Helper()
		d.until(what, func() bool {
			for _, o := range test.LaidOutObjects(d.Canvas().Overlays().Top()) {
				if l, ok := o.(*widget.Label); ok && l.Text == what {
					return true
				}
			}
			return false
		})
	}
	d.press("Add")
	says("Type or paste at least one address")
	d.typing().SetText("nonsense")
	d.press("Add")
	says("The address needs a host, like https://example.org")
	in.set(func() { in.refuse = nil })
	d.press("Add")
	d.tells("1 added")
	d.want("items", in.items(), "1 2 3 nonsense")
}

func TestALongListIsAdded(t *testing.T) {
	d, in := queued(t, 1)
	d.app.Clipboard().SetContent(addresses(20_000))
	d.choose("Add addresses…")
	if got := d.typing().Text; len(got) > 1000 {
		t.Errorf("%d bytes are to be edited", len(got))
	}
	d.press("Add")
	d.tells("20,000 added")
	if got := strings.Count(in.items(), " "); got != 20_000 {
		t.Errorf("%d items were added", got)
	}
}

func TestAnAddressIsChanged(t *testing.T) {
	d, in := queued(t, 4)
	d.page.queue.table.press(2)
	d.page.queue.table.open(2)
	d.want("offered", d.typing().Text, "https://example.org/files/3")
	d.typing().SetText("https://example.org/other ")
	d.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.tells("The address was changed.")
	d.want("items", in.items(), "1 2 other 4")
	d.wantChosen("other")
	in.refuse = errNoAddress
	d.tapQueue(changeAddress)
	d.press("Change")
	d.until("the reason", func() bool {
		for _, o := range test.LaidOutObjects(d.Canvas().Overlays().Top()) {
			if l, ok := o.(*widget.Label); ok && l.Text == "The address needs a host, like https://example.org" {
				return true
			}
		}
		return false
	})
	d.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(d.answers()) != 0 {
		t.Error("Escape does not put the question away")
	}
}

func TestWhatIsDroppedOnAQueueIsAdded(t *testing.T) {
	d, in := queued(t, 1)
	list := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(list, []byte("https://example.org/a\nhttps://example.org/b"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI(list), storage.NewFileURI("https://example.org/c")})
	d.tells("3 added")
	d.want("items", in.items(), "1 a b c")
	d.want("the form's folder", d.field("folder"), "")
	for _, wrong := range []string{filepath.Dir(list), filepath.Join(filepath.Dir(list), "gone.txt")} {
		d.page.drop([]string{wrong})
		d.until("a complaint", func() bool {
			return d.page.bar.say.Importance == widget.DangerImportance && strings.Contains(d.page.bar.say.Text, wrong)
		})
	}
	d.page.bar.tell("")
	close(in.gate)
	d.finish()
	d.page.drop([]string{list})
	d.want("the form's folder", d.field("folder"), list)
	d.want("items", in.items(), "1 a b c")
}

func TestPastingAddsToTheQueueOrToTheForm(t *testing.T) {
	d, in := errandsWith(t, 1)
	d.choose("Paste addresses")
	d.want("said of an empty clipboard", d.page.bar.say.Text, "There is no text on the clipboard.")
	d.app.Clipboard().SetContent("https://example.org/a\n")
	d.choose("Paste addresses")
	d.choose("Paste addresses")
	d.want("the form", d.field("url"), "https://example.org/a\nhttps://example.org/a")
	test.Tap(d.page.bar.start)
	d.until("the queue", func() bool { return d.page.queue.going() })
	d.choose("Paste addresses")
	d.tells("1 added")
	d.want("items", in.items(), "1 a")
	in.set(func() { in.refuse = errNoAddress })
	d.choose("Paste addresses")
	d.tells("The address needs a host, like https://example.org")
}

func TestWhatIsSaidMakesRoomForTheBarAgain(t *testing.T) {
	d, in := queued(t, 1)
	d.app.Clipboard().SetContent("https://example.org/a")
	d.choose("Paste addresses")
	d.tells("1 added")
	if d.page.bar.done.Visible() {
		t.Error("both lie on one another")
	}
	d.until("the bar", func() bool { return d.page.bar.done.Visible() && !d.page.bar.say.Visible() })
	d.want("items", in.items(), "1 a")
}

func TestADroppedAddressIsNoFile(t *testing.T) {
	for path, want := range map[string]string{
		"/home/me/list.txt":                      "/home/me/list.txt",
		"/home/me/http/list.txt":                 "/home/me/http/list.txt",
		"C:/Users/me/https:/example.org/a?b=c":   "https://example.org/a?b=c",
		"/home/ada/http:/example.org/x/https:/y": "http://example.org/x/https:/y",
		storage.NewFileURI("ftp://x/y").Path():   "ftp://x/y",
		storage.NewFileURI("https://x/").Path():  "https://x",
	} {
		if got := addressOr(path); got != want {
			t.Errorf("%s was taken for %s, want %s", path, got, want)
		}
	}
}

func TestAddressesAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "hello": "", "example.org/a": "", "https://": "", "/home/me/list.txt": "", "mailto:me@example.org": "",
		"https://a.example/x\n\n  ftp://b.example": "https://a.example/x\n\n  ftp://b.example",
		"https://a.example/x\nand so on":           "",
		"https://a.example/img{001..100}.jpg":      "https://a.example/img{001..100}.jpg",
	} {
		if got := addressesIn(text); got != want {
			t.Errorf("in %q there are %q, want %q", text, got, want)
		}
	}
}
