package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"manyhands/core/cell"
)

func browse(t testing.TB, path string) *Browser {
	t.Helper()
	b, err := Browse(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func TestTablesAreListed(t *testing.T) {
	path := database(t, `CREATE TABLE b(a)`, `INSERT INTO b VALUES (1), (2)`, `CREATE TABLE A(x INTEGER PRIMARY KEY AUTOINCREMENT)`,
		`CREATE VIEW v AS SELECT * FROM b`, `CREATE VIRTUAL TABLE f USING fts5(t)`, `CREATE TABLE _manyhands_load(a)`, `CREATE TABLE sqliteish(a)`)
	tables, err := browse(t, path).Tables(context.Background())
	expect(t, "error", err, nil)
	expect(t, "tables", fmt.Sprint(tables), "[{A false 0 true} {b false 2 true} {f false 0 true} {sqliteish false 0 true} {v true 2 true}]")
}

func TestColumnsAreDescribed(t *testing.T) {
	path := database(t, `CREATE TABLE t(id INTEGER PRIMARY KEY, v VARCHAR(9) NOT NULL, g AS (id), n)`, `CREATE TABLE s(a ANY) STRICT`, `CREATE VIEW w AS SELECT v FROM t`)
	b := browse(t, path)
	columns, err := b.Columns(context.Background(), "T")
	expect(t, "error", err, nil)
	want := []Described{
		{Name: "id", Declared: "INTEGER", Kind: cell.Integer, Key: true},
		{Name: "v", Declared: "VARCHAR(9)", Kind: cell.Text, NotNull: true},
		{Name: "g", Generated: true},
		{Name: "n"},
	}
	expect(t, "columns", fmt.Sprint(columns), fmt.Sprint(want))
	columns, _ = b.Columns(context.Background(), "s")
	expect(t, "strict", fmt.Sprint(columns), fmt.Sprint([]Described{{Name: "a", Declared: "ANY"}}))
	columns, _ = b.Columns(context.Background(), "w")
	expect(t, "view", len(columns), 1)
	_, err = b.Columns(context.Background(), "none")
	expect(t, "none", errors.Is(err, ErrNoTable), true)
}

func TestPages(t *testing.T) {
	path := database(t, `CREATE TABLE t("a b", day DATE, bytes BLOB)`, `INSERT INTO t VALUES (3, '2024-01-02', x'00ff'), (1, '50%', NULL), (2, 'A_b', 1.5), (NULL, '2024-1-2', 'x')`)
	b := browse(t, path)
	for name, c := range map[string]struct {
		view View
		want string
	}{
		"as stored":  {View{Limit: 9}, "[3 2024-01-02 [0 255]] [1 50% <nil>] [2 A_b 1.5] [<nil> 2024-1-2 x]] false"},
		"a page":     {View{Limit: 2, Offset: 1}, "[1 50% <nil>] [2 A_b 1.5]] true"},
		"the last":   {View{Limit: 2, Offset: 2}, "[2 A_b 1.5] [<nil> 2024-1-2 x]] false"},
		"sorted":     {View{Limit: 2, Sort: "a b"}, "[<nil> 2024-1-2 x] [1 50% <nil>]] true"},
		"descending": {View{Limit: 1, Sort: "a b", Descending: true}, "[3 2024-01-02 [0 255]]] true"},
		"filtered":   {View{Limit: 9, Filter: "2024"}, "[3 2024-01-02 [0 255]] [<nil> 2024-1-2 x]] false"},
		"by percent": {View{Limit: 9, Filter: "%"}, "[1 50% <nil>]] false"},
		"by case":    {View{Limit: 9, Filter: "a_B"}, "[2 A_b 1.5]] false"},
		"by number":  {View{Limit: 9, Filter: "1.5"}, "[2 A_b 1.5]] false"},
		"nothing":    {View{Limit: 9, Filter: `\`}, "] false"},
	} {
		c.view.Table = "t"
		g, err := b.Page(context.Background(), c.view)
		expect(t, name+": error", err, nil)
		expect(t, name, fmt.Sprint(g.Rows, " ", g.More), "["+c.want)
	}
	g, _ := b.Page(context.Background(), View{Table: "t", Limit: 1})
	if _, ok := g.Rows[0][1].(string); !ok {
		t.Errorf("a date came as %T, want text", g.Rows[0][1])
	}
	_, err := b.Page(context.Background(), View{Table: "t", Sort: "nope", Limit: 1})
	expectError(t, "a column that is not there", err, "nope")
	_, err = b.Page(context.Background(), View{Table: "nope", Limit: 1})
	expect(t, "a table that is not there", errors.Is(err, ErrNoTable), true)
}

func TestQueries(t *testing.T) {
	path := database(t, `CREATE TABLE t(a, d DATE)`, `INSERT INTO t VALUES (1, '2024-01-02'), (3, 'x'), (2, x'01')`)
	b := browse(t, path)
	for query, want := range map[string]string{
		"SELECT * FROM t ORDER BY a DESC":                          "[a d] [[3 x] [2 [1]] [1 2024-01-02]]",
		"select a, a AS a, 'x;y' FROM t WHERE a = 1;":              "[a a 'x;y'] [[1 1 x;y]]",
		"-- what\n/* for; */ SELECT 1 AS n -- end":                 "[n] [[1]]",
		"WITH x(n) AS (VALUES (1), (2)) SELECT sum(n) AS s FROM x": "[s] [[3]]",
		"VALUES (1, NULL)":                                         "[column1 column2] [[1 <nil>]]",
		"SELECT 1 WHERE false":                                     "[1] []",
		"SELECT a FROM t UNION SELECT 9 ORDER BY 1 LIMIT 2 ; ; ":   "[a] [[1] [2]]",
		"SELECT count(*) FROM pragma_table_info('t')":              "[count(*)] [[2]]",
		"SELECT ';', \"a\", [a], `a` FROM t LIMIT 1":               "[';' a a a] [[; 1 1 1]]",
	} {
		g, err := b.Query(context.Background(), query, 100)
		expect(t, query+": error", err, nil)
		expect(t, query, fmt.Sprint(g.Columns, " ", g.Rows), want)
	}
	g, err := b.Query(context.Background(), "SELECT a FROM t", 2)
	expect(t, "limited", fmt.Sprint(len(g.Rows), g.More, err), "2 true <nil>")
}

func TestQueriesThatAreRefused(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "t.db")
	outside(t, path, `CREATE TABLE t(a)`, `INSERT INTO t VALUES (1)`)
	b := browse(t, path)
	for query, want := range map[string]string{
		"":                                   "only one SELECT",
		";":                                  "only one SELECT",
		"DELETE FROM t":                      "only one SELECT",
		"UPDATE t SET a = 2 RETURNING a":     "only one SELECT",
		"PRAGMA journal_mode = wal":          "only one SELECT",
		"ATTACH '" + folder + "/x.db' AS x":  "only one SELECT",
		"SELECT 1; DELETE FROM t":            "only one SELECT",
		"SELECT 1; SELECT 2":                 "only one SELECT",
		"EXPLAIN SELECT 1":                   "only one SELECT",
		"WITH x AS (SELECT 1) DELETE FROM t": "only one SELECT",
		"SELECT 1) DELETE FROM t --":         "a parenthesis is closed",
		"SELECT 1) SELECT (1":                "a parenthesis is closed",
		"SELECT (1":                          "",
		"SELECT 'a":                          "",
		"SELECT 1 /*":                        "",
		"SELECT nope FROM t":                 "no such column: nope",
		"SELECT * FROM nope":                 "no such table: nope",
		"SELEC 1":                            "only one SELECT",
		"SELECT ?":                           "missing argument",
		"SELECT load_extension('x')":         "",
		"SELECT 1\x00; DELETE FROM t":        "",
		"WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x": "",
	} {
		_, err := b.Query(context.Background(), query, 10)
		expectError(t, query, err, want)
	}
	expect(t, "table", read(t, path, "SELECT * FROM t"), "1")
	expect(t, "journal", read(t, path, "PRAGMA journal_mode"), "delete")
	expect(t, "files", len(glob(folder, "*")), 1)
}

func TestAQueryIsCancelled(t *testing.T) {
	path := database(t, `CREATE TABLE t(a)`)
	b := browse(t, path)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := b.Query(ctx, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", 1)
	expect(t, "cancelled", errors.Is(err, context.DeadlineExceeded), true)
	expect(t, "soon", time.Since(began) < patience, true)
	_, err = b.Query(context.Background(), "SELECT 1", 1)
	expect(t, "goes on", err, nil)
}

func TestALargeResultIsCut(t *testing.T) {
	b := browse(t, database(t, `CREATE TABLE t(a)`))
	g, err := b.Query(context.Background(), "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT zeroblob(20000000) FROM n", 1000)
	expect(t, "error", err, nil)
	expect(t, "cut", g.More && len(g.Rows) < 10, true)
}

func TestLookingLeavesNoTrace(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		path := database(t, "PRAGMA journal_mode = "+mode, `CREATE TABLE t(a)`, `INSERT INTO t VALUES (1)`)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b := browse(t, path)
		if _, err := b.Page(context.Background(), View{Table: "t", Limit: 1}); err != nil {
			t.Error(err)
		}
		b.Close()
		after, _ := os.ReadFile(path)
		expect(t, mode+": the file", string(after) == string(before), true)
		expect(t, mode+": files", len(glob(filepath.Dir(path), "*")), 1)
	}
	missing := filepath.Join(t.TempDir(), "no.db")
	_, err := Browse(context.Background(), missing)
	expectError(t, "missing", err, "does not exist")
	expect(t, "not made", len(glob(filepath.Dir(missing), "*")), 0)
}

func FuzzSingle(f *testing.F) {
	for _, s := range []string{"SELECT 1;", "SELECT ';' -- ;\n; /* ; */", "SELECT 1; DELETE FROM t", "VALUES ('a''b', \"c\"\"d\", [e;f], `g`)", "SELECT (1)) --", "/*", "--", "'"} {
		f.Add(s)
	}
	path := filepath.Join(f.TempDir(), "t.db")
	outside(f, path, `CREATE TABLE t(a)`, `INSERT INTO t VALUES (1)`)
	b := browse(f, path)
	f.Fuzz(func(t *testing.T, query string) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, _ = b.Query(ctx, query, 3)
		g, err := b.Query(context.Background(), "SELECT a FROM t", 3)
		if err != nil || fmt.Sprint(g.Rows) != "[[1]]" {
			t.Errorf("%q: %v %v", query, g.Rows, err)
		}
	})
}
