package gui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// adjusted are the settings that the run was handed.
func (e *errand) took() (list []string) {
	e.set(func() { list = slices.Clone(e.adjusted) })
	return list
}

func (d *desk) entry(field string) *widget.Entry {
	for i, f := range d.page.form.fields {
		if entry, ok := d.page.form.inputs[i].focus.(*entryInput); ok && f.Name == field {
			return &entry.Entry
		}
	}
	d.Fatalf("no entry %s", field)
	return nil
}

func TestASettingIsHandedToTheRunOnceItWasTyped(t *testing.T) {
	d, in := queued(t, 3)
	for _, text := range []string{"5", "50", "500", "500k", "500kB"} {
		d.fill("limit", text)
	}
	if got := in.took(); len(got) != 0 {
		t.Errorf("handed over letter by letter: %q", got)
	}
	d.until("the setting", func() bool { return len(in.took()) > 0 })
	d.fill("other", "x")
	d.fill("limit", "5")
	d.fill("limit", "500kB")
	d.fill("speed", "slow")
	d.until("the next one", func() bool { return len(in.took()) > 1 })
	if got := in.took(); !slices.Equal(got, []string{"limit=500kB", "speed=slow"}) {
		t.Errorf("handed over: %q", got)
	}
}

func TestEnterHandsASettingOverAtOnce(t *testing.T) {
	d, in := queued(t, 3)
	entry := d.entry("limit")
	entry.SetText("1MB")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := in.took(); !slices.Equal(got, []string{"limit=1MB"}) {
		t.Errorf("handed over: %q", got)
	}
}

func TestASettingChangedWhileTheRunStartsIsHandedOver(t *testing.T) {
	d, in := errandsWith(t, 3)
	in.start = make(chan struct{})
	d.fill("speed", "slow")
	test.Tap(d.page.bar.start)
	d.fill("limit", "7MB")
	close(in.start)
	d.until("the run", func() bool { return d.page.canSteer() })
	d.until("the setting", func() bool { return len(in.took()) > 0 })
	if got := in.took(); !slices.Equal(got, []string{"limit=7MB"}) {
		t.Errorf("handed over: %q", got)
	}
}

func TestASettingTheRunRefusesIsBlamed(t *testing.T) {
	d, in := queued(t, 3)
	in.refuse = errors.New(`"fast" is no number`)
	d.fill("limit", "fast")
	d.tells(`Speed limit: "fast" is no number`)
	in.set(func() { in.refuse = errors.New("speed limit: too low") })
	d.fill("limit", "1")
	d.tells("Speed limit: too low")
	in.set(func() { in.refuse = nil })
	d.fill("limit", "2MB")
	d.until("silence", func() bool { return d.page.bar.say.Text == "" && d.page.bar.done.Visible() })
	if len(in.took()) != 3 {
		t.Errorf("handed over: %q", in.took())
	}
}

func TestSettingsOfNoRunAreHandedToNone(t *testing.T) {
	d, in := errandsWith(t, 3)
	d.fill("limit", "1MB")
	test.Tap(d.page.bar.start)
	d.until("the queue", func() bool { return d.page.queue.going() })
	close(in.gate)
	d.finish()
	d.fill("limit", "2MB")
	d.page.adjust()
	if got := in.took(); len(got) != 0 {
		t.Errorf("handed over: %q", got)
	}
}

func TestAWrongNumberOfWorkersIsBlamed(t *testing.T) {
	d, in := queued(t, 3)
	d.fill("workers", "x")
	d.until("a complaint", func() bool { return strings.HasPrefix(d.page.bar.say.Text, `Workers: "x" is no number`) })
	d.fill("workers", "3")
	d.until("three workers", func() bool { return in.Progress().Workers == 3 })
	if len(in.took()) != 0 {
		t.Errorf("handed over as a setting: %q", in.took())
	}
}
