package gui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"manyhands/core"
)

func row(seq int, item string, status core.Status) core.Row {
	r := core.Row{Seq: seq, Item: item, Status: status}
	if status != core.OK {
		r.Err = errors.New("no reason")
	}
	return r
}

// anyRow draws rows with few different values, so that many are equal.
func anyRow(t *rapid.T, seq int) core.Row {
	r := row(seq, rapid.SampledFrom([]string{"a", "B", "bb", "ab"}).Draw(t, "item"),
		rapid.SampledFrom([]core.Status{core.OK, core.Failed, core.Skipped}).Draw(t, "status"))
	r.Took = time.Duration(rapid.IntRange(0, 5).Draw(t, "took"))
	return r
}

func anyQuery(t *rapid.T) query {
	by := rapid.SampledFrom([]func(core.Row) key{nil, tookKey, itemKey, resultKey}).Draw(t, "by")
	return query{
		text:       rapid.SampledFrom([]string{"", "b", "reason", "zzz"}).Draw(t, "text"),
		onlyFailed: rapid.Bool().Draw(t, "only failed"), by: by, descending: rapid.Bool().Draw(t, "descending"),
	}
}

// expected is what a query has to show, in the plainest way to find it.
func expected(all []core.Row, q query) []core.Row {
	var list []core.Row
	for _, r := range all {
		if q.matches(r) {
			list = append(list, r)
		}
	}
	if q.by != nil {
		slices.SortStableFunc(list, func(a, b core.Row) int {
			if q.descending {
				a, b = b, a
			}
			return q.by(a).compare(q.by(b))
		})
	}
	return list
}

func TestRowsThatComeInPiecesAreShownAsIfAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r rows
		var all []core.Row
		q := query{}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "asks") {
				q = anyQuery(t)
				r.Arrange(q)
			}
			var piece []core.Row
			for range rapid.IntRange(0, 9).Draw(t, "piece") {
				piece = append(piece, anyRow(t, len(all)+len(piece)+1))
			}
			r.Append(piece)
			all = append(all, piece...)
			r.Look()
		}
		compareRows(t, r.Shown(), expected(all, q))
	})
}

func compareRows(t *rapid.T, got, want []core.Row) {
	seqs := func(list []core.Row) (s []int) {
		for _, r := range list {
			s = append(s, r.Seq)
		}
		return s
	}
	if !slices.Equal(seqs(got), seqs(want)) {
		t.Fatalf("shown %v, want %v", seqs(got), seqs(want))
	}
}

func TestLookCounts(t *testing.T) {
	var r rows
	r.Append([]core.Row{row(1, "a", core.OK), row(2, "b", core.Failed), row(3, "c", core.Failed)})
	r.Arrange(query{onlyFailed: true})
	if shown, all, failed := r.Look(); shown != 2 || all != 3 || failed != 2 {
		t.Errorf("%d shown of %d, %d failed", shown, all, failed)
	}
	r.Clear()
	if shown, all, failed := r.Look(); shown+all+failed != 0 {
		t.Error("something is left after Clear")
	}
	if !r.order.query.onlyFailed {
		t.Error("Clear forgot the query")
	}
}

func TestARetryReplacesInPlace(t *testing.T) {
	var r rows
	r.Append([]core.Row{row(1, "a", core.Failed), row(2, "b", core.OK), row(3, "c", core.Failed)})
	if items := r.Redo(); !slices.Equal(items, []string{"a", "c"}) {
		t.Fatalf("to be done again: %q", items)
	}
	r.Append([]core.Row{row(1, "c", core.OK), row(2, "a", core.Cancelled), row(3, "x", core.OK)})
	want := []core.Row{row(1, "a", core.Failed), row(2, "b", core.OK), row(3, "c", core.OK)}
	for i, got := range r.Shown() {
		if got.Seq != want[i].Seq || got.Item != want[i].Item || got.Status != want[i].Status {
			t.Errorf("row %d is %v", i, got)
		}
	}
	r.Look()
	if got := r.failed; got != 1 {
		t.Errorf("%d failed, want 1", got)
	}
}

func TestARetryOfItemsOfOneNameReplacesEach(t *testing.T) {
	var r rows
	r.Append([]core.Row{row(1, "a", core.Failed), row(2, "a", core.Failed)})
	r.Redo()
	r.Append([]core.Row{row(1, "a", core.OK), row(2, "a", core.OK), row(3, "a", core.OK)})
	if _, all, failed := r.Look(); all != 2 || failed != 0 {
		t.Errorf("%d rows, %d failed", all, failed)
	}
}

