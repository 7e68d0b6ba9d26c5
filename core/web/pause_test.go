package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// script answers with one status after the other, then with 200.
func script(answers ...answer) func(*http.Request) answer {
	var at atomic.Int64
	return func(*http.Request) answer {
		if i := int(at.Add(1)); i <= len(answers) {
			return answers[i-1]
		}
		return status(200)
	}
}

func TestRetryAfterPausesTheHost(t *testing.T) {
	base := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // where the clock of a bubble starts
	for _, test := range []struct {
		name    string
		code    int
		headers []string
		min, to time.Duration
	}{
		{"429, seconds", 429, []string{"Retry-After", "90"}, 90 * time.Second, 90 * time.Second},
		{"503, seconds", 503, []string{"Retry-After", "1.5"}, 1500 * time.Millisecond, 1500 * time.Millisecond},
		{"a date", 429, []string{"Retry-After", base.Add(time.Minute).Format(http.TimeFormat)}, time.Minute, time.Minute},
		{"a date by the server's clock", 429, []string{"Retry-After", base.AddDate(1, 0, 0).Add(time.Minute).Format(http.TimeFormat), "Date", base.AddDate(1, 0, 0).Format(http.TimeFormat)}, time.Minute, time.Minute},
		{"ten minutes", 429, []string{"Retry-After", "600"}, 10 * time.Minute, 10 * time.Minute},
		{"no header", 429, nil, 0, time.Second},
		{"nonsense", 503, []string{"Retry-After", "soon"}, 0, time.Second},
		{"past", 503, []string{"Retry-After", base.Add(-time.Hour).Format(http.TimeFormat)}, 0, time.Second},
		{"another error", 500, []string{"Retry-After", "90"}, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &internet{answer: script(status(test.code, test.headers...))}
				c := n.in(t, Options{})
				from := time.Now()
				if code, err := visit(t.Context(), c, "http://a.example/"); err != nil || code != test.code {
					t.Fatal(code, err)
				}
				if _, err := visit(t.Context(), c, "http://b.example/"); err != nil || !time.Now().Equal(from) {
					t.Errorf("another host waited %v, %v", time.Since(from), err)
				}
				if paused := c.Stats().Paused; test.min > 0 && (len(paused) != 1 || paused[0] != Pause{"a.example", from.Add(test.min)}) {
					t.Errorf("stats name %v", paused)
				}
				// The window of the derived limit passes meanwhile, or after it.
				if _, err := visit(t.Context(), c, "http://a.example/"); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(from); took < test.min || took > max(test.to, window(test.code)) {
					t.Errorf("the host was asked again after %v, want %v to %v", took, test.min, test.to)
				}
			})
		})
	}
}

// window is how long the limit derived from one request makes the next wait.
func window(code int) time.Duration {
	if code == 429 {
		return time.Second + 1
	}
	return 0
}

func TestAPauseThatIsTooLongFailsTheHostsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{answer: script(status(429, "Retry-After", "86400"))}
		c := n.in(t, Options{Retries: 5})
		for range 3 {
			_, err := visit(t.Context(), c, "http://a.example/")
			pause, ok := errors.AsType[*LongPauseError](err)
			if !ok || pause.For != 24*time.Hour || Temporary(err) {
				t.Fatalf("%v, want to be told of the 24 hours", err)
			}
		}
		if got := len(n.all()); got != 1 {
			t.Errorf("%d requests were sent, want 1", got)
		}
		if _, err := visit(t.Context(), c, "http://b.example/"); err != nil {
			t.Error(err)
		}
		time.Sleep(24 * time.Hour)
		if _, err := visit(t.Context(), c, "http://a.example/"); err != nil {
			t.Errorf("after the pause: %v", err)
		}
	})
}

func TestAPausedHostHoldsNoPermitOfAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{work: 10 * time.Millisecond, answer: func(req *http.Request) answer {
			if req.URL.Host == "paused.example" {
				return status(429, "Retry-After", "300")
			}
			return status(200)
		}}
		c := n.in(t, Options{Rate: 5, HostRate: 5})
		var wg sync.WaitGroup
		for range 50 { // until they got an answer
			wg.Go(func() { _, _ = visit(t.Context(), c, "http://paused.example/") })
		}
		time.Sleep(10 * time.Second)
		from := time.Now()
		crowd(t, c, 20, 500, func(i int) string { return fmt.Sprintf("http://%d.example/", i) })
		if took := time.Since(from); took < 98*time.Second || took > 101*time.Second {
			t.Errorf("500 requests to others took %v, want about 99s", took)
		}
		if got := len(n.of("paused.example")); got != 5 {
			t.Errorf("%d were sent to the paused host, want the 5 that were under way", got)
		}
		wg.Wait()
	})
}

func TestPausesDoubleUntilAGoodAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := make([]answer, 12)
		for i := range bad {
			bad[i] = status(503)
		}
		n := &internet{answer: script(bad...)}
		c := n.in(t, Options{Retries: 20})
		var trace Trace
		if _, err := visit(WithTrace(t.Context(), &trace), c, "http://a.example/"); err != nil {
			t.Fatal(err)
		}
		bound, sum := time.Second, time.Duration(0)
		times := n.all()
		for i := range 12 {
			if gap := times[i+1].Sub(times[i]); gap > bound {
				t.Errorf("pause %d is %v, want at most %v", i+1, gap, bound)
			}
			sum += times[i+1].Sub(times[i])
			bound = min(2*bound, 10*time.Minute)
		}
		if trace.Tries != 13 || len(trace.Reasons) != 12 || trace.Reasons[0] != "503 Service Unavailable" || trace.Waited != sum {
			t.Errorf("trace %+v, pauses of %v in all", trace, sum)
		}
		h := c.hosts.known["a.example"]
		if h.strikes != 0 {
			t.Error("a good answer did not end the doubling")
		}
	})
}

