package core_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"manyhands/core"
)

func TestEveryItemIsDeliveredOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(t, "items")
		failing := rapid.IntRange(2, 9).Draw(t, "every nth fails")
		job := core.Job[int, int]{
			Source:  numbers(n),
			Workers: rapid.IntRange(1, 9).Draw(t, "workers"),
			Window:  rapid.IntRange(1, 40).Draw(t, "window"),
			Ordered: rapid.Bool().Draw(t, "ordered"),
		}
		tries := rapid.IntRange(1, 3).Draw(t, "tries")
		if tries > 1 {
			job.Retry = core.Backoff(tries, time.Microsecond, time.Millisecond)
		}
		job.Open = core.Func(func(_ context.Context, i int) (int, error) {
			if i%failing == 1 {
				return 0, io.ErrUnexpectedEOF
			}
			return 2 * i, nil
		})
		var got ledger
		job.Sink = got.take
		report, err := core.Start(context.Background(), job).Wait()
		if err != nil {
			t.Fatal(err)
		}
		seen := make([]int, n+1)
		for place, r := range got.results {
			seen[r.Seq]++
			if job.Ordered && r.Seq != place+1 {
				t.Fatalf("item %d came at place %d", r.Seq, place+1)
			}
			if fails := r.In%failing == 1; fails != (r.Status == core.Failed) || fails && r.Tries != tries || !fails && r.Out != 2*r.In {
				t.Fatalf("wrong result %+v", r)
			}
		}
		for seq, times := range seen[1:] {
			if times != 1 {
				t.Fatalf("item %d delivered %d times", seq+1, times)
			}
		}
		if report.Items != n || report.OK+report.Failed != n {
			t.Fatalf("report %+v of %d items", report, n)
		}
	})
}

func TestWorkerIsOpenedLazilyUsedByOneGoroutineAndClosed(t *testing.T) {
	var opened, closed, inUse atomic.Int64
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(3), Workers: 50,
		Open: func(context.Context) (core.Worker[int, int], error) {
			opened.Add(1)
			var users atomic.Int64
			return &resource{
				do: func(context.Context, int) (int, error) {
					if users.Add(1) > 1 {
						inUse.Add(1)
					}
					defer users.Add(-1)
					runtime.Gosched()
					return 0, nil
				},
				closed: func() { closed.Add(1) },
			}, nil
		},
	})
	wait(t, run)
	if opened.Load() > 3 || opened.Load() == 0 || opened.Load() != closed.Load() || inUse.Load() != 0 {
		t.Errorf("%d opened, %d closed, %d shared uses; want at most 3 and all closed", opened.Load(), closed.Load(), inUse.Load())
	}
}

func TestBrokenWorkerIsReplaced(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return fmt.Errorf("connection lost: %w", core.ErrBroken) },
		"panic": func() error { panic("index out of range") },
	} {
		t.Run(name, func(t *testing.T) {
			var opened, closed int
			var got ledger
			run := core.Start(t.Context(), core.Job[int, int]{
				Source: numbers(5), Workers: 1, Sink: got.take,
				Open: func(context.Context) (core.Worker[int, int], error) {
					opened++
					return &resource{
						do: func(_ context.Context, i int) (int, error) {
							if i == 2 {
								return 0, fail()
							}
							return i, nil
						},
						closed: func() { closed++ },
					}, nil
				},
			})
			report := wait(t, run)
			got.each(t, 5)
			if opened != 2 || closed != 2 || report.Failed != 1 || report.OK != 4 {
				t.Errorf("%d opened, %d closed, report %+v", opened, closed, report)
			}
		})
	}
}

func TestFailedOpenFailsItemsNotTheRun(t *testing.T) {
	opens := 0
	var got ledger
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(3), Workers: 1, Sink: got.take,
		Open: func(context.Context) (core.Worker[int, int], error) {
			if opens++; opens == 1 {
				return nil, errors.New("no such model")
			}
			return core.Func(double)(t.Context())
		},
	})
	report := wait(t, run)
	got.each(t, 3)
	if report.Failed != 1 || report.OK != 2 || !strings.Contains(got.results[0].Err.Error(), "no such model") {
		t.Errorf("report %+v, first %v", report, got.results[0].Err)
	}
}

