package database

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestRowsOneByOne(t *testing.T) {
	ctx := context.Background()
	for policy, want := range map[Policy]string{
		RejectRow:  "1 0 0 id: another row has this value already",
		Skip:       "1 0 1 ",
		ReplaceRow: "1 1 0 ",
		Update:     "1 1 0 ",
	} {
		path := filepath.Join(t.TempDir(), "new.db")
		r, err := OpenRows(ctx, Options{Path: path, Table: "t", Columns: cols("id:INTEGER", "v:TEXT"), Key: []string{"id"}, OnConflict: policy})
		if err != nil {
			t.Fatal(err)
		}
		var sum Outcome
		var refused string
		s := sheet{rows: [][]any{row(1, "a"), row(1, "b"), row(nil, "c")}}
		for i := range 2 {
			o, err := r.Insert(ctx, s, i)
			if e, ok := errors.AsType[*RefusedError](err); ok {
				refused = e.Reason
			} else if err != nil {
				t.Error(err)
			}
			sum.Inserted, sum.Updated, sum.Skipped = sum.Inserted+o.Inserted, sum.Updated+o.Updated, sum.Skipped+o.Skipped
		}
		_, err = r.Insert(ctx, s, 2)
		expectError(t, "no key", err, "id: a value is needed here")
		expect(t, string(policy), fmt.Sprint(sum.Inserted, sum.Updated, sum.Skipped, " ", refused), want)
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		sound(t, path)
	}
}

func TestRowsThatAreRefusedOneByOne(t *testing.T) {
	ctx := context.Background()
	for name, v := range violations {
		path := database(t, v.schema...)
		r, err := OpenRows(ctx, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append, OnConflict: v.policy})
		if err != nil {
			t.Fatal(err)
		}
		for i, value := range []any{1, v.bad, 2} {
			_, err := r.Insert(ctx, sheet{rows: [][]any{row(i, value)}}, 0)
			_, refused := errors.AsType[*RefusedError](err)
			if refused != (i == 1) {
				t.Errorf("%s: %v", name, err)
			}
			if refused {
				expect(t, name, err.Error(), v.reason)
			}
		}
		r.Close()
		expect(t, name, read(t, path, "SELECT group_concat(id) FROM t WHERE id >= 0"), "0,2")
		sound(t, path)
	}
}

func TestManyWorkersLoseNoRow(t *testing.T) {
	ctx := context.Background()
	for _, mode := range []string{"delete", "wal"} {
		path := database(t, "PRAGMA journal_mode = "+mode, `CREATE TABLE t(n INTEGER PRIMARY KEY, worker)`)
		const workers = 8
		each := 125
		if testing.Short() {
			each = 12
		}
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() { // ends after its rows
				r, err := OpenRows(ctx, Options{Path: path, Table: "t", Columns: cols("n", "worker"), Mode: Append})
				if err != nil {
					t.Error(err)
					return
				}
				defer r.Close()
				for i := range each {
					if _, err := r.Insert(ctx, sheet{rows: [][]any{row(w*each+i, w)}}, 0); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		expect(t, mode, read(t, path, "SELECT count(*), count(DISTINCT worker) FROM t"), fmt.Sprint(workers*each, workers))
		sound(t, path)
	}
}

func TestOneConnectionForAllWorkers(t *testing.T) {
	ctx := context.Background()
	path := database(t, `CREATE TABLE t(n INTEGER PRIMARY KEY)`)
	r, err := OpenRows(ctx, Options{Path: path, Table: "t", Columns: cols("n"), Mode: Append})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() { // ends after its rows
			for i := range 5 {
				if _, err := r.Insert(ctx, sheet{rows: [][]any{row(w*5 + i)}}, 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	r.Close()
	expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), "20")
}

func TestARowWaitsForItsTurn(t *testing.T) {
	path := database(t, `CREATE TABLE t(n)`)
	r, err := OpenRows(context.Background(), Options{Path: path, Table: "t", Columns: cols("n"), Mode: Append})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	release := hold(t, path, "BEGIN IMMEDIATE")
	short, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	_, err = r.Insert(short, sheet{rows: [][]any{row(1)}}, 0)
	expect(t, "given up", errors.Is(err, context.DeadlineExceeded), true)
	time.AfterFunc(200*time.Millisecond, release)
	if _, err := r.Insert(context.Background(), sheet{rows: [][]any{row(2)}}, 0); err != nil {
		t.Error(err)
	}
	release()
	expect(t, "rows", read(t, path, "SELECT * FROM t"), "2")
}

func TestRowsReplaceNoTable(t *testing.T) {
	_, err := OpenRows(context.Background(), Options{Path: database(t, `CREATE TABLE t(a)`), Table: "t", Columns: cols("a"), Mode: Replace})
	expectError(t, "replace", err, "cannot be replaced")
	_, err = OpenRows(context.Background(), Options{Path: database(t, `CREATE TABLE t(a)`), Table: "t", Columns: cols("a")})
	expectError(t, "create", err, "there already")
	_, err = OpenRows(context.Background(), Options{Path: database(t, `CREATE TABLE u(a)`), Table: "t", Columns: cols("a"), Mode: Append})
	expectError(t, "append", err, "no such table")
}
