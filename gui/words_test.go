package gui

import (
	"errors"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/catalog"
)

func TestStatusInWords(t *testing.T) {
	for want, p := range map[string]core.Progress{
		"768 of 1,240 · 131/s · 3 failed · 4 s left": {Total: 1240, OK: 765, Failed: 3, Rate: 131.2, ETA: 3600 * time.Millisecond},
		"0 of 12":                              {Total: 12},
		"17 done · 2.5/s":                      {OK: 17, Rate: 2.5},
		"5 of 9 · 2 skipped · paused":          {Total: 9, OK: 3, Skipped: 2, Rate: 8, State: core.Paused},
		"1 of 2 · 1 waiting to be tried again": {Total: 2, OK: 1, Retrying: 1},
		"1 of 2 · stopping":                    {Total: 2, OK: 1, State: core.Cancelling, ETA: time.Second},
		"1 of 2 · finishing what was read":     {Total: 2, OK: 1, State: core.Draining},
		"1 of 2 · 1 s left":                    {Total: 2, OK: 1, ETA: time.Millisecond},
		"1 of 2 · 2 min 5 s left":              {Total: 2, OK: 1, ETA: 125 * time.Second},
	} {
		if got := statusOf(p); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestSummaryInWords(t *testing.T) {
	for want, r := range map[string]core.Report{
		"1,240 done in 9.4 s · 132/s · 3 failed": {OK: 1237, Failed: 3, Wall: 9400 * time.Millisecond, Rate: 131.9},
		"4 done in 20.0 ms · 8 not done":         {OK: 4, Cancelled: 2, Unread: 6, Wall: 20 * time.Millisecond},
		"3 done in 1.0 s · 3 skipped":            {Skipped: 3, Wall: time.Second},
	} {
		if got := summaryOf(r); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                           "0.0 ms",
		7120 * time.Microsecond:     "7.1 ms",
		99949 * time.Microsecond:    "99.9 ms",
		99951 * time.Microsecond:    "100 ms",
		812 * time.Millisecond:      "812 ms",
		9440 * time.Millisecond:     "9.4 s",
		59949 * time.Millisecond:    "59.9 s",
		59951 * time.Millisecond:    "1 min 0 s",
		260 * time.Second:           "4 min 20 s",
		2*time.Hour + 5*time.Minute: "2 h 5 min",
	} {
		if got := duration(d); got != want {
			t.Errorf("%v is %q, want %q", time.Duration(d), got, want)
		}
	}
}

func TestComparisonInWords(t *testing.T) {
	one := core.Report{Items: 1240, Wall: 61200 * time.Millisecond, Workers: 1}
	many := core.Report{Items: 1240, Wall: 9400 * time.Millisecond, Workers: 8}
	want := "1,240 in 1 min 1 s one by one, in 9.4 s with 8 workers: 6.5 times as fast"
	if got := comparisonOf(one, many); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestOverlapIsNotCalledASpeedUp(t *testing.T) {
	r := core.Report{Items: 9, Wall: time.Second, Busy: 2 * time.Second, Workers: 2, P50: 7 * time.Millisecond, P95: 8 * time.Millisecond, P99: 9 * time.Millisecond}
	want := "One item took 7.0 ms as a rule, 8.0 ms at the 95th and 9.0 ms at the 99th percentile. Overlap: 2.0 items in hand at once, with 2 workers."
	if got := factsOf(r); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if factsOf(core.Report{}) != "" {
		t.Error("facts of a run without items")
	}
}

func TestNothingIsAddedWhereNothingWasSaved(t *testing.T) {
	if got := withSaved("9 done", ""); got != "9 done" {
		t.Errorf("without a saving: %q", got)
	}
}

func TestAPreviewInWords(t *testing.T) {
	p := catalog.Preview{BeforeText: "JPEG, 8x6", BeforeBytes: 2000, AfterText: "PNG, 4x3"}
	if got := beforeWords(p) + "; " + afterWords(p); got != "Before: JPEG, 8x6, 2.0 kB; After: PNG, 4x3" {
		t.Errorf("got %q", got)
	}
}

func TestSmallWords(t *testing.T) {
	for got, want := range map[string]string{
		countOf(1, "row"):             "1 row",
		countOf(1200, "row"):          "1,200 rows",
		sentence(errors.New("no go")): "No go",
		sentence(errors.New("")):      "",
		oneLine("a\n  b\tc "):         "a b c",
		rate(9.96):                    "10.0/s",
		rate(5210):                    "5,210/s",
		withValue("", "red"):          "red",
		withValue("red", "green"):     "red,green",
		withValue("red,green", "red"): "red,green",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
