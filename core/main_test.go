package core_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"manyhands/core"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// numbers is a source of 0 … n-1.
func numbers(n int) core.Source[int] {
	return core.From(func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	})
}

// ledger is a sink that keeps everything.
type ledger struct {
	mu      sync.Mutex
	results []core.Result[int, int]
}

func (l *ledger) take(results []core.Result[int, int]) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.results = append(l.results, results...)
	return nil
}

func (l *ledger) seqs() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	seqs := make([]int, len(l.results))
	for i, r := range l.results {
		seqs[i] = r.Seq
	}
	return seqs
}

// each checks that every item from 1 to n is there exactly once.
func (l *ledger) each(t *testing.T, n int) {
	t.Helper()
	seqs := l.seqs()
	slices.Sort(seqs)
	for i, seq := range seqs {
		if seq != i+1 {
			t.Fatalf("place %d holds item %d: an item is lost or doubled", i+1, seq)
		}
	}
	if len(seqs) != n {
		t.Fatalf("%d items delivered, want %d", len(seqs), n)
	}
}

func (l *ledger) count(s core.Status) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, r := range l.results {
		if r.Status == s {
			n++
		}
	}
	return n
}

type do = func(context.Context, int) (int, error)

func double(_ context.Context, i int) (int, error) { return 2 * i, nil }

// wait ends a run that must end well.
func wait(t *testing.T, run core.Steerable) core.Report {
	t.Helper()
	report, err := run.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// resource is a worker whose opening and closing is counted.
type resource struct {
	do     do
	closed func()
}

func (r *resource) Do(ctx context.Context, i int) (int, error) { return r.do(ctx, i) }

func (r *resource) Close() error {
	r.closed()
	return nil
}
