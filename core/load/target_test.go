package load_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"manyhands/core/load"
)

// TestTargets loads a file into a table that is there, or is not.
func TestTargets(t *testing.T) {
	t.Parallel()
	const there = "CREATE TABLE t(id INTEGER PRIMARY KEY, n TEXT DEFAULT 'none', at TEXT DEFAULT 'then')"
	const old = "INSERT INTO t VALUES (1, 'old', 'before')"
	for name, c := range map[string]struct {
		before  []string // done to the database first
		file    string
		change  func(*load.Config)
		want    string
		notes   string
		rejects []string
	}{
		"append": {
			[]string{there, old},
			"id,n\n2,new\n", func(c *load.Config) { c.Mode = "append" },
			`1|"old"|"before"` + "\n" + `2|"new"|"then"`, "1 row inserted", nil,
		},
		"append in another order": {
			[]string{there}, "n,ID\nnew,2\n", func(c *load.Config) { c.Mode = "append" }, `2|"new"|"then"`, "1 row inserted", nil,
		},
		"append without a header": {
			[]string{there},
			"2,new,now\n3,more,now\n", func(c *load.Config) { c.Mode, c.Header = "append", "no" },
			`2|"new"|"now"` + "\n" + `3|"more"|"now"`, "2 rows inserted", nil,
		},
		"append JSON lines": {
			[]string{there, old},
			`{"n":"new","id":2}` + "\n" + `{"id":3,"at":"now"}` + "\n", func(c *load.Config) { c.Mode = "append" },
			`1|"old"|"before"` + "\n" + `2|"new"|NULL` + "\n" + `3|NULL|"now"`, "2 rows inserted", nil,
		},
		"append to columns without types": {
			[]string{"CREATE TABLE t(id, n BLOB)"},
			"id,n\n01,x\n5,1.5\n", func(c *load.Config) { c.Mode = "append" },
			`"01"|"x"` + "\n" + `"5"|"1.5"`, "2 rows inserted", nil,
		},
		"append to dates and amounts": {
			[]string{"CREATE TABLE t(d DATE, a DECIMAL(10,2))"},
			"d,a\n2026-01-02,1.50\n01,x\n", func(c *load.Config) { c.Mode = "append" },
			`"2026-01-02"|1.5` + "\n" + `1|"x"`, "2 values are spelled as columns of numbers spell them", nil,
		},
		"reject": {
			[]string{there, old},
			"id,n\n2,new\n1,again\n3,more\n", func(c *load.Config) { c.Mode = "append" },
			`1|"old"|"before"` + "\n" + `2|"new"|"then"` + "\n" + `3|"more"|"then"`, "2 rows inserted\n1 row rejected: ",
			[]string{"3|id: another row has this value already|1,again"},
		},
		"skip": {
			[]string{there, old},
			"id,n\n2,new\n1,again\n", func(c *load.Config) { c.Mode, c.Conflict = "append", "skip" },
			`1|"old"|"before"` + "\n" + `2|"new"|"then"`, "1 row inserted, 1 skipped", nil,
		},
		"replace": {
			[]string{there, old},
			"id,n\n2,new\n1,again\n", func(c *load.Config) { c.Mode, c.Conflict = "append", "replace" },
			`1|"again"|"then"` + "\n" + `2|"new"|"then"`, "1 row inserted, 1 updated", nil,
		},
		"update": {
			[]string{there, old},
			"id,n\n2,new\n1,again\n", func(c *load.Config) { c.Mode, c.Conflict = "append", "update" },
			`1|"again"|"before"` + "\n" + `2|"new"|"then"`, "1 row inserted, 1 updated", nil,
		},
		"a key of a new table": {
			nil, "id,n\n1,a\n1,b\n2,c\n", func(c *load.Config) { c.Key = []string{"ID"} },
			`1|"a"` + "\n" + `2|"c"`, "2 rows inserted",
			[]string{"3|id: another row has this value already|1,b"},
		},
		"a key of two columns": {
			nil, "id,n,x\n1,a,1\n1,b,2\n1,a,3\n", func(c *load.Config) { c.Key, c.Conflict = []string{"n", "id"}, "update" },
			`1|"a"|3` + "\n" + `1|"b"|2`, "2 rows inserted, 1 updated", nil,
		},
		"another table beside": {
			[]string{"CREATE TABLE other(x)"}, "id\n1\n", func(*load.Config) {}, "1", "1 row inserted", nil,
		},
		"replace a table": {
			[]string{there, old}, "x,y\n7,8\n", func(c *load.Config) { c.Mode = "replace-table" }, "7|8", "1 row inserted", nil,
		},
		"replace what is not there": {
			[]string{"CREATE TABLE other(x)"}, "x,y\n7,8\n", func(c *load.Config) { c.Mode = "replace-table" }, "7|8", "1 row inserted", nil,
		},
		"replace a table that has an index": {
			[]string{there, "CREATE INDEX mine ON t(at)"},
			"x\n7\n", func(c *load.Config) { c.Mode = "replace-table" }, "7",
			"the index mine of the old table was not kept: ", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(t, write(t, "a.csv", c.file))
			alter(t, s.DB, c.before...)
			c.change(s)
			o := succeed(t, s)
			equal(t, "table", query(t, s.DB, "SELECT * FROM t ORDER BY rowid"), c.want)
			contains(t, "notes", o.notes(), c.notes)
			sound(t, s.DB)
			if c.rejects != nil {
				equal(t, "rejects", rejected(t, beside(s)), c.rejects)
			}
		})
	}
}

