package gui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
)

// press taps the button of a deed, if that is enabled.
func (d *desk) tapQueue(name string) {
	d.Helper()
	b := d.page.queue.buttons[name]
	if b == nil || b.Disabled() {
		d.Fatalf("%s has no button, or it is disabled", name)
	}
	test.Tap(b)
}

// enabled are the buttons that can be pressed.
func (d *desk) enabled() string {
	var names []string
	for _, one := range deeds() {
		if b := d.page.queue.buttons[one.name]; b != nil && !b.Disabled() {
			names = append(names, b.Text)
		}
	}
	return strings.Join(names, ", ")
}

func TestQueueButtonsAreEnabledWhereTheyDoSomething(t *testing.T) {
	d, in := errandsWith(t, 5)
	d.want("before a run", d.enabled(), "")
	test.Tap(d.page.bar.start)
	d.until("the queue", func() bool { return d.page.queue.going() })
	d.want("with nothing chosen", d.enabled(), "Add…")
	for line, want := range []string{
		"Add…, Pause item, Cancel item, Address…", // a worker has it
		"Add…, Pause item, Cancel item, Address…",
		"Add…, Pause item, Cancel item, Down, Address…", // the first that waits
		"Add…, Pause item, Cancel item, Up, Down, To the top, Address…",
		"Add…, Pause item, Cancel item, Up, To the top, Address…",
	} {
		d.page.queue.table.press(line)
		d.want("on line "+d.line(line), d.enabled(), want)
	}
	in.Hold(5)
	d.beats(1)
	d.want("on a paused item", d.enabled(), "Add…, Resume item, Cancel item, Up, To the top, Address…")
	d.page.panes.Select(d.page.results.tab)
	d.want("while the queue is not seen", d.enabled(), "Add…")
	close(in.gate)
	d.finish()
	d.want("after the run", d.enabled(), "")
}

func TestQueueButtonsSteerTheChosenItem(t *testing.T) {
	d, in := queued(t, 6)
	q := d.page.queue
	steps := []struct{ name, want, chosen string }{
		{"Move up", "1 2 3 5 4 6", "5"},
		{"Move down", "1 2 3 4 5 6", "5"},
		{"Move down", "1 2 3 4 6 5", "5"},
		{"Move to the top", "1 2 5 3 4 6", "5"},
		{"Cancel item", "1 2 3 4 6", ""},
	}
	q.table.press(4)
	for _, step := range steps {
		d.tapQueue(step.name)
		d.want(step.name, in.items(), step.want)
		if step.chosen != "" {
			d.wantChosen(step.chosen)
		}
	}
	if q.rows.line >= 0 || d.enabled() != "Add…" {
		t.Errorf("after its end %s can be pressed", d.enabled())
	}
}

func TestAnItemIsPausedAndResumed(t *testing.T) {
	d, in := queued(t, 4)
	d.page.queue.table.press(2)
	d.tapQueue(holdItem)
	if !in.list[2].Held || d.page.queue.buttons[holdItem].Text != "Resume item" {
		t.Error("it was not paused")
	}
	d.tapQueue(holdItem)
	if in.list[2].Held || d.page.queue.buttons[holdItem].Text != "Pause item" {
		t.Error("it was not resumed")
	}
}

func TestItemsAreMovedBehindThoseThatAreTriedAgain(t *testing.T) {
	d, in := queued(t, 8)
	in.set(func() { // the second and third are to be tried again: they have no turn
		in.hand = 3
		in.list[1].Active, in.list[1].State = false, "again in 9 s: timed out"
	})
	d.beats(1)
	d.page.queue.table.press(5)
	for _, step := range [][2]string{
		{"Move up", "1 2 3 4 6 5 7 8"}, {"Move up", "1 2 3 6 4 5 7 8"}, {"Move down", "1 2 3 4 6 5 7 8"}, {"Move to the top", "1 2 3 6 4 5 7 8"},
	} {
		d.tapQueue(step[0])
		d.want(step[0], in.items(), step[1])
		d.wantChosen("6")
	}
	d.page.queue.table.press(2)
	d.tapQueue("Move up")
	d.want("moving one without a turn", in.items(), "1 2 3 6 4 5 7 8")
}

func TestAMovedItemStaysInSight(t *testing.T) {
	d, _ := queued(t, 300)
	q := d.page.queue
	q.table.ScrollTo(widget.TableCellID{Row: 200})
	d.beats(1)
	q.table.press(q.table.top() + 1)
	for range 30 {
		d.tapQueue("Move up")
		if seen := q.rows.line >= q.table.top() && q.rows.line < q.table.top()+q.table.lines(); !seen {
			t.Fatalf("line %d is not seen, %d is the first", q.rows.line, q.table.top())
		}
	}
	d.tapQueue("Move to the top")
	if q.rows.line != 2 {
		t.Errorf("it is in line %d", q.rows.line)
	}
}

