// Package core runs one function over many items with many workers, and can be
// paused, resized, drained, cancelled and watched while it does.
//
//	            ┌──────────────── window ────────────────┐
//	Source ─► feeder ─► queue ─► workers ─► reorder ring ─► Sink ─► Log
//	                      ▲         │        (if Ordered)
//	                      └─ retry ◄┘
//	                         timer
//
// A Job says what to run, Start runs it, and the Run it returns is steered
// (Pause, Resume, SetWorkers, Drain, Cancel) and watched (Progress, Timeline)
// until Wait returns its Report. Most jobs need a Source, an Open and a Sink:
//
//	run := core.Start(ctx, core.Job[string, int64]{
//		Source: core.From(slices.Values(paths)),
//		Open:   core.Func(size), // func(ctx, path) (int64, error)
//		Sink:   save,            // func([]core.Result[string, int64]) error
//	})
//	report, err := run.Wait()
//
// # Guarantees
//
//  1. Start starts every goroutine of a run, and Wait returns after the last
//     has ended. The one exception is work that does not stop when its context
//     ends: it is given up after Job.Grace, named in a StuckError, and what it
//     comes back with is dropped.
//  2. A worker's resource is opened at its first item, used and closed on the
//     worker's own goroutine. After an error that wraps ErrBroken, which a
//     panic does, it is closed and a new one is opened for the next item.
//  3. A panic in Do, Open, Source, Sink or Log is an error with its stack.
//  4. An item is in one place only: the queue, a worker's hands, the retry
//     timer, the reorder ring or the outbox. Job.Window bounds their sum.
//  5. An item's error is data, in Result.Err. The run's own error comes from
//     Wait. An item that a stop overtook is cancelled, not failed.
//  6. Progress is pulled, never pushed.
//  7. No lock is held while a callback runs, and no code holds two locks.
//
// # Where the speed comes from
//
// Workers take batches: a fair share of what is queued, at most 64 items and
// about 50 µs of work, so that trivial items cost little and slow ones are
// taken one by one. The clock is read once an item. Meters are plain fields
// under their worker's own lock, taken once a batch. At most one sleeper is
// woken at a time, which wakes the next. Results are handed to the sink by
// whichever worker comes first, for all.
package core
