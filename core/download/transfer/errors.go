package transfer

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"

	"manyhands/core/web"
)

// Temporary says that another try may well succeed, going by an error of Do.
func Temporary(err error) bool {
	if e, ok := errors.AsType[interface {
		error
		temporary() bool
	}](err); ok {
		return e.temporary()
	}
	return web.Temporary(err)
}

// SumError is a file that is not the one wanted.
type SumError struct{ Want, Got string }

func (e *SumError) Error() string {
	return fmt.Sprintf("the checksum is wrong: wanted %s, got %s: the file was changed or damaged, or the list is of another version", e.Want, e.Got)
}

func (e *SumError) temporary() bool { return false }

// SpaceError is a file that is too large for the disk. It is syscall.ENOSPC, as
// if the disk were full already.
type SpaceError struct{ Free, Needed int64 }

func (e *SpaceError) Error() string {
	return fmt.Sprintf("the disk has %s free, the file needs %s, and some must be left: free some space, or save to another folder", size(e.Free), size(e.Needed))
}

func (e *SpaceError) Unwrap() error { return syscall.ENOSPC }

func (e *SpaceError) temporary() bool { return false }

func size(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }

// stallError is a connection over which hardly anything comes.
type stallError struct {
	came int64
	in   time.Duration
}

func (e *stallError) Error() string {
	if e.came == 0 {
		return fmt.Sprintf("nothing came for %v: try again, or allow for a longer stall", e.in)
	}
	return fmt.Sprintf("only %d bytes came in %v: try again, or allow for a longer stall", e.came, e.in)
}

func (e *stallError) temporary() bool { return true }

// fileError is one of this computer's disk, not of the network.
type fileError struct{ err error }

func (e *fileError) Error() string   { return e.err.Error() }
func (e *fileError) Unwrap() error   { return e.err }
func (e *fileError) temporary() bool { return false }

// temporary: the file as it is now can be loaded as a whole.
func (e unfitError) temporary() bool { return true }

// errDropped is a connection that was given up because of a long pause.
var errDropped error = droppedError{}

type droppedError struct{}

func (droppedError) Error() string   { return "the connection was given up in a long pause" }
func (droppedError) temporary() bool { return true }

// startOver says that an error is one of what was there before.
func startOver(err error, fresh bool) bool {
	if _, ok := errors.AsType[unfitError](err); ok {
		return true
	}
	if errors.Is(err, errDropped) { // and nothing tells whether the file stays the same
		return true
	}
	_, ok := errors.AsType[*SumError](err)
	return ok && !fresh
}
