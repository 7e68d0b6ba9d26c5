package database

import (
	"fmt"
	"testing"
)

const people = `CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, age INTEGER CHECK (age >= 0))`

func into(path string, p Policy, key ...string) Options {
	return Options{Path: path, Table: "people", Columns: cols("id", "name", "email", "age"), Mode: Append, OnConflict: p, Key: key}
}

var newcomers = [][]any{
	row(1, "Ann B", "ann@x", 31),  // the key is there
	row(2, "Bob", "bob@x", 20),    // new
	row(3, nil, "c@x", 20),        // NOT NULL
	row(4, "Dan", "d@x", -1),      // CHECK
	row(5, "Eve", "ann@x", 40),    // the address is there
	row(2, "Bob 2", "bob2@x", 21), // the key came just before
	row(6, "Fay", "f@x", 50),      // new
}

func TestPolicies(t *testing.T) {
	const null = "3 name: a value is needed here (NOT NULL)\n"
	const check = "4 it breaks the table's rule age >= 0 (CHECK)"
	for name, c := range map[string]struct {
		policy                     Policy
		key                        []string
		inserted, updated, skipped int
		rejects, table             string
	}{
		"reject": {
			RejectRow, nil, 2, 0, 0,
			"1 id: another row has this value already\n" + null + check + "\n5 email: another row has this value already\n6 id: another row has this value already",
			"1 Ann ann@x 30\n2 Bob bob@x 20\n6 Fay f@x 50",
		},
		"skip by any key": {
			Skip, nil, 2, 0, 3, null + check,
			"1 Ann ann@x 30\n2 Bob bob@x 20\n6 Fay f@x 50",
		},
		"skip by one key": {
			Skip,
			[]string{"id"},
			2, 0, 2, null + check + "\n5 email: another row has this value already",
			"1 Ann ann@x 30\n2 Bob bob@x 20\n6 Fay f@x 50",
		},
		"replace": {
			ReplaceRow, nil, 2, 3, 0, null + check,
			"2 Bob 2 bob2@x 21\n5 Eve ann@x 40\n6 Fay f@x 50",
		},
		"update by the primary key": {
			Update, nil, 2, 2, 0, null + check + "\n5 email: another row has this value already",
			"1 Ann B ann@x 31\n2 Bob 2 bob2@x 21\n6 Fay f@x 50",
		},
		"update by another key": {
			Update,
			[]string{"email"},
			2, 2, 0, null + check + "\n6 id: another row has this value already",
			"2 Bob bob@x 20\n5 Eve ann@x 40\n6 Fay f@x 50",
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := database(t, people, `INSERT INTO people VALUES (1, 'Ann', 'ann@x', 30)`)
			o := load(t, into(path, c.policy, c.key...), newcomers...)
			expect(t, "rejects", rejects(o), c.rejects)
			expect(t, "counts", fmt.Sprint(o.Inserted, o.Updated, o.Skipped), fmt.Sprint(c.inserted, c.updated, c.skipped))
			expect(t, "table", read(t, path, "SELECT * FROM people ORDER BY id"), c.table)
			sound(t, path)
		})
	}
}

func TestPoliciesOfTablesWithoutRowNumbers(t *testing.T) {
	for policy, want := range map[Policy]string{
		Skip:       "1 0 1: a old\nb new",
		ReplaceRow: "1 1 0: a new\nb new",
		Update:     "1 1 0: a new\nb new",
	} {
		path := database(t, `CREATE TABLE people(k TEXT PRIMARY KEY, v) WITHOUT ROWID`, `INSERT INTO people VALUES ('a', 'old')`)
		o := load(t, Options{Path: path, Table: "people", Columns: cols("k", "v"), Mode: Append, OnConflict: policy},
			row("a", "new"), row("b", "new"))
		got := fmt.Sprintf("%d %d %d: %s", o.Inserted, o.Updated, o.Skipped, read(t, path, "SELECT * FROM people"))
		expect(t, string(policy), got, want)
	}
}

func TestReplacedRowsAreCountedOnce(t *testing.T) {
	// One row takes the place of two, and what a foreign key deletes with
	// them does not count.
	path := database(t, `CREATE TABLE people(id INTEGER PRIMARY KEY, email UNIQUE)`,
		`CREATE TABLE orders(person REFERENCES people ON DELETE CASCADE)`,
		`INSERT INTO people VALUES (1, 'a'), (2, 'b')`, `INSERT INTO orders VALUES (1), (1), (2)`)
	o := load(t, Options{Path: path, Table: "people", Columns: cols("id", "email"), Mode: Append, OnConflict: ReplaceRow}, row(1, "b"), row(3, "c"))
	expect(t, "counts", fmt.Sprint(o.Inserted, o.Updated, o.Skipped), "1 1 0")
	expect(t, "table", read(t, path, "SELECT * FROM people"), "1 b\n3 c")
	expect(t, "orders", read(t, path, "SELECT count(*) FROM orders"), "0")
}

func TestReplaceTakesNoNullForADefault(t *testing.T) {
	path := database(t, `CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'nobody')`)
	o := load(t, Options{Path: path, Table: "people", Columns: cols("id", "name"), Mode: Append, OnConflict: ReplaceRow}, row(1, nil), row(2, "x"))
	expect(t, "rejects", rejects(o), "1 name: a value is needed here (NOT NULL)")
	expect(t, "table", read(t, path, "SELECT * FROM people"), "2 x")
}

func TestUpdateOfKeysOnlySkips(t *testing.T) {
	path := database(t, `CREATE TABLE people(id INTEGER PRIMARY KEY)`, `INSERT INTO people VALUES (1)`)
	o := load(t, Options{Path: path, Table: "people", Columns: cols("id"), Mode: Append, OnConflict: Update}, row(1), row(2))
	expect(t, "counts", fmt.Sprint(o.Inserted, o.Updated, o.Skipped), "1 0 1")
}

func TestUpdateLeavesOtherColumns(t *testing.T) {
	path := database(t, `CREATE TABLE people(id INTEGER PRIMARY KEY, a, b)`, `INSERT INTO people VALUES (1, 'a', 'b')`)
	load(t, Options{Path: path, Table: "people", Columns: cols("b", "id"), Mode: Append, OnConflict: Update}, row("B", 1))
	expect(t, "table", read(t, path, "SELECT * FROM people"), "1 a B")
}

func TestAKeyIsNeverNull(t *testing.T) {
	path := database(t, `CREATE TABLE people(id INTEGER PRIMARY KEY, name)`)
	o := load(t, Options{Path: path, Table: "people", Columns: cols("id", "name"), Mode: Append, Key: []string{"id"}}, row(nil, "x"), row(7, "y"))
	expect(t, "rejects", rejects(o), "1 id: a value is needed here: it is the key")
	o = load(t, Options{Path: path, Table: "people", Columns: cols("id", "name"), Mode: Append}, row(nil, "z"))
	expect(t, "rejects", rejects(o), "")
	expect(t, "table", read(t, path, "SELECT * FROM people"), "7 y\n8 z")
}
