package gui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
)

// question holds the texts of the one on top.
func (d *desk) question() (texts []string) {
	for _, o := range test.LaidOutObjects(d.Canvas().Overlays().Top()) {
		if l, ok := o.(*widget.Label); ok {
			texts = append(texts, l.Text)
		}
	}
	return texts
}

func TestAFailedRowIsTriedAtAnotherAddress(t *testing.T) {
	d := sit(t)
	d.fill("folder", "/parcels")
	d.fill("fail", "5")
	test.Tap(d.page.bar.start)
	d.until("the end", func() bool { return d.page.idle() && d.page.results.all == 12 })
	d.page.results.table.press(d.page.results.rows.Line(4))
	if d.page.results.readdress.Visible() || d.page.canReaddress() {
		t.Error("a row that is well is offered another address")
	}
	d.page.results.table.press(d.page.results.rows.Line(5))
	if !d.page.results.readdress.Visible() {
		t.Fatal("a failed row is not offered another address")
	}
	d.choose("Try row at another address…")
	d.want("offered", d.typing().Text, "item-005")
	d.press("Try again")
	d.until("the reason", func() bool { return slices.Contains(d.question(), "This is the old one") })
	d.typing().SetText("item-101")
	d.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.until("the end", func() bool { return d.page.idle() && d.world.started.Load() == 2 && d.page.results.failed == 1 })
	row, _ := d.page.results.rows.At(d.page.results.rows.Line(5))
	if row.Item != "item-101" || row.Status != core.OK || d.page.results.all != 12 {
		t.Errorf("%+v of %d", row, d.page.results.all)
	}
}
