package database

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// source is n records as batches of size; record i is (i, "row i"), and every
// tenth is refused by a CHECK.
func source(from, n, size int) []sheet {
	var all []sheet
	for from < n {
		s := sheet{first: from}
		for range min(size, n-from) {
			v := any(fmt.Sprintf("row %d", from))
			if from%10 == 9 {
				v = "bad"
			}
			s.rows = append(s.rows, row(from, v))
			from++
		}
		all = append(all, s)
	}
	return all
}

const checked = `CREATE TABLE t(n INTEGER, v TEXT CHECK (v <> 'bad'))`

func resumable(path string) Options {
	return Options{
		Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, CommitRows: 100,
		Source: Source{Name: "rows.csv", Identity: "1"},
	}
}

func TestALoadGoesOnWhereItStopped(t *testing.T) {
	path := database(t, checked)
	o := resumable(path)
	var mark Mark
	rejected := 0
	o.Mark = func() (Mark, error) { return Mark{int64(rejected), fmt.Sprint("note ", rejected)}, nil }
	l := open(t, o)
	for _, s := range source(0, 450, 50) {
		rejected += len(write(t, l, s).Rejects)
	}
	p := l.Progress()
	expect(t, "progress", fmt.Sprint(p.Offset, p.Line, p.Inserted, p.Rejected, p.Mark), "4000 401 360 40 {40 note 40}")
	l.Close()
	expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), "360")

	_, err := Open(context.Background(), o)
	unfinished, ok := errors.AsType[*UnfinishedError](err)
	if !ok {
		t.Fatalf("%v, want an unfinished load", err)
	}
	expectError(t, "error", err, "rows.csv into t has not ended", "line 401", "resume it, undo it or forget it")
	expect(t, "progress of it", unfinished.Load.Progress, p)

	o.Resume, mark = true, p.Mark
	l = open(t, o)
	p = l.Progress()
	expect(t, "progress again", fmt.Sprint(p.Offset, p.Line, p.Inserted, p.Rejected), "4000 401 360 40")
	expect(t, "mark", p.Mark, mark)
	for _, s := range source(400, 1000, 50) {
		rejected += len(write(t, l, s).Rejects)
	}
	finish(t, l)
	expect(t, "rows", read(t, path, "SELECT count(*), count(DISTINCT n), max(n) FROM t"), "900 900 998")
	p = l.Progress()
	expect(t, "end", fmt.Sprint(p.Offset, p.Line, p.Inserted, p.Rejected), "10000 1001 900 100")
	sound(t, path)
}

