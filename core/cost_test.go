package core_test

import (
	"testing"
	"time"

	"manyhands/core"
)

// BenchmarkCancel is the time from Cancel to the end of Wait with 10,000 items
// queued and a Do that behaves.
func BenchmarkCancel(b *testing.B) {
	var longest, sum time.Duration
	for range b.N {
		queued := make(chan struct{})
		run := core.Start(b.Context(), core.Job[int, int]{
			Source: core.From(func(yield func(int) bool) {
				for i := range 10_000 {
					yield(i)
				}
				close(queued)
			}),
			Window: 20_000, Workers: 4, Open: core.Func(slow),
		})
		<-queued
		from := time.Now()
		run.Cancel()
		report, _ := run.Wait()
		took := time.Since(from)
		longest, sum = max(longest, took), sum+took
		if report.Cancelled != 10_000 {
			b.Fatal(report)
		}
	}
	b.ReportMetric(float64(sum.Microseconds())/float64(b.N), "µs/cancel")
	b.ReportMetric(float64(longest.Microseconds()), "µs-longest")
}
