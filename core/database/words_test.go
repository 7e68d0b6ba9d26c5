package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"modernc.org/sqlite"
)

// failing is SQLite's own error of a statement that is the last of several.
func failing(t *testing.T, statements ...string) error {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for i, s := range statements {
		if _, err = db.Exec(s); err != nil && i < len(statements)-1 {
			t.Fatal(err)
		}
	}
	if err == nil {
		t.Fatalf("%s did not fail", statements[len(statements)-1])
	}
	return err
}

func TestReasonsInWords(t *testing.T) {
	for name, c := range map[string]struct {
		table, statement, want string
	}{
		"one column":            {`"t"(a UNIQUE)`, `INSERT INTO "t" VALUES (1), (1)`, "a: another row has this value already"},
		"several columns":       {`"t"(a, "b c", UNIQUE (a, "b c"))`, `INSERT INTO "t" VALUES (1, 2), (1, 2)`, "a, b c: another row has these values already"},
		"a column with a dot":   {`"t"("t.a" UNIQUE)`, `INSERT INTO "t" VALUES (1), (1)`, "t.a: another row has this value already"},
		"a row number":          {`"t"(a INTEGER PRIMARY KEY)`, `INSERT INTO "t" VALUES (1), (1)`, "a: another row has this value already"},
		"NOT NULL":              {`"t"(a NOT NULL)`, `INSERT INTO "t" VALUES (NULL)`, "a: a value is needed here (NOT NULL)"},
		"CHECK with a colon":    {`"t"(a CHECK (a <> ' failed: '))`, `INSERT INTO "t" VALUES (' failed: ')`, "it breaks the table's rule a <> ' failed: ' (CHECK)"},
		"a strict type":         {`"t"(a INT) STRICT`, `INSERT INTO "t" VALUES ('x')`, "a: the column takes INT only, not TEXT"},
		"a strict BLOB":         {`"t"("x y" BLOB) STRICT`, `INSERT INTO "t" VALUES (1.5)`, "x y: the column takes BLOB only, not REAL"},
		"a message in a number": {`"t"(a); CREATE TRIGGER g BEFORE INSERT ON "t" BEGIN SELECT RAISE(ABORT, 'see (7)'); END`, `INSERT INTO "t" VALUES (1)`, "see (7) (says a trigger of the table)"},
	} {
		s := &shape{name: "t", alias: "a"}
		expect(t, name, s.reason(failing(t, "CREATE TABLE "+c.table, c.statement)), c.want)
	}
}

func TestTroublesInWords(t *testing.T) {
	path := database(t, "CREATE TABLE t(a)")
	full := func() error {
		db, _ := sql.Open("sqlite", path)
		defer db.Close()
		db.SetMaxOpenConns(1)
		_, _ = db.Exec("PRAGMA max_page_count = 2")
		_, err := db.Exec("INSERT INTO t VALUES (zeroblob(100000))")
		return err
	}()
	text := explain("shop.db", full).Error()
	expectError(t, "full", explain("shop.db", full), "shop.db cannot grow: the disk is full")
	if e, ok := errors.AsType[*sqlite.Error](explain("shop.db", full)); !ok || e.Code() != 13 {
		t.Errorf("%s does not wrap SQLite's error", text)
	}
	expect(t, "cancelled", explain("shop.db", context.Canceled), context.Canceled)
	expect(t, "nothing", explain("shop.db", nil), nil)
	expectError(t, "other", explain("shop.db", failing(t, "SELECT nope")), "shop.db: ", "no such column: nope")
	plain := errors.New("plain")
	expect(t, "not SQLite's", explain("shop.db", plain), plain)
}

