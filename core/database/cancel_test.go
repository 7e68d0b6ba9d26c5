package database

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"manyhands/core/cell"
)

// flood is a batch of any size that takes no memory: n, and texts.
type flood int

func (f flood) Len() int { return int(f) }
func (flood) Kind(_, col int) cell.Kind {
	if col == 0 {
		return cell.Integer
	}
	return cell.Text
}
func (flood) Int(row, _ int) int64   { return int64(row + 1) }
func (flood) Real(int, int) float64  { return 0 }
func (flood) Text(row, _ int) string { return floodTexts[row%len(floodTexts)] }
func (flood) Line(row int) int64     { return int64(row + 1) }
func (flood) Raw(int) []byte         { return nil }
func (flood) End(row int) int64      { return int64(row + 1) }

var floodTexts = [...]string{"Ada Lovelace", "ada@example.com", "2026-01-02T03:04:05Z", "x", ""}

// patience is how long a test waits for what should take 0.2 s.
const patience = 10 * time.Second

func TestCancelInsideAStatement(t *testing.T) {
	const many = 5_000_000
	for name, c := range map[string]struct {
		batch  flood
		schema string
	}{
		"at a row":                     {many, `SELECT 1`},
		"in what triggers do":          {10, `CREATE TRIGGER g AFTER INSERT ON t WHEN new.n = 10 BEGIN SELECT count(*) FROM big a, big b, big c; END`},
		"while a statement is rewound": {many, `CREATE TRIGGER g AFTER INSERT ON t WHEN new.n % 7 = 0 BEGIN SELECT RAISE(ABORT, 'no'); END`},
	} {
		path := database(t, `CREATE TABLE t(n INTEGER, v)`, `CREATE TABLE big(a)`,
			`INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i FROM n`, c.schema)
		l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, Source: Source{Name: "f"}})
		const before = 5 // rows, which an interrupt may take away
		write(t, l, flood(before))
		ctx, cancel := context.WithCancel(context.Background())
		cancelled := make(chan time.Time, 1)
		time.AfterFunc(150*time.Millisecond, func() { cancelled <- time.Now(); cancel() })
		o, err := l.Write(ctx, c.batch)
		took := time.Since(<-cancelled)
		t.Logf("%s: %v, %d rows", name, took, o.Inserted)
		expect(t, name+": cancelled", errors.Is(err, context.Canceled), true)
		expect(t, name+": soon", took < patience, true)
		if err := l.Commit(context.Background()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, err = l.Write(context.Background(), flood(1))
		expectError(t, name+": no more can be written", err)
		l.Close()
		p := l.Progress()
		expect(t, name+": rows", read(t, path, "SELECT count(*) FROM t"), fmt.Sprint(p.Inserted))
		place := p.Inserted + p.Rejected
		if o.Inserted+len(o.Rejects) > 0 {
			place -= before // the batch began at 0 again
		}
		expect(t, name+": place", p.Offset, place)
	}
}

func TestCancelKeepsEarlierBatches(t *testing.T) {
	path := database(t, `CREATE TABLE t(n INTEGER, v)`)
	l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append})
	write(t, l, flood(1000))
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := l.Write(ctx, flood(5_000_000)); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	finish(t, l)
	expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), "1000")
}

// stopping is a sheet that calls stop when one of its rows is read.
type stopping struct {
	sheet
	row  int
	stop func()
}

func (s stopping) Text(row, col int) string {
	if row == s.row {
		s.stop()
	}
	return s.sheet.Text(row, col)
}

func TestCancelInsideABatchKeepsAPart(t *testing.T) {
	path := database(t, `CREATE TABLE t(n INTEGER, v TEXT CHECK (v <> 'bad'))`)
	s := sheet{}
	for i := range 500 {
		s.rows = append(s.rows, row(i, "good"))
	}
	s.rows[50][0] = "99999999999999999999" // found before anything is written
	s.rows[100][1] = "bad"
	s.rows[400][0] = "99999999999999999999"
	l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, Source: Source{Name: "f"}})
	ctx, cancel := context.WithCancel(context.Background())
	o, err := l.Write(ctx, stopping{s, 200, cancel})
	expect(t, "cancelled", errors.Is(err, context.Canceled), true)
	expect(t, "inserted", o.Inserted, 99)
	expect(t, "rejects", len(o.Rejects), 2)
	expect(t, "commit", l.Commit(context.Background()), nil)
	l.Close()
	p := l.Progress()
	expect(t, "progress", fmt.Sprint(p.Offset, p.Line, p.Inserted, p.Rejected), "1010 102 99 2")

	l = open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, Source: Source{Name: "f"}, Resume: true})
	write(t, l, sheet{101, s.rows[101:]})
	finish(t, l)
	expect(t, "rows", read(t, path, "SELECT count(*), count(DISTINCT n), max(n) FROM t"), "497 497 499")
}

