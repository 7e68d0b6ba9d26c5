package core

import (
	"errors"
	"fmt"
	"time"
)

// Status says how an item ended.
type Status uint8

// The four ways an item can end. A cancelled item was read but its work was
// not finished because the run ended; doing it again later is right.
const (
	OK Status = iota
	Failed
	Cancelled
	Skipped
)

var statusNames = [...]string{"ok", "failed", "cancelled", "skipped"}

func (s Status) String() string { return statusNames[s] }

// Result is what became of one item. A Sink may change Out, and by setting Err
// fail an item that was OK: the last step of many items can then be one, such
// as a commit. Such an item is not tried again.
type Result[In, Out any] struct {
	Seq    int // place in the source, from 1
	In     In
	Out    Out
	Err    error // why it failed, was skipped or was cancelled
	Status Status
	Worker int           // from 1; 0: no worker had it in hand
	Start  time.Duration // of the first attempt, since the run's start
	Took   time.Duration // in Do, over all attempts
	Tries  int
}

// Row is a Result without its types, for faces: a table, a log, a file.
type Row struct {
	Seq    int
	Item   string
	Status Status
	Err    error
	Worker int
	Start  time.Duration
	Took   time.Duration
	Tries  int
	Out    any // the scenario's own result
}

// Log is told of results as they are delivered, one caller at a time. The
// slice is used again: keep copies of rows, not the slice.
type Log func([]Row)

// ErrBroken marks an error after which the worker cannot be used again.
var ErrBroken = errors.New("worker broken")

// ErrCancelled is what Wait returns after Cancel.
var ErrCancelled = errors.New("cancelled")

// ErrTooManyFailed is what Wait's error wraps when Job.MaxFail was reached.
var ErrTooManyFailed = errors.New("too many items failed")

// PanicError is a panic in Do, Open, Source or Sink, caught. The worker that
// had it counts as broken.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap makes a panic in Do an ErrBroken, and keeps an error that was thrown.
func (e *PanicError) Unwrap() []error {
	if err, ok := e.Value.(error); ok {
		return []error{ErrBroken, err}
	}
	return []error{ErrBroken}
}

// StuckError is a piece of work that went on after its context had ended and
// was given up. Its goroutine ends when the work does; what it returns then is
// dropped.
type StuckError struct {
	Item  string // or "the source", "the sink"
	After time.Duration
}

func (e *StuckError) Error() string {
	return fmt.Sprintf("%s did not stop when told to, given up after %v", e.Item, e.After.Round(time.Millisecond))
}

type skipError string

func (e skipError) Error() string { return string(e) }

// Skip is the error of an item that needs no work, and why: "already there".
func Skip(reason string) error { return skipError(reason) }
