package fetch

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"manyhands/core"
	"manyhands/core/web"
)

// The nearest rank by its definition: the least value that at least the share q
// of all do not exceed.
func TestPercentilesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 1e12), 1, 300).Draw(t, "values")
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		var s sample
		for _, v := range values {
			s.add(time.Duration(v), len(values))
		}
		slices.Sort(values)
		want := values[len(values)-1]
		for i, v := range values {
			if float64(i+1) >= q*float64(len(values)) {
				want = v
				break
			}
		}
		if got := s.quantile(q); int64(got) != want || !s.whole() || s.most != time.Duration(values[len(values)-1]) {
			t.Fatalf("quantile %v is %d, want %d; most %v", q, got, want, s.most)
		}
	})
}

func TestAHundredThousandLatenciesAreExact(t *testing.T) {
	tally := newTally()
	for _, i := range rand.Perm(100_000) {
		tally.answered(time.Duration(i+1) * time.Microsecond)
	}
	want := "Latency p50 50.0 ms, p90 90.0 ms, p99 99.0 ms, most 100 ms"
	if got := tally.notes(web.Stats{}); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Of more than there is room for, each has the same chance to be kept: the
// first, those in between and the last.
func TestASampleIsFair(t *testing.T) {
	const room, n, rounds = 50, 1000, 400
	kept := make([]int, n)
	for range rounds {
		var s sample
		for i := range n {
			s.add(time.Duration(i), room)
		}
		if s.whole() || len(s.values) != room || s.n != n || s.most != n-1 {
			t.Fatalf("%d of %d, most %v", len(s.values), s.n, s.most)
		}
		for _, v := range s.values {
			kept[v]++
		}
	}
	for part := range slices.Chunk(kept, n/10) {
		sum := 0
		for _, k := range part {
			sum += k
		}
		if want := room * rounds / 10.0; math.Abs(float64(sum)-want) > 5*math.Sqrt(want) {
			t.Errorf("a tenth was kept %d times, want about %v", sum, want)
		}
	}
}

func TestMergedSamplesKeepTheirRoom(t *testing.T) {
	var a, b sample
	for i := range 100 {
		a.add(time.Duration(i), 64)
		b.add(time.Duration(1000+i), 64)
	}
	a.merge(b, 64)
	if a.n != 200 || len(a.values) != 64 || a.most != 1099 || a.quantile(0.05) >= 100 || a.quantile(0.95) < 1000 {
		t.Errorf("%d of %d, most %v, from %v to %v", len(a.values), a.n, a.most, a.quantile(0.05), a.quantile(0.95))
	}
	var none sample
	none.merge(sample{n: 1, values: []time.Duration{7}, most: 7}, 64)
	if none.quantile(0) != 7 || none.quantile(1) != 7 || !none.whole() {
		t.Errorf("%+v", none)
	}
}

func TestWhatIsNotExactIsAbout(t *testing.T) {
	tally := newTally()
	tally.took = sample{n: 3, most: time.Hour, values: []time.Duration{time.Second, 2 * time.Second}}
	want := "Latency p50 about 1.00 s, p90 about 2.00 s, p99 about 2.00 s, most 3600 s"
	if got := tally.notes(web.Stats{}); got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTimesHaveThreeDigits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                         "0.00 ms",
		52 * time.Microsecond:     "0.05 ms",
		9_994 * time.Microsecond:  "9.99 ms",
		12_345 * time.Microsecond: "12.3 ms",
		123 * time.Millisecond:    "123 ms",
		1234 * time.Millisecond:   "1.23 s",
		90 * time.Second:          "90.0 s",
		2 * time.Hour:             "7200 s",
	} {
		if got := inUnits(d); got != want {
			t.Errorf("%v is written as %q, want %q", d, got, want)
		}
	}
}

