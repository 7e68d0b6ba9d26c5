package load_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/load"
)

func TestTwoLoadsAtOnce(t *testing.T) {
	t.Parallel()
	const n = 10_000
	for name, mode := range map[string]string{"two tables": "create", "one table": "append"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two := again(large(t, n), mode), again(large(t, n), mode)
			two.DB = one.DB
			renamed := filepath.Join(filepath.Dir(two.Files[0]), "second.csv") // a load is told by it
			if err := os.Rename(two.Files[0], renamed); err != nil {
				t.Fatal(err)
			}
			two.Files[0] = renamed
			if mode == "create" {
				two.Table = "more"
			} else {
				alter(t, one.DB, "CREATE TABLE t(id INTEGER, n TEXT)")
			}
			var both [2]*outcome
			var wg sync.WaitGroup
			for i, c := range []*load.Config{one, two} {
				wg.Go(func() { both[i] = attempt(t, c) }) // ends with the run
			}
			wg.Wait()
			for _, o := range both {
				if o.err != nil || o.report.Failed > 0 {
					t.Fatal(o.err, o.errors())
				}
			}
			if mode == "create" {
				exact(t, one, n)
				exact(t, two, n)
				return
			}
			equal(t, "rows", query(t, one.DB, "SELECT count(*), count(DISTINCT id), sum(n = 'row ' || id) FROM t"), "19800|9900|19800")
			for _, path := range []string{beside(one), strings.TrimSuffix(beside(one), ".csv") + " (2).csv"} {
				equal(t, "rejects", len(rejected(t, path)), n/100)
			}
			sound(t, one.DB)
		})
	}
}

// A load waits for another program, says so, and can be cancelled meanwhile.
func TestALoadWaitsForOthers(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id,n\n1,x\n"))
	alter(t, c.DB, "CREATE TABLE other(x)")
	d, err := sql.Open("sqlite", "file:"+c.DB+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	tx, err := d.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	blocked := start(t, c)
	time.Sleep(100 * time.Millisecond) // long enough to be in the way
	blocked.run.Cancel()
	if blocked.wait(); blocked.err == nil {
		t.Error("it was loaded all the same")
	}
	o := start(t, c)
	time.Sleep(100 * time.Millisecond)
	if o.run.Progress().State == core.Ended {
		t.Error("it did not wait")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if o.wait(); o.err != nil {
		t.Fatal(o.err)
	}
	equal(t, "table", query(t, c.DB, "SELECT * FROM t"), `1|"x"`)
}

func TestALoadSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	c := large(t, 5000)
	alter(t, c.DB, "CREATE TABLE t(id INTEGER, n TEXT)")
	d, err := sql.Open("sqlite", "file:"+c.DB+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	tx, err := d.BeginTx(context.Background(), nil) // others may read
	if err != nil {
		t.Fatal(err)
	}
	o := start(t, again(c, "append"))
	tell := o.run.(catalog.Teller).Tell
	until(t, "its words", func() bool { return strings.Contains(tell(), "waiting for another program that has the database") })
	_ = tx.Rollback()
	if o.wait(); o.err != nil {
		t.Fatal(o.err)
	}
	exact(t, c, 5000)
}

// What a run tells while it goes on never shrinks and never is too much.
func TestWhatARunTells(t *testing.T) {
	t.Parallel()
	const n = 20_000
	c := large(t, n)
	o := start(t, c)
	run := o.run.(interface {
		catalog.Teller
		Charts() []core.Chart
		Bytes() (done, all int64, perSecond float64)
		Rejects(from, most int) ([]core.Reject, int)
	})
	var doneBefore, allBefore int64
	var rejectsBefore int
	said := map[string]bool{}
	for o.run.Progress().State != core.Ended {
		done, all, rate := run.Bytes()
		list, count := run.Rejects(0, 1<<30)
		if done < doneBefore || all < allBefore || all > 0 && done > all || rate < 0 || count < rejectsBefore || len(list) > count+n {
			t.Fatalf("%d of %d bytes after %d of %d, %d rejects after %d", done, all, doneBefore, allBefore, count, rejectsBefore)
		}
		doneBefore, allBefore, rejectsBefore = done, all, count
		for _, chart := range run.Charts() {
			said[chart.Title+" "+chart.Unit] = true
		}
		for words := range strings.SplitSeq(run.Tell(), " · ") {
			said[strings.TrimLeft(words, "0123456789,")] = true
		}
	}
	if o.wait(); o.err != nil {
		t.Fatal(o.err)
	}
	info, _ := os.Stat(c.Files[0])
	done, all, _ := run.Bytes()
	equal(t, "bytes at the end", fmt.Sprint(done, all), fmt.Sprint(2*info.Size(), 2*info.Size()))
	for _, want := range []string{"finding the types of the columns", " rows written", " rejected", "Rows written /s", "Read MB/s"} {
		if !said[want] {
			t.Errorf("it never said %q: %v", want, said)
		}
	}
	equal(t, "at the end", run.Tell(), "19,800 rows written · 200 rejected · finishing the table")
}

func TestBytesOfAResumedLoad(t *testing.T) {
	t.Parallel()
	c := large(t, 10_000)
	stopped(t, c, inSteps(c)*3/2)
	o := succeed(t, again(c, "resume"))
	done, all, _ := o.run.(interface {
		Bytes() (done, all int64, perSecond float64)
	}).Bytes()
	equal(t, "bytes", done, all)
	exact(t, c, 10_000)
}

// A load that is cancelled at once has done nothing, or something whole.
func TestCancelledAtOnce(t *testing.T) {
	t.Parallel()
	for _, commit := range []string{"batch", "each-row"} {
		c := settings(t, write(t, "a.csv", numbered(100)))
		c.Commit = commit
		o := start(t, c)
		o.run.Cancel()
		if o.wait(); o.err == nil {
			t.Error("no error")
		}
		if left := content(beside(c)); left != "" {
			t.Errorf("%s: %q was left", commit, left)
		}
	}
}
