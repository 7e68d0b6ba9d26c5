package gui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
)

// lines are the cells that can be seen of the queue, line by line.
func (d *desk) lines() map[int][]*cell {
	lines := map[int][]*cell{}
	for _, o := range d.drawnLines() {
		if c, ok := o.(*cell); ok {
			lines[c.line] = append(lines[c.line], c)
		}
	}
	for _, line := range lines {
		slices.SortFunc(line, func(a, b *cell) int { return int(a.Position().X - b.Position().X) })
	}
	return lines
}

// drawnLines are the objects below the headings.
func (d *desk) drawnLines() []fyne.CanvasObject {
	return test.WidgetRenderer(d.page.queue.table.scroll.Content.(fyne.Widget)).Objects()
}

// line is what a line of the queue says.
func (d *desk) line(at int) string {
	var texts []string
	for _, c := range d.lines()[at] {
		texts = append(texts, c.text)
	}
	return strings.Join(texts, " | ")
}

// beats lets the window look so often.
func (d *desk) beats(n int) {
	for range n {
		d.page.look()
	}
}

func TestTheQueueShowsWhatHasNotEnded(t *testing.T) {
	d, in := queued(t, 12)
	in.set(func() {
		in.list[1].All = 0
		in.list[2].State, in.list[2].Done, in.list[2].All = "again in 12 s: 503 Service Unavailable", 30_000_000, 90_000_000
		in.list[3].Held, in.list[3].State, in.list[3].Done, in.list[3].All, in.list[3].Rate = true, "paused", 1, 100, 50
		in.list[4].All = 1_000_000
	})
	d.beats(1)
	for at, want := range []string{
		"https://example.org/files/1 | downloading | 25 % | 25 MB of 100 MB | 5.0 MB/s | 15 s",
		"https://example.org/files/2 | downloading | 25 MB so far |  | 5.0 MB/s | ",
		"https://example.org/files/3 | again in 12 s: 503 Service Unavailable | 33 % | 30 MB of 90 MB |  | ",
		"https://example.org/files/4 | paused | 1 % | 1 B of 100 B |  | ",
		"https://example.org/files/5 | waiting |  | 1.0 MB |  | ",
		"https://example.org/files/6 | waiting |  |  |  | ",
	} {
		d.want("line", d.line(at), want)
	}
	d.want("tally", d.page.queue.tally.Text, "12 to go")
	bars := map[int]fyne.ThemeColorName{0: theme.ColorNamePrimary, 1: "", 2: theme.ColorNameDisabled, 4: ""}
	for at, want := range bars {
		if got := d.lines()[at][2].fill; got != want {
			t.Errorf("the bar of line %d is %q, want %q", at, got, want)
		}
	}
}

func TestABarIsAsLongAsWhatIsDone(t *testing.T) {
	d, in := queued(t, 3)
	drawn := func() (whole, done float32) {
		r := test.WidgetRenderer(d.lines()[0][2]).(*cellRenderer)
		if r.bar[1].Hidden {
			return r.bar[0].Size().Width, 0
		}
		return r.bar[0].Size().Width, r.bar[1].Size().Width
	}
	for _, percent := range []int64{25, 80, 0, 100, 300} {
		in.set(func() { in.list[0].Done = percent * 1_000_000 })
		d.beats(1)
		whole, done := drawn()
		if want := whole * float32(min(percent, 100)) / 100; whole < 50 || done < want-1 || done > want+1 {
			t.Errorf("at %d %% the bar is %v of %v", percent, done, whole)
		}
	}
}

func TestTheQueueComesToTheFrontWhenItsRunStarts(t *testing.T) {
	d, _ := queued(t, 3)
	if !d.page.seen(d.page.queue.tab) || len(d.page.panes.Items) != 3 {
		t.Error("the queue is not in front")
	}
	d.page.panes.Select(d.page.timing.tab)
	d.beats(3)
	if d.page.seen(d.page.queue.tab) {
		t.Error("it came back after a person turned away")
	}
}

func TestTheQueueStaysBehindWhenAPersonTurnsAway(t *testing.T) {
	d, in := errandsWith(t, 3)
	in.start = make(chan struct{})
	test.Tap(d.page.bar.start)
	d.page.panes.Select(d.page.timing.tab)
	close(in.start)
	d.until("the queue", func() bool { return d.page.queue.going() })
	if !d.page.seen(d.page.timing.tab) || !slices.Contains(d.page.panes.Items, d.page.queue.tab) {
		t.Error("another pane is in front than the one chosen, or there is no queue")
	}
	d.choose("Queue")
	if !d.page.seen(d.page.queue.tab) || d.Canvas().Focused() != d.page.queue.table {
		t.Error("the menu does not lead to the queue")
	}
}

func TestARunThatCannotBeSteeredHasNoQueue(t *testing.T) {
	d, in := errandsWith(t, 3)
	in.plain = true
	test.Tap(d.page.bar.start)
	d.until("the run", func() bool { return d.page.canSteer() })
	if d.page.queue.shown || d.page.queue.going() || slices.Contains(d.page.panes.Items, d.page.queue.tab) {
		t.Error("it has a queue")
	}
}

