package core_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"manyhands/core"
)

// slow takes a second an item, and stops when told to.
func slow(ctx context.Context, i int) (int, error) {
	select {
	case <-time.After(time.Second):
		return i, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func TestPauseFinishesWhatIsInHandAndTakesNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := core.Start(t.Context(), core.Job[int, int]{Source: numbers(10), Workers: 2, Open: core.Func(slow)})
		time.Sleep(1500 * time.Millisecond)
		run.Pause()
		run.Pause()
		time.Sleep(time.Hour)
		if p := run.Progress(); p.OK != 4 || p.State != core.Paused || p.ETA != 0 || p.Elapsed != 1500*time.Millisecond {
			t.Errorf("paused: %+v", p)
		}
		run.Resume()
		run.Resume()
		report := wait(t, run)
		if report.OK != 10 || report.Paused != time.Hour || report.Wall != time.Hour+4500*time.Millisecond {
			t.Errorf("report %+v", report)
		}
	})
}

func TestWorkersCanBeChangedWhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inHand, most atomic.Int64
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(100), Workers: 1,
			Open: core.Func(func(ctx context.Context, i int) (int, error) {
				most.Store(max(most.Load(), inHand.Add(1)))
				defer inHand.Add(-1)
				return slow(ctx, i)
			}),
		})
		time.Sleep(2500 * time.Millisecond)
		run.SetWorkers(8)
		time.Sleep(time.Second)
		if most.Load() != 8 {
			t.Errorf("%d in hand after asking for 8", most.Load())
		}
		run.SetWorkers(2)
		time.Sleep(2 * time.Second)
		most.Store(0)
		time.Sleep(3 * time.Second)
		if most.Load() != 2 || run.Progress().Workers != 2 {
			t.Errorf("%d in hand after asking for 2, %d workers shown", most.Load(), run.Progress().Workers)
		}
		run.SetWorkers(0)
		run.SetWorkers(100)
		report := wait(t, run)
		if report.OK != 100 || report.Workers != 100 {
			t.Errorf("report %+v", report)
		}
		run.SetWorkers(5) // after the end: nothing
	})
}

func TestDrainReadsNoMoreAndFinishesWhatWasRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: func(ctx context.Context, yield func(int) bool) error {
				for i := 0; yield(i); i++ {
					select {
					case <-time.After(100 * time.Millisecond):
					case <-ctx.Done():
						return ctx.Err()
					}
				}
				return nil
			},
			Workers: 2, Open: core.Func(slow), Sink: got.take,
		})
		time.Sleep(5050 * time.Millisecond)
		run.Pause()
		run.Drain()
		if p := run.Progress(); p.State != core.Draining || p.Read != 51 {
			t.Errorf("draining: %+v", p)
		}
		report := wait(t, run)
		got.each(t, 51)
		if report.OK != 51 || report.Cancelled != 0 {
			t.Errorf("report %+v", report)
		}
	})
}

func TestDrainGivesUpASourceThatDoesNotReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: func(_ context.Context, yield func(int) bool) error {
				for i := range 5 {
					yield(i)
				}
				<-release
				yield(99)
				return nil
			},
			Workers: 1, Open: core.Func(double), Sink: got.take,
		})
		time.Sleep(time.Second)
		run.Drain()
		_, err := run.Wait()
		var stuck *core.StuckError
		if got.each(t, 5); !errors.As(err, &stuck) || stuck.Item != "the source" {
			t.Errorf("Wait returned %v", err)
		}
		close(release)
		synctest.Wait()
		got.each(t, 5)
	})
}

func TestCancelEndsWhatIsInHandAndDropsTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(1000), Total: 1000, Workers: 4, Window: 100, Open: core.Func(slow), Sink: got.take,
		})
		time.Sleep(2500 * time.Millisecond)
		run.Cancel()
		run.Cancel()
		report, err := run.Wait()
		if !errors.Is(err, core.ErrCancelled) || report.Wall != 2500*time.Millisecond {
			t.Errorf("ended at %v with %v", report.Wall, err)
		}
		got.each(t, report.Items)
		if report.OK != 8 || report.Cancelled != report.Items-8 || report.Items > 108 || report.Failed != 0 || report.Unread != 1000-report.Items {
			t.Errorf("report %+v", report)
		}
		run.Pause()
		run.Resume()
		run.Drain()
	})
}

func TestCancelWhilePausedEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := core.Start(t.Context(), core.Job[int, int]{Source: numbers(10), Workers: 2, Open: core.Func(slow)})
		run.Pause()
		time.Sleep(2 * time.Second)
		run.Cancel()
		if report, err := run.Wait(); !errors.Is(err, core.ErrCancelled) || report.Cancelled+report.OK != 10 {
			t.Errorf("report %+v, error %v", report, err)
		}
	})
}

func TestEndOfTheCallersContextCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer stop()
		run := core.Start(ctx, core.Job[int, int]{Source: numbers(100), Workers: 1, Open: core.Func(slow)})
		report, err := run.Wait()
		if !errors.Is(err, context.DeadlineExceeded) || report.OK != 2 || report.Cancelled != 98 || report.Failed != 0 {
			t.Errorf("report %+v, error %v", report, err)
		}
	})
}

func TestErrorAtTheMomentOfCancelIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(1), Workers: 1, Retry: core.Backoff(5, time.Second, time.Second),
			Open: core.Func(func(ctx context.Context, _ int) (int, error) {
				<-ctx.Done()
				return 0, errors.New("interrupted") // as a database says it
			}),
		})
		time.Sleep(time.Second)
		run.Cancel()
		if report, _ := run.Wait(); report.Cancelled != 1 || report.Failed != 0 {
			t.Errorf("report %+v", report)
		}
	})
}

func TestStuckItemIsNamedAndTheRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(20), Workers: 2, Sink: got.take,
			Open: core.Func(func(_ context.Context, i int) (int, error) {
				if i == 3 {
					<-release
				}
				return i, nil
			}),
			Name: func(i int) string { return []string{"a", "b", "c", "stubborn.jpg"}[min(i, 3)] },
		})
		time.Sleep(time.Second)
		run.Cancel()
		report, err := run.Wait()
		var stuck *core.StuckError
		if !errors.As(err, &stuck) || stuck.Item != "stubborn.jpg" || !errors.Is(err, core.ErrCancelled) {
			t.Errorf("Wait returned %v", err)
		}
		if got.each(t, 20); report.OK != 19 || report.Cancelled != 1 || report.Wall != 2*time.Second {
			t.Errorf("report %+v", report)
		}
		close(release)
		synctest.Wait()
		got.each(t, 20) // what came late is dropped
	})
}

func TestStuckBatchOfAWorkerNoLongerWantedIsCancelledWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(400), Workers: 1, Window: 400, Sink: got.take,
			Open: core.Func(func(ctx context.Context, i int) (int, error) {
				switch {
				case i == 0: // keeps the first worker busy
					<-ctx.Done()
				case i >= 50: // the second's, with others behind it in its batch
					<-release
				}
				return i, ctx.Err()
			}),
		})
		synctest.Wait()
		run.SetWorkers(2)
		synctest.Wait()
		run.SetWorkers(1)
		run.Cancel()
		report, _ := run.Wait()
		if got.each(t, 400); report.OK != 49 || report.Cancelled != 351 || report.Wall != time.Second {
			t.Errorf("report %+v", report)
		}
		close(release)
	})
}

func TestStuckAttemptFailsAfterItsTimeLimitAndTheRunGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(10), Workers: 1, Timeout: 5 * time.Second, Sink: got.take,
			Open: core.Func(func(_ context.Context, i int) (int, error) {
				if i == 3 {
					<-release
				}
				return i, nil
			}),
		})
		report := wait(t, run)
		var stuck *core.StuckError
		if got.each(t, 10); report.OK != 9 || report.Failed != 1 || report.Wall > 8*time.Second {
			t.Errorf("report %+v", report)
		}
		for _, r := range got.results {
			if r.In == 3 && !errors.As(r.Err, &stuck) {
				t.Errorf("the stuck item's error is %v", r.Err)
			}
		}
		close(release)
	})
}

func TestStuckSinkAndStuckCloseAreGivenUp(t *testing.T) {
	release := make(chan struct{})
	for name, job := range map[string]core.Job[int, int]{
		"the sink": {
			Source: numbers(10), Open: core.Func(double), Workers: 2,
			Sink: func([]core.Result[int, int]) error { <-release; return nil },
		},
		"closing a worker": {
			Source: numbers(10), Workers: 1,
			Open: func(context.Context) (core.Worker[int, int], error) {
				return &resource{do: double, closed: func() { <-release }}, nil
			},
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			release = make(chan struct{})
			run := core.Start(t.Context(), job)
			time.Sleep(time.Second)
			run.Cancel()
			report, err := run.Wait()
			var stuck *core.StuckError
			if !errors.As(err, &stuck) || stuck.Item != name || report.Wall != 6*time.Second || report.OK+report.Cancelled != 10 {
				t.Errorf("%s: report %+v, error %v", name, report, err)
			}
			close(release)
		})
	}
}

func TestSteeringFromTheCallbacksDoesNotLock(t *testing.T) {
	var run core.Steerable
	ready := make(chan struct{})
	run = core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(1000), Workers: 3,
		Open: core.Func(func(_ context.Context, i int) (int, error) {
			<-ready
			run.SetWorkers(i%5 + 1)
			run.Progress()
			return i, nil
		}),
		Sink: func([]core.Result[int, int]) error {
			run.Pause()
			run.Timeline()
			run.Resume()
			return nil
		},
	})
	close(ready)
	wait(t, run)
}

func TestTheEndOfTheCallersContextIsNeverTakenForTheEndOfTheSource(t *testing.T) {
	for range 500 {
		ctx, cancel := context.WithCancel(t.Context())
		run := core.Start(ctx, core.Job[int, int]{
			Source: func(ctx context.Context, yield func(int) bool) error {
				yield(1)
				<-ctx.Done()
				return nil
			},
			Open: core.Func(func(_ context.Context, i int) (int, error) { return i, nil }),
		})
		cancel()
		if _, err := run.Wait(); !errors.Is(err, context.Canceled) {
			t.Fatalf("it ended with %v", err)
		}
	}
}
