package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
)

func uri(path string) fyne.URI { return storage.NewFileURI(path) }

// loaded is a desk where a run goes on.
func loaded(t *testing.T) (*desk, *hold, *rejects) {
	t.Helper()
	d, in := docks(t)
	d.fill("file", list(t, "name,weight", "tea,12"))
	test.Tap(d.page.bar.start)
	d.until("the run", func() bool { return d.page.bar.pause.Visible() })
	return d, in, d.page.rejects
}

func (h *hold) reject(n int) {
	h.set(func() {
		for range n {
			line := len(h.rejected) + 2
			h.rejected = append(h.rejected, core.Reject{
				Source: "list.csv", Line: int64(line), Reason: "2 fields are wanted", Record: fmt.Sprintf("record %d\twith a tab", line),
			})
		}
	})
}

func (d *desk) hasPane(r *rejects) bool { return slices.Contains(d.page.panes.Items, r.tab) }

func TestRejectsShowWhenThereIsOne(t *testing.T) {
	d, in, r := loaded(t)
	d.beats(2)
	if d.hasPane(r) {
		t.Error("there is a pane for nothing")
	}
	in.reject(3)
	d.until("the pane", func() bool { return d.hasPane(r) })
	d.want("tab", r.tab.Text, "Rejects (3)")
	if !d.page.seen(d.page.results.tab) && !d.page.seen(d.page.source.tab) {
		t.Error("it came to the front")
	}
	d.choose("Rejects")
	d.until("the rows", func() bool { shown, _, _ := r.rows.Look(); return shown == 3 })
	d.want("line", cells(r.table, 0), "list.csv | 2 | 2 fields are wanted | record 2 with a tab")
	d.want("tally", r.tally.Text, "3 records could not be used.")
	in.reject(1)
	d.until("one more", func() bool { return r.tab.Text == "Rejects (4)" })
	d.want("line", cells(r.table, 3), "list.csv | 5 | 2 fields are wanted | record 5 with a tab")
}

func TestOnlyRejectsThatAreSeenAreAskedFor(t *testing.T) {
	d, in, r := loaded(t)
	in.reject(100_000)
	d.until("the pane", func() bool { return d.hasPane(r) })
	d.choose("Rejects")
	d.until("the rows", func() bool { return len(r.rows.items) > 0 })
	r.table.ScrollTo(widget.TableCellID{Row: 60_000})
	d.want("line", cells(r.table, 60_000), "list.csv | 60002 | 2 fields are wanted | record 60002 with a tab")
	if n := len(r.rows.items); n > 100 {
		t.Errorf("%d were asked for", n)
	}
	d.want("a line out of sight", cells(r.table, 5), "list.csv | 7 | 2 fields are wanted | record 7 with a tab")
}

func TestRejectsThatAreOnlyCountedAreNotListed(t *testing.T) {
	d, in, r := loaded(t)
	in.set(func() { in.kept = 1000 })
	in.reject(5000)
	d.until("the pane", func() bool { return d.hasPane(r) })
	d.want("tab", r.tab.Text, "Rejects (5,000)")
	d.want("tally", r.tally.Text, "5,000 records could not be used. The first 1,000 are listed.")
	if _, ok := r.rows.At(1000); ok {
		t.Error("there is a line for one that was not kept")
	}
	in.reject(10)
	d.until("more", func() bool { return r.tab.Text == "Rejects (5,010)" })
	if shown, _, _ := r.rows.Look(); shown != 1000 {
		t.Errorf("%d lines", shown)
	}
}

func TestARejectIsShownInFullAndCopied(t *testing.T) {
	d, in, r := loaded(t)
	in.reject(2)
	d.until("the pane", func() bool { return d.hasPane(r) })
	d.choose("Rejects")
	r.table.press(1)
	d.want("about", r.about.Text, "list.csv, line 3: 2 fields are wanted")
	d.want("record", r.record.sheet.text, "record 3    with a tab")
	if !r.below.Visible() {
		t.Error("it is not shown")
	}
	r.table.TypedShortcut(&fyne.ShortcutCopy{})
	d.want("copied", d.app.Clipboard().Content(), "list.csv\t3\t2 fields are wanted\t\"record 3\twith a tab\"")
	d.key(r.table, fyne.KeyReturn)
	if d.Canvas().Focused() != r.record.sheet {
		t.Error("Enter does not lead into the record")
	}
}

func TestRejectsStayUntilTheNextRun(t *testing.T) {
	d, in, r := loaded(t)
	in.reject(2)
	d.until("the pane", func() bool { return d.hasPane(r) })
	d.choose("Rejects")
	in.reject(1)
	close(in.lines)
	d.finish()
	d.want("tab", r.tab.Text, "Rejects (3)")
	d.want("line", cells(r.table, 2), "list.csv | 4 | 2 fields are wanted | record 4 with a tab")
	in.set(func() { in.rejected, in.lines = nil, make(chan func()) })
	test.Tap(d.page.bar.start)
	if d.hasPane(r) || !d.page.seen(d.page.results.tab) {
		t.Error("they are still there in the next run")
	}
	close(in.lines)
	d.finish()
}

func TestARunTellsHowItStands(t *testing.T) {
	d, in, _ := loaded(t)
	in.set(func() { in.words = "412,000 rows written,\n3 rejected" })
	d.until("the words", func() bool { return d.page.bar.told.Text == "412,000 rows written, 3 rejected" })
	in.set(func() { in.words = strings.Repeat("long ", 200) })
	before := d.Canvas().Content().MinSize()
	d.until("long words", func() bool { return strings.HasPrefix(d.page.bar.told.Text, "long") })
	if d.Canvas().Content().MinSize() != before {
		t.Error("long words make the window grow")
	}
	close(in.lines)
	d.finish()
	d.want("after the run", d.page.bar.told.Text, "")
}
