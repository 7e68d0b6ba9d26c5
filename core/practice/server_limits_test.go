package practice

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"
)

func TestWindowCountsWhatCameWithin(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	type arrival struct {
		at     time.Duration
		within int
		wait   time.Duration
	}
	for name, c := range map[string]struct {
		rate     int
		arrivals []arrival
		worst    int
		refused  int
	}{
		"as fast as allowed": {2, []arrival{{0, 1, 0}, {0, 2, 0}, {s, 1, 0}, {s, 2, 0}}, 2, 0},
		"a moment too soon":  {2, []arrival{{0, 1, 0}, {0, 2, 0}, {s - 1, 3, 1}}, 3, 1},
		"evenly":             {2, []arrival{{0, 1, 0}, {500 * ms, 2, 0}, {s, 2, 0}, {1500 * ms, 2, 0}}, 2, 0},
		"across whole seconds": {2, []arrival{
			{900 * ms, 1, 0},
			{950 * ms, 2, 0},
			{1050 * ms, 3, 900 * ms}, // good again when that at 950 ms is gone
			{1950 * ms, 2, 0},
		}, 3, 1},
		"refused ones count": {1, []arrival{{0, 1, 0}, {600 * ms, 2, s}, {1200 * ms, 2, s}, {2200 * ms, 1, 0}}, 2, 2},
		"after a long rest":  {1, []arrival{{0, 1, 0}, {time.Hour, 1, 0}}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := window{rate: c.rate, per: s}
			for i, a := range c.arrivals {
				if within, wait := w.arrive(a.at); within != a.within || wait != a.wait {
					t.Errorf("arrival %d: %d within, wait %v; want %d, %v", i, within, wait, a.within, a.wait)
				}
			}
			if w.worst != c.worst || w.refused != c.refused || w.requests != len(c.arrivals) {
				t.Errorf("worst %d, refused %d of %d; want %d, %d", w.worst, w.refused, w.requests, c.worst, c.refused)
			}
		})
	}
}

func TestWaitingAsLongAsToldIsEnough(t *testing.T) {
	w := window{rate: 3, per: time.Second}
	at := time.Duration(0)
	for i := range 50 {
		_, wait := w.arrive(at)
		if i%5 == 4 {
			if wait == 0 {
				t.Fatalf("request %d was let through", i)
			}
			at += wait
			if within, wait := w.arrive(at); wait != 0 {
				t.Fatalf("after waiting there were %d within", within)
			}
			at += time.Second
		}
		at += time.Millisecond
	}
}

func TestWindowIsBounded(t *testing.T) {
	w := window{rate: 10, per: time.Hour}
	for range windowKept + 100 {
		w.arrive(0)
	}
	if len(w.log) != windowKept || w.worst != windowKept || w.requests != windowKept+100 {
		t.Errorf("%d kept, worst %d of %d", len(w.log), w.worst, w.requests)
	}
}

func TestLimitedIsExact(t *testing.T) {
	virtual(t, func(t *testing.T, c *client) {
		for i, q := range []struct {
			after  time.Duration
			status int
			within float64
			retry  string
		}{
			{0, 200, 1, ""},
			{0, 200, 2, ""},
			{300 * time.Millisecond, 429, 3, "2"},
			{1699 * time.Millisecond, 429, 4, "1"},
			{2 * time.Second, 200, 1, ""},
		} {
			time.Sleep(q.after)
			got := c.get(t, "/limited?rate=2&per=2&key=a")
			var body map[string]float64
			if err := json.Unmarshal([]byte(got.body), &body); err != nil {
				t.Fatal(err)
			}
			if got.status != q.status || body["in_window"] != q.within || body["n"] != float64(i+1) || got.header.Get("Retry-After") != q.retry {
				t.Errorf("request %d: %d, %v, Retry-After %q", i, got.status, body, got.header.Get("Retry-After"))
			}
		}
		want := `{"per_s":2,"rate":2,"refused":2,"requests":5,"worst":4}` + "\n"
		if got := c.get(t, "/limited/report?key=a"); got.body != want {
			t.Errorf("got %s, want %s", got.body, want)
		}
	})
}

func TestLimitedKeepsKeysApart(t *testing.T) {
	s := loopback(t)
	for _, q := range []struct {
		query  string
		status int
	}{
		{"rate=1&per=1h&key=a", 200},
		{"rate=1&per=1h&key=a", 429},
		{"rate=1&per=1h&key=b", 200},
		{"rate=2&per=1h&key=a", 200}, // another rate begins anew
		{"rate=2&per=1h&key=a", 200},
		{"rate=2&per=1h&key=a", 429},
	} {
		if got := s.get(t, "/limited?"+q.query); got.status != q.status {
			t.Errorf("%s: %d, want %d", q.query, got.status, q.status)
		}
	}
	if got := s.get(t, "/limited/report?key=c"); got.status != 404 {
		t.Errorf("a report of nothing: %d %s", got.status, got.body)
	}
}

func TestRetryAfterLetsThroughWhenItSaid(t *testing.T) {
	for _, status := range []int{429, 503} {
		for _, date := range []string{"", "&date=1"} {
			virtual(t, func(t *testing.T, c *client) {
				time.Sleep(400 * time.Millisecond) // so that the dates are not whole
				path := fmt.Sprintf("/retry-after/2.5?status=%d%s&key=a", status, date)
				first := c.get(t, path)
				after := first.header.Get("Retry-After")
				wait := 3 * time.Second
				if date != "" {
					at, err := http.ParseTime(after)
					if err != nil {
						t.Fatal(err)
					}
					wait = time.Until(at)
				} else if after != "3" {
					t.Errorf("Retry-After: %s", after)
				}
				time.Sleep(2499 * time.Millisecond)
				if second := c.get(t, path); first.status != status || second.status != status {
					t.Errorf("%s: %d, %d before the time", path, first.status, second.status)
				}
				time.Sleep(wait - 2499*time.Millisecond)
				if got := c.get(t, path); got.status != 200 || wait < 2500*time.Millisecond || wait > 3500*time.Millisecond {
					t.Errorf("%s: %d after %v", path, got.status, wait)
				}
			})
		}
	}
}

func TestFlakyFailsSoManyTimes(t *testing.T) {
	s := loopback(t)
	for _, mode := range []string{"503", "close"} {
		path := "/flaky/2?mode=" + mode + "&key=" + url.QueryEscape("a "+mode)
		for turn, works := range []bool{false, false, true, true} {
			got, err := s.try(t.Context(), http.MethodGet, path, "")
			switch {
			case works && (err != nil || got.status != 200):
				t.Errorf("%s, request %d: %d, %v", path, turn, got.status, err)
			case !works && mode == "close" && !errors.Is(err, io.EOF):
				t.Errorf("%s, request %d: %d, %v", path, turn, got.status, err)
			case !works && mode == "503" && strconv.Itoa(got.status) != mode:
				t.Errorf("%s, request %d: %d, %v", path, turn, got.status, err)
			}
		}
	}
}
