package load_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"manyhands/core/catalog"
	"manyhands/core/load"
)

func TestDroppedFilesAreLoaded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two, db := filepath.Join(dir, "one.csv"), filepath.Join(dir, "two.csv"), filepath.Join(dir, "my.SQLite3")
	for _, path := range []string{one, two, db} {
		put(t, path, "id\n1\n")
	}
	mine := filepath.Join(dir, "mine.dat")
	put(t, mine, "")
	for name, c := range map[string]struct {
		before   load.Config
		drop     []string
		files    []string
		db, into string // into is the table
	}{
		"files":                 {load.Config{}, []string{one, two}, []string{one, two}, "one.db", "one"},
		"a database":            {load.Config{}, []string{db}, nil, "my.SQLite3", ""},
		"both":                  {load.Config{}, []string{db, two}, []string{two}, "my.SQLite3", "two"},
		"names that followed":   {load.Config{Files: []string{one}, DB: filepath.Join(dir, "one.db"), Table: "one"}, []string{two}, []string{two}, "two.db", "two"},
		"names that were given": {load.Config{Files: []string{one}, DB: mine, Table: "x"}, []string{two}, []string{two}, "mine.dat", "x"},
		"instead of users":      {load.Config{Generate: 5, DB: mine}, []string{two}, []string{two}, "mine.dat", "two"},
		"the database again":    {load.Config{Files: []string{one}, DB: mine}, []string{mine}, []string{one}, "mine.dat", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.before
			before.Types = []string{"a=TEXT"}
			if err := before.Drop(c.drop); err != nil {
				t.Fatal(err)
			}
			equal(t, "files", before.Files, c.files)
			equal(t, "database and table", filepath.Base(before.DB)+" "+before.Table, c.db+" "+c.into)
			if dropped := !slices.Equal(c.files, c.before.Files); dropped && (len(before.Types) > 0 || before.Generate > 0) {
				t.Errorf("types %v, %d users", before.Types, before.Generate)
			}
		})
	}
}

func TestWhatCannotBeDropped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.csv")
	put(t, file, "id\n1\n")
	for name, drop := range map[string][]string{
		"is a folder; drop files of records": {file, dir},
		"no such file":                       {file, filepath.Join(dir, "missing.csv")},
	} {
		c := load.Config{Files: []string{"old.csv"}, DB: "old.db"}
		err := c.Drop(drop)
		if err == nil {
			t.Fatalf("%v were taken", drop)
		}
		contains(t, "error", err.Error(), name)
		equal(t, "settings", c.Files[0]+" "+c.DB, "old.csv old.db")
	}
}

func TestTypesAreSetAndTakenBack(t *testing.T) {
	t.Parallel()
	c := load.Config{Types: []string{"a = TEXT", "B=REAL", "c=d=INTEGER"}}
	given := c.Types
	c.SetType("b", "INTEGER")
	equal(t, "b changed", c.Types, []string{"a = TEXT", "c=d=INTEGER", "b=INTEGER"})
	c.SetType("A", "")
	c.SetType("c=d", "")
	c.SetType("none", "")
	equal(t, "two taken back", c.Types, []string{"b=INTEGER"})
	equal(t, "the list that was given", given, []string{"a = TEXT", "B=REAL", "c=d=INTEGER"})
}

// A scratch run writes nothing where the settings say.
func TestScratchLeavesEverythingAlone(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id,n\n1,x\n2\n"))
	alter(t, c.DB, "CREATE TABLE t(id, n)")
	c.Mode, c.Rejects = "append", filepath.Join(filepath.Dir(c.DB), "bad.csv")
	real, scratch := again(c, "append"), t.TempDir()
	c.Scratch(scratch)
	succeed(t, c)
	equal(t, "scratch", query(t, filepath.Join(scratch, "the.db"), "SELECT * FROM t"), `1|"x"`)
	equal(t, "rejects", len(rejected(t, filepath.Join(scratch, "bad.csv"))), 1)
	equal(t, "the table", query(t, real.DB, "SELECT count(*) FROM t"), 0)
	if _, err := os.Stat(real.Rejects); err == nil {
		t.Error("rejects were written")
	}
}

// The sample that the catalog shows is one that works.
func TestSampleIsLoaded(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("200,000 rows")
	}
	for _, s := range catalog.All() {
		if s.Name != "load" {
			continue
		}
		cfg, err := s.Sample(t.Context(), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		c := cfg.(*load.Config)
		o := succeed(t, c)
		equal(t, "rows", query(t, c.DB, "SELECT count(*), sum(id) FROM users"), "199995|19999400000")
		contains(t, "notes", o.notes(), "199,995 rows inserted", "5 rows rejected: ")
		equal(t, "rejects", len(rejected(t, filepath.Join(filepath.Dir(c.DB), "users-users-rejects.csv"))), 5)
	}
}
