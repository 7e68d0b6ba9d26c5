package load_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/database"
	"manyhands/core/load"
)

func TestMain(m *testing.M) {
	if child() {
		return
	}
	goleak.VerifyTestMain(m)
}

// soon is how long something may take that takes no time: the machine stalls
// for seconds.
const soon = 60 * time.Second

// settings are the defaults with the given files, and a database of their own.
func settings(t testing.TB, files ...string) *load.Config {
	t.Helper()
	c := catalog.Defaults(new(load.Config))
	c.Files, c.DB, c.Table = files, filepath.Join(t.TempDir(), "the.db"), "t"
	return c
}

// again are the same settings for another run.
func again(c *load.Config, mode string) *load.Config {
	next := *c
	next.Mode = mode
	return &next
}

// outcome is what a run came to.
type outcome struct {
	run    core.Steerable
	report core.Report
	err    error

	mu     sync.Mutex
	rows   []core.Row
	stopAt int // rows after which it is cancelled; 0: none
}

func (o *outcome) log(rows []core.Row) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.rows = append(o.rows, rows...); o.stopAt > 0 && len(o.rows) >= o.stopAt {
		o.run.Cancel()
	}
}

// start begins a run, which the test ends if nothing else does.
func start(t testing.TB, c *load.Config) *outcome {
	t.Helper()
	return startUntil(t, c, 0)
}

// startUntil is start, and a cancel as soon as so many items have ended.
func startUntil(t testing.TB, c *load.Config, items int) *outcome {
	t.Helper()
	o := &outcome{stopAt: items}
	o.mu.Lock() // the log waits for run
	run, err := c.Start(context.Background(), o.log)
	o.run = run
	o.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		run.Cancel()
		_, _ = run.Wait()
	})
	return o
}

func (o *outcome) wait() *outcome {
	o.report, o.err = o.run.Wait()
	return o
}

// attempt is a whole run, which may fail.
func attempt(t testing.TB, c *load.Config) *outcome {
	t.Helper()
	return start(t, c).wait()
}

// succeed is a whole run without an error, though items of it may fail.
func succeed(t testing.TB, c *load.Config) *outcome {
	t.Helper()
	o := attempt(t, c)
	if o.err != nil {
		t.Fatal(o.err)
	}
	return o
}

// notes is what the run has to say afterwards.
func (o *outcome) notes() string { return strings.Join(o.run.(catalog.Noter).Notes(), "\n") }

// errors are those of the items that failed.
func (o *outcome) errors() string {
	var all []string
	for _, row := range o.rows {
		if row.Status == core.Failed {
			all = append(all, row.Item+": "+row.Err.Error())
		}
	}
	return strings.Join(all, "\n")
}

// fails runs and expects the run's own error to have these words.
func fails(t testing.TB, c *load.Config, words ...string) *outcome {
	t.Helper()
	o := attempt(t, c)
	if o.err == nil {
		t.Fatalf("it did not fail; want %q", words)
	}
	contains(t, "error", o.err.Error(), words...)
	return o
}

func contains(t testing.TB, what, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: %q, want %q in it", what, got, w)
		}
	}
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s:\n%s\nwant:\n%s", what, g, w)
	}
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	put(t, path, content)
	return path
}

func put(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// query is the rows of a SELECT, values by | and rows by a line each; texts
// are in quotes.
func query(t testing.TB, db, query string) string {
	t.Helper()
	b, err := database.Browse(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	g, err := b.Query(context.Background(), query, 1_000_000)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	lines := make([]string, len(g.Rows))
	for i, row := range g.Rows {
		values := make([]string, len(row))
		for col, v := range row {
			values[col] = fmt.Sprint(v)
			if text, ok := v.(string); ok {
				values[col] = fmt.Sprintf("%q", text)
			} else if v == nil {
				values[col] = "NULL"
			}
		}
		lines[i] = strings.Join(values, "|")
	}
	return strings.Join(lines, "\n")
}

// tables are the names of all that is in a database, but indexes.
func tables(t testing.TB, db string) string {
	t.Helper()
	return query(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
}

// alter changes a database as another program does.
func alter(t testing.TB, db string, statements ...string) {
	t.Helper()
	d, err := sql.Open("sqlite", "file:"+db+"?_pragma=busy_timeout(30000)")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, s := range statements {
		if _, err := d.ExecContext(context.Background(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// sound expects a whole database with nothing of ours left in it or beside it.
func sound(t testing.TB, db string) {
	t.Helper()
	d, err := sql.Open("sqlite", "file:"+db)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var check string
	if err := d.QueryRow("PRAGMA integrity_check").Scan(&check); err != nil || check != "ok" {
		t.Errorf("integrity: %s, %v", check, err)
	}
	equal(t, "tables of ours", query(t, db, "SELECT name FROM sqlite_schema WHERE name LIKE '%manyhands%'"), "")
	for _, ending := range []string{"-journal", "-wal", "-shm"} {
		if _, err := os.Stat(db + ending); err == nil {
			t.Errorf("%s was left", filepath.Base(db)+ending)
		}
	}
}

// rejected is the file of rejects beside a database, header and all, read as
// CSV: line|reason|record.
func rejected(t testing.TB, path string) []string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(read(t, path))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	lines := make([]string, len(records))
	for i, r := range records {
		lines[i] = strings.Join(r, "|")
	}
	if !slices.Equal(records[0], []string{"line", "reason", "record"}) {
		t.Errorf("%s begins with %q", path, records[0])
	}
	return lines[1:]
}

// beside is where the rejects of a load go if no file is named.
func beside(c *load.Config) string {
	return strings.TrimSuffix(c.DB, ".db") + "-" + c.Table + "-rejects.csv"
}

// until waits for something that happens soon.
func until(t testing.TB, what string, happened func() bool) {
	t.Helper()
	for begun := time.Now(); !happened(); time.Sleep(2 * time.Millisecond) {
		if time.Since(begun) > soon {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
