package load_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"manyhands/core"
	"manyhands/core/load"
)

func users(t *testing.T, n int) *load.Config {
	t.Helper()
	c := settings(t)
	c.Files, c.Table, c.Generate = nil, "users", n
	return c
}

// allUsers expects so many generated users, each once.
func allUsers(t *testing.T, c *load.Config, n int) {
	t.Helper()
	equal(t, "users", query(t, c.DB, `SELECT count(*), min(id), max(id), sum(name = 'User' || id), sum(email = 'user' || id || '@example.com'),
		sum(created_at GLOB '20[0-9][0-9]-[0-9][0-9]-[0-9][0-9] *') FROM users`), fmt.Sprintf("%d|0|%d|%d|%d|%d", n, n-1, n, n, n))
	sound(t, c.DB)
}

func TestEachRowIsCommitted(t *testing.T) {
	t.Parallel()
	const n = 1000
	c := users(t, n)
	c.Commit, c.Workers = "each-row", 8
	o := succeed(t, c)
	allUsers(t, c, n)
	equal(t, "items", []int{o.report.Items, o.report.OK}, []int{n, n})
	equal(t, "notes", o.notes(), "1,000 rows inserted")
	slices.SortFunc(o.rows, func(a, b core.Row) int { return a.Seq - b.Seq })
	equal(t, "an item", o.rows[41].Item, "users line 42")
	equal(t, "what it tells", o.rows[41].Out, load.Batch{Step: "write", Rows: 1, Inserted: 1})
}

func TestRefusedRowsFailByThemselves(t *testing.T) {
	t.Parallel()
	c := keyed(t, ragged)
	c.Commit, c.Workers = "each-row", 1
	o := succeed(t, c)
	equal(t, "rows", query(t, c.DB, "SELECT id FROM t"), "1\n3\n4")
	equal(t, "failed", o.errors(), "a.csv line 4: id: another row has this value already")
	got := rejected(t, beside(c))
	slices.Sort(got) // rows end in any order
	equal(t, "rejects", got, raggedRejects)
	contains(t, "notes", o.notes(), "3 rows inserted", "2 rows rejected: "+beside(c))
}

func TestEachRowMeetsAKey(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]string{
		"skip": `1|"a"|1 row inserted, 1 skipped|1`, "replace": `1|"b"|1 row inserted, 1 updated|0`, "update": `1|"b"|1 row inserted, 1 updated|0`,
	} {
		c := keyed(t, "id,n\n1,a\n1,b\n")
		c.Commit, c.Conflict, c.Workers = "each-row", policy, 1
		o := succeed(t, c)
		equal(t, policy, fmt.Sprint(query(t, c.DB, "SELECT * FROM t"), "|", o.notes(), "|", o.report.Skipped), want)
	}
}

func TestEachRowOfSeveralFiles(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id,n\n1,x\n2,y\n"), write(t, "gone.csv", ""), write(t, "b.csv", "n,id\nz,3\n"))
	c.Commit = "each-row"
	o := succeed(t, c)
	equal(t, "rows", query(t, c.DB, "SELECT * FROM t ORDER BY id"), `1|"x"`+"\n"+`2|"y"`+"\n"+`3|"z"`)
	contains(t, "failed", o.errors(), "gone.csv: ", "the file is empty")
	fails(t, c, "the table is there already")
	succeed(t, again(c, "append"))
	equal(t, "rows twice", query(t, c.DB, "SELECT count(*) FROM t"), 6)
}

func TestEachRowIsCancelled(t *testing.T) {
	t.Parallel()
	c := users(t, 1_000_000)
	c.Commit, c.Workers = "each-row", 4
	o := start(t, c)
	until(t, "some rows", func() bool { return o.run.Progress().Done() > 20 })
	o.run.Cancel()
	if o.wait(); !errors.Is(o.err, core.ErrCancelled) {
		t.Errorf("cancelled: %v", o.err)
	}
	if n := query(t, c.DB, "SELECT count(*) FROM users"); n != fmt.Sprint(o.report.OK) {
		t.Errorf("%s rows, %d are said to be written", n, o.report.OK)
	}
	sound(t, c.DB)
}

// Two runs on one file take turns; none is told that it is locked.
func TestTwoRunsCommitEachRow(t *testing.T) {
	t.Parallel()
	one, two := users(t, 200), users(t, 200)
	two.DB, two.Table = one.DB, "more"
	one.Commit, two.Commit, one.Workers, two.Workers = "each-row", "each-row", 4, 4
	alter(t, one.DB, "CREATE TABLE other(x)")
	var both [2]*outcome
	var wg sync.WaitGroup
	for i, c := range []*load.Config{one, two} {
		wg.Go(func() { both[i] = attempt(t, c) }) // ends with the run
	}
	wg.Wait()
	for _, o := range both {
		if o.err != nil || o.report.OK != 200 {
			t.Errorf("%d of 200: %v\n%s", o.report.OK, o.err, o.errors())
		}
	}
	allUsers(t, one, 200)
	equal(t, "the other table", query(t, one.DB, "SELECT count(*), sum(id) FROM more"), "200|19900")
}

func TestGeneratedUsers(t *testing.T) {
	t.Parallel()
	const n = 12_123
	c := users(t, n)
	o := succeed(t, c)
	allUsers(t, c, n)
	equal(t, "notes", o.notes(), "12,123 rows inserted")
	equal(t, "key", query(t, c.DB, "SELECT name, pk FROM pragma_table_info('users')"), strings.Join([]string{`"id"|1`, `"name"|0`, `"email"|0`, `"created_at"|0`}, "\n"))
	fails(t, c, "the table is there already")
}

func TestGeneratedUsersAreResumed(t *testing.T) {
	t.Parallel()
	const n = 30_000
	c := users(t, n)
	c.Small(0, 5000)
	o := stopped(t, c, 1)
	contains(t, "notes", o.notes(), "has not ended")
	fails(t, c, "a load of 30000 generated users into table users is under way, or was stopped, after ")
	succeed(t, again(c, "resume"))
	allUsers(t, c, n)
}

func TestGeneratedUsersAreAdded(t *testing.T) {
	t.Parallel()
	c := users(t, 100)
	alter(t, c.DB, "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT, created_at TEXT DEFAULT '2026-01-01 then', x)",
		"INSERT INTO users VALUES (7, 'mine', 'me@example.com', 'now', 1)")
	o := succeed(t, again(c, "append"))
	equal(t, "users", query(t, c.DB, "SELECT count(*), sum(name = 'mine'), sum(created_at = '2026-01-01 then') FROM users"), "100|1|99")
	equal(t, "rejects", rejected(t, beside(c)), []string{"8|id: another row has this value already|7,User7,user7@example.com"})
	contains(t, "notes", o.notes(), "99 rows inserted", "1 row rejected")
}
