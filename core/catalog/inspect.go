package catalog

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"manyhands/core"
	"manyhands/core/database"
)

// Teller is a run, as Start returns it, that says in a few words how it stands
// while it goes on: "412,000 rows written, 3 rejected". "": nothing to say.
type Teller interface{ Tell() string }

// Rejecter is a run, as Start returns it, that keeps what of its source could
// not be used. Rejects returns at most so many, from a place on, and how many
// there are in all; of very many only the first are kept.
type Rejecter interface {
	Rejects(from, most int) (rejects []core.Reject, all int)
}

// Peeker is a Config whose source is a table that can be looked at before a
// run.
type Peeker interface {
	// Peek reads the beginning of the source. It is nil where none is named.
	Peek(ctx context.Context) (*core.Peek, error)
	// SetType gives a column a type, one of Peek.Types; "" has it found out.
	SetType(column, name string)
}

// Browsable is a Config with a database that can be looked at.
type Browsable interface {
	// Browse opens it, and tells which table is the one that the settings
	// name. It is nil where no database is named or none is there yet.
	Browse(ctx context.Context) (*Browser, string, error)
}

// What Browse shows.
type (
	Browser   = database.Browser
	Grid      = database.Grid
	View      = database.View
	Listed    = database.Listed
	Described = database.Described
)

// WriteGrid writes what was read of a database as comma-separated values (RFC
// 4180) with a header line. NULL is an empty field, a BLOB is written in
// hexadecimal digits as SQLite does: x'00ff'.
func WriteGrid(w io.Writer, g Grid) error {
	t := csv.NewWriter(w)
	record := make([]string, len(g.Columns))
	for i, name := range g.Columns {
		record[i] = inert(name)
	}
	_ = t.Write(record) // an error shows at Flush
	for _, row := range g.Rows {
		for i, v := range row {
			record[i] = inert(GridText(v))
		}
		_ = t.Write(record)
	}
	t.Flush()
	return t.Error()
}

// GridText is a value of a Grid as text: a REAL as the shortest decimal that
// is the same number, NULL as nothing.
func GridText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		return fmt.Sprintf("x'%x'", v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}
