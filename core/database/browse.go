package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"manyhands/core/cell"
)

// Browser shows what is in a database and changes nothing. It may be used by
// several goroutines, which take turns. Between calls it holds no lock.
//
// The file is opened as one that could be written (with PRAGMA query_only):
// a connection that cannot write may not repair what a crashed program left,
// and leaves a WAL's files behind. A file that is read-only is read all the same.
type Browser struct {
	mutex sync.Mutex
	link  *link
}

// Listed is a table or view of a database.
type Listed struct {
	Name  string
	View  bool
	Rows  int64 // -1: unknown
	Exact bool  // or an estimate
}

// Described is a column of a table.
type Described struct {
	Name      string
	Declared  string    // its type, as the table was defined
	Kind      cell.Kind // what its values become where they can (affinity); Null: they stay what they are
	NotNull   bool
	Key       bool
	Generated bool // nothing can be loaded into it
}

// View is a part of a table.
type View struct {
	Table         string
	Sort          string // a column; "": as they are stored
	Descending    bool
	Filter        string // a text that some column contains, capitals and small letters alike in ASCII; "": all
	Offset, Limit int
}

// Grid is rows that were read. A value is nil, int64, float64, string or
// []byte.
type Grid struct {
	Columns []string
	Rows    [][]any
	More    bool // there are more
}

// mostBytes is how much of a result is kept, whatever the limit of rows.
const mostBytes = 64 << 20

// Browse opens a database to be looked at.
func Browse(ctx context.Context, path string) (*Browser, error) {
	k, err := openLink(ctx, path, mustExist, nil, "query_only(on)")
	if err != nil {
		return nil, err
	}
	return &Browser{link: k}, nil
}

// Close ends the connection.
func (b *Browser) Close() error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.link.close()
}

// counting is how long the rows of one table are counted.
const counting = 100 * time.Millisecond

// Tables lists the tables and views, without those of SQLite and of this
// program. Rows that would take long to count are estimated.
func (b *Browser) Tables(ctx context.Context) ([]Listed, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var all []Listed
	err := b.link.patiently(ctx, func() error {
		all = nil
		return b.link.each(ctx, `SELECT name, type = 'view' FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow'
			AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE '\_manyhands\_%' ESCAPE '\' ORDER BY name COLLATE NOCASE`, nil,
			func(rows *sql.Rows) error {
				var t Listed
				err := rows.Scan(&t.Name, &t.View)
				all = append(all, t)
				return err
			})
	})
	for i := range all {
		b.count(ctx, &all[i])
	}
	return all, explain(b.link.path, err)
}

// count counts the rows of a table, or takes the highest row number.
func (b *Browser) count(ctx context.Context, t *Listed) {
	short, cancel := context.WithTimeout(ctx, counting)
	defer cancel()
	t.Rows, t.Exact = -1, false
	if b.link.one(short, "SELECT count(*) FROM main."+quote(t.Name), nil, &t.Rows) == nil {
		t.Exact = true
		return
	}
	t.Rows = -1
	if s, err := inspect(ctx, b.link, t.Name); err == nil && s.rowid != "" {
		_ = b.link.one(ctx, fmt.Sprintf("SELECT max(%s) FROM main.%s", quote(s.rowid), quote(t.Name)), nil, &t.Rows)
	}
}

// Columns describes the columns of a table or view. ErrNoTable: it is not
// there.
func (b *Browser) Columns(ctx context.Context, table string) ([]Described, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	fields, err := b.fields(ctx, table)
	if err != nil {
		return nil, explain(b.link.path, err)
	}
	described := make([]Described, len(fields))
	for i, f := range fields {
		described[i] = Described{
			Name: f.name, Declared: f.declared, Kind: f.affinity.kind(),
			NotNull: f.notNull, Key: f.key > 0, Generated: f.generated,
		}
	}
	return described, nil
}

func (b *Browser) fields(ctx context.Context, table string) ([]field, error) {
	var s shape
	err := b.link.patiently(ctx, func() error {
		s = shape{name: table}
		var strict bool
		err := b.link.one(ctx, `SELECT coalesce((SELECT strict FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE), 0)`, []any{table}, &strict)
		if err != nil {
			return err
		}
		s.strict = strict
		return s.readColumns(ctx, b.link)
	})
	if err == nil && s.columns == nil {
		err = missing(table)
	}
	return s.columns, err
}

// Page reads a part of a table.
func (b *Browser) Page(ctx context.Context, v View) (Grid, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	fields, err := b.fields(ctx, v.Table)
	if err != nil {
		return Grid{}, explain(b.link.path, err)
	}
	var g Grid
	for _, f := range fields {
		g.Columns = append(g.Columns, f.name)
	}
	if v.Sort != "" && !contains(g.Columns, v.Sort) {
		return Grid{}, fmt.Errorf("%s has no column %s to sort by", v.Table, v.Sort) // SQLite would take it for a text
	}
	query, args := v.query(g.Columns)
	return g, b.fill(ctx, &g, v.Limit, query, args)
}

// query is the statement behind a view. The plus keeps the driver from making
// times of texts in columns that are declared DATE.
func (v *View) query(columns []string) (string, []any) {
	var args []any
	wanted, matching := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		wanted[i] = "+" + quote(c)
		matching[i] = quote(c) + ` LIKE ?1 ESCAPE '\'`
	}
	query := "SELECT " + strings.Join(wanted, ", ") + " FROM main." + quote(v.Table)
	if v.Filter != "" {
		query += " WHERE " + strings.Join(matching, " OR ")
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(v.Filter)+"%")
	}
	if v.Sort != "" {
		query += " ORDER BY " + quote(v.Sort)
		if v.Descending {
			query += " DESC"
		}
	}
	return fmt.Sprintf("%s LIMIT %d OFFSET %d", query, v.Limit+1, v.Offset), args
}

// fill reads the rows of a query, one more than limit to know if there are
// more.
func (b *Browser) fill(ctx context.Context, g *Grid, limit int, query string, args []any) error {
	err := b.link.patiently(ctx, func() error {
		g.Rows, g.More = nil, false
		size := 0
		return b.link.each(ctx, query, args, func(rows *sql.Rows) error {
			if len(g.Rows) >= limit || size > mostBytes {
				g.More = true
				return errEnough
			}
			row := make([]any, len(g.Columns))
			dest := make([]any, len(row))
			for i := range row {
				dest[i] = &row[i]
			}
			g.Rows = append(g.Rows, row)
			err := rows.Scan(dest...)
			size += weight(row)
			return err
		})
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return explain(b.link.path, err)
}

var errEnough = errors.New("enough rows were read")

// weight is about how many bytes a row takes.
func weight(row []any) int {
	n := 16 * len(row)
	for _, v := range row {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}