// sequence sends n requests one after the other and returns the host's limit.
func sequence(t *testing.T, c *Client, n int) float64 {
	t.Helper()
	for range n {
		if _, err := visit(t.Context(), c, "http://a.example/"); err != nil {
			t.Fatal(err)
		}
	}
	return c.hosts.known["a.example"].limit
}

func TestTooManyHalvesTheHostsRateWhichClimbsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{}
		c := n.in(t, Options{HostRate: 10})
		sequence(t, c, 20)
		n.answer = script(status(429, "Retry-After", "5"))
		if got := sequence(t, c, 1); got != 5 {
			t.Fatalf("after a 429 the limit is %v, want 5", got)
		}
		from := time.Now()
		for _, want := range []float64{5.5, 6.05, 6.655, 7.3205, 8.05255, 8.857805, 9.7435855, 10, 10} {
			if got := sequence(t, c, 20); got < want-1e-9 || got > want+1e-9 {
				t.Errorf("20 good answers later the limit is %v, want %v", got, want)
			}
		}
		if got := most(n.all(), time.Second); got > 10 {
			t.Errorf("%d in a second", got)
		}
		// After the pause, 20 at each rate: 20/5 + 20/5.5 + … + 20/10.
		if took := time.Since(from).Seconds(); took < 27 || took > 33 {
			t.Errorf("climbing took %.1f s, want about 30", took)
		}
		for want := range 5 {
			n.answer = script(status(429))
			if got := sequence(t, c, 1); got != max(1, 10/float64(int(2)<<want)) {
				t.Errorf("after %d times 429 the limit is %v", want+1, got)
			}
		}
	})
}

func TestAnswersToOldRequestsHalveOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{work: time.Second, answer: func(*http.Request) answer { return status(429, "Retry-After", "60") }}
		c := n.in(t, Options{HostRate: 16})
		crowd(t, c, 16, 16, one("http://a.example/"))
		if h := c.hosts.known["a.example"]; h.limit != 8 || h.strikes != 1 {
			t.Errorf("16 answers to requests sent at once: limit %v, %d strikes, want 8 and 1", h.limit, h.strikes)
		}
	})
}

func TestALimitIsDerivedWhereNoneWasSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{}
		c := n.in(t, Options{})
		for range 100 { // 50 a second
			sequence(t, c, 1)
			time.Sleep(20 * time.Millisecond)
		}
		n.answer = script(status(429, "Retry-After", "1"))
		if got := sequence(t, c, 1); got < 24 || got > 28 {
			t.Errorf("the limit is %v, want half of the 50 a second that were sent", got)
		}
		sequence(t, c, 1)
		from := time.Now()
		limit := sequence(t, c, 1000)
		if took := time.Since(from).Seconds(); limit <= 28 || took > 1000/24 {
			t.Errorf("1000 took %v s, and the limit is %v", took, limit)
		}
		for range 2000 { // 1 a second: the limit must not climb for ever
			time.Sleep(time.Second)
			if now := sequence(t, c, 1); now != limit {
				t.Fatalf("a limit that is not used climbed from %v to %v", limit, now)
			}
		}
	})
}

func TestManyHostsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{answer: func(req *http.Request) answer {
			if req.URL.Host == "7.example" {
				return status(429)
			}
			return status(200)
		}}
		c := n.in(t, Options{HostRate: 1})
		for i := range 5000 {
			if _, err := visit(t.Context(), c, "http://"+strconv.Itoa(i)+".example/"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		if got := len(c.hosts.known); got > 2000 {
			t.Errorf("%d hosts are remembered", got)
		}
		if c.hosts.known["7.example"] == nil {
			t.Error("a host that complained was forgotten")
		}
	})
}

func TestAskedPause(t *testing.T) {
	now := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"":                               0,
		"0":                              0,
		"7":                              7 * time.Second,
		" 7 ":                            7 * time.Second,
		"0.25":                           time.Second / 4,
		"-7":                             0,
		"1e3":                            0,
		"1.2.3":                          0,
		".":                              0,
		"inf":                            0,
		"99999999999999999999999999999":  (1<<31 - 1) * time.Second,
		"Mon, 04 May 2026 03:02:31 GMT":  30 * time.Second,
		"Mon, 04 May 2026 03:01:31 GMT":  0,
		"Mon, 04 May 9999 03:01:31 GMT":  (1<<31 - 1) * time.Second,
		"Monday, 04-May-26 03:02:31 GMT": 30 * time.Second,
		"Mon May  4 03:02:31 2026":       30 * time.Second,
	} {
		if got := askedPause(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzAskedPause(f *testing.F) {
	f.Add("7", "")
	f.Add("Mon, 04 May 2026 03:02:31 GMT", "Mon, 04 May 2026 03:02:01 GMT")
	f.Add("1e999", "0")
	f.Fuzz(func(t *testing.T, after, date string) {
		got := askedPause(http.Header{"Retry-After": {after}, "Date": {date}}, time.Now())
		if got < 0 || got > 100*365*24*time.Hour {
			t.Errorf("%q, %q: %v", after, date, got)
		}
		if n, err := strconv.ParseUint(after, 10, 20); err == nil && got != time.Duration(n)*time.Second {
			t.Errorf("%q: %v", after, got)
		}
	})
}
