package database

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// Mode says what table the rows go to.
type Mode string

// The three: a table that must not exist, one that must, and one that takes
// the place of a table when the load has ended.
const (
	Create  Mode = "create"
	Append  Mode = "append"
	Replace Mode = "replace-table"
)

// Policy says what to do with a row whose key another row has.
type Policy string

// The four policies. ReplaceRow deletes the other row, as INSERT OR REPLACE
// does; Update sets the columns that the source has, and leaves the rest.
const (
	RejectRow  Policy = "reject"
	Skip       Policy = "skip"
	ReplaceRow Policy = "replace"
	Update     Policy = "update"
)

// Source says what is loaded. A load can be resumed if it has a name.
type Source struct {
	Name     string // what a person calls it: users.csv
	Identity string // what tells whether it is still the same: size, time, hash, settings
}

// Options is the settings of a load.
type Options struct {
	Path       string
	Table      string
	Columns    []Column // in the order of a Batch
	Filled     []Filled // of a new table, behind Columns; Append passes over them
	Mode       Mode     // "": Create
	OnConflict Policy   // "": RejectRow
	Key        []string // primary key of a new table; for Skip and Update what is compared, else the primary key. Never NULL.
	Index      []string // columns to be indexed afterwards, each by itself
	FTS        []string // columns for a full-text search (FTS5) named TABLE_fts, brought up to date by each load that asks for it
	Source     Source
	Resume     bool                 // go on with the unfinished load of Source, which must be there
	Mark       func() (Mark, error) // before each commit: make durable what the caller keeps; nil: nothing
	Waits      *atomic.Bool         // is true while a lock of another program is waited for, also by Open; nil: only Waiting tells

	CommitRows  int           // 0: 100,000
	CommitEvery time.Duration // 0: one second
}

const (
	commitRows  = 100_000
	commitEvery = time.Second
	ours        = "_manyhands_"
)

// settled is the options with their defaults.
func (o Options) settled() Options {
	if o.Mode == "" {
		o.Mode = Create
	}
	if o.OnConflict == "" {
		o.OnConflict = RejectRow
	}
	if o.Mode == Append {
		o.Filled = nil
	}
	if o.CommitRows <= 0 {
		o.CommitRows = commitRows
	}
	if o.CommitEvery <= 0 {
		o.CommitEvery = commitEvery
	}
	return o
}

func (o *Options) check() error {
	if err := checkTable(o.Table); err != nil {
		return err
	}
	switch o.Mode {
	case Create, Append, Replace:
	default:
		return fmt.Errorf("%q is no mode: create, append and replace-table are", o.Mode)
	}
	switch o.OnConflict {
	case RejectRow, Skip, ReplaceRow, Update:
	default:
		return fmt.Errorf("%q is no way to treat a conflict: reject, skip, replace and update are", o.OnConflict)
	}
	if o.Resume && o.Source.Name == "" {
		return errors.New("a load without a name cannot be resumed")
	}
	return o.checkColumns()
}

func checkTable(name string) error {
	if err := checkName("table", name); err != nil {
		return err
	}
	for _, reserved := range []string{"sqlite_", ours} {
		if strings.HasPrefix(fold(name), reserved) {
			return fmt.Errorf("a table cannot be named %s: names that begin with %s are reserved", name, reserved)
		}
	}
	return nil
}

func checkName(what, name string) error {
	if name == "" {
		return fmt.Errorf("a %s has no name", what)
	}
	if strings.ContainsRune(name, 0) {
		return fmt.Errorf("the name of the %s %q has a NUL in it", what, name)
	}
	return nil
}

// fold is the name as SQLite compares it: letters beyond ASCII keep their case.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// quote makes a name an SQL identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// quoteAll makes names a list of SQL identifiers.
func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}
