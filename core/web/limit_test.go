package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestNoWindowHoldsMoreThanTheLimit(t *testing.T) {
	for _, test := range []struct {
		name                string
		options             Options
		connect, wire, work time.Duration
		workers             int
		per                 time.Duration
		overAll, each       int // the most in a window
	}{
		{"quick answers", Options{Rate: 5}, 0, 0, 0, 20, time.Second, 5, 5},
		{"slow answers", Options{Rate: 5}, 0, 20 * time.Millisecond, 300 * time.Millisecond, 20, time.Second, 5, 5},
		{"slow connections", Options{Rate: 5}, 300 * time.Millisecond, 20 * time.Millisecond, 300 * time.Millisecond, 20, time.Second, 5, 5},
		{"slow server, strict", Options{Rate: 5, Strict: true}, 300 * time.Millisecond, 2 * time.Second, 300 * time.Millisecond, 20, time.Second, 5, 5},
		{"one worker", Options{Rate: 5}, 300 * time.Millisecond, 0, 0, 1, time.Second, 5, 5},
		{"one a minute", Options{Rate: 1, Per: time.Minute}, time.Second, 0, 3 * time.Second, 3, time.Minute, 1, 1},
		{"hosts", Options{HostRate: 2}, 300 * time.Millisecond, 20 * time.Millisecond, 300 * time.Millisecond, 20, time.Second, 8, 2},
		{"all and hosts", Options{Rate: 5, HostRate: 2}, 300 * time.Millisecond, 20 * time.Millisecond, 300 * time.Millisecond, 20, time.Second, 5, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &internet{connect: test.connect, wire: test.wire, work: test.work}
				c := n.in(t, test.options)
				crowd(t, c, test.workers, 3000, func(i int) string { return fmt.Sprintf("http://%d.example/", i%4) })
				all := n.all()
				if len(all) != 3000 {
					t.Fatalf("%d requests arrived", len(all))
				}
				if got := most(all, test.per); got > test.overAll {
					t.Errorf("%d requests in a window, want at most %d", got, test.overAll)
				}
				for host, times := range n.arrivals {
					slices.SortFunc(times, time.Time.Compare)
					if got := most(times, test.per); got > test.each {
						t.Errorf("%d requests in a window to %s, want at most %d", got, host, test.each)
					}
				}
			})
		})
	}
}

// Now and then a request takes long to arrive: that it is not answered at once,
// as the others are, tells.
func TestAQuickServerThatIsHeldUpKeepsTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{work: 10 * time.Millisecond, rarely: 10}
		c := n.in(t, Options{Rate: 5})
		from := time.Now()
		crowd(t, c, 20, 20, one("http://a.example/"))
		n.wire = 240 * time.Millisecond
		crowd(t, c, 20, 5000, one("http://a.example/"))
		if got := most(n.all(), time.Second); got > 5 {
			t.Errorf("%d requests in a second", got)
		}
		if took := time.Since(from); took > 1050*time.Second {
			t.Errorf("5000 requests took %v, want little more than 999s", took)
		}
	})
}

func TestFailuresAndRedirectsNeedPermits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{connect: 100 * time.Millisecond, work: 300 * time.Millisecond}
		var count atomic.Int64
		n.fail = func(*http.Request) error {
			if count.Add(1)%3 == 0 {
				return syscall.ECONNRESET
			}
			return nil
		}
		n.answer = func(req *http.Request) answer {
			if req.URL.Path == "/end" {
				return status(200)
			}
			return status(302, "Location", "/end")
		}
		c := n.in(t, Options{Rate: 5, Retries: 3})
		crowd(t, c, 20, 2000, one("http://a.example/"))
		all := n.all()
		if len(all) < 4000 || most(all, time.Second) > 5 {
			t.Errorf("%d requests, at most %d in a second, want over 4000 and 5", len(all), most(all, time.Second))
		}
	})
}

func TestAnHourAtTheFullRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{}
		c := n.in(t, Options{Rate: 5})
		from := time.Now()
		crowd(t, c, 10, 5*3600, one("http://a.example/"))
		// 5 at once, then 5 a second: a rounding of 1 ns a window is allowed.
		if took := time.Since(from); took < 3599*time.Second || took > 3599*time.Second+time.Millisecond {
			t.Errorf("an hour's worth took %v, want 59m59s", took)
		}
		if s := c.Stats(); s.Sent != 5*3600 || s.Waiting != 0 || s.PerSecond < 5 || s.PerSecond > 10 || s.In != 4*5*3600 {
			t.Errorf("stats %+v", s)
		}
	})
}

func TestAHostDoesNotHoldUpOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{}
		c := n.in(t, Options{Rate: 10, HostRate: 1})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 100 { // until cancel
			wg.Go(func() { _, _ = visit(ctx, c, "http://slow.example/") })
		}
		synctest.Wait()
		from := time.Now()
		for i := range 9 {
			if _, err := visit(ctx, c, fmt.Sprintf("http://%d.example/", i)); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(from); took != 0 {
			t.Errorf("hosts that are free waited %v", took)
		}
		cancel()
		wg.Wait()
	})
}

func TestCancelIsPromptAndLosesNoPermit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{}
		c := n.in(t, Options{Rate: 5, HostRate: 5})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		var cancelled atomic.Int64
		for range 10_000 { // until cancel
			wg.Go(func() {
				if _, err := visit(ctx, c, "http://a.example/"); errors.Is(err, context.Canceled) {
					cancelled.Add(1)
				}
			})
		}
		time.Sleep(1500 * time.Millisecond)
		if got := c.Stats().Waiting; got != 9990 {
			t.Errorf("%d wait, want 9990", got)
		}
		from := time.Now()
		cancel()
		wg.Wait()
		if took := time.Since(from); took != 0 || cancelled.Load() != 9990 {
			t.Errorf("%d were cancelled in %v, want 9990 at once", cancelled.Load(), took)
		}
		crowd(t, c, 5, 25, one("http://a.example/"))
		// The last were sent half a second ago: 5 more at 0.5, 1.5, … 4.5 s.
		if took := time.Since(from); took < 4500*time.Millisecond || took > 4501*time.Millisecond {
			t.Errorf("25 requests after that took %v, want 4.5s", took)
		}
		if got := most(n.all(), time.Second); got > 5 {
			t.Errorf("%d in a second", got)
		}
	})
}

func TestSetRateWhileRequestsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{work: 50 * time.Millisecond}
		c := n.in(t, Options{Rate: 5, Per: time.Minute})
		var wg sync.WaitGroup
		wg.Go(func() { crowd(t, c, 50, 1000, one("http://a.example/")) }) // until all were sent
		for _, rate := range []int{5, 2, 20, 3, 1, 10} {
			c.SetRate(rate)
			from := time.Now()
			time.Sleep(10 * time.Minute)
			times := slices.DeleteFunc(n.all(), from.After)
			if got := most(times, time.Minute); got != rate {
				t.Errorf("at %d a minute: %d in a window", rate, got)
			}
			if len(times) < 9*rate {
				t.Errorf("at %d a minute: %d in 10 minutes", rate, len(times))
			}
		}
		if got := most(n.all(), time.Minute); got > 20 {
			t.Errorf("changes made %d in a window, the highest rate was 20", got)
		}
		from := time.Now()
		c.SetRate(0)
		wg.Wait()
		if took := time.Since(from); took > 5*time.Second {
			t.Errorf("without a limit the rest took %v", took)
		}
	})
}

