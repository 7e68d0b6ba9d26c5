package core_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"

	"manyhands/core"
)

// BenchmarkTrivial is the price of one item that takes no time: this core with
// all its meters, and others with none. Each run is a million items.
func BenchmarkTrivial(b *testing.B) {
	const items = 1_000_000
	for _, rival := range []struct {
		name string
		run  func(workers int)
	}{
		{"manyhands", func(workers int) { trivialRun(b, items, workers) }},
		{"errgroup", func(workers int) {
			var g errgroup.Group
			g.SetLimit(workers)
			for i := range items {
				g.Go(func() error { return trivial(i) })
			}
			_ = g.Wait()
		}},
		{"channel", func(workers int) { channelPool(items, workers, make(chan int)) }},
		{"channel1024", func(workers int) { channelPool(items, workers, make(chan int, 1024)) }},
		{"conc", func(workers int) {
			p := pool.New().WithMaxGoroutines(workers)
			for i := range items {
				p.Go(func() { _ = trivial(i) })
			}
			p.Wait()
		}},
	} {
		for _, workers := range []int{1, 2, 4, 16} {
			b.Run(fmt.Sprintf("%s/%d", rival.name, workers), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					rival.run(workers)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/items, "ns/item")
			})
		}
	}
}

//go:noinline
func trivial(i int) error {
	if i < 0 {
		return context.Canceled
	}
	return nil
}

func trivialRun(b *testing.B, items, workers int) {
	run := core.Start(b.Context(), core.Job[int, int]{
		Source: core.From(func(yield func(int) bool) {
			for i := range items {
				if !yield(i) {
					return
				}
			}
		}),
		Open:    core.Func(func(_ context.Context, i int) (int, error) { return i, trivial(i) }),
		Workers: workers,
	})
	if report, err := run.Wait(); err != nil || report.OK != items {
		b.Fatal(report, err)
	}
}

func channelPool(items, workers int, queue chan int) {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range queue {
				_ = trivial(i)
			}
		})
	}
	for i := range items {
		queue <- i
	}
	close(queue)
	wg.Wait()
}
