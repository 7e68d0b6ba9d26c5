package database

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// The errors that a caller can do something about.
var (
	ErrExists    = errors.New("the table is there already")
	ErrNoTable   = errors.New("there is no such table")
	ErrNoLoad    = errors.New("there is no unfinished load of it")
	ErrChanged   = errors.New("the source is not what it was when the load began")
	ErrTakenOver = errors.New("another program has resumed, undone or forgotten this load")
	ErrNoUndo    = errors.New("the load cannot be undone exactly")
)

// code is SQLite's extended result code, 0 if err is none of SQLite's.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

// primary is SQLite's result code without the extension.
func primary(err error) int { return code(err) & 0xff }

// busy says that a lock of another program is in the way.
func busy(err error) bool {
	c := primary(err)
	return c == lib.SQLITE_BUSY || c == lib.SQLITE_PROTOCOL
}

// troubles are the failures of a whole database, by primary result code.
var troubles = map[int]string{
	lib.SQLITE_NOTADB:   "is not a SQLite database",
	lib.SQLITE_CORRUPT:  "is damaged; what can be read of it, \"sqlite3 FILE .recover\" writes into a new one",
	lib.SQLITE_FULL:     "cannot grow: the disk is full, or the database has the most pages it may have; make room and resume",
	lib.SQLITE_READONLY: "cannot be written: it, or its folder, is read-only",
	lib.SQLITE_CANTOPEN: "cannot be opened; SQLite needs the right to read it, and to write into its folder",
	lib.SQLITE_PERM:     "cannot be opened: the right is missing",
	lib.SQLITE_AUTH:     "cannot be opened: the right is missing",
	lib.SQLITE_IOERR:    "cannot be read or written; the disk or the connection to it may be failing",
	lib.SQLITE_NOMEM:    "needs more memory than there is",
}

// explain puts the failure of a database in words.
func explain(path string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if text, ok := troubles[primary(err)]; ok {
		return fmt.Errorf("%s %s: %w", path, text, err)
	}
	if code(err) != 0 {
		return fmt.Errorf("%s: %w", path, err)
	}
	return err
}

// refusal says that an error is about a row, not about the database.
func refusal(err error) bool {
	switch primary(err) {
	case lib.SQLITE_CONSTRAINT, lib.SQLITE_MISMATCH, lib.SQLITE_TOOBIG, lib.SQLITE_ERROR:
		return true
	}
	return errors.Is(err, errForeign)
}

// numbered is the result code that the driver puts behind SQLite's message.
var numbered = regexp.MustCompile(` \(\d+\)$`)

// message is what SQLite itself said: the driver puts the name of the result
// code before it, and its number behind.
func message(err error) string {
	text := numbered.ReplaceAllString(err.Error(), "")
	for _, prefix := range []string{"constraint failed: ", "SQL logic error: "} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			return rest
		}
	}
	return text
}

var cannotStore = regexp.MustCompile(`(?s)^cannot store (\w+) value in (\w+) column (.*)$`)

// reason says in words why a table refused a row.
func (s *shape) reason(err error) string {
	if foreign(err) {
		return "it refers to a row that is missing, or would take away one that others refer to (FOREIGN KEY)"
	}
	text := message(err)
	_, about, _ := strings.Cut(text, " failed: ")
	names := s.bare(about)
	switch code(err) {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		if strings.Contains(names, ", ") {
			return names + ": another row has these values already"
		}
		return names + ": another row has this value already"
	case lib.SQLITE_CONSTRAINT_NOTNULL:
		return names + ": a value is needed here (NOT NULL)"
	case lib.SQLITE_CONSTRAINT_CHECK:
		return "it breaks the table's rule " + about + " (CHECK)"
	case lib.SQLITE_CONSTRAINT_TRIGGER:
		return text + " (says a trigger of the table)"
	case lib.SQLITE_MISMATCH:
		return s.alias + ": only an integer can be here"
	case lib.SQLITE_TOOBIG:
		return "it is larger than SQLite allows"
	}
	if m := cannotStore.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s: the column takes %s only, not %s", s.bare(m[3]), m[2], m[1])
	}
	return text
}

// bare takes the table's name off the columns in a message of SQLite's.
func (s *shape) bare(names string) string {
	rest, ok := strings.CutPrefix(names, s.name+".")
	if !ok {
		return names
	}
	return strings.ReplaceAll(rest, ", "+s.name+".", ", ")
}

// missing is the error about a table that is not there.
func missing(table string) error {
	return fmt.Errorf("table %s: %w", table, ErrNoTable)
}
