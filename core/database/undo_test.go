package database

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestUndo(t *testing.T) {
	ctx := context.Background()
	const keyed = `CREATE TABLE t(id INTEGER PRIMARY KEY, v)`
	const loose = `CREATE TABLE t(id, v)`
	for name, c := range map[string]struct {
		schema  []string
		mode    Mode
		policy  Policy
		rows    [][]any
		outside string // between two batches
		refused bool
		left    string
	}{
		"rows without a key": {schema: []string{loose, `INSERT INTO t VALUES ('old', 0)`}, rows: [][]any{row(5, 1), row(5, 1)}, left: "old 0"},
		"keys that go up":    {schema: []string{keyed, `INSERT INTO t VALUES (3, 'old')`}, rows: [][]any{row(10, 1), row(4, 1), row(900, 2)}, left: "3 old"},
		"keys of its own":    {schema: []string{keyed, `INSERT INTO t VALUES (3, 'old')`}, rows: [][]any{row(nil, 1), row(nil, 1)}, left: "3 old"},
		"negative keys":      {schema: []string{keyed}, rows: [][]any{row(-7, 1)}, refused: true, left: "-7 1"},
		"keys among others":  {schema: []string{keyed, `INSERT INTO t VALUES (3, 'old')`}, rows: [][]any{row(2, 1)}, refused: true, left: "2 1\n3 old"},
		"a key as text":      {schema: []string{keyed, `INSERT INTO t VALUES (3, 'old')`}, rows: [][]any{row("2", 1)}, refused: true, left: "2 1\n3 old"},
		"skipped rows":       {schema: []string{keyed, `INSERT INTO t VALUES (3, 'old')`}, policy: Skip, rows: [][]any{row(3, 1), row(4, 1)}, refused: true, left: "3 old\n4 1"},
		"updated rows":       {schema: []string{keyed, `INSERT INTO t VALUES (3, 'old')`}, policy: Update, rows: [][]any{row(3, 1)}, refused: true, left: "3 1"},
		"replaced rows":      {schema: []string{keyed, `INSERT INTO t VALUES (3, 'old')`}, policy: ReplaceRow, rows: [][]any{row(3, 1)}, refused: true, left: "3 1"},
		"another's rows":     {schema: []string{loose}, rows: [][]any{row(1, 1)}, outside: `INSERT INTO t VALUES (2, 2)`, left: "2 2"},
		"a row taken away":   {schema: []string{loose}, rows: [][]any{row(1, 1), row(2, 2)}, outside: `DELETE FROM t WHERE id = 1`, refused: true, left: "2 2"},
		"triggers":           {schema: []string{loose, `CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END`}, rows: [][]any{row(1, 1)}, refused: true, left: "1 1"},
		"no row numbers":     {schema: []string{`CREATE TABLE t(id PRIMARY KEY, v) WITHOUT ROWID`}, rows: [][]any{row(1, 1)}, refused: true, left: "1 1"},
		"names all taken":    {schema: []string{`CREATE TABLE t(id, v, rowid, oid, _rowid_)`}, rows: [][]any{row(1, 1)}, refused: true, left: "1 1 <nil> <nil> <nil>"},
		"nothing":            {schema: []string{keyed}, left: ""},
		"a new table":        {mode: Create, rows: [][]any{row(1, 1)}, left: "no table"},
		"a new one, used":    {mode: Create, rows: [][]any{row(1, 1)}, outside: `INSERT INTO t VALUES (2, 2)`, refused: true, left: "1 1\n2 2"},
		"a replacing table":  {mode: Replace, schema: []string{loose, `INSERT INTO t VALUES ('old', 0)`}, rows: [][]any{row(1, 1)}, left: "old 0"},
	} {
		for _, when := range []string{"under way", "after a crash", "after Finish"} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				path := database(t, c.schema...)
				mode := c.mode
				if mode == "" {
					mode = Append
				}
				l := open(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: mode, OnConflict: c.policy, Source: Source{Name: "f"}})
				if len(c.rows) > 0 {
					write(t, l, sheet{rows: c.rows})
				}
				if err := l.Commit(ctx); err != nil {
					t.Fatal(err)
				}
				if c.outside != "" {
					outside(t, path, c.outside)
				}
				refused, left := c.refused, c.left
				var err error
				switch when {
				case "under way":
					write(t, l, sheet{rows: [][]any{row("not committed", nil)}}) // no matter if it is refused
					err = l.Undo(ctx)
				case "after a crash":
					l.Close()
					err = undoFirst(t, path)
				default:
					if _, err := l.Finish(ctx); err != nil {
						t.Fatal(err)
					}
					err = l.Undo(ctx)
					if mode == Replace {
						refused, left = true, "1 1"
					}
				}
				l.Close()
				if refused != errors.Is(err, ErrNoUndo) || !refused && err != nil {
					t.Errorf("%v; refused %v", err, refused)
				}
				checkLeft(t, path, left)
				if !refused || when == "after Finish" {
					sound(t, path)
				}
			})
		}
	}
}