// Whatever is done to permits, each use is a window away from the last, and no
// more are used in a window than the highest limit that was set.
func TestPermitsUnderRandomChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		limits := rapid.SliceOfN(rapid.Float64Range(1, 9), 1, 20).Draw(rt, "limits")
		steps := rapid.SliceOfN(rapid.IntRange(0, 3000), len(limits), len(limits)).Draw(rt, "steps in ms")
		hold := rapid.IntRange(0, 500).Draw(rt, "held for, in ms")
		unused := rapid.IntRange(2, 9).Draw(rt, "every nth is put back")
		synctest.Test(t, func(t *testing.T) {
			p := newPermits(limits[0], time.Second)
			ctx, cancel := context.WithCancel(t.Context())
			var mu sync.Mutex
			var used []time.Time
			var wg sync.WaitGroup
			for range 12 { // until cancel
				wg.Go(func() {
					for n := 1; ; n++ {
						s, err := p.take(ctx)
						if err != nil {
							return
						}
						if n%unused == 0 {
							time.Sleep(time.Millisecond)
							p.putBack(s)
							continue
						}
						mu.Lock()
						used = append(used, time.Now())
						mu.Unlock()
						time.Sleep(time.Duration(hold) * time.Millisecond)
						p.giveBack(s)
					}
				})
			}
			for i, step := range steps {
				p.set(limits[i])
				time.Sleep(time.Duration(step) * time.Millisecond)
			}
			time.Sleep(time.Minute)
			cancel()
			wg.Wait()
			last := limits[len(limits)-1]
			if got, want := most(used, time.Second), int(math.Ceil(slices.Max(limits))); got > want {
				rt.Errorf("%d in a second, the highest limit was %d", got, want)
			}
			late := slices.DeleteFunc(slices.Clone(used), time.Now().Add(-time.Minute).After)
			least := 60 * last / (1 + last*float64(hold)/1000 + 0.01)
			if float64(len(late)) < least-10 {
				rt.Errorf("%d in the last minute at %.2f a second", len(late), last)
			}
			if p.out != 0 || p.queue.Len() != 0 || len(p.free) > p.most {
				rt.Errorf("%d out, %d wait, %d free of %d", p.out, p.queue.Len(), len(p.free), p.most)
			}
		})
	})
}

func TestTheTimeLimitStartsAfterThePermit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{}
		c := n.in(t, Options{Rate: 1, Per: time.Minute, Timeout: time.Second})
		crowd(t, c, 10, 10, func(int) string { return "http://a.example/" })
		if got := len(n.all()); got != 10 {
			t.Errorf("%d of 10 arrived: the wait for a permit was counted", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		from := time.Now()
		_, err := visit(ctx, c, "http://a.example/")
		if took := time.Since(from); took != 5*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a deadline of the caller that comes before the permit ended the wait after %v with %v", took, err)
		}
	})
}

func TestATimeLimitNamesThePhase(t *testing.T) {
	for _, test := range []struct {
		internet *internet
		phase    string
	}{
		{&internet{connect: 1 << 50}, "connecting"},
		{&internet{work: 1 << 50}, "waiting for the answer"},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := test.internet.in(t, Options{Timeout: time.Second})
			from := time.Now()
			_, err := visit(t.Context(), c, "http://a.example/")
			late, ok := errors.AsType[*TimeLimitError](err)
			if !ok || late.Phase != test.phase || time.Since(from) != time.Second || !Temporary(err) {
				t.Errorf("after %v: %v, want %q after 1s", time.Since(from), err, test.phase)
			}
		})
	}
}

func TestCloseEndsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{}
		c := n.in(t, Options{Rate: 1, Per: time.Hour})
		var wg sync.WaitGroup
		var closed atomic.Int64
		for range 10 { // until Close
			wg.Go(func() {
				if _, err := visit(t.Context(), c, "http://a.example/"); errors.Is(err, ErrClosed) {
					closed.Add(1)
				}
			})
		}
		synctest.Wait()
		c.Close()
		wg.Wait()
		if closed.Load() != 9 {
			t.Errorf("%d were told that the client was closed, want 9", closed.Load())
		}
		if _, err := visit(t.Context(), c, "http://a.example/"); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	})
}
