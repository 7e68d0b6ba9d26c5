package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"manyhands/core/cell"
)

func TestANewTable(t *testing.T) {
	for name, c := range map[string]struct {
		columns []Column
		key     []string
		want    string
	}{
		"types":       {cols("a:INTEGER", "b:REAL", "c:TEXT", "d"), nil, `CREATE TABLE "t"("a" INTEGER, "b" REAL, "c" TEXT, "d")`},
		"a key":       {cols("id:INTEGER", "v"), []string{"ID"}, `CREATE TABLE "t"("id" INTEGER PRIMARY KEY NOT NULL, "v")`},
		"two keys":    {cols("a", "b", "c"), []string{"b", "a"}, `CREATE TABLE "t"("a" NOT NULL, "b" NOT NULL, "c", PRIMARY KEY ("b", "a"))`},
		"odd names":   {cols(`a"b`, "select", "dé", "x y", "a,b", "'"), nil, `CREATE TABLE "t"("a""b", "select", "dé", "x y", "a,b", "'")`},
		"many":        {many(2000), nil, ""},
		"rowid names": {cols("rowid", "oid", "_rowid_"), nil, `CREATE TABLE "t"("rowid", "oid", "_rowid_")`},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "new.db")
			values := make([]any, len(c.columns))
			for i := range values {
				values[i] = i
			}
			o := load(t, Options{Path: path, Table: "t", Columns: c.columns, Key: c.key}, values)
			expect(t, "inserted", o.Inserted, 1)
			expect(t, "rejects", rejects(o), "")
			if c.want != "" {
				expect(t, "definition", read(t, path, "SELECT sql FROM sqlite_schema WHERE name = 't'"), c.want)
			}
			expect(t, "values", read(t, path, "SELECT * FROM t"), strings.Trim(fmt.Sprint(values), "[]"))
			expect(t, "journal", read(t, path, "PRAGMA journal_mode"), "delete")
			sound(t, path)
		})
	}
}

func many(n int) []Column {
	columns := make([]Column, n)
	for i := range columns {
		columns[i].Name = fmt.Sprintf("c%d", i)
	}
	return columns
}

func TestOddNamesOfTablesAndFiles(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a b#c?d%20e&f")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for i, table := range []string{`a"b`, "table", "dé ☂", "x.y", "a'b", "[x]", "1", "main", "temp", "feed"} {
		path := filepath.Join(folder, fmt.Sprintf("100%%?mode=ro#%d.db", i))
		o := Options{Path: path, Table: table, Columns: cols("a:TEXT", "b"), Key: []string{"a"}, Index: []string{"b"}, FTS: []string{"a"}}
		load(t, o, row("x", 1), row("x", 2))
		o.Mode, o.OnConflict = Append, Update
		load(t, o, row("x", 3))
		o.Mode, o.OnConflict = Replace, RejectRow
		load(t, o, row("x", 4))
		expect(t, table, read(t, "file:"+escaped(path), "SELECT * FROM "+quote(table)), "x 4")
		expect(t, table, read(t, "file:"+escaped(path), "SELECT * FROM "+quote(table+"_fts")+" WHERE "+quote(table+"_fts")+" MATCH 'x'"), "x")
	}
}

func escaped(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

func TestColumnsAreMappedByName(t *testing.T) {
	path := database(t, `CREATE TABLE t(id INTEGER PRIMARY KEY, Name TEXT, d DEFAULT 'def', g AS (id * 2), n NOT NULL DEFAULT 0)`)
	load(t, Options{Path: path, Table: "T", Columns: cols("NAME", "id"), Mode: Append}, row("x", 5))
	expect(t, "table", read(t, path, "SELECT * FROM t"), "5 x def 10 0")
}

func TestAnExistingDatabaseKeepsItsJournalMode(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		path := database(t, "PRAGMA journal_mode = "+mode, "CREATE TABLE t(a)")
		load(t, Options{Path: path, Table: "t", Columns: cols("a"), Mode: Append}, row(1))
		load(t, Options{Path: path, Table: "u", Columns: cols("a")}, row(1))
		r, err := OpenRows(context.Background(), Options{Path: path, Table: "t", Columns: cols("a"), Mode: Append})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Insert(context.Background(), sheet{rows: [][]any{row(2)}}, 0); err != nil {
			t.Error(err)
		}
		r.Close()
		expect(t, "journal", read(t, path, "PRAGMA journal_mode"), mode)
		sound(t, path)
	}
}

