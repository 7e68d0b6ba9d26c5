package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"manyhands/core/fetch"
)

// seed is 50 requests to a server, at most 5 in any window. It returns how many
// came in one at most, and how long the run took.
func seed(t testing.TB, c *fetch.Config, arrivals func() []time.Time) (most int, took time.Duration) {
	t.Helper()
	c.Rate, c.Workers = 5, 5
	o := run(t, c)
	times := arrivals()
	if len(times) != 50 || o.report.OK != 50 {
		t.Errorf("%d requests arrived, %d were answered, want 50", len(times), o.report.OK)
	}
	return worst(times, c.Per), o.report.Wall
}

// secured is a server whose connections begin with a TLS handshake, each
// request with one of its own. It notes when handlers begin.
func secured(t testing.TB) (address string, arrivals func() []time.Time) {
	t.Helper()
	var mu sync.Mutex
	var times []time.Time
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		times = append(times, time.Now())
	}))
	server.Config.SetKeepAlivesEnabled(false)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL + "/", func() []time.Time {
		mu.Lock()
		defer mu.Unlock()
		return times
	}
}

// busy keeps every core busy until the test ends.
func busy(t testing.TB) {
	t.Helper()
	var over atomic.Bool
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() { // until over
			for !over.Load() { //nolint:revive // that is the point
			}
		})
	}
	t.Cleanup(func() {
		over.Store(true)
		wg.Wait()
	})
}

// held measures, until it is asked, how long requests to a server of its own
// take to be noticed: the longest such time says how much this computer is held
// up by others.
func held(t testing.TB) (longest func() time.Duration) {
	t.Helper()
	began := time.Now()
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, time.Since(began)) })
	done := make(chan struct{})
	var most time.Duration
	var wg sync.WaitGroup
	wg.Go(func() { // until done
		for {
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond):
			}
			sent := time.Since(began)
			resp, err := http.Get(address) //nolint:noctx // its own
			if err != nil {
				continue
			}
			text, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if noticed, err := time.ParseDuration(string(text)); err == nil {
				most = max(most, noticed-sent)
			}
		}
	})
	return func() time.Duration {
		close(done)
		wg.Wait()
		http.DefaultClient.CloseIdleConnections()
		return most
	}
}

// The limit is asserted as the servers see it, in real time, of 40 runs at once,
// and of 10 more that are strict. How long a run takes is asserted in virtual
// time, in core/web.
func TestTheSeedsLimitHoldsAtTheServer(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 10 seconds")
	}
	longest := held(t)
	var exceeded atomic.Int64
	var wg sync.WaitGroup
	for _, test := range []struct {
		name   string
		runs   int
		strict bool
		open   func() (address string, arrivals func() []time.Time)
	}{
		{"at once", 20, false, func() (string, func() []time.Time) { return practising(t, "/record/") }},
		{"after 0.3 s", 15, false, func() (string, func() []time.Time) { return practising(t, "/delay/0.3?n=") }},
		{"after a handshake", 5, false, func() (string, func() []time.Time) { return secured(t) }},
		{"strict", 10, true, func() (string, func() []time.Time) { return practising(t, "/record/") }},
	} {
		for range test.runs {
			address, arrivals := test.open()
			c := settings(t, address+"{1..50}")
			c.Insecure, c.Timeout, c.Strict = true, time.Minute, test.strict
			wg.Go(func() { // until its requests are answered
				most, took := seed(t, c, arrivals)
				t.Logf("%s: %v, at most %d in a second", test.name, took, most)
				switch {
				case most > 5 && test.strict:
					t.Errorf("%d requests in a second, 5 are allowed", most)
				case most > 5:
					exceeded.Add(1)
				}
			})
		}
	}
	wg.Wait()
	switch stall := longest(); {
	case exceeded.Load() > 0 && stall < 80*time.Millisecond:
		t.Errorf("%d runs exceeded the limit of 5 in a second", exceeded.Load())
	case exceeded.Load() > 0:
		t.Logf("%d runs exceeded the limit, while this computer held up a request for %v: only a strict limit can hold then", exceeded.Load(), stall)
	default:
		t.Logf("no run exceeded the limit, although a request was held up for %v", stall)
	}
}

// A strict limit holds, however busy the computer is.
func TestAStrictLimitHoldsWhileEveryCoreIsBusy(t *testing.T) {
	busy(t)
	var wg sync.WaitGroup
	for range 5 {
		address, arrivals := practising(t, "/record/")
		c := settings(t, address+"{1..50}")
		c.Strict, c.Timeout, c.Per = true, time.Minute, 200*time.Millisecond
		wg.Go(func() { // until its requests are answered
			if most, _ := seed(t, c, arrivals); most > 5 {
				t.Errorf("%d requests in a window, 5 are allowed", most)
			}
		})
	}
	wg.Wait()
}

func practising(t testing.TB, path string) (address string, arrivals func() []time.Time) {
	t.Helper()
	server := practise(t)
	return server.URL() + path, func() []time.Time { return server.Arrivals("/") }
}

// BenchmarkSeed is the seed's job against a quick server and against one that
// answers after 0.3 s.
func BenchmarkSeed(b *testing.B) {
	for name, path := range map[string]string{"quick": "/record/", "slow": "/delay/0.3?n="} {
		b.Run(name, func(b *testing.B) {
			longest, most := time.Duration(0), 0
			for b.Loop() {
				address, arrivals := practising(b, path)
				n, took := seed(b, settings(b, address+"{1..50}"), arrivals)
				longest, most = max(longest, took), max(most, n)
			}
			b.ReportMetric(longest.Seconds(), "s/run")
			b.ReportMetric(float64(most), "most-in-a-second")
		})
	}
}
