package database

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

func TestIndexesAndSearch(t *testing.T) {
	path := database(t)
	o := Options{
		Path: path, Table: "books", Columns: cols("id:INTEGER", "title:TEXT", "body text:TEXT"), Key: []string{"id"},
		Index: []string{"title", "body text"}, FTS: []string{"title", "body text"},
	}
	load(t, o, row(7, "Moby Dick", "call me Ishmael"), row(9, "Emma", "handsome, clever, and rich"))
	expect(t, "indexes", read(t, path, "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name"), "books_body text_idx\nbooks_title_idx")
	expect(t, "search", read(t, path, "SELECT rowid, title FROM books_fts WHERE books_fts MATCH 'clever OR whale'"), "9 Emma")
	expect(t, "search in a column", read(t, path, "SELECT rowid FROM books_fts WHERE title MATCH 'dick'"), "7")

	o.Mode = Append // what is there is used again
	load(t, o, row(11, "Ulysses", "stately, plump and clever"))
	expect(t, "indexes", read(t, path, "SELECT count(*) FROM sqlite_schema WHERE type = 'index'"), "2")
	expect(t, "search", read(t, path, "SELECT rowid FROM books_fts WHERE books_fts MATCH 'clever'"), "9\n11")
	o.FTS = []string{"title"}
	if err := open(t, o).Undo(context.Background()); err != nil { // fewer columns fit
		t.Fatal(err)
	}
	o.FTS = []string{"body text"}
	_, err := Open(context.Background(), o)
	expectError(t, "other columns", err, "books_fts is there already")
}

func TestAnIndexWhoseNameIsTaken(t *testing.T) {
	path := database(t, `CREATE TABLE t(a, b)`, `CREATE INDEX t_a_idx ON t(b)`, `CREATE INDEX partly ON t(a) WHERE b = 1`)
	load(t, Options{Path: path, Table: "t", Columns: cols("a", "b"), Mode: Append, Index: []string{"A", "b"}}, row(1, 2))
	expect(t, "indexes", read(t, path, "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name"), "partly\nt_A_idx_2\nt_a_idx")
}

func TestAReplacedTable(t *testing.T) {
	path := database(t,
		`CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, gone)`, `INSERT INTO t VALUES (1, 'old', 0), (2, 'older', 0)`,
		`CREATE INDEX by_v ON t(v)`, `CREATE INDEX by_gone ON t(gone)`,
		`CREATE TABLE log(v)`, `CREATE TRIGGER added AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.v); END`,
		`CREATE VIEW vs AS SELECT v FROM t`,
		`CREATE TABLE child(t REFERENCES t(id) ON DELETE CASCADE)`, `INSERT INTO child VALUES (1)`,
	)
	o := Options{Path: path, Table: "T", Columns: cols("id:INTEGER", "v:TEXT"), Mode: Replace, Key: []string{"id"}, Index: []string{"v"}}
	l := open(t, o)
	write(t, l, sheet{rows: [][]any{row(1, "new"), row(3, "newer")}})
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	expect(t, "the old table", read(t, path, "SELECT v FROM t ORDER BY id"), "old\nolder")
	f := finish(t, l)
	expect(t, "notes", strings.Join(f.Notes, "\n"), "the index by_gone of the old table was not kept: no such column: gone")
	expect(t, "the new table", read(t, path, "SELECT * FROM t"), "1 new\n3 newer")
	expect(t, "a view of it", read(t, path, "SELECT * FROM vs"), "new\nnewer")
	expect(t, "rows that refer to it", read(t, path, "SELECT * FROM child"), "1")
	expect(t, "definition that refers to it", read(t, path, "SELECT sql FROM sqlite_schema WHERE name = 'child'"), "CREATE TABLE child(t REFERENCES t(id) ON DELETE CASCADE)")
	expect(t, "index and trigger", read(t, path, "SELECT name FROM sqlite_schema WHERE tbl_name = 't' AND type <> 'table' ORDER BY name"), "added\nby_v")
	outside(t, path, "INSERT INTO t VALUES (9, 'x')")
	expect(t, "the trigger", read(t, path, "SELECT * FROM log"), "x")
	sound(t, path)
}

func TestATableThatOthersReferToIsNotReplaced(t *testing.T) {
	path := database(t, `CREATE TABLE t(id INTEGER PRIMARY KEY)`, `INSERT INTO t VALUES (1)`,
		`CREATE TABLE child(t REFERENCES t(id))`, `INSERT INTO child VALUES (1)`)
	for name, o := range map[string]Options{
		"rows of child refer":      {Key: []string{"id"}},
		"the new one does not fit": {},
	} {
		o.Path, o.Table, o.Columns, o.Mode = path, "t", cols("id:INTEGER"), Replace
		l := open(t, o)
		write(t, l, sheet{rows: [][]any{row(2)}})
		_, err := l.Finish(context.Background())
		expectError(t, name, err, name)
		expect(t, "the old table", read(t, path, "SELECT * FROM t"), "1")
		if err := l.Undo(context.Background()); err != nil {
			t.Fatal(err)
		}
		l.Close()
		sound(t, path)
	}
}

func TestReplaceMakesATableThatIsNotThere(t *testing.T) {
	path := database(t, "CREATE TABLE other(a)")
	load(t, Options{Path: path, Table: "t", Columns: cols("a"), Mode: Replace}, row(1))
	expect(t, "table", read(t, path, "SELECT * FROM t"), "1")
	sound(t, path)
}

func TestACrashWhileReplacingKeepsTheOldTable(t *testing.T) {
	path := database(t, `CREATE TABLE t(a)`, `INSERT INTO t VALUES ('old')`)
	o := Options{Path: path, Table: "t", Columns: cols("a"), Mode: Replace, Source: Source{Name: "f"}}
	l := open(t, o)
	write(t, l, sheet{rows: [][]any{row("new")}})
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	l.Close()
	expect(t, "table", read(t, path, "SELECT * FROM t"), "old")
	loads, _ := List(context.Background(), path)
	if err := Forget(context.Background(), path, loads[0].ID); err != nil {
		t.Fatal(err)
	}
	expect(t, "table", read(t, path, "SELECT * FROM t"), "old")
	sound(t, path)
}

func TestFinishFailsAndTheLoadStays(t *testing.T) {
	path := database(t, `CREATE TABLE t(a TEXT)`)
	o := Options{Path: path, Table: "t", Columns: cols("a"), Mode: Append, FTS: []string{"a"}, Source: Source{Name: "f"}}
	l := open(t, o)
	write(t, l, sheet{rows: [][]any{row("x")}})
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	outside(t, path, "CREATE TABLE t_fts(b)")
	_, err := l.Finish(context.Background())
	expectError(t, "finish", err, "t_fts is there already")
	expect(t, "rows", read(t, path, "SELECT * FROM t"), "x")
	outside(t, path, "DROP TABLE t_fts")
	finish(t, l)
	expect(t, "search", read(t, path, "SELECT rowid FROM t_fts('x')"), "1")
	expect(t, "progress", fmt.Sprint(l.Progress().Inserted), "1")
	sound(t, path)
}

func TestAClosedLoadIsClosed(t *testing.T) {
	path := database(t)
	l := open(t, Options{Path: path, Table: "t", Columns: cols("a")})
	finish(t, l)
	_, err := l.Write(context.Background(), sheet{rows: [][]any{row("x")}})
	expectError(t, "write", err, "closed")
	_, err = l.Finish(context.Background())
	expectError(t, "finish", err, "closed")
	expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), "0")
}