func TestPanicsAreErrorsWithTheirStack(t *testing.T) {
	boom := func() { panic("boom") }
	base := core.Job[int, int]{Source: numbers(3), Workers: 1, Open: core.Func(double)}
	for name, change := range map[string]func(*core.Job[int, int]){
		"source": func(j *core.Job[int, int]) {
			j.Source = func(_ context.Context, yield func(int) bool) error { yield(1); boom(); return nil }
		},
		"sink": func(j *core.Job[int, int]) {
			j.Sink = func([]core.Result[int, int]) error { boom(); return nil }
		},
		"log": func(j *core.Job[int, int]) { j.Log = func([]core.Row) { boom() } },
		"name": func(j *core.Job[int, int]) {
			j.Log, j.Name = func([]core.Row) {}, func(int) string { boom(); return "" }
		},
	} {
		t.Run(name, func(t *testing.T) {
			job := base
			change(&job)
			_, err := core.Start(t.Context(), job).Wait()
			var p *core.PanicError
			if !errors.As(err, &p) || p.Value != "boom" || !strings.Contains(string(p.Stack), "run_test.go") {
				t.Errorf("Wait returned %v, want the panic and where it was", err)
			}
		})
	}
}

func TestGoexitInDoFailsItsItemOnly(t *testing.T) {
	var got ledger
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(100), Workers: 2, Sink: got.take,
		Open: core.Func(func(_ context.Context, i int) (int, error) {
			if i == 40 {
				runtime.Goexit()
			}
			return i, nil
		}),
	})
	report := wait(t, run)
	got.each(t, 100)
	if report.Failed != 1 || report.OK != 99 {
		t.Errorf("report %+v", report)
	}
}

func TestSourceIsReadNoFurtherThanTheWindow(t *testing.T) {
	const window = 7
	var read, delivered, most atomic.Int64
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: core.From(func(yield func(int) bool) {
			for i := range 500 {
				if !yield(i) {
					return
				}
				most.Store(max(most.Load(), read.Add(1)-delivered.Load()))
			}
		}),
		Open: core.Func(double), Workers: 3, Window: window, Ordered: true,
		Sink: func(results []core.Result[int, int]) error {
			delivered.Add(int64(len(results)))
			return nil
		},
	})
	wait(t, run)
	if most.Load() > window {
		t.Errorf("%d items were read and not delivered, the window is %d", most.Load(), window)
	}
}

func TestMemoryIsBoundedByTheWindowNotByTheItems(t *testing.T) {
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const items = 1_000_000
	done := 0
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(items), Open: core.Func(double), Workers: 4,
		Sink: func(results []core.Result[int, int]) error {
			if done += len(results); done > items*9/10 && during.Alloc == 0 {
				runtime.GC()
				runtime.ReadMemStats(&during)
			}
			return nil
		},
	})
	if report := wait(t, run); report.OK != items {
		t.Fatalf("report %+v", report)
	}
	if grown := int64(during.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("the heap grew by %d bytes over %d items", grown, items)
	}
}

func TestSourceErrorEndsTheRunAfterWhatWasRead(t *testing.T) {
	var got ledger
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: func(_ context.Context, yield func(int) bool) error {
			for i := range 10 {
				yield(i)
			}
			return io.ErrUnexpectedEOF
		},
		Open: core.Func(double), Sink: got.take,
	})
	report, err := run.Wait()
	got.each(t, 10)
	if !errors.Is(err, io.ErrUnexpectedEOF) || report.OK != 10 {
		t.Errorf("report %+v, error %v", report, err)
	}
}

func TestASinkChangesAndFailsItems(t *testing.T) {
	var rows []core.Row
	full := errors.New("no room for this one")
	report, err := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(30), Workers: 3, MaxFail: 100,
		Open: core.Func(double),
		Sink: func(results []core.Result[int, int]) error {
			for i := range results {
				switch res := &results[i]; {
				case res.In%3 == 0:
					res.Err = full
				case res.In%5 == 0:
					res.Err = core.Skip("there already")
				default:
					res.Out = -res.Out
				}
			}
			return nil
		},
		Log: func(more []core.Row) { rows = append(rows, more...) },
	}).Wait()
	if err != nil || report.Failed != 10 || report.Skipped != 4 || report.OK != 16 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, row := range rows {
		if row.Status == core.OK && row.Out.(int) >= 0 || row.Status == core.Failed && !errors.Is(row.Err, full) {
			t.Errorf("%+v", row)
		}
	}
}

