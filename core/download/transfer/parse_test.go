package transfer

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"testing"
)

func TestContentRange(t *testing.T) {
	for text, want := range map[string]contentRange{
		"bytes 0-0/1":  {span{0, 1}, 1},
		"bytes 5-9/10": {span{5, 10}, 10},
		"Bytes 5-9/*":  {span{5, 10}, -1},
		"bytes */10":   {span{}, 10},
		"bytes 0-4611686018427387902/4611686018427387903": {span{0, 1<<62 - 1}, 1<<62 - 1},
	} {
		if got, ok := parseContentRange(text); !ok || got != want {
			t.Errorf("%q: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "bytes", "bytes 0-0", "bytes=0-0/1", "lines 0-0/1", "bytes 1-0/2", "bytes 0-1/1", "bytes -1-0/1", "bytes +1-2/3", "bytes 0-/1",
		"bytes */*", "bytes 0-1/x", "bytes 0-1/-5", "bytes 0-99999999999999999999/*", "bytes 0-9223372036854775807/*", "bytes a-b/c", "bytes 0-1,3-4/9",
	} {
		if got, ok := parseContentRange(text); ok {
			t.Errorf("%q was read as %+v", text, got)
		}
	}
}

func FuzzContentRange(f *testing.F) {
	for _, seed := range []string{"bytes 0-0/1", "bytes */5", "bytes 1-2/*", "bytes 18446744073709551615-1/2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, ok := parseContentRange(text)
		if ok && (r.from < 0 || r.to < r.from || r.total < -1 || r.total >= 0 && r.to > r.total) {
			t.Errorf("%q: %+v", text, r)
		}
	})
}

func TestValidators(t *testing.T) {
	const now, long, recent = "Fri, 02 Jan 2026 03:04:05 GMT", "Thu, 01 Jan 2026 03:04:05 GMT", "Fri, 02 Jan 2026 03:03:06 GMT"
	for _, test := range []struct{ etag, modified, date, want string }{
		{`"a"`, long, now, `"a"`},
		{`W/"a"`, long, now, long},
		{`W/"a"`, recent, now, ""},
		{`w/"a"`, "", now, ""},
		{"a", "", now, ""},
		{`"a`, "", now, ""},
		{`"`, "", now, ""},
		{`""`, "", now, ""},
		{`"a"b"`, "", now, ""},
		{"\"a\x01\"", "", now, ""},
		{"", long, now, long},
		{"", long, "", long},
		{"", now, now, ""},
		{"", now, long, ""},
		{"", "yesterday", now, ""},
		{"", "", "", ""},
	} {
		h := http.Header{}
		for name, value := range map[string]string{"ETag": test.etag, "Last-Modified": test.modified, "Date": test.date} {
			if value != "" {
				h.Set(name, value)
			}
		}
		v := validatorOf(h)
		if v.condition() != test.want {
			t.Errorf("%+v: %q", test, v.condition())
		}
		if v.holds(h) != (test.want != "") {
			t.Errorf("%+v does not hold for itself", test)
		}
		h.Add("ETag", `"b"`)
		h.Add("Last-Modified", "Thu, 01 Jan 2026 03:04:06 GMT")
		if v.holds(h) {
			t.Errorf("%+v holds for another version", test)
		}
	}
}

func TestParseJournal(t *testing.T) {
	for text, good := range map[string]bool{
		`{"total":10,"done":[[0,5],[6,10]]}`: true,
		`{"total":-1,"done":[[0,5]]}`:        true,
		`{"total":0}`:                        true,
		`{"total":10,"done":[[0,11]]}`:       false,
		`{"total":10,"done":[[0,5],[5,6]]}`:  false,
		`{"total":10,"done":[[3,5],[0,1]]}`:  false,
		`{"total":10,"done":[[5,5]]}`:        false,
		`{"total":10,"done":[[-1,5]]}`:       false,
		`{"total":-2}`:                       false,
		`{"total":"x"}`:                      false,
		``:                                   false,
	} {
		if _, err := parseJournal([]byte(text)); (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"name":"a","validator":{"etag":"\"1\""},"total":10,"done":[[0,5],[6,9]]}`))
	f.Add([]byte(`{"total":-1,"done":[[0,9223372036854775807]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		j, err := parseJournal(text)
		if err != nil {
			return
		}
		p := newPlan(j.Total, j.done())
		if done := p.done(); j.Total >= 0 && done.size() != j.done().size() {
			t.Errorf("%s: %v of %v", text, done, j.Done)
		}
		again, _ := json.Marshal(j)
		if back, err := parseJournal(again); err != nil || !reflect.DeepEqual(back.done(), j.done()) {
			t.Errorf("%s became %s: %v", text, again, err)
		}
	})
}

// Whatever connections do, a byte is loaded once, and in the end all are there.
func TestPlan(t *testing.T) {
	for seed := range uint64(300) {
		chance := rand.New(rand.NewPCG(seed, 0))
		total := 1 + chance.Int64N(1000)
		loaded := make([]int, total)
		known := chance.IntN(3) > 0
		p := newPlan(map[bool]int64{true: total, false: -1}[known], nil)
		var at []*piece
		for step := 0; p.left() > 0; step++ {
			if step > 100_000 {
				t.Fatalf("seed %d: %d are missing", seed, p.left())
			}
			switch n := chance.IntN(10); {
			case len(at) == 0 || n == 0 && len(at) < 5:
				if got := p.takeAny(10 * chance.Int64N(2)); got != nil {
					at = append(at, got)
				}
			case n == 1:
				i := chance.IntN(len(at))
				p.leave(at[i])
				p.leave(at[i]) // a second time does nothing
				at = slices.Delete(at, i, i+1)
			case n == 2 && !known && p.done().end() <= total:
				known = p.finish(total)
			default:
				at[0], at[len(at)-1] = at[len(at)-1], at[0]
				m := min(1+chance.Int64N(4), p.room(at[0]), total-at[0].at)
				for i := range m {
					loaded[at[0].at+i]++
				}
				p.wrote(at[0], int(m))
			}
		}
		if !slices.Equal(slices.Compact(loaded), []int{1}) {
			t.Fatalf("seed %d: %v", seed, loaded)
		}
		if done := p.done(); len(done) != 1 || done[0] != (span{0, total}) {
			t.Errorf("seed %d: %v", seed, done)
		}
	}
}

func TestAPlanDoesNotEndBeforeWhatIsThere(t *testing.T) {
	p := newPlan(-1, spans{{0, 50}})
	if p.left() != endless || p.finish(49) || !p.finish(50) || p.left() != 0 || p.finish(60) || !p.finish(50) {
		t.Errorf("%+v", p)
	}
}

func TestSpans(t *testing.T) {
	var s spans
	for _, n := range []span{{10, 20}, {30, 40}, {5, 5}, {20, 30}, {0, 5}, {5, 10}} {
		s = s.add(n)
	}
	if !slices.Equal(s, spans{{0, 40}}) || s.prefix() != 40 || s.size() != 40 || s.end() != 40 {
		t.Error(s)
	}
	if got := (spans{{5, 10}, {20, 30}}).gaps(25); !slices.Equal(got, spans{{0, 5}, {10, 20}}) {
		t.Error(got)
	}
	if (spans{{5, 10}}).prefix() != 0 || (spans{}).end() != 0 {
		t.Error("not empty")
	}
}