func TestRowsAreCountedByWhatTheyCameTo(t *testing.T) {
	for want, err := range map[string]error{
		"204":                fmt.Errorf("%w", error(nil)),
		"404":                fmt.Errorf("%w (after 3 tries)", &StatusError{Code: 404, Advice: "check the address"}),
		"bad address":        &badAddress{"line 3", `bad address "x": it is wrong`},
		"connection refused": errors.New("connection refused: nothing answers there; check the port"),
		"robots.txt of the host is not to be had": &robotsError{&StatusError{Code: 500}},
		"it was cancelled":                        context.Canceled,
		"connection reset":                        errors.New("connection reset (after 2 tries)"),
	} {
		if want == "204" {
			err = nil
		}
		if got := outcome(Response{Status: 204}, err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
	for _, open := range []error{&againError{errors.New("503"), 0}, errDisallowed} {
		if got := outcome(Response{}, open); got != "" {
			t.Errorf("%v: %q, which is still open or said elsewhere", open, got)
		}
	}
}

func TestManyCausesAreNotToldApart(t *testing.T) {
	c := counts{}
	for i := range 100_000 {
		c.add(fmt.Sprintf("cause %d", i))
	}
	for range 3 {
		c.add("cause 7")
		c.add("cause 3")
	}
	c.add("cause 7")
	if len(c) > mostCauses+1 || c.sum() != 100_007 {
		t.Errorf("%d causes, %d in all", len(c), c.sum())
	}
	text := c.String()
	if !strings.HasPrefix(text, "cause 7: 5, cause 3: 4, ") || !strings.HasSuffix(text, ", other: 99,994") {
		t.Error(text)
	}
	if n := strings.Count(text, ": "); n != mostNamed+1 {
		t.Errorf("%d are named: %s", n, text)
	}
	if long := cause(strings.Repeat("x", 1000)); len(long) > 100 {
		t.Errorf("a cause of %d bytes", len(long))
	}
}

func TestNothingIsNotedOfNothing(t *testing.T) {
	if got := newTally().notes(web.Stats{}); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestWhatIsSentAgainIsCountedWithItsReason(t *testing.T) {
	tally := newTally()
	it := &item{}
	tally.sent(it)
	for _, result := range []string{"503 Service Unavailable", "503 Service Unavailable", "connection reset: try again"} {
		it.tries = append(it.tries, try{result: result})
		tally.sent(it)
	}
	want := "3 sent again (503 Service Unavailable: 2, connection reset: 1)"
	if got := tally.notes(web.Stats{In: 1500}); len(got) != 2 || got[0] != want || got[1] != "1.5 kB received, unpacked" {
		t.Errorf("%q", got)
	}
}

// Half a gigabyte of details goes by; what is kept stays within its bound,
// whatever makes a detail heavy.
func TestDetailsStayWithinTheirMemory(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	for name, make := range map[string]func() *detail{
		"bodies":  func() *detail { return &detail{weight: mostBodyKept} },
		"nothing": func() *detail { return &detail{weight: 500} },
		"huge":    func() *detail { return &detail{weight: mostKept + 1} },
		"headers": func() *detail { return &detail{weight: headerWeight(map[string][]string{"A": {long, long}})} },
	} {
		k := newKeep()
		for seq := range 3000 {
			k.add(seq%1500, make())
			sum := 0
			if seq%500 == 499 {
				for _, e := range k.order {
					sum += e.detail.weight
				}
				if sum != k.weight || k.weight > mostKept || len(k.bySeq) > len(k.order) {
					t.Fatalf("%s: %d bytes are kept, %d are counted, for %d items in %d places", name, sum, k.weight, len(k.bySeq), len(k.order))
				}
			}
		}
		if newest := k.of(1499, ""); (newest == nil) != (name == "huge") {
			t.Errorf("%s: the newest is kept: %v", name, newest != nil)
		}
	}
	if w := headerWeight(map[string][]string{"A": {long}}); w < len(long) {
		t.Errorf("a header of %d bytes counts as %d", len(long), w)
	}
}

func TestChartsLeaveOutWhatIsNotOver(t *testing.T) {
	began := time.Now()
	m := newMeter(began, 5, time.Second)
	for i := range 7 {
		m.sent(began.Add(time.Duration(i) * 300 * time.Millisecond)) // 4 in the first second, 3 in the next
	}
	m.answered(began.Add(1500*time.Millisecond), 80*time.Millisecond)
	charts := m.charts(began.Add(1900 * time.Millisecond))
	if rate := charts[0]; len(rate.Points) != 1 || rate.Points[0] != (core.Point{At: time.Second, Value: 4}) || rate.Limit != 5 || rate.Unit != "/s" {
		t.Errorf("%+v", rate)
	}
	if took := charts[1]; len(took.Points) != 1 || took.Points[0] != (core.Point{At: 2 * time.Second, Value: 80}) {
		t.Errorf("%+v", took)
	}
	if again := m.charts(began.Add(2 * time.Second)); len(again[0].Points) != 2 || again[0].Points[1].Value != 3 {
		t.Errorf("%+v", again[0])
	}
}

func TestBucketsHoldWholeWindows(t *testing.T) {
	for _, test := range []struct {
		rate  int
		per   time.Duration
		width time.Duration
		limit float64
	}{
		{5, time.Second, time.Second, 5},
		{0, time.Second, time.Second, 0},
		{5, 200 * time.Millisecond, 600 * time.Millisecond, 25},
		{3, time.Minute, time.Minute, 0.05},
		{1, time.Millisecond, narrowest, 1000},
	} {
		m := newMeter(time.Now(), test.rate, test.per)
		if m.width != test.width || math.Abs(m.limit-test.limit) > 1e-9 {
			t.Errorf("%d per %v: buckets of %v, limit %v; want %v, %v", test.rate, test.per, m.width, m.limit, test.width, test.limit)
		}
	}
}

// What comes before the beginning, by a clock that was set back, is counted at
// the beginning.
func TestJoinedBucketsLoseNothing(t *testing.T) {
	began := time.Now()
	m := newMeter(began, 0, time.Second)
	m.sent(began.Add(-time.Hour))
	n := 1
	for at := time.Duration(0); at < 5*time.Hour; at += 7 * time.Second {
		m.sent(began.Add(at))
		m.answered(began.Add(at), time.Millisecond)
		n++
	}
	sent, answered := 0, 0
	for _, b := range m.buckets {
		sent += b.sent
		answered += b.took.n
		if len(b.took.values) > mostSamples {
			t.Errorf("%d latencies in a bucket", len(b.took.values))
		}
	}
	if sent != n || answered != n-1 || len(m.buckets) > mostBuckets || m.width != 64*time.Second {
		t.Errorf("%d sent and %d answered of %d, in %d buckets of %v", sent, answered, n, len(m.buckets), m.width)
	}
}