func TestALoadThatDoesNotFitIsNotResumed(t *testing.T) {
	path := database(t, checked)
	for name, c := range map[string]struct {
		change func(*Options)
		want   error
	}{
		"another file":      {func(o *Options) { o.Source.Identity = "2" }, ErrChanged},
		"another name":      {func(o *Options) { o.Source.Name = "other.csv" }, ErrNoLoad},
		"another table":     {func(o *Options) { o.Table = "u" }, ErrNoLoad},
		"another way":       {func(o *Options) { o.Mode = Replace }, nil},
		"the table is gone": {func(*Options) { outside(t, path, "ALTER TABLE t RENAME TO gone") }, ErrNoTable},
	} {
		outside(t, path, "DROP TABLE IF EXISTS t", "DROP TABLE IF EXISTS _manyhands_load", checked)
		l := open(t, resumable(path))
		write(t, l, source(0, 10, 10)[0])
		if err := l.Commit(context.Background()); err != nil {
			t.Fatal(err)
		}
		l.Close()
		o := resumable(path)
		o.Resume = true
		c.change(&o)
		_, err := Open(context.Background(), o)
		expectError(t, name, err)
		if c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestRecordsThatAreNoRowsCountAsRead(t *testing.T) {
	path := database(t, checked)
	l := open(t, resumable(path))
	l.Reached(7, 2) // a header
	expect(t, "before a commit", l.Progress().Offset, 0)
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	expect(t, "after it", fmt.Sprint(l.Progress().Offset, l.Progress().Line), "7 2")
	write(t, l, source(0, 10, 10)[0])
	l.Reached(110, 12)
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	expect(t, "behind the rows", fmt.Sprint(l.Progress().Offset, l.Progress().Line), "110 12")
	finish(t, l)
}

func TestARecordOfSeveralLines(t *testing.T) {
	path := database(t, checked)
	l := open(t, resumable(path))
	if _, err := l.Write(context.Background(), lines{sheet{rows: [][]any{row(1, "a"), row(2, "b")}}}); err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	expect(t, "line", l.Progress().Line, 2+3) // record 2 begins at line 2 and has three
	l.Close()
}

// lines is a sheet whose records have three lines each.
type lines struct{ sheet }

func (lines) Raw(int) []byte { return []byte("x,\"1\n2\n3\"\r\n") }

func TestTwoProgramsResumeOneLoad(t *testing.T) {
	// The second takes it over; the first must not write any more.
	path := database(t, checked)
	first := open(t, resumable(path))
	write(t, first, source(0, 100, 100)[0])
	if err := first.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	o := resumable(path)
	o.Resume = true
	second := open(t, o)
	_, err := first.Write(context.Background(), source(100, 200, 100)[0])
	expect(t, "taken over", errors.Is(err, ErrTakenOver), true)
	write(t, second, source(100, 200, 100)[0])
	finish(t, second)
	expect(t, "rows", read(t, path, "SELECT count(*), count(DISTINCT n) FROM t"), "180 180")
	first.Close()
	sound(t, path)
}

func TestAForgottenLoadStops(t *testing.T) {
	path := database(t, checked)
	l := open(t, resumable(path))
	write(t, l, source(0, 100, 100)[0])
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	loads, err := List(context.Background(), path)
	if err != nil || len(loads) != 1 || loads[0].Source.Name != "rows.csv" || loads[0].Progress.Inserted != 90 || loads[0].Mode != Append {
		t.Fatalf("%+v %v", loads, err)
	}
	if err := Forget(context.Background(), path, loads[0].ID); err != nil {
		t.Fatal(err)
	}
	_, err = l.Write(context.Background(), source(100, 200, 100)[0])
	expect(t, "stopped", errors.Is(err, ErrTakenOver), true)
	_, err = l.Finish(context.Background())
	expect(t, "not finished", errors.Is(err, ErrTakenOver), true)
	l.Close()
	expect(t, "rows stay", read(t, path, "SELECT count(*) FROM t"), "90")
	expectError(t, "again", Forget(context.Background(), path, loads[0].ID), "no unfinished load")
	sound(t, path)
	load(t, resumable(path), row(1, "x")) // a new load of the same file may begin
}

func TestAMarkThatFailsEndsTheLoad(t *testing.T) {
	path := database(t, checked)
	o := resumable(path)
	o.Mark = func() (Mark, error) { return Mark{}, errors.New("rejects.csv: disk full") }
	l := open(t, o)
	write(t, l, source(0, 100, 100)[0])
	expectError(t, "commit", l.Commit(context.Background()), "rejects.csv")
	_, err := l.Write(context.Background(), source(100, 200, 100)[0])
	expectError(t, "write", err, "rejects.csv")
	l.Close()
	expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), "0")
}

func TestASchemaThatChangesBetweenBatches(t *testing.T) {
	path := database(t, checked)
	l := open(t, resumable(path))
	next := func(from int) Outcome {
		o := write(t, l, source(from, from+10, 10)[0])
		if err := l.Commit(context.Background()); err != nil {
			t.Fatal(err)
		}
		return o
	}
	next(0)
	outside(t, path, `CREATE TRIGGER g BEFORE INSERT ON t WHEN new.n = 15 BEGIN SELECT RAISE(ABORT, 'no'); END`)
	expect(t, "a trigger", rejects(next(10)), "16 no (says a trigger of the table)\n20 it breaks the table's rule v <> 'bad' (CHECK)")
	outside(t, path, `DROP TRIGGER g`, `ALTER TABLE t ADD COLUMN extra DEFAULT 'e'`)
	next(20)
	expect(t, "rows", read(t, path, "SELECT count(*), count(extra) FROM t"), "26 26")
	outside(t, path, `ALTER TABLE t RENAME COLUMN v TO w`)
	_, err := l.Write(context.Background(), source(30, 40, 10)[0])
	expectError(t, "a column is gone", err, "the table t has no column v")
	l.Close()
}