func TestTheMenuSteersTheQueue(t *testing.T) {
	d, in := queued(t, 6)
	d.choose("Cancel item")
	d.want("with nothing chosen", in.items(), "1 2 3 4 5 6")
	d.page.queue.table.press(3)
	d.choose("Move up")
	d.choose("Pause or resume item")
	d.want("items", in.items(), "1 2 4 3 5 6")
	if !in.list[2].Held {
		t.Error("it was not paused")
	}
	d.choose("Copy address")
	d.want("clipboard", d.app.Clipboard().Content(), "https://example.org/files/4")
	d.page.panes.Select(d.page.results.tab)
	d.choose("Cancel item")
	d.want("while it is not seen", in.items(), "1 2 4 3 5 6")
}

func TestAllItemsAreSteeredAtOnce(t *testing.T) {
	d, in := queued(t, 1200)
	held := func() (n int) {
		in.set(func() {
			for _, one := range in.list {
				if one.Held {
					n++
				}
			}
		})
		return n
	}
	d.choose("Pause all items")
	d.until("all paused", func() bool { return held() == 1200 })
	d.choose("Resume all items")
	d.until("all resumed", func() bool { return held() == 0 })
	d.choose("Cancel all items")
	d.until("an empty queue", func() bool { return in.items() == "" && d.page.queue.empty.Visible() })
}

func TestKeysSteerTheQueue(t *testing.T) {
	d, in := queued(t, 6)
	d.choose("Queue")
	table := d.page.queue.table
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeySpace} {
		table.TypedKey(&fyne.KeyEvent{Name: key})
	}
	d.wantChosen("4")
	if !in.list[3].Held {
		t.Error("Space does not pause it")
	}
	table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	d.want("items", in.items(), "1 2 3 5 6")
	table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete}) // nothing is chosen
	d.want("items", in.items(), "1 2 3 5 6")
}

func TestARightClickOffersWhatCanBeDone(t *testing.T) {
	d, in := queued(t, 6)
	c := d.lines()[3][1]
	c.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonSecondary})
	c.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(300, 400)})
	d.wantChosen("4")
	menu := d.Canvas().Overlays().Top()
	if menu == nil {
		t.Fatal("there is no menu")
	}
	var labels []string
	for _, o := range test.LaidOutObjects(menu) {
		if text, ok := o.(*canvas.Text); ok {
			labels = append(labels, text.Text)
		}
	}
	for _, one := range deeds()[2:] {
		if !slices.Contains(labels, one.name) {
			t.Errorf("%s is not offered, but %q", one.name, labels)
		}
	}
	d.Canvas().Overlays().Remove(menu)
	entries := d.page.queue.entries()
	at := slices.IndexFunc(entries, func(item *fyne.MenuItem) bool { return item.Label == "Cancel item" })
	entries[at].Action()
	d.want("items", in.items(), "1 2 3 5 6")
}

func TestADeedOfAMenuThatIsLateDoesNothing(t *testing.T) {
	d, in := queued(t, 6)
	d.page.queue.table.press(3)
	d.app.Clipboard().SetContent("as it was")
	entries := d.page.queue.entries()
	in.Drop(4)
	d.beats(1)
	for _, entry := range entries {
		if entry.Action != nil && !strings.Contains(entry.Label, "all") && !strings.HasPrefix(entry.Label, "Add") {
			entry.Action()
		}
	}
	d.want("clipboard", d.app.Clipboard().Content(), "as it was")
	if len(d.answers()) > 0 {
		t.Error("it asks for the address of no item")
	}
	d.want("items", in.items(), "1 2 3 5 6")
	if slices.ContainsFunc(in.list, func(one core.Pending) bool { return one.Held }) {
		t.Error("another item was paused")
	}
}

func TestHeadingsOfTheQueueDoNotSort(t *testing.T) {
	d, _ := queued(t, 6)
	h := d.page.queue.table.createHeader().(*heading)
	h.Tapped(nil)
	if h.Cursor() != desktop.DefaultCursor || d.page.queue.table.sorted >= 0 {
		t.Error("a heading looks as if it sorted")
	}
	if c := d.page.results.table.createHeader().(*heading).Cursor(); c != desktop.PointerCursor {
		t.Error("those of the results do not")
	}
}