func TestSinkErrorEndsTheRunAndNothingCountsAsDone(t *testing.T) {
	full := errors.New("the disk is full")
	var rows []core.Row
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(1000), Open: core.Func(double), Workers: 3,
		Sink: func([]core.Result[int, int]) error { return full },
		Log:  func(r []core.Row) { rows = append(rows, r...) },
	})
	report, err := run.Wait()
	if !errors.Is(err, full) || report.OK != 0 || report.Cancelled != report.Items || len(rows) != report.Items {
		t.Errorf("report %+v, %d rows, error %v", report, len(rows), err)
	}
}

func TestSkippedIsNeitherOKNorFailed(t *testing.T) {
	var rows []core.Row
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(4), Workers: 1,
		Open: core.Func(func(_ context.Context, i int) (int, error) {
			if i%2 == 1 {
				return i, core.Skip("already there")
			}
			return i, nil
		}),
		Retry: core.Backoff(3, 0, 0),
		Log:   func(r []core.Row) { rows = append(rows, r...) },
		Name:  func(i int) string { return fmt.Sprintf("file %d", i) },
	})
	report := wait(t, run)
	if report.Skipped != 2 || report.OK != 2 || rows[1].Item != "file 1" || rows[1].Err.Error() != "already there" || rows[1].Tries != 1 {
		t.Errorf("report %+v, row %+v", report, rows[1])
	}
}

func TestMaxFailEndsTheRun(t *testing.T) {
	var got ledger
	run := core.Start(t.Context(), core.Job[int, int]{
		Source: numbers(1_000_000), Workers: 4, Sink: got.take, MaxFail: 10,
		Open: core.Func(func(context.Context, int) (int, error) { return 0, io.ErrUnexpectedEOF }),
	})
	report, err := run.Wait()
	got.each(t, report.Items)
	if !errors.Is(err, core.ErrTooManyFailed) || report.Failed < 10 || report.Failed > 10+4 || report.Items > 10_000 {
		t.Errorf("report %+v, error %v", report, err)
	}
}

func TestReportOfAKnownRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(10), Total: 10, Workers: 2,
			Open: core.Func(func(_ context.Context, i int) (int, error) {
				time.Sleep(time.Second)
				return i, nil
			}),
		})
		r := wait(t, run)
		if r.Wall != 5*time.Second || r.Busy != 10*time.Second || r.Rate != 2 || r.Overlap() != 2 || r.Workers != 2 {
			t.Errorf("report %+v", r)
		}
		for _, p := range []time.Duration{r.P50, r.P95, r.P99} {
			if p < 960*time.Millisecond || p > 1040*time.Millisecond {
				t.Errorf("quantile %v, every item took 1s", p)
			}
		}
	})
}

func TestProgressTellsRateAndTimeLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(1000), Total: 1000, Workers: 2,
			Open: core.Func(func(_ context.Context, i int) (int, error) {
				time.Sleep(100 * time.Millisecond)
				return i, nil
			}),
		})
		time.Sleep(510 * time.Millisecond)
		if p := run.Progress(); p.ETA != 0 || p.Total != 1000 || p.State != core.Running {
			t.Errorf("in the first second: %+v", p)
		}
		for range 100 {
			time.Sleep(100 * time.Millisecond)
			run.Progress()
		}
		p := run.Progress()
		if p.Rate < 19 || p.Rate > 21 || p.ETA < 37*time.Second || p.ETA > 42*time.Second || p.Done() != 210 {
			t.Errorf("after 10.5 s of 50: %+v", p)
		}
		wait(t, run)
		if p := run.Progress(); p.State != core.Ended || p.Done() != 1000 || p.Elapsed != 50*time.Second {
			t.Errorf("at the end: %+v", p)
		}
	})
}

func TestUnknownTotalIsKnownWhenTheSourceHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(5), Workers: 1,
			Open: core.Func(func(_ context.Context, i int) (int, error) { time.Sleep(time.Second); return i, nil }),
		})
		time.Sleep(time.Millisecond)
		if p := run.Progress(); p.Total != 5 {
			t.Errorf("total %d", p.Total)
		}
		wait(t, run)
	})
}

func TestOrderedDeliveryWaitsForTheSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got ledger
		run := core.Start(t.Context(), core.Job[int, int]{
			Source: numbers(100), Workers: 8, Window: 16, Ordered: true, Sink: got.take,
			Open: core.Func(func(_ context.Context, i int) (int, error) {
				time.Sleep(time.Duration(i*7919%13) * time.Millisecond)
				return i, nil
			}),
		})
		wait(t, run)
		if !slices.IsSorted(got.seqs()) {
			t.Error("out of order:", got.seqs())
		}
		got.each(t, 100)
	})
}
