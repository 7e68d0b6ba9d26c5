package database

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stamped is a load into a new table with columns that SQLite fills.
func stamped(path string) Options {
	return Options{
		Path: path, Table: "t", Columns: cols("id:INTEGER", "v:TEXT"), Key: []string{"id"},
		Filled: []Filled{{"created_at", "TIMESTAMP", "CURRENT_TIMESTAMP"}, {"by", "TEXT", "'a ''load'''"}, {"size", "INTEGER", "(40 + 2)"}, {"note", "", ""}},
	}
}

const stampedTable = `CREATE TABLE "t"("id" INTEGER PRIMARY KEY NOT NULL, "v" TEXT, ` +
	`"created_at" TIMESTAMP DEFAULT CURRENT_TIMESTAMP, "by" TEXT DEFAULT 'a ''load''', "size" INTEGER DEFAULT (40 + 2), "note")`

// checkStamped expects some rows of which SQLite has filled the rest.
func checkStamped(t *testing.T, path, want string) {
	t.Helper()
	expect(t, "definition", read(t, path, `SELECT sql FROM sqlite_schema WHERE name = 't'`), stampedTable)
	expect(t, "rows", read(t, path, `SELECT id, v, "by", size, note FROM t`), strings.ReplaceAll(want, "$", "a 'load' 42 <nil>"))
	now := time.Now().UTC()
	expect(t, "of today", read(t, path, fmt.Sprintf("SELECT count(*) FROM t WHERE created_at NOT BETWEEN '%s' AND '%s'",
		now.Add(-time.Hour).Format(time.DateTime), now.Format(time.DateTime))), "0")
}

func TestColumnsThatSQLiteFills(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	o := stamped(path)
	o.Index, o.FTS = []string{"created_at"}, []string{"by"}
	load(t, o, row(1, "a"), row(2, nil))
	checkStamped(t, path, "1 a $\n2 <nil> $")
	expect(t, "search", read(t, path, "SELECT count(*) FROM t_fts('load')"), "2")

	o.Mode, o.OnConflict = Append, Update // what is filled stays
	outside(t, path, `UPDATE t SET size = 7 WHERE id = 1`)
	load(t, o, row(1, "b"), row(3, "c"))
	expect(t, "updated", read(t, path, `SELECT id, v, size FROM t`), "1 b 7\n2 <nil> 42\n3 c 42")

	o.Mode, o.OnConflict = Replace, RejectRow
	load(t, o, row(5, "e"))
	checkStamped(t, path, "5 e $")
	sound(t, path)
}

func TestColumnsThatSQLiteFillsOfAResumedLoad(t *testing.T) {
	for _, mode := range []Mode{Create, Replace} {
		path := database(t, `CREATE TABLE other(a)`)
		o := stamped(path)
		o.Mode, o.Source = mode, Source{Name: "f"}
		l := open(t, o)
		write(t, l, sheet{rows: [][]any{row(1, "a")}})
		expect(t, "commit", l.Commit(context.Background()), nil)
		l.Close()
		o.Resume = true
		l = open(t, o)
		write(t, l, sheet{first: 1, rows: [][]any{row(2, "b")}})
		finish(t, l)
		checkStamped(t, path, "1 a $\n2 b $")
		sound(t, path)
	}
}

func TestRowsOneByOneWithColumnsThatSQLiteFills(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "new.db")
	o := stamped(path)
	for i, mode := range []Mode{Create, Append} {
		o.Mode = mode
		r, err := OpenRows(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Insert(ctx, sheet{rows: [][]any{row(i, "a")}}, 0); err != nil {
			t.Error(err)
		}
		r.Close()
	}
	checkStamped(t, path, "0 a $\n1 a $")
}

func TestColumnsThatSQLiteCannotFill(t *testing.T) {
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"a column of the source": {Options{Filled: []Filled{{Name: "A"}}}, "two columns are named A"},
		"two of a name":          {Options{Filled: []Filled{{Name: "x"}, {Name: "x"}}}, "two columns are named x"},
		"no name":                {Options{Filled: []Filled{{Default: "1"}}}, "column has no name"},
		"a key":                  {Options{Filled: []Filled{{Name: "x"}}, Key: []string{"x"}}, "the key x is none of the columns"},
		"too many":               {Options{Columns: many(2000), Filled: []Filled{{Name: "x"}}}, "2001 columns"},
		"no SQL":                 {Options{Filled: []Filled{{Name: "x", Default: "(("}}}, "syntax error"},
	} {
		c.o.Path, c.o.Table = filepath.Join(t.TempDir(), "new.db"), "t"
		if c.o.Columns == nil {
			c.o.Columns = cols("a")
		}
		_, err := Open(context.Background(), c.o)
		expectError(t, name, err, c.want)
		_, err = OpenRows(context.Background(), c.o)
		expectError(t, name+", one by one", err, c.want)
		expect(t, name+": no table", strings.Contains(fmt.Sprint(List(context.Background(), c.o.Path)), "Table"), false)
	}
	path := database(t, `CREATE TABLE t(a)`) // an old table is what it is
	load(t, Options{Path: path, Table: "t", Columns: cols("a"), Mode: Append, Filled: []Filled{{Name: "a"}, {}}}, row(1))
	expect(t, "an old table", read(t, path, `SELECT sql FROM sqlite_schema`), "CREATE TABLE t(a)")
}
