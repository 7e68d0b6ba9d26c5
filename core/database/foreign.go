package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// errForeign is what SQLite says at the end of a statement, or would only say
// at COMMIT, where a foreign key is deferred.
var errForeign = errors.New("FOREIGN KEY constraint failed")

// foreign says that an error is about a foreign key.
func foreign(err error) bool {
	return errors.Is(err, errForeign) || code(err) == lib.SQLITE_CONSTRAINT_FOREIGNKEY
}

// unresolved is errForeign if the transaction could not be committed as it is,
// because of deferred foreign keys.
func (k *link) unresolved() error {
	return k.conn.Raw(func(c any) error {
		n, _, err := c.(sqlite.DBStatus).Status(sqlite.DBStatusDeferredFKs, false)
		if err == nil && n != 0 {
			return errForeign
		}
		return err
	})
}

// orphan says which row of another table a refused row refers to and misses.
// "" if that cannot be told: the row may be one that others refer to.
func (p *plan) orphan(ctx context.Context, k *link, b Batch, row int) string {
	for _, f := range p.foreign {
		values := p.values(b, row, f.from)
		if values == nil {
			continue
		}
		to := f.to
		if len(to) == 0 {
			parent, err := inspect(ctx, k, f.table)
			if err != nil {
				return fmt.Sprintf("%s: the table %s that it refers to is missing", strings.Join(f.from, ", "), f.table)
			}
			to = parent.primaryKey()
		}
		if len(to) != len(values) {
			continue
		}
		var found bool
		query := fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM main.%s WHERE (%s) = (%s))", quote(f.table), quoteAll(to), places(len(to)))
		if err := k.one(ctx, query, values, &found); err == nil && !found {
			return fmt.Sprintf("%s: %s has no row with %s %s", strings.Join(f.from, ", "), f.table, strings.Join(to, ", "), list(values))
		}
	}
	return ""
}

// values is what a row has in columns of the table, or nil if the source lacks
// one of them or has NULL there, which refers to nothing.
func (p *plan) values(b Batch, row int, columns []string) []any {
	var values []any
	for _, name := range columns {
		col := slices.IndexFunc(p.source, func(s string) bool { return fold(s) == fold(name) })
		if col < 0 {
			return nil
		}
		v := valueOf(b, row, col, p.fields[col].affinity)
		if v == driver.Value(nil) {
			return nil
		}
		values = append(values, v)
	}
	return values
}

func list(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprintf("%.60s", fmt.Sprint(v))
	}
	return strings.Join(texts, ", ")
}

// places is n places for values in a statement.
func places(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