func TestTheWeightIsThatOfTheRowsThatEndedWell(t *testing.T) {
	weighed := func(seq int, item string, status core.Status, before, after int64) core.Row {
		r := row(seq, item, status)
		r.Out = [2]int64{before, after}
		return r
	}
	r := rows{weigh: func(out any) (int64, int64) { w := out.([2]int64); return w[0], w[1] }}
	want := func(when string, before, after int64) {
		t.Helper()
		if b, a := r.Weight(); b != before || a != after {
			t.Errorf("%s: %d before, %d after, want %d and %d", when, b, a, before, after)
		}
	}
	r.Append([]core.Row{weighed(1, "a", core.OK, 100, 10), row(2, "b", core.Failed), row(3, "c", core.Skipped)})
	want("at first", 100, 10)
	r.Append([]core.Row{weighed(4, "d", core.OK, 50, 60), row(5, "e", core.Failed)})
	want("when more came", 150, 70)
	r.Redo()
	r.Append([]core.Row{weighed(1, "b", core.OK, 1000, 5), row(2, "e", core.Failed)})
	want("after a retry", 1150, 75)
	r.Redo()
	r.Append([]core.Row{row(1, "e", core.Skipped)})
	want("after another", 1150, 75)
	r.Clear()
	want("cleared", 0, 0)
}

func TestARetryKeepsTheOrderAskedFor(t *testing.T) {
	var r rows
	r.Append([]core.Row{row(1, "a", core.Failed), row(2, "b", core.OK), row(3, "c", core.Failed)})
	r.Arrange(query{onlyFailed: true, by: itemKey, descending: true})
	r.Redo()
	r.Append([]core.Row{row(1, "c", core.OK)})
	r.Look()
	if got := r.Shown(); len(got) != 1 || got[0].Item != "a" {
		t.Errorf("shown: %v", got)
	}
}

func TestLineFindsARow(t *testing.T) {
	var r rows
	r.Append([]core.Row{row(1, "b", core.OK), row(2, "a", core.OK)})
	r.Arrange(query{by: itemKey})
	if r.Line(2) != 0 || r.Line(1) != 1 || r.Line(7) != -1 {
		t.Errorf("lines %d, %d, %d", r.Line(2), r.Line(1), r.Line(7))
	}
	if _, ok := r.At(2); ok {
		t.Error("a row beyond the last")
	}
	if _, ok := r.At(-1); ok {
		t.Error("a row before the first")
	}
}

func TestFilterLooksAtNameReasonAndStatus(t *testing.T) {
	failed := row(1, "Holiday/IMG.JPG", core.Failed)
	failed.Err = errors.New("Not a picture")
	fine := row(2, "b", core.OK)
	for text, want := range map[string][2]bool{
		"img": {true, false}, "holiday/": {true, false}, "not a": {true, false}, "ok": {false, true}, "": {true, true},
	} {
		q := query{text: text}
		if got := [2]bool{q.matches(failed), q.matches(fine)}; got != want {
			t.Errorf("%q matches %v, want %v", text, got, want)
		}
	}
}

func TestRowsAreSafeBesideLooks(t *testing.T) {
	var r rows
	r.Arrange(query{by: tookKey})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 2000 {
			r.Append([]core.Row{row(i, "x", core.OK)})
		}
	}()
	for range 200 {
		shown, _, _ := r.Look()
		r.At(shown - 1)
	}
	<-done
	if shown, _, _ := r.Look(); shown != 2000 {
		t.Errorf("%d shown", shown)
	}
}

// BenchmarkLook is the cost of a beat that finds 500 new rows among 100,000
// that are sorted.
func BenchmarkLook(b *testing.B) {
	fill := func(n int) (list []core.Row) {
		for i := range n {
			r := row(i, strings.Repeat("x", i%7)+fmt.Sprint(i), core.OK)
			r.Took = time.Duration(i * 7919 % 100003)
			list = append(list, r)
		}
		return list
	}
	old, fresh := fill(100_000), fill(500)
	for b.Loop() {
		b.StopTimer()
		var r rows
		r.Append(old)
		r.Arrange(query{by: tookKey})
		r.Append(fresh)
		b.StartTimer()
		r.Look()
	}
}
