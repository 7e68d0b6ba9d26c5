package database

import (
	"context"

	"manyhands/core/cell"
)

// Batch is rows to be written, in order.
type Batch interface {
	Len() int
	Kind(row, col int) cell.Kind
	Int(row, col int) int64
	Real(row, col int) float64
	Text(row, col int) string
	Line(row int) int64 // line in the source, for rejects
	Raw(row int) []byte
	End(row int) int64 // offset in the source after this row, for resume
}

// Reject is a row that the database refused.
type Reject struct {
	Line   int64
	Reason string // in words: "email: another row has this value already"
	Raw    []byte // the record as it stood in the source
}

// Outcome is what became of the rows of a batch: each was inserted, updated
// (or replaced), skipped (a row with its key was there, or a trigger ignored
// it) or rejected.
type Outcome struct {
	Inserted, Updated, Skipped int
	// Converted is the number of values offered that the columns of an
	// existing table spell in another way: 01 in an INTEGER column is 1. A
	// value that would change by that is rejected.
	Converted int
	Rejects   []Reject
}

// Writer writes one load into one table. One goroutine uses it, but Progress
// and Waiting are for all. A Lane is a Writer.
type Writer interface {
	// Write adds a batch to the open transaction. After an error the Outcome
	// says what of the batch is in it: with ctx ended, that can be a part.
	Write(ctx context.Context, b Batch) (Outcome, error)
	// Reached moves the place in the source past what is no row: records
	// that could not be read, a header. line is that of the next record.
	Reached(offset, line int64)
	// Commit makes durable what was written. It does nothing if that is all.
	Commit(ctx context.Context) error
	// Progress is what was committed, and where to go on.
	Progress() Progress
	// Waiting says that another program holds the database.
	Waiting() bool
	// Finish commits, makes the indexes and puts the table in its place. If
	// it fails, the load can be resumed, or Finish called again.
	Finish(ctx context.Context) (Finished, error)
	// Undo takes back the whole load, before or after Finish, or says why
	// that cannot be done exactly.
	Undo(ctx context.Context) error
	// Close drops what was not committed; the rest can be resumed.
	Close() error
}

var _ Writer = (*Lane)(nil)

// Finished is what Finish has to say.
type Finished struct {
	Notes []string // what a replaced table had and the new one has not
}
