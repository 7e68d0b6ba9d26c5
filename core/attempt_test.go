package core_test

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"manyhands/core"
)

func TestTimeLimitIsPerAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(1), Workers: 1, Timeout: 300 * time.Millisecond, Sink: got.take,
			Retry: core.Backoff(3, 0, 0), Open: core.Func(slow),
		})
		report := wait(t, run)
		r := got.results[0]
		if r.Status != core.Failed || r.Tries != 3 || r.Took != 900*time.Millisecond || !errors.Is(r.Err, context.DeadlineExceeded) {
			t.Errorf("result %+v, report %+v", r, report)
		}
	})
}

func TestRetriedItemDoesNotHoldAWorkerWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(10), Workers: 1, Sink: got.take,
			Open: core.Func(func(ctx context.Context, i int) (int, error) {
				if i == 0 && !errors.Is(context.Cause(ctx), core.ErrCancelled) && got.count(core.OK) == 0 {
					return 0, io.ErrUnexpectedEOF
				}
				return slow(ctx, i)
			}),
			Retry: func(error, int) (time.Duration, bool) { return 3500 * time.Millisecond, true },
		})
		time.Sleep(time.Second / 2)
		if p := run.Progress(); p.Retrying != 1 {
			t.Errorf("waiting for another attempt: %+v", p)
		}
		report := wait(t, run)
		got.each(t, 10)
		if report.OK != 10 || report.Wall != 10*time.Second {
			t.Errorf("report %+v", report)
		}
		if r := got.results[4]; r.Seq != 1 || r.Tries != 2 || r.Start != 0 || r.Took != time.Second {
			t.Errorf("the retried item came fifth, as soon as it was due; got %+v", r)
		}
	})
}

func TestCancelReachesItemsThatWaitForAnotherAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(50), Workers: 4, Sink: got.take,
			Open:  core.Func(func(context.Context, int) (int, error) { return 0, io.ErrUnexpectedEOF }),
			Retry: core.Backoff(99, time.Hour, time.Hour),
		})
		time.Sleep(time.Second)
		run.Cancel()
		report, _ := run.Wait()
		got.each(t, 50)
		if report.Cancelled != 50 || report.Wall != time.Second || got.results[0].Tries != 1 {
			t.Errorf("report %+v, first %+v", report, got.results[0])
		}
	})
}

func TestBackoffDoublesUpToItsBound(t *testing.T) {
	retry := core.Backoff(100, 100*time.Millisecond, time.Second)
	for tries, bound := range map[int]time.Duration{1: 100 * time.Millisecond, 2: 200 * time.Millisecond, 4: 800 * time.Millisecond, 5: time.Second, 90: time.Second} {
		var longest time.Duration
		for range 300 {
			wait, again := retry(io.EOF, tries)
			if longest = max(longest, wait); !again || wait > bound {
				t.Fatalf("after attempt %d: wait %v, again %v; the bound is %v", tries, wait, again, bound)
			}
		}
		if longest < bound/2 {
			t.Errorf("after attempt %d: no wait over %v in 300", tries, longest)
		}
	}
	if _, again := retry(io.EOF, 100); again {
		t.Error("an attempt more than allowed")
	}
}

func TestRateLimitHoldsOverAllWorkersAndIsNoWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := make(map[time.Duration]int)
		start := time.Now()
		var sum atomic.Int64
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(3600), Workers: 7, Limit: rate.NewLimiter(rate.Every(time.Second), 1),
			Open: core.Func(func(_ context.Context, i int) (int, error) {
				sum.Add(int64(i))
				time.Sleep(10 * time.Millisecond)
				return i, nil
			}),
			Sink: func(results []core.Result[int, int]) error {
				for _, r := range results {
					begun[(time.Since(start)-r.Took)/time.Second]++
				}
				return nil
			},
		})
		report := wait(t, run)
		for second, n := range begun {
			if n > 1 {
				t.Errorf("%d attempts in second %d", n, second)
			}
		}
		if report.OK != 3600 || report.P99 > 11*time.Millisecond || report.Wall != 3599*time.Second+10*time.Millisecond {
			t.Errorf("report %+v", report)
		}
	})
}

func TestRateLimitBeforeADeadlineAndCancelWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second+time.Millisecond)
		defer stop()
		run := core.Start(ctx, core.Job[int, int]{
			Source: numbers(100), Workers: 20, Limit: rate.NewLimiter(rate.Every(time.Second), 1), Open: core.Func(double),
		})
		report, err := run.Wait()
		if report.OK != 11 || report.Cancelled != 89 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("report %+v, error %v", report, err)
		}
	})
}

func TestImpossibleRateLimitEndsTheRun(t *testing.T) {
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(5), Workers: 2, Limit: rate.NewLimiter(1, 0), Open: core.Func(double),
	})
	if report, err := run.Wait(); err == nil || report.OK != 0 || report.Cancelled != report.Items {
		t.Errorf("report %+v, error %v", report, err)
	}
}

func TestTimelineCoversTheRunAndStaysBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(20_000), Workers: 3,
			Open: func(context.Context) (core.Worker[int, int], error) {
				time.Sleep(time.Second)
				return core.Func(func(_ context.Context, i int) (int, error) {
					if time.Sleep(10 * time.Millisecond); i%100 == 0 {
						return 0, io.ErrUnexpectedEOF
					}
					return i, nil
				})(t.Context())
			},
		})
		time.Sleep(1500 * time.Millisecond)
		for _, bars := range run.Timeline() {
			last := bars[len(bars)-1]
			if bars[0].Spent[core.Opening] != time.Second || last.Seq == 0 || last.End != 1500*time.Millisecond {
				t.Errorf("midway: first %+v, last %+v", bars[0], last)
			}
		}
		report := wait(t, run)
		lanes := run.Timeline()
		items, failed := 0, 0
		for _, bars := range lanes {
			if len(bars) > 1024 || bars[0].Start != 0 || bars[len(bars)-1].End < report.Wall-time.Second {
				t.Errorf("%d bars from %v to %v of %v", len(bars), bars[0].Start, bars[len(bars)-1].End, report.Wall)
			}
			for i, b := range bars {
				items += b.Items
				failed += b.Failed
				if b.End < b.Start || i > 0 && b.Start < bars[i-1].End {
					t.Fatalf("bar %d overlaps: %+v after %+v", i, b, bars[max(0, i-1)])
				}
			}
		}
		if len(lanes) != 3 || items+failed != 20_000 || failed != 200 {
			t.Errorf("%d lanes show %d items and %d failures", len(lanes), items, failed)
		}
	})
}

func TestTimelineShowsPermitAndSink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(5), Workers: 1, Limit: rate.NewLimiter(rate.Every(time.Second), 1), Open: core.Func(double),
			Sink: func([]core.Result[int, int]) error { time.Sleep(300 * time.Millisecond); return nil },
		})
		wait(t, run)
		var spent [4]time.Duration
		for _, b := range run.Timeline()[0] {
			for a, d := range b.Spent {
				spent[a] += d
			}
		}
		if spent[core.Delivering] != 1500*time.Millisecond || spent[core.Limited] != 2800*time.Millisecond {
			t.Errorf("spent %v", spent)
		}
	})
}