func TestWhatCannotBeLoadedInto(t *testing.T) {
	folder := t.TempDir()
	photo := filepath.Join(folder, "photo.jpg")
	if err := os.WriteFile(photo, []byte("\xff\xd8\xff\xe0 not a database, "+strings.Repeat("x", 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(folder, "short.txt")
	if err := os.WriteFile(short, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := database(t, `CREATE TABLE t(a, b INTEGER NOT NULL, g AS (a))`, `CREATE VIEW v AS SELECT * FROM t`,
		`CREATE VIRTUAL TABLE f USING fts5(a)`, `CREATE TABLE keyed(k PRIMARY KEY, v, w)`, `CREATE TABLE w(k PRIMARY KEY, v) WITHOUT ROWID`,
		`CREATE TABLE clash_fts(a)`, `CREATE TABLE clash(a)`, `CREATE TABLE ranked("rank")`)
	for name, c := range map[string]struct {
		o    Options
		want []string
	}{
		"no path":                 {Options{}, []string{"no database file"}},
		"a folder":                {Options{Path: folder}, []string{folder, "is a folder"}},
		"a missing folder":        {Options{Path: filepath.Join(folder, "no", "x.db"), Mode: Create}, []string{"the folder", "does not exist"}},
		"a missing file":          {Options{Path: filepath.Join(folder, "no.db")}, []string{"does not exist"}},
		"a missing file, replace": {Options{Path: filepath.Join(folder, "no.db"), Mode: Replace}, []string{"does not exist"}},
		"a picture":               {Options{Path: photo}, []string{"photo.jpg is not a SQLite database: "}},
		"a picture, create":       {Options{Path: photo, Mode: Create}, []string{"photo.jpg is not a SQLite database: "}},
		"a text":                  {Options{Path: short}, []string{"short.txt is not a SQLite database: "}},
		"a device":                {Options{Path: "/dev/null"}, []string{"is not a file"}},
		"a NUL":                   {Options{Path: "a\x00b"}, []string{"NUL"}},
		"a missing table":         {Options{Table: "gone"}, []string{"table gone", "no such table"}},
		"a table that is there":   {Options{Mode: Create}, []string{"table t", "there already"}},
		"a view":                  {Options{Table: "v"}, []string{"v is a view"}},
		"a view to replace":       {Options{Table: "v", Mode: Replace}, []string{"v is a view"}},
		"a view's name":           {Options{Table: "v", Mode: Create}, []string{"v is a view"}},
		"a virtual table":         {Options{Table: "f"}, []string{"f is a virtual table"}},
		"a shadow table":          {Options{Table: "f_data"}, []string{"f_data is part of a virtual table"}},
		"SQLite's own":            {Options{Table: "sqlite_schema"}, []string{"sqlite_", "reserved"}},
		"ours":                    {Options{Table: "_manyhands_load"}, []string{"_manyhands_", "reserved"}},
		"no name":                 {Options{Table: "\x00"}, []string{"NUL"}},
		"an unknown column":       {Options{Columns: cols("a", "b", "c")}, []string{"the table t has no column c; it has a, b"}},
		"a generated column":      {Options{Columns: cols("g", "b")}, []string{"the column g of t is generated"}},
		"a needed column":         {Options{Columns: cols("a")}, []string{"the column b of t needs a value"}},
		"no columns":              {Options{Columns: []Column{}}, []string{"no columns"}},
		"too many columns":        {Options{Columns: many(2001)}, []string{"2001 columns", "2000"}},
		"two of a name":           {Options{Columns: cols("a", "A")}, []string{"two columns are named A"}},
		"a column without name":   {Options{Columns: cols("")}, []string{"column has no name"}},
		"a foreign key":           {Options{Key: []string{"x"}}, []string{"the key x is none of the columns"}},
		"a key twice":             {Options{Key: []string{"a", "A"}}, []string{"named twice"}},
		"an update without key":   {Options{OnConflict: Update}, []string{"t has no primary key", "no primary key"}[1:]},
		"a key that is none":      {Options{OnConflict: Update, Key: []string{"a"}}, []string{"t has no primary key or unique index on a"}},
		"a key to skip by":        {Options{OnConflict: Skip, Key: []string{"a"}}, []string{"t has no primary key or unique index on a"}},
		"an update by no column":  {Options{Table: "keyed", OnConflict: Update, Columns: cols("v")}, []string{"needs its key k"}},
		"an index of nothing":     {Options{Index: []string{"x"}}, []string{"the table t has no column x"}},
		"a search of nothing":     {Options{FTS: []string{"x"}}, []string{"the table t has no column x"}},
		"a search without rows":   {Options{Table: "w", Columns: cols("k", "v"), FTS: []string{"v"}}, []string{"w has no row numbers"}},
		"a search that is none":   {Options{Table: "clash", Columns: cols("a"), FTS: []string{"a"}}, []string{"clash_fts is there already"}},
		"a search by rank":        {Options{Table: "ranked", Columns: cols("rank"), FTS: []string{"rank"}}, []string{"rank cannot be searched"}},
		"a mode":                  {Options{Mode: "x"}, []string{`"x" is no mode`}},
		"a policy":                {Options{OnConflict: "x"}, []string{`"x" is no way`}},
		"resume of no name":       {Options{Resume: true}, []string{"without a name"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.o
			if o.Path == "" && name != "no path" {
				o.Path = path
			}
			if o.Table == "" {
				o.Table = "t"
			}
			if o.Columns == nil {
				o.Columns = cols("a", "b")
			}
			if o.Mode == "" {
				o.Mode = Append
			}
			l, err := Open(context.Background(), o)
			if err == nil {
				l.Close()
			}
			expectError(t, "error", err, c.want...)
		})
	}
	expect(t, "tables", read(t, path, `SELECT count(*) FROM sqlite_schema WHERE name LIKE '%manyhands%'`), "0")
	expect(t, "files", len(glob(folder, "*")), 2)
}

func glob(folder, pattern string) []string {
	names, _ := filepath.Glob(filepath.Join(folder, pattern))
	return names
}

func TestErrorsThatACallerKnows(t *testing.T) {
	path := database(t, `CREATE TABLE t(a)`)
	_, err := Open(context.Background(), Options{Path: path, Table: "t", Columns: cols("a")})
	expect(t, "exists", errors.Is(err, ErrExists), true)
	_, err = Open(context.Background(), Options{Path: path, Table: "u", Columns: cols("a"), Mode: Append})
	expect(t, "no table", errors.Is(err, ErrNoTable), true)
	_, err = Open(context.Background(), Options{Path: path + "x", Table: "u", Columns: cols("a"), Mode: Append})
	expect(t, "no file", errors.Is(err, fs.ErrNotExist), true)
}

func TestADamagedDatabase(t *testing.T) {
	path := database(t, `CREATE TABLE t(a, b UNIQUE)`,
		`INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT hex(randomblob(40)), i FROM n`)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(content); i++ { // all but the schema
		content[i] ^= 0x5a
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Open(context.Background(), Options{Path: path, Table: "t", Columns: cols("a", "b"), Mode: Append})
	if err == nil {
		_, err = l.Write(context.Background(), sheet{rows: [][]any{row(1, 1), row(2, 2)}})
		l.Close()
	}
	expectError(t, "error", err, "t.db is damaged", "recover")
}

func TestATableOfItsOwnKinds(t *testing.T) {
	for declared, want := range map[string]cell.Kind{
		"INTEGER": cell.Integer, "int": cell.Integer, "BIGINT": cell.Integer, "POINT": cell.Integer, "VARCHAR(9)": cell.Text, "nchar": cell.Text,
		"CLOB": cell.Text, "BLOB": cell.Null, "": cell.Null, "REAL": cell.Real, "double precision": cell.Real, "FLOAT": cell.Real,
		"NUMERIC": cell.Integer, "DATE": cell.Integer, "BOOLEAN": cell.Integer, "STRING": cell.Integer,
	} {
		expect(t, declared, affinityOf(declared, false).kind(), want)
	}
	expect(t, "ANY", affinityOf("ANY", true).kind(), cell.Null)
	expect(t, "ANY, not strict", affinityOf("ANY", false).kind(), cell.Integer)
}