// stoppingFlood is a flood that calls stop when one of its rows is read.
type stoppingFlood struct {
	flood
	row  int
	stop func()
}

func (f stoppingFlood) Text(row, col int) string {
	if row == f.row {
		f.stop()
	}
	return f.flood.Text(row, col)
}

func TestCancelInTheMiddleOfALargeBatch(t *testing.T) {
	path := database(t, `CREATE TABLE t(n INTEGER, v)`)
	l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, Source: Source{Name: "f"}})
	write(t, l, flood(1000))
	ctx, cancel := context.WithCancel(context.Background())
	var at time.Time
	o, err := l.Write(ctx, stoppingFlood{16_000, 8_000, func() { at = time.Now(); cancel() }})
	expect(t, "soon", time.Since(at) < patience, true)
	expect(t, "cancelled", errors.Is(err, context.Canceled), true)
	expect(t, "not committed", read(t, path, "SELECT count(*) FROM t"), "0")
	expect(t, "commit", l.Commit(context.WithoutCancel(ctx)), nil)
	l.Close()
	p := l.Progress()
	expect(t, "what is written", p.Inserted, int64(1000+o.Inserted))
	expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), fmt.Sprint(p.Inserted))
	expect(t, "the earlier batch", p.Inserted >= 1000, true)
}

func TestCancelAtAnyMoment(t *testing.T) {
	path := database(t, `CREATE TABLE t(n INTEGER, v)`)
	want := int64(0)
	for range 60 {
		l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, CommitRows: 1})
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rand.IntN(6_000))*time.Microsecond)
		var err error
		for err == nil {
			_, err = l.Write(ctx, flood(200))
		}
		cancel()
		expect(t, "cancelled", errors.Is(err, context.DeadlineExceeded), true)
		expect(t, "commit", l.Commit(context.Background()), nil)
		l.Close()
		want += l.Progress().Inserted
	}
	expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), fmt.Sprint(want))
}

// TestCancelWhileIndexesAreMade cancels Finish later and later until it gets
// through. In between the load is closed and resumed, or Finish is called again.
func TestCancelWhileIndexesAreMade(t *testing.T) {
	rows := 50_000
	if testing.Short() {
		rows = 5_000
	}
	path := database(t, `CREATE TABLE t(n INTEGER, v)`)
	o := Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, Index: []string{"n", "v"}, FTS: []string{"v"}, Source: Source{Name: "f"}}
	l := open(t, o)
	write(t, l, flood(rows))
	expect(t, "commit", l.Commit(context.Background()), nil)
	o.Resume = true
	for delay, cancelled := time.Millisecond, 0; ; delay, cancelled = delay*2, cancelled+1 {
		ctx, cancel := context.WithTimeout(context.Background(), delay)
		began := time.Now()
		_, err := l.Finish(ctx)
		cancel()
		if err == nil {
			expect(t, "cancelled at least once", cancelled > 0, true)
			break
		}
		expect(t, "cancelled", errors.Is(err, context.DeadlineExceeded), true)
		expect(t, "soon", time.Since(began) < delay+patience, true)
		expect(t, "nothing is made", read(t, path, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' OR name LIKE 't_fts%'"), "0")
		expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), fmt.Sprint(rows))
		if cancelled%2 == 0 {
			l.Close()
			l = open(t, o)
		}
	}
	l.Close()
	expect(t, "indexes", read(t, path, "SELECT count(*) FROM sqlite_schema WHERE name IN ('t_n_idx', 't_v_idx', 't_fts')"), "3")
	expect(t, "rows", read(t, path, "SELECT count(*), max(n) FROM t"), fmt.Sprint(rows, rows))
	sound(t, path)
}
