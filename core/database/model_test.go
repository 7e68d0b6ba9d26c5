package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// worlds are tables that rows are poured into, with every rule there is.
var worlds = [][]string{
	{`CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT UNIQUE, c INTEGER CHECK (c < 8))`},
	{`CREATE TABLE t(a INTEGER, b TEXT NOT NULL DEFAULT 'd', c, UNIQUE (a), UNIQUE (b, c))`},
	{`CREATE TABLE t(a INTEGER NOT NULL, b TEXT, c REAL, PRIMARY KEY (a)) WITHOUT ROWID`},
	{`CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c INTEGER) STRICT`},
	{`CREATE TABLE p(k INTEGER PRIMARY KEY)`, `INSERT INTO p VALUES (1), (2), (3), (4)`, `CREATE TABLE t(a UNIQUE, b, c REFERENCES p DEFERRABLE INITIALLY DEFERRED)`},
	{`CREATE TABLE p(k INTEGER PRIMARY KEY)`, `INSERT INTO p VALUES (1), (2), (3), (4)`, `CREATE TABLE t(a UNIQUE, b CHECK (b <> 'x'), c REFERENCES p)`},
	{
		`CREATE TABLE t(a UNIQUE, b, c)`, `CREATE TABLE log(a, b UNIQUE)`,
		`CREATE TRIGGER g AFTER INSERT ON t WHEN new.c > 3 BEGIN INSERT INTO log VALUES (new.a, new.b); END`,
		`CREATE TRIGGER h BEFORE INSERT ON t WHEN new.c = 1 BEGIN SELECT RAISE(IGNORE); END`,
	},
	{`CREATE TABLE t(a UNIQUE, b, c)`, `CREATE TRIGGER g AFTER INSERT ON t WHEN new.c = 5 BEGIN SELECT RAISE(ROLLBACK, 'five'); END`},
	{`CREATE TABLE t(a UNIQUE, b, c)`, `CREATE TRIGGER g AFTER UPDATE ON t WHEN new.c = 5 BEGIN SELECT RAISE(FAIL, 'five'); END`},
	{`CREATE TABLE t(a UNIQUE, b, c, g AS (json_extract(b, '$')) STORED)`},
}

func smallValue() *rapid.Generator[any] {
	return rapid.SampledFrom([]any{nil, 1, 2, 3, 4, 5, 6, 7, 8, 9, "x", "y", "1", "{", "02", 1.5, 2.0})
}

// TestALaneDoesWhatSingleRowsDo pours random rows into a table by batches, and
// into another like it one by one: tables, counts and rejects are the same.
func TestALaneDoesWhatSingleRowsDo(t *testing.T) {
	t.Parallel()
	ctx, folder, n := context.Background(), t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		world := rapid.SampledFrom(worlds).Draw(rt, "world")
		o := Options{Table: "t", Columns: cols("a", "b", "c"), Mode: Append, CommitRows: 7}
		o.OnConflict = rapid.SampledFrom([]Policy{RejectRow, Skip, ReplaceRow, Update}).Draw(rt, "policy")
		if strings.Contains(strings.Join(world, ""), "REFERENCES") {
			// A row that refers to nothing may be replaced in its own batch
			// before foreign keys are judged.
			o.OnConflict = rapid.SampledFrom([]Policy{RejectRow, Skip}).Draw(rt, "policy")
		}
		if o.OnConflict == Update || rapid.Bool().Draw(rt, "keyed") {
			o.Key = []string{"a"}
		}
		rows := rapid.SliceOfN(rapid.SliceOfN(smallValue(), 3, 3), 1, 40).Draw(rt, "rows")
		paths := [2]string{filepath.Join(folder, fmt.Sprint(n, "lane.db")), filepath.Join(folder, fmt.Sprint(n, "rows.db"))}
		for _, path := range paths {
			outside(t, path, world...)
			defer os.Remove(path)
		}
		o.Path = paths[0]
		byLane, err := pouredByLane(ctx, rt, o, rows)
		if err != nil {
			rt.Fatal(err)
		}
		o.Path = paths[1]
		byRows, err := pouredByRows(ctx, o, rows)
		if err != nil {
			rt.Fatal(err)
		}
		if byLane != byRows {
			rt.Fatalf("lane:\n%s\nrows:\n%s", byLane, byRows)
		}
		for _, query := range []string{"SELECT a, quote(b), quote(c) FROM t ORDER BY 1, 2, 3", "SELECT count(*) FROM t", "PRAGMA integrity_check", "PRAGMA foreign_key_check"} {
			if l, r := read(t, paths[0], query), read(t, paths[1], query); l != r {
				rt.Fatalf("%s: lane:\n%s\nrows:\n%s", query, l, r)
			}
		}
	})
}

