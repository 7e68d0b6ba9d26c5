package web

import (
	"errors"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// pausing answers every request to busy.example with a pause of 5 minutes.
func pausing(req *http.Request) answer {
	switch {
	case req.URL.Host == "busy.example":
		return status(429, "Retry-After", "300")
	case req.URL.Path == "/to-busy":
		return status(302, "Location", "http://busy.example/")
	}
	return status(200)
}

func givenBack(t *testing.T, err error, host string, rest time.Duration) {
	t.Helper()
	paused, ok := errors.AsType[*PausedError](err)
	if !ok || paused.Host != host || paused.For != rest || !Temporary(err) {
		t.Errorf("%v, want %s to be paused for %v", err, host, rest)
	}
}

func TestWhatComesInAPauseIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{answer: pausing}
		c := n.in(t, Options{GiveBack: true, Retries: 0})
		if code, err := visit(t.Context(), c, "http://busy.example/"); code != 429 || err != nil {
			t.Fatal(code, err)
		}
		time.Sleep(100 * time.Second)
		from := time.Now()
		var trace Trace
		_, err := visit(WithTrace(t.Context(), &trace), c, "http://busy.example/")
		givenBack(t, err, "busy.example", 200*time.Second)
		if time.Since(from) != 0 || trace.Sends != 0 || trace.Tries != 1 || len(n.all()) != 1 {
			t.Errorf("after %v: %+v, %d were sent", time.Since(from), trace, len(n.all()))
		}
		if got := c.Paused("busy.example"); got != 200*time.Second || c.Paused("other.example") != 0 {
			t.Errorf("paused for %v", got)
		}
		time.Sleep(200*time.Second + time.Second) // and the permit of the limit that was derived
		if code, err := visit(t.Context(), c, "http://busy.example/"); code != 429 || err != nil {
			t.Error(code, err)
		}
	})
}

// Whichever of its permits it waits for.
func TestWhatWaitsWhenAPauseBeginsIsGivenBack(t *testing.T) {
	for name, o := range map[string]Options{
		"of the host": {HostRate: 1, Per: time.Minute},
		"of all":      {Rate: 1, Per: time.Minute},
		"of both":     {Rate: 2, HostRate: 1, Per: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &internet{work: time.Second, answer: pausing}
				o.GiveBack, o.Retries = true, 3
				c := n.in(t, o)
				var wg sync.WaitGroup
				var back atomic.Int64
				from := time.Now()
				for range 100 { // until they are given back, at the first answer
					wg.Go(func() {
						if _, err := visit(t.Context(), c, "http://busy.example/"); isGivenBack(err) {
							back.Add(1)
						}
					})
				}
				for back.Load() < 99 {
					time.Sleep(time.Second)
					if time.Since(from) > 2*time.Second {
						t.Fatalf("%d of 99 were given back", back.Load())
					}
				}
				if _, err := visit(t.Context(), c, "http://free.example/"); err != nil || time.Since(from) > 2*time.Minute {
					t.Errorf("after %v: %v", time.Since(from), err)
				}
				c.Close()
				wg.Wait()
				c.all.mu.Lock()
				defer c.all.mu.Unlock()
				if p := c.all; p.out != 0 || p.queue.Len() != 0 || len(p.free) > p.most {
					t.Errorf("%d permits are out, %d wait, %d are free", p.out, p.queue.Len(), len(p.free))
				}
			})
		})
	}
}

func TestWhatWasSentInPartIsNotGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{answer: pausing}
		c := n.in(t, Options{GiveBack: true, Retries: 1})
		from := time.Now()
		if code, err := visit(t.Context(), c, "http://busy.example/"); code != 429 || err != nil || time.Since(from) < 300*time.Second {
			t.Errorf("the retry: %d, %v after %v", code, err, time.Since(from))
		}
		from = time.Now()
		var trace Trace
		code, err := visit(WithTrace(t.Context(), &trace), c, "http://free.example/to-busy")
		if code != 429 || err != nil || time.Since(from) < 300*time.Second || trace.Waited < 300*time.Second {
			t.Errorf("the redirect: %d, %v after %v, %+v", code, err, time.Since(from), trace)
		}
	})
}

func TestAPauseThatIsTooLongFailsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{work: time.Second, answer: func(*http.Request) answer { return status(503, "Retry-After", "3600") }}
		c := n.in(t, Options{GiveBack: true, HostRate: 1, Per: time.Minute})
		var wg sync.WaitGroup
		var long atomic.Int64
		for range 50 { // until the first answer
			wg.Go(func() {
				_, err := visit(t.Context(), c, "http://a.example/")
				if _, ok := errors.AsType[*LongPauseError](err); ok {
					long.Add(1)
				}
			})
		}
		wg.Wait()
		if long.Load() != 50 || len(n.all()) != 1 || c.Paused("a.example") != 0 {
			t.Errorf("%d failed, %d were sent, paused for %v", long.Load(), len(n.all()), c.Paused("a.example"))
		}
	})
}

func TestHostNames(t *testing.T) {
	for address, want := range map[string]string{
		"http://A.Example/x":      "a.example",
		"http://a.example:80/":    "a.example",
		"https://a.example:443/":  "a.example",
		"https://a.example:80/":   "a.example:80",
		"http://a.example:8080/":  "a.example:8080",
		"http://u:p@a.example:1/": "a.example:1",
		"http://[::1]:9/":         "[::1]:9",
	} {
		u, err := url.Parse(address)
		if err != nil || Host(u) != want {
			t.Errorf("%s: %q, %v; want %q", address, Host(u), err, want)
		}
	}
}
