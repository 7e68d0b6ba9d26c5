package practice

import (
	"maps"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestArrivalsAreInOrderAndByPrefix(t *testing.T) {
	virtual(t, func(t *testing.T, c *client) {
		begun := time.Now()
		for _, path := range []string{"/get", "/anything?a=1", "/get?b=2"} {
			c.get(t, path)
			time.Sleep(time.Second)
		}
		for prefix, want := range map[string][]time.Duration{
			"/": {0, time.Second, 2 * time.Second}, "/get": {0, 2 * time.Second}, "/any": {time.Second}, "/none": {},
		} {
			times := c.Arrivals(prefix)
			if len(times) != len(want) {
				t.Fatalf("%s: %d arrivals, want %d", prefix, len(times), len(want))
			}
			for i, at := range times {
				if at.Sub(begun) != want[i] {
					t.Errorf("%s: %v after begin, want %v", prefix, at.Sub(begun), want[i])
				}
			}
		}
		if got, want := c.Requests(), (map[string]int{"/get": 2, "/anything": 1}); !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestMostAtOnceIsExact(t *testing.T) {
	virtual(t, func(t *testing.T, c *client) {
		var all sync.WaitGroup
		for i := range 7 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				c.get(t, "/delay/2.5")
			})
		}
		all.Wait()
		if got := c.MostAtOnce(); got != 3 {
			t.Errorf("one a second for 2.5 s: %d at once, want 3", got)
		}
	})
}

func TestARequestIsDoneBeforeItsLastByteIsSent(t *testing.T) {
	for length, want := range map[string]string{"": "", "5": "hello", "6": ""} {
		w := httptest.NewRecorder()
		if length != "" {
			w.Header().Set("Content-Length", length)
		}
		sent := "never"
		var body strings.Builder
		a := &answer{ResponseWriter: w, left: unknown, complete: func() { sent = body.String() }}
		for _, piece := range []string{"hel", "lo"} {
			body.WriteString(piece)
			if _, err := a.Write([]byte(piece)); err != nil {
				t.Fatal(err)
			}
		}
		if want == "" {
			want = "never"
		}
		if sent != want || w.Body.String() != "hello" {
			t.Errorf("length %q: complete at %q, want %q; sent %q", length, sent, want, w.Body)
		}
	}
}

func TestTheNewestVisitsAreKept(t *testing.T) {
	var s Server
	const more = 3
	for i := range visitsKept + more {
		s.visits.enter("/" + strconv.Itoa(i))()
	}
	counts := s.Requests()
	if len(counts) != visitsKept || counts["/2"] != 0 || counts["/3"] != 1 {
		t.Errorf("%d are kept, the oldest %d times", len(counts), counts["/2"])
	}
	times := s.Arrivals("")
	for i := range times[1:] {
		if times[i+1].Before(times[i]) {
			t.Fatal("the times are not in order")
		}
	}
	if s.MostAtOnce() != 1 {
		t.Errorf("one after the other counted as %d at once", s.MostAtOnce())
	}
}
