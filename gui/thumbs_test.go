package gui

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
)

// hung is a desk where a run over pictures has ended, every fifth failed.
func hung(t *testing.T, number int) (*desk, *gallery, *thumbs) {
	t.Helper()
	d, in := exhibit(t)
	in.number = number
	d.fill("folder", "/photos")
	d.fill("to", "/small")
	d.fill("fail", "5")
	d.fill("workers", "1")
	d.page.start()
	d.finish()
	d.until("the search", func() bool { return d.page.found.search != nil && d.page.found.search.look().ended })
	d.drawn()
	return d, in, d.page.results.thumbs
}

// drawn waits until all small pictures that are seen have come.
func (d *desk) drawn() {
	d.Helper()
	d.Canvas().Capture()
	d.until("the pictures", func() bool {
		t := d.page.results.thumbs
		t.mu.Lock()
		defer t.mu.Unlock()
		return !t.busy && !t.fresh && len(t.kept) > 0
	})
}

// thumb is the picture in a line of the table.
func (d *desk) thumb(line int) *cell {
	table := d.page.results.table
	c := table.createCell().(*cell)
	table.updateCell(widget.TableCellID{Row: line, Col: d.column("File")}, c)
	return c
}

func TestOnlyRowsThatAreSeenGetPictures(t *testing.T) {
	d, in, _ := hung(t, 1000)
	lines := d.page.results.table.lines()
	if got := len(in.thumbs); got == 0 || got > lines+1 {
		t.Errorf("%d pictures for %d lines", got, lines)
	}
	in.thumbs = nil
	d.page.results.table.ScrollToBottom()
	d.drawn()
	if !slices.Contains(in.thumbs, "IMG_1000.jpg") || slices.Contains(in.thumbs, "IMG_0500.jpg") {
		t.Errorf("at the end there are pictures of %q", in.thumbs)
	}
	in.thumbs = nil
	d.page.results.table.ScrollToTop()
	d.page.results.table.Refresh()
	d.drawn()
	if len(in.thumbs) != 0 {
		t.Errorf("made again: %q", in.thumbs)
	}
}

func TestARowsPictureStandsInItsFirstColumns(t *testing.T) {
	d, _, _ := hung(t, 12)
	d.page.results.table.sortBy(0)
	if c := d.thumb(0); c.picture == nil || c.picture.Bounds().Dx() != thumbSide || c.text != "IMG_0001.jpg" {
		t.Errorf("the first row shows %+v", c.content)
	}
	if c := d.thumb(4); c.picture != nil || !c.thumb {
		t.Errorf("the failed row shows %+v", c.content)
	}
	c := d.page.results.table.createCell().(*cell)
	d.page.results.table.updateCell(widget.TableCellID{Row: 0, Col: d.column("Result")}, c)
	if c.thumb || c.picture != nil {
		t.Error("there is a picture in every column")
	}
}

func TestAllLinesHaveTheSameHeight(t *testing.T) {
	d, _, _ := hung(t, 12)
	for line := range 12 {
		if got := d.thumb(line).MinSize().Height; got != thumbSide+2 {
			t.Errorf("line %d is %v high", line, got)
		}
	}
	plain := sit(t)
	if got := plain.page.results.table.createCell().MinSize().Height; got > 20 {
		t.Errorf("without pictures a line is %v high", got)
	}
}

func TestACellKeepsItsPlaceForThePicture(t *testing.T) {
	d, _, _ := hung(t, 12)
	c := d.thumb(0)
	c.Resize(fyne.NewSize(200, 30))
	r := c.CreateRenderer().(*cellRenderer)
	r.Layout(c.Size())
	if r.picture == nil || !r.picture.Visible() || len(r.Objects()) != 3 {
		t.Fatal("no picture is drawn")
	}
	if left := r.text.Position().X; left < r.picture.Position().X+thumbSide {
		t.Errorf("the text begins at %v, on the picture", left)
	}
	c.picture = nil
	r.Refresh()
	if r.picture.Visible() {
		t.Error("the next row shows the picture of the last")
	}
}

func TestNoPictureIsMadeForAHiddenTable(t *testing.T) {
	d, in, th := hung(t, 12)
	d.choose("Timing")
	th.clear()
	in.thumbs = nil
	d.page.results.table.Refresh()
	if th.busy || len(th.wanted) > 0 {
		t.Error("a picture is made that nobody sees")
	}
	d.choose("Results")
	d.drawn()
	if len(in.thumbs) == 0 {
		t.Error("none is made when the table is seen again")
	}
}

func TestPicturesAreMadeOneAtATimeTheNewestFirst(t *testing.T) {
	d, in, th := hung(t, 12)
	th.clear()
	in.note(func() { in.gate, in.thumbs, in.most = make(chan struct{}, 100), nil, 0 })
	table := d.page.results.table
	ask := func(seq int) { th.Of(core.Row{Seq: seq, Item: fmt.Sprint(seq)}) }
	ask(1)
	d.until("the first", func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		return len(in.thumbs) == 1
	})
	ask(1) // is being made
	for seq := range table.lines() + 5 {
		ask(seq + 2)
	}
	close(in.gate)
	d.until("the rest", func() bool {
		th.mu.Lock()
		defer th.mu.Unlock()
		return !th.busy
	})
	last := table.lines() + 6
	if got := in.thumbs[1]; got != fmt.Sprint(last) {
		t.Errorf("after the first came %s, want %d", got, last)
	}
	if in.most != 1 {
		t.Errorf("%d at once", in.most)
	}
	if slices.Contains(in.thumbs[1:], "1") {
		t.Error("the same was made twice")
	}
	if slices.Contains(in.thumbs, "2") {
		t.Error("a row that has left the screen got its picture")
	}
}

func TestANewRunForgetsThePictures(t *testing.T) {
	d, in, th := hung(t, 12)
	th.clear()
	in.note(func() { in.gate, in.thumbs = make(chan struct{}), nil })
	d.page.results.table.Refresh()
	d.until("the first", func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		return in.atOnce == 1
	})
	d.page.results.clear()
	d.until("rest", func() bool {
		th.mu.Lock()
		defer th.mu.Unlock()
		return !th.busy
	})
	if len(th.kept) != 0 || len(th.wanted) != 0 || len(in.thumbs) != 1 {
		t.Errorf("kept %d, wanted %d, made %q", len(th.kept), len(th.wanted), in.thumbs)
	}
}

func TestAFewHundredPicturesAreKept(t *testing.T) {
	_, _, th := hung(t, 12)
	th.clear()
	key := func(seq int) thumbKey { return thumbKey{seq, core.OK} }
	for seq := range mostThumbs {
		th.keep(context.Background(), key(seq), plain(1, 1, red))
	}
	th.Of(core.Row{Seq: 0})
	th.keep(context.Background(), key(mostThumbs), nil)
	if _, kept := th.kept[key(0)]; !kept || len(th.kept) != mostThumbs || len(th.used) != mostThumbs {
		t.Errorf("%d kept, the one used last among them: %v", len(th.kept), kept)
	}
	if _, kept := th.kept[key(1)]; kept {
		t.Error("the one used longest ago is still there")
	}
}

func TestARetryShowsTheNewPicture(t *testing.T) {
	d, in, _ := hung(t, 12)
	d.page.results.table.sortBy(0)
	d.drawn()
	in.healed = true
	d.page.retryFailed()
	d.finish()
	d.drawn()
	if d.thumb(4).picture == nil {
		t.Error("the row that failed has none")
	}
}
