package fetch_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/fetch"
)

// A pause is no try of the rows that wait for its end: they have all theirs
// left, and are sent once.
func TestAPauseCostsNoTries(t *testing.T) {
	var n atomic.Int64
	var mu sync.Mutex
	times := map[string][]time.Time{}
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		times[r.URL.Path] = append(times[r.URL.Path], time.Now())
		mu.Unlock()
		if n.Add(1) == 1 {
			w.Header().Set("Retry-After", "0.3")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	for _, workers := range []core.Workers{1, 4} {
		n.Store(0)
		clear(times)
		c := settings(t, address+"/{1..12}")
		c.Retries, c.Workers = 1, workers
		o := run(t, c)
		o.expect(t, 12, 0, 0)
		sent := 0
		for _, row := range o.rows {
			sent += row.Out.(fetch.Response).Tries
		}
		if sent != 13 {
			t.Errorf("%d workers: %d requests were sent, want 13", workers, sent)
		}
		first := times["/1"]
		if len(first) == 0 {
			t.Fatal("the first was never sent")
		}
		for path, at := range times {
			late := at[len(at)-1].Sub(first[0])
			if workers == 1 && late < 290*time.Millisecond {
				t.Errorf("%s was sent %v after the pause began, which lasts 0.3 s", path, late)
			}
		}
	}
}

func TestADateToRetryAfterIsWaitedFor(t *testing.T) {
	var n atomic.Int64
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			now := time.Now()
			w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
			w.Header().Set("Retry-After", now.Add(time.Second).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	c := settings(t, address)
	c.Retries = 1
	begun := time.Now()
	row, r := one(t, c)
	if r.Tries != 2 || row.Err != nil || time.Since(begun) < time.Second {
		t.Errorf("%+v, %v after %v", r, row.Err, time.Since(begun))
	}
	expectText(t, "timing", c.Details(row)[3].Text, "Try 1: 429 Too Many Requests", "Try 2: 200 OK")
}

// A request that waits for the limit is given back, too, when its host asks for
// a pause: the only worker goes on with another host.
func TestNoWorkerWaitsForAPausedHost(t *testing.T) {
	var busied atomic.Int64
	busy := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		busied.Add(1)
		w.Header().Set("Retry-After", "300")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	done := make(chan struct{})
	var others atomic.Int64
	other := serve(t, func(http.ResponseWriter, *http.Request) {
		if others.Add(1) == 30 {
			close(done)
		}
	})
	c := settings(t, busy+"/{1..100}", other+"/{1..30}")
	c.HostRate, c.Per, c.Workers, c.Retries = 1, 20*time.Millisecond, 8, 2
	r, err := c.Start(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	<-done
	if got := r.Progress().Retrying; got < 90 {
		t.Errorf("%d of 100 wait for the end of the pause", got)
	}
	r.Cancel()
	if _, err := r.Wait(); err == nil || busied.Load() > 8 {
		t.Errorf("%d were sent to the busy host; %v", busied.Load(), err)
	}
}

func TestRobotsOfAPausedHostAreWaitedFor(t *testing.T) {
	var n atomic.Int64
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case n.Add(1) == 1: // for robots.txt
			w.Header().Set("Retry-After", "0.05")
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path == "/robots.txt":
			_, _ = io.WriteString(w, "User-agent: *\nDisallow: /3\n")
		}
	})
	c := settings(t, address+"/{1..5}")
	c.Robots, c.Retries, c.Workers = true, 1, 2
	o := run(t, c)
	o.expect(t, 4, 0, 1)
	if n.Load() != 6 {
		t.Errorf("%d requests, want 2 for robots.txt and 4", n.Load())
	}
}

// They count against the limit as others do.
func TestRequestsForRobotsAreInTheChart(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/record/{1..20}")
	c.Robots, c.Rate, c.Per = true, 3, 100*time.Millisecond
	o := run(t, c)
	o.expect(t, 20, 0, 0)
	begun := time.Now()
	for { // the last bucket is shown when it is over
		chart := o.run.(catalog.Charter).Charts()[0]
		sum := 0.0
		width := 0.5 // s: buckets of five windows
		for _, p := range chart.Points {
			sum += p.Value * width
		}
		if sum > 20.99 && sum < 21.01 {
			break
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("the chart shows %.2f requests, want 21", sum)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if n := len(server.Arrivals("/")); n != 21 {
		t.Errorf("the server got %d", n)
	}
}

func TestRobotsFollowTheirRules(t *testing.T) {
	rules := ""
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			_, _ = io.WriteString(w, rules)
		}
	})
	for text, want := range map[string]string{ // of the paths, those that are allowed
		"":                                 "/a /a/b /a.html?q=1 /",
		"User-agent: *\nDisallow: /":       "",
		"User-agent: *\nDisallow: /a/":     "/a /a.html?q=1 /",
		"User-agent: *\nDisallow: /*?":     "/a /a/b /",
		"User-agent: *\nDisallow: /a$":     "/a/b /a.html?q=1 /",
		"User-agent: other\nDisallow: /":   "/a /a/b /a.html?q=1 /",
		"User-agent: Manyhands\nDisallow:": "/a /a/b /a.html?q=1 /",
		"User-agent: *\nDisallow: /\n\nUser-agent: manyhands\nDisallow: /a/b": "/a /a.html?q=1 /",
		"User-agent: *\nDisallow: /a\nAllow: /a/b":                            "/a/b /",
	} {
		rules = text
		c := settings(t)
		for path := range strings.FieldsSeq("/a /a/b /a.html?q=1 /") {
			c.URLs = append(c.URLs, address+path)
		}
		c.Robots = true
		var allowed []string
		for _, row := range run(t, c).rows {
			if row.Status == core.OK {
				allowed = append(allowed, strings.TrimPrefix(row.Item, address))
			}
		}
		if got := strings.Join(allowed, " "); got != want {
			t.Errorf("%q allows %q, want %q", text, got, want)
		}
	}
}

// Each host sets its own limit by refusing; the run finds out and keeps it.
func TestARefusingServerIsDoneAllTheSame(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/limited?rate=20&per=0.1s&n={1..60}")
	c.Retries, c.Workers = 30, 8
	o := run(t, c)
	o.expect(t, 60, 0, 0)
	again := 0
	for _, row := range o.rows {
		again += row.Out.(fetch.Response).Tries - 1
	}
	notes := strings.Join(o.run.(catalog.Noter).Notes(), "\n")
	if again > 0 {
		expectText(t, "notes", notes, fmt.Sprintf("%d sent again (429 Too Many Requests: %d)", again, again))
	}
	if sent := len(server.Arrivals("/limited")); sent != 60+again {
		t.Errorf("the server got %d, the rows say %d", sent, 60+again)
	}
}
