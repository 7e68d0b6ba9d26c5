package core_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"manyhands/core"
)

// TestNothingIsLostWhateverHappens runs jobs whose work fails, panics, ends its
// goroutine, hangs and is slow by turns, while someone presses every button.
func TestNothingIsLostWhateverHappens(t *testing.T) {
	for seed := range uint64(150) {
		synctest.Test(t, func(t *testing.T) { chaos(t, rand.New(rand.NewPCG(seed, 1))) })
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

func chaos(t *testing.T, random *rand.Rand) {
	var got ledger
	release := make(chan struct{})
	rows, n := 0, random.IntN(400)
	fates := make([]int, n)
	for i := range fates {
		fates[i] = random.IntN(40)
	}
	job := core.Job[int, int]{
		Source: numbers(n), Total: n, Sink: got.take, Log: func(r []core.Row) { rows += len(r) },
		Workers: 1 + random.IntN(8), Window: 1 + random.IntN(100), Ordered: random.IntN(2) == 0,
		Open: core.Func(func(ctx context.Context, i int) (int, error) { return misbehave(ctx, fates[i], release) }),
	}
	if random.IntN(2) == 0 {
		job.Timeout = time.Second
	}
	if random.IntN(2) == 0 {
		job.Retry = core.Backoff(3, time.Millisecond, time.Second)
	}
	if random.IntN(4) == 0 {
		job.Limit = rate.NewLimiter(1000, 1)
	}
	run := core.Start(t.Context(), job)
	press(run, random)
	report, err := run.Wait()
	defer func() { // what was given up must not come back
		close(release)
		synctest.Wait()
		got.each(t, report.Items)
	}()
	if err != nil && !errors.Is(err, core.ErrCancelled) {
		t.Errorf("ended with %v", err)
	}
	got.each(t, report.Items)
	if sum := report.OK + report.Failed + report.Cancelled + report.Skipped; sum != report.Items || rows != report.Items || report.Items+report.Unread != n {
		t.Errorf("%d items, %d rows: %+v of %d", sum, rows, report, n)
	}
	for s, want := range map[core.Status]int{core.OK: report.OK, core.Failed: report.Failed, core.Cancelled: report.Cancelled} {
		if got.count(s) != want {
			t.Errorf("%d results are %v, the report says %d", got.count(s), s, want)
		}
	}
}

// misbehave does what fate wants: mostly well, and quickly.
func misbehave(ctx context.Context, fate int, release chan struct{}) (int, error) {
	switch fate {
	case 0:
		return 0, io.ErrUnexpectedEOF
	case 1:
		panic("boom")
	case 2:
		runtime.Goexit()
	case 3:
		<-release
	case 4, 5, 6:
		time.Sleep(300 * time.Millisecond)
	case 7, 8:
		return slow(ctx, 0)
	case 9:
		return 0, core.Skip("nothing to do")
	}
	return 0, nil
}

// press presses buttons, and Cancel if the run has not ended by then: some of
// its items hang for good.
func press(run core.Steerable, random *rand.Rand) {
	buttons := []func(){
		run.Pause, run.Resume, run.Resume,
		func() { run.SetWorkers(random.IntN(12)) },
		func() { run.Progress() },
		func() { run.Timeline() },
	}
	for range random.IntN(30) {
		time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
		buttons[random.IntN(len(buttons))]()
	}
	run.Resume()
	if random.IntN(3) == 0 {
		run.Drain()
	}
	select {
	case <-run.Done():
	case <-time.After(time.Duration(random.IntN(60)) * time.Second):
		run.Cancel()
	}
}