func TestRowsOfOthersInBetweenAreNotUndone(t *testing.T) {
	ctx := context.Background()
	for name, between := range map[string][]string{
		"added":               {`INSERT INTO t VALUES (9, 'theirs')`},
		"in the place of one": {`INSERT INTO t VALUES (9, 'theirs')`, `DELETE FROM t WHERE id = 0`},
	} {
		path := database(t, `CREATE TABLE t(id, v)`)
		l := open(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append})
		for i := range 2 {
			write(t, l, sheet{rows: [][]any{row(i, "ours")}})
			if err := l.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				outside(t, path, between...)
			}
		}
		expect(t, name+": refused", errors.Is(l.Undo(ctx), ErrNoUndo), true)
		expect(t, name+": theirs", read(t, path, "SELECT count(*) FROM t WHERE v = 'theirs'"), "1")
	}
}

func undoFirst(t *testing.T, path string) error {
	t.Helper()
	loads, err := List(context.Background(), path)
	if err != nil || len(loads) != 1 {
		t.Fatal(loads, err)
	}
	return Undo(context.Background(), path, loads[0].ID)
}

func checkLeft(t *testing.T, path, want string) {
	t.Helper()
	if read(t, path, "SELECT count(*) FROM sqlite_schema WHERE name = 't'") == "0" {
		expect(t, "table", "no table", want)
		return
	}
	expect(t, "table", read(t, path, "SELECT * FROM t ORDER BY 1"), want)
}

func TestUndoTakesIndexesAndSearchAway(t *testing.T) {
	for _, mode := range []Mode{Create, Append} {
		path := database(t)
		if mode == Append {
			outside(t, path, `CREATE TABLE t(a TEXT, b)`, `INSERT INTO t VALUES ('old words', 1)`)
		}
		l := open(t, Options{Path: path, Table: "t", Columns: cols("a:TEXT", "b"), Mode: mode, Index: []string{"b"}, FTS: []string{"a"}})
		write(t, l, sheet{rows: [][]any{row("new words", 2)}})
		if _, err := l.Finish(context.Background()); err != nil {
			t.Fatal(err)
		}
		expect(t, "made", read(t, path, "SELECT count(*) FROM sqlite_schema WHERE name IN ('t', 't_b_idx', 't_fts')"), "3")
		if err := l.Undo(context.Background()); err != nil {
			t.Fatal(err)
		}
		expect(t, "left", read(t, path, "SELECT count(*) FROM sqlite_schema"), fmt.Sprint(btoi(mode == Append)))
	}
}

func TestUndoBringsAnOldSearchUpToDate(t *testing.T) {
	path := database(t)
	o := Options{Path: path, Table: "t", Columns: cols("a:TEXT"), FTS: []string{"a"}}
	load(t, o, row("old words"))
	o.Mode = Append
	l := open(t, o)
	write(t, l, sheet{rows: [][]any{row("new words")}})
	if _, err := l.Finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	expect(t, "both", read(t, path, "SELECT a FROM t_fts('words')"), "old words\nnew words")
	if err := l.Undo(context.Background()); err != nil {
		t.Fatal(err)
	}
	expect(t, "one", read(t, path, "SELECT a FROM t_fts('words')"), "old words")
}