func TestPathsAreEscaped(t *testing.T) {
	for path, want := range map[string]string{
		"/a/b.db":       "file:///a/b.db?mode=rw&",
		"/a b/c?d#e%20": "file:///a%20b/c%3Fd%23e%2520?mode=rw&",
		"/dé":           "file:///d%C3%A9?mode=rw&",
	} {
		got, err := dsn(path, mustExist, []string{"foreign_keys(on)"})
		expect(t, path, err, nil)
		if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "_txlock=immediate&_pragma=busy_timeout(50)&_pragma=foreign_keys(on)") {
			t.Errorf("%s: %s, want %s…", path, got, want)
		}
	}
}

func TestARelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	load(t, Options{Path: "new.db", Table: "t", Columns: cols("a")}, row(1))
	expect(t, "rows", read(t, "new.db", "SELECT * FROM t"), "1")
}

func TestOpenTellsThatItWaits(t *testing.T) {
	for _, lock := range []string{"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"} {
		path := database(t, `CREATE TABLE t(a)`)
		release := hold(t, path, lock)
		waits := new(atomic.Bool)
		o := Options{Path: path, Table: "t", Columns: cols("a"), Mode: Append, Waits: waits}
		opened := make(chan error)
		go func() { // ends when the lock is given back
			l, err := Open(context.Background(), o)
			if err == nil {
				err = l.Close()
			}
			opened <- err
		}()
		for began := time.Now(); !waits.Load() && time.Since(began) < patience; {
			time.Sleep(time.Millisecond)
		}
		expect(t, lock+": waits", waits.Load(), true)
		release()
		expect(t, lock+": opened", <-opened, nil)
		expect(t, lock+": waits no more", waits.Load(), false)
	}
}

func TestOpenIsCancelled(t *testing.T) {
	path := database(t, `CREATE TABLE t(a)`)
	release := hold(t, path, "BEGIN EXCLUSIVE")
	defer release()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err := Open(ctx, Options{Path: path, Table: "t", Columns: cols("a"), Mode: Append})
	expect(t, "cancelled", errors.Is(err, context.DeadlineExceeded), true)
	_, err = Browse(ctx, path)
	expect(t, "browsing, too", errors.Is(err, context.DeadlineExceeded), true)
}

func TestCommitsAreMadeInTime(t *testing.T) {
	path := database(t, `CREATE TABLE t(n INTEGER, v)`)
	for name, c := range map[string]struct {
		o    Options
		want []int64 // committed after each of four batches of ten
	}{
		"by rows":     {Options{CommitRows: 20}, []int64{0, 0, 20, 20}},
		"each batch":  {Options{CommitRows: 1}, []int64{0, 10, 20, 30}},
		"by time":     {Options{CommitEvery: time.Nanosecond}, []int64{0, 10, 20, 30}},
		"as is usual": {Options{CommitEvery: time.Hour}, []int64{0, 0, 0, 0}},
	} {
		c.o.Path, c.o.Table, c.o.Columns, c.o.Mode = path, "t", cols("n", "v"), Append
		l := open(t, c.o)
		for i, want := range c.want {
			write(t, l, flood(10))
			expect(t, fmt.Sprint(name, " ", i), l.Progress().Inserted, want)
		}
		finish(t, l)
		expect(t, name, l.Progress().Inserted, 40)
	}
}

func TestEmptyBatches(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	l := open(t, Options{Path: path, Table: "t", Columns: cols("a")})
	o := write(t, l, sheet{})
	expect(t, "outcome", o.String(), Outcome{}.String())
	finish(t, l)
	expect(t, "table", read(t, path, "SELECT count(*) FROM t"), "0")
	sound(t, path)
}

// TestCommitLetsOthersWrite shows why a source that stops has to Commit.
func TestCommitLetsOthersWrite(t *testing.T) {
	path := database(t, `CREATE TABLE t(n INTEGER, v)`)
	l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append})
	write(t, l, flood(1))
	other, err := openLink(context.Background(), path, mustExist, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()
	try := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		return other.within(ctx, func() error { return nil })
	}
	expect(t, "locked", errors.Is(try(), context.DeadlineExceeded), true)
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	expect(t, "free", try(), nil)
}
