package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// hold takes a lock as another program would, until release is called.
func hold(t *testing.T, path, begin string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for s := range strings.SplitSeq(begin, ";") {
		if _, err := conn.ExecContext(context.Background(), s); err != nil {
			t.Fatal(err)
		}
	}
	return sync.OnceFunc(func() {
		_, _ = conn.ExecContext(context.Background(), "COMMIT")
		conn.Close()
		db.Close()
	})
}

func TestWaitingForAnotherProgram(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct{ mode, lock string }{
		"a writer":                {"delete", "BEGIN IMMEDIATE"},
		"an exclusive one":        {"delete", "BEGIN EXCLUSIVE"},
		"a writer of a WAL":       {"wal", "BEGIN IMMEDIATE"},
		"a reader, at the commit": {"delete", "BEGIN;SELECT * FROM t"},
	} {
		path := database(t, "PRAGMA journal_mode = "+c.mode, `CREATE TABLE t(n INTEGER, v)`, `INSERT INTO t VALUES (0, 0)`)
		l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append})
		release := hold(t, path, c.lock)

		short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		waited := make(chan bool)
		go func() {
			seen := false
			for short.Err() == nil {
				seen = seen || l.Waiting()
				time.Sleep(time.Millisecond)
			}
			waited <- seen
		}()
		_, err := l.Write(short, flood(10))
		if err == nil {
			err = l.Commit(short)
		}
		cancel()
		expect(t, name+": seen waiting", <-waited, true)
		expect(t, name+": not any more", l.Waiting(), false)
		expect(t, name+": ended with its context", errors.Is(err, context.DeadlineExceeded), true)
		l.Close()

		time.AfterFunc(300*time.Millisecond, release)
		l = open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append})
		write(t, l, flood(10))
		finish(t, l)
		release()
		expect(t, name+": rows", read(t, path, "SELECT count(*) FROM t"), "11")
	}
}

func TestTwoLanesOnOneDatabase(t *testing.T) {
	for _, mode := range []string{"delete", "wal"} {
		path := database(t, "PRAGMA journal_mode = "+mode, `CREATE TABLE t(n INTEGER, v)`)
		var wg sync.WaitGroup
		for i := range 3 {
			o := Options{
				Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, CommitRows: 100,
				Source: Source{Name: fmt.Sprint(i)}, Index: []string{"n"},
			}
			if i == 2 {
				o.Table, o.Mode = "u", Create
			}
			wg.Go(func() { // ends with its load
				l, err := Open(context.Background(), o)
				for n := 0; n < 30 && err == nil; n++ {
					_, err = l.Write(context.Background(), flood(100))
				}
				if err == nil {
					_, err = l.Finish(context.Background())
				}
				if err == nil {
					err = l.Close()
				}
				if err != nil {
					t.Errorf("%s: %v", mode, err)
				}
			})
		}
		wg.Wait()
		expect(t, mode+": rows", read(t, path, "SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM u)"), "6000 3000")
		sound(t, path)
	}
}

func TestReadThenWriteWithoutABusyError(t *testing.T) {
	for _, mode := range []string{"delete", "wal"} {
		path := database(t, "PRAGMA journal_mode = "+mode, `CREATE TABLE counter(n)`, `INSERT INTO counter VALUES (0)`)
		const workers, rounds = 8, 25
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() { // ends after its rounds
				ctx := context.Background()
				k, err := openLink(ctx, path, mustExist, nil)
				if err != nil {
					t.Error(err)
					return
				}
				defer k.close()
				for range rounds {
					err := k.within(ctx, func() error {
						var n int
						if err := k.one(ctx, "SELECT n FROM counter", nil, &n); err != nil {
							return err
						}
						return k.exec(ctx, "UPDATE counter SET n = ?", n+1)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		expect(t, mode, read(t, path, "SELECT n FROM counter"), fmt.Sprint(workers*rounds))
	}
}

func TestAFullDisk(t *testing.T) {
	path := database(t, `CREATE TABLE t(n INTEGER, v)`)
	l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, Source: Source{Name: "f"}})
	write(t, l, flood(100))
	if err := l.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := l.link.exec(context.Background(), "PRAGMA max_page_count = 20"); err != nil {
		t.Fatal(err)
	}
	o, err := l.Write(context.Background(), flood(10_000))
	if err == nil {
		err = l.Commit(context.Background())
	}
	expectError(t, "error", err, "t.db cannot grow: the disk is full", "resume")
	expect(t, "outcome", o.Inserted+len(o.Rejects), 0)
	_, err = l.Write(context.Background(), flood(1))
	expectError(t, "no more", err, "the disk is full")
	l.Close()
	expect(t, "committed", l.Progress().Inserted, 100)
	expect(t, "rows", read(t, path, "SELECT count(*) FROM t"), "100")
	l = open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append, Source: Source{Name: "f"}, Resume: true})
	write(t, l, flood(10_000))
	finish(t, l)
	sound(t, path)
}

func TestOneGoroutineAfterAnother(t *testing.T) {
	path := database(t, checked)
	l := open(t, resumable(path))
	turn := make(chan error) // each goroutine's end is the next one's beginning
	for i, s := range source(0, 300, 50) {
		go func() { // ends with its batch
			_, err := l.Write(context.Background(), s)
			turn <- err
		}()
		expect(t, "write", <-turn, nil)
		if i%2 == 0 {
			go func() { turn <- l.Commit(context.Background()) }()
			expect(t, "commit", <-turn, nil)
		}
		l.Reached(int64(i+1)*500, int64(i+1)*50+1)
		expect(t, "progress", l.Progress().Inserted%45, 0)
	}
	go func() {
		_, err := l.Finish(context.Background())
		turn <- err
	}()
	expect(t, "finish", <-turn, nil)
	go func() { turn <- l.Close() }()
	expect(t, "close", <-turn, nil)
	expect(t, "rows", read(t, path, "SELECT count(*), count(DISTINCT n) FROM t"), "270 270")
	sound(t, path)
}