// TestRefusedTargets is what the database, the table or the settings do not
// allow: nothing is changed by it.
func TestRefusedTargets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := strings.Repeat("this is no database ", 100)
	for name, c := range map[string]struct {
		before []string
		change func(*load.Config)
		words  []string
	}{
		"create what is there":   {[]string{"CREATE TABLE t(x)"}, func(*load.Config) {}, []string{"table t: the table is there already", "--append", "--replace-table"}},
		"create it in capitals":  {[]string{"CREATE TABLE T(x)"}, func(*load.Config) {}, []string{"the table is there already"}},
		"append to none":         {[]string{"CREATE TABLE other(x)"}, func(c *load.Config) { c.Mode = "append" }, []string{"there is no such table", "--create"}},
		"append to no database":  {nil, func(c *load.Config) { c.Mode = "append" }, []string{"there is no database ", "which to append needs", "--create"}},
		"a column too many":      {[]string{"CREATE TABLE t(id)"}, func(c *load.Config) { c.Mode = "append" }, []string{"no column n in the table: its columns are id"}},
		"a needed column":        {[]string{"CREATE TABLE t(id, n, x NOT NULL)"}, func(c *load.Config) { c.Mode = "append" }, []string{"the column x of t needs a value"}},
		"a key that is none":     {nil, func(c *load.Config) { c.Key = []string{"no"} }, []string{"the key no is none of the columns"}},
		"an index of none":       {nil, func(c *load.Config) { c.Index = []string{"no"} }, []string{"no column no to index; it has id, n"}},
		"a search of none":       {nil, func(c *load.Config) { c.FTS = []string{"no"} }, []string{"no column no to index"}},
		"update without a key":   {[]string{"CREATE TABLE t(id, n)"}, func(c *load.Config) { c.Mode, c.Conflict = "append", "update" }, []string{"name the key: the table has no primary key"}},
		"a reserved name":        {nil, func(c *load.Config) { c.Table = "sqlite_x" }, []string{"names that begin with sqlite_ are reserved"}},
		"an unknown mode":        {[]string{"CREATE TABLE x(id)"}, func(c *load.Config) { c.Mode = "merge" }, []string{"merge"}},
		"a missing folder":       {nil, func(c *load.Config) { c.DB = filepath.Join(dir, "none", "the.db") }, []string{"the folder ", "does not exist"}},
		"a folder as a database": {nil, func(c *load.Config) { c.DB = dir }, []string{"is a folder, not a database file"}},
		"below a file":           {nil, func(c *load.Config) { c.DB = filepath.Join(c.Files[0], "the.db") }, []string{"open the database: "}},
		"no database":            {nil, func(c *load.Config) { put(t, c.DB, text) }, []string{"is not a SQLite database"}},
		"nothing to resume":      {[]string{"CREATE TABLE t(id)"}, func(c *load.Config) { c.Mode = "resume" }, []string{"resume the load of a.csv into table t: there is no unfinished load", "begin it"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(t, write(t, "a.csv", "id,n\n1,x\n"))
			if c.before != nil {
				alter(t, s.DB, c.before...)
			}
			c.change(s)
			was := content(s.DB)
			fails(t, s, c.words...)
			if now := content(s.DB); was != "" && now != was && c.before == nil {
				t.Error("the file was changed")
			}
			if c.before != nil {
				equal(t, "tables", len(strings.Fields(tables(t, s.DB))), 1)
			}
		})
	}
}

// content is that of a file, "" if it cannot be read.
func content(path string) string {
	b, _ := os.ReadFile(path)
	return string(b)
}

// A load into one that cannot be written leaves it as it is.
func TestReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	c := settings(t, write(t, "a.csv", "id\n1\n"))
	alter(t, c.DB, "CREATE TABLE other(x)")
	if err := os.Chmod(c.DB, 0o400); err != nil {
		t.Fatal(err)
	}
	fails(t, c, "can only be read: nothing can be loaded into it")
}

func TestIndexesAndSearch(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id,n\n1,the quick fox\n2,the lazy dog\n"))
	c.Index, c.FTS = []string{"n", "ID"}, []string{"n"}
	succeed(t, c)
	equal(t, "indexes", query(t, c.DB, "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY 1"), `"t_ID_idx"`+"\n"+`"t_n_idx"`)
	equal(t, "found", query(t, c.DB, "SELECT rowid FROM t_fts WHERE t_fts MATCH 'lazy'"), 2)
	sound(t, c.DB)
	more := again(c, "append")
	more.Files = []string{write(t, "b.csv", "id,n\n3,a lazy cat\n")}
	succeed(t, more)
	equal(t, "found with more", query(t, c.DB, "SELECT rowid FROM t_fts WHERE t_fts MATCH 'lazy' ORDER BY 1"), "2\n3")
	equal(t, "indexes with more", query(t, c.DB, "SELECT count(*) FROM sqlite_schema WHERE type = 'index'"), 2)
}
