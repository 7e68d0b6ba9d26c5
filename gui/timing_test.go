package gui

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
)

func TestCompareMeasuresBothAndKeepsTheRows(t *testing.T) {
	d := ran(t)
	test.Tap(d.page.timing.compare)
	d.finish()
	if got := d.world.started.Load(); got != 3 {
		t.Errorf("%d runs, want the first and two of the comparison", got)
	}
	bars := d.page.timing.bars
	if len(bars) != 2 || bars[0].Label != "One by one" || bars[1].Label != "2 workers" {
		t.Fatalf("bars: %v", bars)
	}
	if !strings.HasSuffix(bars[1].Text, " times as fast") {
		t.Errorf("the second bar says %q", bars[1].Text)
	}
	if len(d.items()) != 12 {
		t.Error("the comparison changed the table")
	}
	if d.page.timing.invite.Visible() || !d.page.timing.barBox.Visible() {
		t.Error("the bars do not show")
	}
	d.want("title", d.shown, "Parcels: compared – Manyhands")
}

func TestCompareUsesTheWorkersAskedFor(t *testing.T) {
	d := sit(t)
	d.fill("folder", "/parcels")
	for text, want := range map[string]int{"5": 5, "1": d.page.manyWorkers()} {
		d.fill("workers", text)
		if got := d.page.manyWorkers(); got != max(2, want) {
			t.Errorf("with %s in the form one is compared with %d", text, got)
		}
	}
}

func TestCompareShowsEachRunAndCanBeCancelled(t *testing.T) {
	d := sit(t)
	d.world.gate = make(chan struct{}, 100)
	d.fill("folder", "/parcels")
	d.page.compare()
	d.until("the first run", func() bool { return strings.HasPrefix(d.page.bar.status.Text, "1 worker: 0 of 12") })
	d.allow(14)
	d.until("the second run", func() bool { return strings.HasPrefix(d.page.bar.status.Text, "2 workers: ") })
	d.fill("workers", "7") // steers no comparison
	if got := d.page.work.steer.Progress().Workers; got != 2 {
		t.Errorf("the comparison goes on with %d workers", got)
	}
	test.Tap(d.page.bar.cancel)
	d.finish()
	d.want("status", d.page.bar.status.Text, "Comparison cancelled")
	if d.page.timing.bars != nil {
		t.Error("half a comparison is shown")
	}
}

func TestCompareNeedsGoodSettings(t *testing.T) {
	d := sit(t)
	d.page.compare()
	d.want("said", d.page.bar.say.Text, "Folder: choose the folder with the parcels")
}

func TestCompareThatFailsSaysWhy(t *testing.T) {
	d := ran(t)
	d.world.refuse = os.ErrPermission
	d.page.compare()
	d.finish()
	if !strings.Contains(d.page.bar.say.Text, "permission denied") {
		t.Errorf("said %q", d.page.bar.say.Text)
	}
}

func TestTimingShowsTheLanesOfARun(t *testing.T) {
	d := sit(t)
	if d.page.timing.laneBox.Visible() || !d.page.timing.none.Visible() || !d.page.timing.save.Disabled() {
		t.Error("a chart before there is anything to show")
	}
	d = ran(t)
	if len(d.page.timing.lanes) != 2 || !d.page.timing.laneBox.Visible() || d.page.timing.none.Visible() {
		t.Errorf("%d lanes", len(d.page.timing.lanes))
	}
	if !strings.Contains(d.page.timing.facts.Text, "Overlap: ") {
		t.Errorf("facts: %q", d.page.timing.facts.Text)
	}
}

func TestLanesGrowWhileTheyAreSeen(t *testing.T) {
	d := held(t)
	d.allow(2)
	d.until("two items", func() bool { return len(d.items()) == 2 })
	if d.page.timing.lanes != nil {
		t.Error("lanes are taken though nobody sees them")
	}
	d.page.panes.SelectIndex(1)
	d.until("lanes", func() bool { return len(d.page.timing.lanes) == 2 })
	if d.page.timing.save.Disabled() {
		t.Error("the chart cannot be saved")
	}
}

func TestSaveTheChart(t *testing.T) {
	d := ran(t)
	d.page.compare()
	d.finish()
	d.asked.path = filepath.Join(t.TempDir(), "chart.png")
	test.Tap(d.page.timing.save)
	d.until("saved", func() bool { return d.page.bar.say.Text == "Saved as "+d.asked.path })
	file, err := os.Open(d.asked.path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil || picture.Bounds().Dx() != 1280 {
		t.Errorf("%v, %v", err, picture.Bounds())
	}
	d.want("name offered", d.asked.from, "parcels-timing.png")
}