func TestAnEmptyQueueSaysWhy(t *testing.T) {
	d, in := queued(t, 1)
	if d.page.queue.empty.Visible() || !d.page.queue.full.Visible() {
		t.Error("a queue with an item is called empty")
	}
	in.set(func() { in.list = nil })
	d.beats(1)
	if !d.page.queue.empty.Visible() || d.page.queue.full.Visible() {
		t.Error("nothing is said of an empty queue")
	}
	d.want("said", d.page.queue.say.Text, "Nothing waits. More can be added while the run goes on.")
	close(in.gate)
	d.finish()
	d.want("said", d.page.queue.say.Text, "All done: what came of it is in the results.")
	d.want("tally", d.page.queue.tally.Text, "0 to go")
}

func TestTheQueueOfARunThatWasEndedIsEmpty(t *testing.T) {
	d, _ := queued(t, 5)
	test.Tap(d.page.bar.cancel)
	d.finish()
	d.want("said", d.page.queue.say.Text, "The run was cancelled: nothing waits any more.")
	if !d.page.queue.empty.Visible() {
		t.Error("its items are still there")
	}
	d.page.queue.finished(errors.New("the disk is full"))
	d.want("said", d.page.queue.say.Text, "The run could not go on: nothing waits any more.")
}

func TestAMillionItemsCostWhatIsSeen(t *testing.T) {
	const n = 1_000_000
	d, in := queued(t, n)
	q := d.page.queue
	d.want("tally", q.tally.Text, "1,000,000 to go")
	began, seen := time.Now(), q.table.lines()
	d.Canvas().Focus(q.table)
	q.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	d.beats(50)
	if d.line(n-1) == "" {
		t.Errorf("the last item is not seen; %d is the first line", q.table.top())
	}
	d.wantChosen("1000000")
	q.table.ScrollToTop()
	d.beats(50)
	d.wantChosen("1000000")
	if in.most > seen || seen > 60 {
		t.Errorf("%d items were asked for at once, %d can be seen", in.most, seen)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	if drawn := len(d.drawnLines()); drawn > 300 {
		t.Errorf("%d objects are drawn", drawn)
	}
}

func TestItemsThatCannotBeListedYetHaveALine(t *testing.T) {
	d, in := queued(t, 3)
	in.set(func() { in.unread = 5 })
	d.beats(1)
	d.want("line", d.line(2), "https://example.org/files/3 | waiting |  |  |  | ")
	d.want("line", d.line(5), "… |  |  |  |  | ")
	d.page.queue.table.press(5)
	if d.page.queue.rows.line >= 0 || d.page.queue.table.selected >= 0 {
		t.Error("a line without an item can be chosen")
	}
}

func TestOnlyWhatChangedIsDrawn(t *testing.T) {
	d, in := queued(t, 12)
	updated := 0
	q := d.page.queue
	inner := q.table.UpdateCell
	q.table.UpdateCell = func(id widget.TableCellID, o fyne.CanvasObject) { updated++; inner(id, o) }
	d.beats(20)
	if updated != 0 {
		t.Errorf("%d cells were looked at though nothing changed", updated)
	}
	in.set(func() { in.list[0].Done += 10_000_000 })
	d.beats(1)
	if updated == 0 || !strings.Contains(d.line(0), "35 %") {
		t.Errorf("%d cells were looked at; line 0 is %s", updated, d.line(0))
	}
}

func TestAQueueThatIsNotSeenIsNotAskedFor(t *testing.T) {
	d, in := queued(t, 12)
	d.page.panes.Select(d.page.results.tab)
	before := in.asked
	d.beats(10)
	if in.asked != before {
		t.Errorf("it was asked for %d times", in.asked-before)
	}
	in.set(func() { in.list[0].State = "checking" })
	d.page.panes.Select(d.page.queue.tab)
	if !strings.Contains(d.line(0), "checking") {
		t.Error("it shows what was")
	}
}

func TestTheSelectionFollowsItsItem(t *testing.T) {
	d, in := queued(t, 200)
	q := d.page.queue
	q.table.press(5)
	d.wantChosen("6")
	in.set(func() { in.list = in.list[3:] })
	d.beats(1)
	d.wantChosen("6")
	if q.table.selected != 2 {
		t.Errorf("line %d is selected", q.table.selected)
	}
	in.set(func() { // it has its turn, and another one waits first
		one := in.list[2]
		in.list = slices.Insert(slices.Delete(in.list, 2, 3), 0, one)
	})
	d.beats(1)
	d.wantChosen("6")
	in.Drop(6)
	d.beats(1)
	if q.rows.line != -1 || q.table.selected != -1 || q.detailBox.Visible() {
		t.Error("an item that has ended is still selected")
	}
}

func TestTheSelectionFollowsOutOfSight(t *testing.T) {
	d, in := queued(t, 2000)
	q := d.page.queue
	d.Canvas().Focus(q.table)
	q.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	q.table.ScrollToTop()
	in.set(func() { in.list = in.list[900:] })
	d.beats(1)
	d.wantChosen("2000")
	in.set(func() { in.list = append(in.list, pendings(3000)[2500:]...) })
	in.set(func() { in.list = in.list[50:] })
	q.rows.behind += 500 // as when they are added here
	d.beats(1)
	d.wantChosen("2000")
	q.rows.run.Move(2000, 0)
	d.beats(1)
	d.wantChosen("2000")
	in.Drop(2000)
	d.beats(1)
	if q.rows.line >= 0 {
		t.Error("it does not know that the item has ended")
	}
}

func TestAQueueThatBecomesShorterStaysInSight(t *testing.T) {
	d, in := queued(t, 500)
	q := d.page.queue
	q.table.ScrollTo(widget.TableCellID{Row: 499})
	for n := 500; n > 0; n -= 60 {
		in.set(func() { in.list = in.list[len(in.list)-n:] })
		d.beats(2)
		if got := d.line(n - 1); !strings.Contains(got, "files/500 ") {
			t.Fatalf("of %d items the last line shows %q", n, got)
		}
		if q.table.top()+q.table.lines() < n {
			t.Fatalf("of %d items line %d is the first", n, q.table.top())
		}
	}
}

func TestTheChosenItemIsToldInFull(t *testing.T) {
	d, in := queued(t, 5)
	long := "https://example.org/" + strings.Repeat("very-long/", 40) + "end"
	in.set(func() { in.list[3].Item = long })
	d.beats(1)
	d.page.queue.table.press(3)
	d.want("told", d.page.queue.detail.Text, long+"\nwaiting")
	if !d.page.queue.detailBox.Visible() || d.page.queue.detailBox.Size().Height < 40 {
		t.Errorf("it has a height of %v", d.page.queue.detailBox.Size().Height)
	}
}

func TestTheQueueFitsASmallScreen(t *testing.T) {
	d, in := queued(t, 40)
	in.set(func() { in.done, in.of, in.rate = 1_234_567_890, 3_456_789_012, 52_000_000 })
	d.beats(1)
	d.page.queue.table.press(4)
	if got := d.Canvas().Content().MinSize(); got.Width > 900 || got.Height > 600 {
		t.Errorf("the window needs %v", got)
	}
}

func TestBytesAreToldOfARunThatCountsThem(t *testing.T) {
	p := core.Progress{OK: 3, Total: 10, Read: 5, Elapsed: 5 * time.Second}
	paused, young, failed := p, p, p
	paused.State, young.Elapsed = core.Paused, 900*time.Millisecond
	failed.Failed, failed.Retrying, failed.Total = 2, 1, 0
	for _, one := range []struct {
		w       weight
		p       core.Progress
		status  string
		percent string
	}{
		{weight{1_200_000_000, 3_400_000_000, 55_000_000}, p, "1.2 GB of 3.4 GB · 55 MB/s · 40 s left · 3 of 10 done", "35 %"},
		{weight{1_200_000_000, 3_400_000_000, 55_000_000}, paused, "1.2 GB of 3.4 GB · paused · 3 of 10 done", "35 %"},
		{weight{1_200_000_000, 3_400_000_000, 55_000_000}, young, "1.2 GB of 3.4 GB · 55 MB/s · 3 of 10 done", "35 %"},
		{weight{1_200_000, 0, 2_000}, failed, "1.2 MB · 2.0 kB/s · 5 done · 2 failed · 1 waiting to be tried again", "500 %"},
		{weight{5_000, 5_000, 0}, p, "5.0 kB of 5.0 kB · 3 of 10 done", "99 %"},
		{weight{}, p, "3 of 10", "30 %"},
	} {
		if got := one.w.status(one.p); got != one.status {
			t.Errorf("got  %q\nwant %q", got, one.status)
		}
		if got := one.w.percent(one.p); got != one.percent && one.p.Total > 0 {
			t.Errorf("%v is %s, want %s", one.w, got, one.percent)
		}
	}
}

func TestTheRunBarGoesByBytes(t *testing.T) {
	d, in := queued(t, 5)
	in.set(func() { in.done, in.of, in.rate = 340, 1000, 5 })
	d.beats(1)
	if got := d.page.bar.bar.Value; got != 0.34 {
		t.Errorf("the bar stands at %v", got)
	}
	d.want("share", d.page.bar.share.Text, "34 %")
	d.page.showTitle()
	d.want("title", d.shown, "Errands 34 % – Manyhands")
	if got := d.page.bar.status.Text; !strings.HasPrefix(got, "340 B of 1.0 kB · 5 B/s") || !strings.HasSuffix(got, "0 of 10 done") {
		t.Errorf("status %q", got)
	}
	in.set(func() { in.of = 0 })
	d.beats(1)
	d.want("share", d.page.bar.share.Text, "0 %")
}
