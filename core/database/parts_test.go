package database

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"manyhands/core/cell"
)

func TestMain(m *testing.M) {
	if helper(m) {
		return
	}
	goleak.VerifyTestMain(m)
}

// sheet is a batch in memory. Its source has a record a line, each 10 bytes.
type sheet struct {
	first int // number of the first row in the source, from 0
	rows  [][]any
}

func (s sheet) Len() int { return len(s.rows) }

func (s sheet) Kind(row, col int) cell.Kind {
	switch s.rows[row][col].(type) {
	case int, int64:
		return cell.Integer
	case float64:
		return cell.Real
	case string:
		return cell.Text
	}
	return cell.Null
}

func (s sheet) Int(row, col int) int64 {
	if i, ok := s.rows[row][col].(int); ok {
		return int64(i)
	}
	return s.rows[row][col].(int64)
}
func (s sheet) Real(row, col int) float64 { return s.rows[row][col].(float64) }
func (s sheet) Text(row, col int) string  { return s.rows[row][col].(string) }
func (s sheet) Line(row int) int64        { return int64(s.first + row + 1) }
func (s sheet) End(row int) int64         { return int64(s.first+row+1) * 10 }
func (s sheet) Raw(row int) []byte        { return fmt.Appendf(nil, "%v", s.rows[row]) }

func row(values ...any) []any { return values }

// made is a new database with what the statements put into it.
func database(t testing.TB, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	outside(t, path, statements...)
	return path
}

// outside runs statements as another program would.
func outside(t testing.TB, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// read is a query's result as text, a row a line.
func read(t testing.TB, path, query string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var lines []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = &values[i]
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = fmt.Sprint(v)
		}
		lines = append(lines, strings.Join(texts, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func expect[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func expectError(t testing.TB, what string, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want %q", what, want)
		return
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%s: %q, want %q in it", what, err, w)
		}
	}
}

// cols makes columns of names, with types behind a colon.
func cols(names ...string) []Column {
	kinds := []cell.Kind{cell.Integer, cell.Real, cell.Text}
	var all []Column
	for _, n := range names {
		name, kind, _ := strings.Cut(n, ":")
		c := Column{Name: name}
		if i := slices.IndexFunc(kinds, func(k cell.Kind) bool { return k.String() == kind }); i >= 0 {
			c.Type = kinds[i]
		}
		all = append(all, c)
	}
	return all
}

func open(t testing.TB, o Options) *Lane {
	t.Helper()
	l, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func write(t testing.TB, l *Lane, b Batch) Outcome {
	t.Helper()
	o, err := l.Write(context.Background(), b)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func finish(t testing.TB, l *Lane) Finished {
	t.Helper()
	f, err := l.Finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return f
}

// load writes rows into a table and finishes.
func load(t testing.TB, o Options, rows ...[]any) Outcome {
	t.Helper()
	l := open(t, o)
	outcome := write(t, l, sheet{rows: rows})
	p := l.Progress()
	finish(t, l)
	if p.Offset != 0 {
		t.Errorf("%d bytes are said to be committed before they are", p.Offset)
	}
	return outcome
}

// rejects is the lines and reasons.
func rejects(o Outcome) string {
	var lines []string
	for _, r := range o.Rejects {
		lines = append(lines, fmt.Sprintf("%d %s", r.Line, r.Reason))
	}
	return strings.Join(lines, "\n")
}

// sound makes sure that a database is whole and that nothing of ours is left
// in or beside it.
func sound(t testing.TB, path string) {
	t.Helper()
	expect(t, "integrity", read(t, path, "PRAGMA integrity_check"), "ok")
	expect(t, "tables of ours", read(t, path, `SELECT name FROM sqlite_schema WHERE name LIKE '%manyhands%'`), "")
	left, _ := filepath.Glob(path + "-*")
	expect(t, "files beside it", len(left), 0)
}
