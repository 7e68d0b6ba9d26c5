package records

import (
	"fmt"
	"strings"

	kinds "manyhands/core/cell"
)

// Kind is what a cell holds, and the type of a column.
type Kind = kinds.Kind

// The kinds of SQLite that text can be read as. A column of kind Null has no
// type yet.
const (
	Null    = kinds.Null
	Integer = kinds.Integer
	Real    = kinds.Real
	Text    = kinds.Text
)

// ParseKind reads the name of a column's type, without regard to case.
func ParseKind(name string) (Kind, error) {
	for kind := Integer; kind <= Text; kind++ {
		if strings.EqualFold(kind.String(), name) {
			return kind, nil
		}
	}
	return Null, fmt.Errorf("type %q: it is INTEGER, REAL or TEXT", name)
}

// Column is one column of the table that a file is.
type Column struct {
	Name  string // unique without regard to case, not empty, one line
	Key   string // JSON lines: the key as it stands; CSV: Name
	Type  Kind   // Null until a Survey or a person has told
	Given bool   // a person gave the type: a number is read also if it does not print back
	Loose bool   // what is no such number, or would not print back, stays text: it is for a database to judge
	Why   string // of TEXT: the first value that is no number, and where
}

// mostColumns is what SQLite takes unless compiled otherwise
// (sqlite.org/limits.html, SQLITE_MAX_COLUMN).
const mostColumns = 2000
