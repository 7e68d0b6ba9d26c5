package core

import (
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestRingIsAQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q ring[int]
		var want []int
		for i, op := range rapid.SliceOfN(rapid.IntRange(0, 9), 0, 400).Draw(t, "operations") {
			switch {
			case op < 5:
				q.push(i)
				want = append(want, i)
			case op < 6:
				q.pushFront(i)
				want = slices.Insert(want, 0, i)
			default:
				n := min(op*op, len(want))
				if got := q.pop(nil, n); !slices.Equal(got, want[:n]) {
					t.Fatalf("popped %v, want %v", got, want[:n])
				}
				want = want[n:]
			}
			if q.len() != len(want) {
				t.Fatalf("length %d, want %d", q.len(), len(want))
			}
		}
	})
}

func TestRingForgetsWhatWasTaken(t *testing.T) {
	var q ring[*int]
	for range 100 {
		q.push(new(int))
	}
	q.pop(nil, 100)
	for _, p := range q.buf {
		if p != nil {
			t.Fatal("an item taken is still held")
		}
	}
}

func TestRetriesComeOutWhenDueTheFirstFirst(t *testing.T) {
	var s retries[string]
	for name, due := range map[string]time.Duration{"third": 30, "first": 10, "second": 20} {
		s.add(task[string]{in: name}, due)
	}
	s.add(task[string]{in: "second, too"}, 20)
	if due, ok := s.next(); !ok || due != 10 {
		t.Errorf("next is due at %v", due)
	}
	var got []string
	for _, now := range []time.Duration{5, 10, 25} {
		tasks := s.due(now)
		slices.Reverse(tasks)
		for _, task := range tasks {
			got = append(got, task.in)
		}
	}
	if want := []string{"first", "second", "second, too"}; !slices.Equal(got, want) {
		t.Errorf("came out as %v, want %v", got, want)
	}
	if left := s.all(); len(left) != 1 || left[0].in != "third" {
		t.Errorf("left: %v", left)
	}
	if _, ok := s.next(); ok {
		t.Error("nothing is left")
	}
}

func TestQuantilesAreRightWithinFourPercent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l latency
		all := rapid.SliceOfN(rapid.Int64Range(0, int64(time.Hour)), 1, 500).Draw(t, "durations")
		for _, d := range all {
			l.add(time.Duration(d))
		}
		slices.Sort(all)
		for _, q := range []float64{0, .5, .95, .99, 1} {
			want := all[int(q*float64(len(all)-1))]
			got := int64(l.quantile(q))
			if off := max(got-want, want-got); off > want/25+1 {
				t.Fatalf("quantile %v is %d, want %d", q, got, want)
			}
		}
	})
}

func TestQuantileOfNothingAndOfTheLongest(t *testing.T) {
	var l, sum latency
	if l.quantile(.5) != 0 {
		t.Error("a quantile of nothing")
	}
	l.add(1<<63 - 1)
	l.add(-5)
	sum.merge(&l)
	sum.merge(new(latency))
	if sum.n != 2 || sum.quantile(0) != 0 || sum.quantile(1) < 1<<62 {
		t.Errorf("%d durations from %v to %v", sum.n, sum.quantile(0), sum.quantile(1))
	}
}

func TestTimelineKeepsWhatItJoins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var line timeline
		var at, spent time.Duration
		n := rapid.IntRange(1, 5000).Draw(t, "bars")
		most := rapid.IntRange(1, 1_000_000).Draw(t, "longest")
		for i := range n {
			b := Bar{Start: at, End: at + time.Duration(i*7919%most), Items: 1, Seq: i + 1}
			b.Spent[Working] = b.End - b.Start
			spent += b.Spent[Working]
			at = b.End + time.Duration(i%3)
			line.add(b)
		}
		var sum Bar
		for _, b := range line.bars {
			sum.join(b)
		}
		if len(line.bars) > barsMost || sum.Items != n || sum.Spent[Working] != spent || line.bars[0].Start != 0 {
			t.Fatalf("%d bars with %d items over %v, want %d items over %v", len(line.bars), sum.Items, sum.Spent, n, spent)
		}
	})
}

func TestShortTimelineIsExact(t *testing.T) {
	var line timeline
	for i := range time.Duration(barsMost) {
		line.add(Bar{Start: 2 * i, End: 2*i + 1, Items: 1, Seq: int(i) + 1})
	}
	for i, b := range line.bars {
		if b.Start != 2*time.Duration(i) || b.Seq != i+1 {
			t.Fatalf("bar %d is %+v", i, b)
		}
	}
}

func TestJoinedBarNamesTheLongestItem(t *testing.T) {
	bars := []Bar{{Seq: 1, Items: 1}, {Seq: 2, Items: 1}, {Seq: 3, Items: 1}}
	bars[1].Spent[Working] = time.Second
	bars[0].join(bars[1])
	bars[0].join(bars[2])
	if bars[0].Seq != 2 || bars[0].Items != 3 {
		t.Errorf("joined: %+v", bars[0])
	}
}

func TestGripHoldsItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		index, end := rapid.IntRange(0, batchMost).Draw(t, "index"), rapid.IntRange(0, batchMost).Draw(t, "end")
		activity := Activity(rapid.IntRange(0, int(activities)-1).Draw(t, "activity"))
		at := time.Duration(rapid.Int64Range(0, int64(365*24*time.Hour/time.Microsecond)).Draw(t, "at")) * time.Microsecond
		g := grip(index, end, activity, at)
		i, e, a, from := parseGrip(g)
		if i != index || e != end || a != activity || from != at || g <= loose {
			t.Fatalf("%d %d %v %v became %d %d %v %v", index, end, activity, at, i, e, a, from)
		}
	})
}

func TestSpeedIsThatOfTheLastSeconds(t *testing.T) {
	var s speed
	var rate float64
	for i := range 200 { // ten seconds at 10/s, then ten at 100/s
		at, done := time.Duration(i)*100*time.Millisecond, i
		if i > 100 {
			done = 100 + (i-100)*10
		}
		rate = s.of(at, done)
	}
	if rate < 95 || rate > 105 || len(s.samples) > 40 {
		t.Errorf("rate %v from %d samples", rate, len(s.samples))
	}
	if s.forget(); s.of(time.Minute, 60) != 1 {
		t.Error("after a pause the rate is the mean until there is another sample")
	}
}

func TestWorkersReadsAutoAndNumbers(t *testing.T) {
	for text, want := range map[string]Workers{"auto": 0, "0": 0, "": 0, "1": 1, "1024": 1024} {
		var w Workers
		if err := w.UnmarshalText([]byte(text)); err != nil || w != want || w.Count() < 1 {
			t.Errorf("%q became %d (%v)", text, w, err)
		}
	}
	for _, text := range []string{"-1", "1025", "many", "1.5", " 2"} {
		var w Workers
		if w.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q became %d", text, w)
		}
	}
	for w, want := range map[Workers]string{0: "auto", 7: "7"} {
		if text, err := w.MarshalText(); err != nil || string(text) != want {
			t.Errorf("%d became %q (%v)", w, text, err)
		}
	}
}

func TestPanicErrorKeepsAThrownError(t *testing.T) {
	err := protect(func() error { panic(io.ErrUnexpectedEOF) })
	if !errors.Is(err, ErrBroken) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v loses its cause", err)
	}
}
