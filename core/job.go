package core

import (
	"context"
	"iter"
	"time"
)

// A Worker does the work and owns what it needs for it: a connection, a
// model, a buffer. One goroutine opens it, uses it and closes it.
type Worker[In, Out any] interface {
	// Do works on one item. Its ctx ends when the run is cancelled or the
	// attempt's time limit is reached; a Do that goes on regardless is given
	// up after Job.Grace. An error that wraps ErrBroken has this worker closed
	// and a new one opened; one made by Skip says there was nothing to do.
	Do(ctx context.Context, in In) (Out, error)
	Close() error
}

// Source hands every item to yield until yield returns false or there are no
// more. One goroutine runs it, as far ahead of the work as Job.Window allows.
// Its ctx ends when no more is to be read: on Drain and on Cancel. An error
// ends the run, after everything read so far is done.
type Source[In any] func(ctx context.Context, yield func(In) bool) error

// From makes a Source of a sequence that needs no context and cannot fail.
func From[In any](seq iter.Seq[In]) Source[In] {
	return func(_ context.Context, yield func(In) bool) error {
		seq(yield)
		return nil
	}
}

// Limiter holds an attempt back until it may start. *rate.Limiter fits. A run
// has one caller wait at a time.
type Limiter interface {
	Wait(ctx context.Context) error
}

// Job says what to run. Source and Open are required; every other zero value
// works.
type Job[In, Out any] struct {
	Source Source[In]
	Total  int                                            // number of items, for the ETA; 0 if unknown
	Open   func(context.Context) (Worker[In, Out], error) // at a worker's first item, and again after it broke
	Sink   func([]Result[In, Out]) error                  // one caller at a time, keeps nothing of the slice; an error ends the run; see Result
	Log    Log                                            // told of every result after Sink has taken it
	Name   func(In) string                                // an item's name in rows and errors; nil: fmt.Sprint

	Workers int           // 0: GOMAXPROCS
	Window  int           // most items read and not yet delivered; 0: 1,024, and at least two a worker
	Ordered bool          // deliver in source order
	Timeout time.Duration // of one attempt, counted from its permit by Limit; 0: none
	Retry   Retry         // nil: never
	Limit   Limiter       // before each attempt; nil: none
	MaxFail int           // end the run at this many failed items; 0: go on whatever fails
	Grace   time.Duration // how long a Do may ignore its ended context; 0: one second
}

// Func makes an Open for work that needs nothing of its own.
func Func[In, Out any](do func(context.Context, In) (Out, error)) func(context.Context) (Worker[In, Out], error) {
	return func(context.Context) (Worker[In, Out], error) {
		return function[In, Out](do), nil
	}
}

type function[In, Out any] func(context.Context, In) (Out, error)

func (f function[In, Out]) Do(ctx context.Context, in In) (Out, error) { return f(ctx, in) }
func (f function[In, Out]) Close() error                               { return nil }