func pouredByLane(ctx context.Context, t *rapid.T, o Options, rows [][]any) (string, error) {
	l, err := Open(ctx, o)
	if err != nil {
		return "", err
	}
	defer l.Close()
	var sum Outcome
	for from := 0; from < len(rows); {
		to := rapid.IntRange(from+1, len(rows)).Draw(t, "to")
		out, err := l.Write(ctx, sheet{from, rows[from:to]})
		if err != nil {
			return "", err
		}
		sum.add(out)
		from = to
	}
	_, err = l.Finish(ctx)
	p := l.Progress()
	if p.Inserted != int64(sum.Inserted) || p.Updated != int64(sum.Updated) || p.Skipped != int64(sum.Skipped) || p.Rejected != int64(len(sum.Rejects)) {
		t.Fatalf("%+v, but the sum is %+v", p, sum)
	}
	return sum.String(), err
}

func pouredByRows(ctx context.Context, o Options, rows [][]any) (string, error) {
	r, err := OpenRows(ctx, o)
	if err != nil {
		return "", err
	}
	defer r.Close()
	var sum Outcome
	for i := range rows {
		out, err := r.Insert(ctx, sheet{0, rows}, i)
		if refused, ok := errors.AsType[*RefusedError](err); ok {
			out.Rejects = []Reject{{Line: int64(i + 1), Reason: refused.Reason}}
		} else if err != nil {
			return "", err
		}
		sum.add(out)
	}
	return sum.String(), nil
}

func (o *Outcome) add(more Outcome) {
	o.Inserted += more.Inserted
	o.Updated += more.Updated
	o.Skipped += more.Skipped
	o.Rejects = append(o.Rejects, more.Rejects...)
}

func (o Outcome) String() string {
	return fmt.Sprintf("%d inserted, %d updated, %d skipped\n%s", o.Inserted, o.Updated, o.Skipped, rejects(o))
}

// TestALoadWithAccidents writes, commits, is cancelled and crashes in any
// order, and goes on each time: in the end every row is there once.
func TestALoadWithAccidents(t *testing.T) {
	t.Parallel()
	const records = 200
	ctx, folder, n := context.Background(), t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(folder, fmt.Sprint(n, ".db"))
		defer os.Remove(path)
		mode := rapid.SampledFrom([]Mode{Create, Append, Replace}).Draw(rt, "mode")
		if mode != Create {
			outside(t, path, checked)
		}
		o := resumable(path)
		o.Mode, o.CommitRows = mode, rapid.IntRange(1, 100).Draw(rt, "commit")
		l, err := Open(ctx, o)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { l.Close() }()
		o.Resume = true
		for at := 0; at < records; {
			s := source(at, records, rapid.IntRange(1, 60).Draw(rt, "size"))[0]
			switch rapid.SampledFrom([]string{"write", "write", "write", "commit", "crash", "cancel", "reached"}).Draw(rt, "what") {
			case "write":
				_, err = l.Write(ctx, s)
				at += len(s.rows)
			case "commit":
				err = l.Commit(ctx)
			case "reached":
				l.Reached(int64(at)*10, int64(at)+1)
			case "cancel":
				ended, cancel := context.WithCancel(ctx)
				cancel()
				if _, err := l.Write(ended, s); !errors.Is(err, context.Canceled) {
					rt.Fatal("a cancelled write:", err)
				}
				if rapid.Bool().Draw(rt, "keep") {
					if err := l.Commit(ctx); err != nil {
						rt.Fatal(err)
					}
				}
				fallthrough
			case "crash":
				l.Close()
				l, err = Open(ctx, o)
				if err == nil {
					at = int(l.Progress().Offset / 10)
				}
			}
			if err != nil {
				rt.Fatal(err)
			}
		}
		if _, err := l.Finish(ctx); err != nil {
			rt.Fatal(err)
		}
		want := "200 200"
		if mode == Append {
			want = "180 180"
		}
		if got := read(t, path, "SELECT count(*), count(DISTINCT n) FROM t"); got != want {
			rt.Fatalf("%s rows, want %s", got, want)
		}
		if p := l.Progress(); fmt.Sprint(p.Inserted, " ", p.Inserted) != want || p.Inserted+p.Rejected != records {
			rt.Fatalf("%+v", p)
		}
	})
}

func TestTheStatementsOfThePolicies(t *testing.T) {
	s := &shape{name: `a"b`, columns: []field{{name: "k", key: 1}, {name: "v w"}, {name: "x"}}}
	for policy, want := range map[Policy]string{
		RejectRow:  `INSERT OR FAIL INTO main."a""b"("v w", "k") FROM`,
		Skip:       `INSERT OR FAIL INTO main."a""b"("v w", "k") FROM ON CONFLICT DO NOTHING`,
		ReplaceRow: `INSERT OR REPLACE INTO main."a""b"("v w", "k") FROM`,
		Update:     `INSERT OR FAIL INTO main."a""b"("v w", "k") FROM ON CONFLICT("k") DO UPDATE SET "v w" = excluded."v w"`,
	} {
		p, err := newPlan(s, &Options{Columns: cols("V W", "K"), OnConflict: policy})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, string(policy), strings.TrimSpace(p.insert("FROM")), want)
	}
}
