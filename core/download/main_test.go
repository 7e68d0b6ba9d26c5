package download_test

import (
	"context"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/download"
	"manyhands/core/safefile"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http logs what servers send unasked
	goleak.VerifyTestMain(m)
}

// longest is how long a run may take before it counts as hung. It is no
// measure of speed: the computer may stall.
const longest = 2 * time.Minute

// settings are the defaults, without retries, for a folder of the test's own.
func settings(t testing.TB, addresses ...string) *download.Config {
	t.Helper()
	c := catalog.Defaults(new(download.Config))
	c.URLs, c.To, c.Proxy, c.Retries = addresses, t.TempDir(), "none", 0
	return c
}

// outcome is what a run came to.
type outcome struct {
	*download.Config
	rows   []core.Row
	report core.Report
	notes  []string
	err    error // of the run
}

// failure is why an item failed, "" if it did not.
func (o outcome) failure(item string) string {
	for _, row := range o.rows { // in the order in which they ended
		if row.Item == item && row.Err != nil {
			return row.Err.Error()
		}
	}
	return ""
}

// run waits for the end of a run, whatever it is.
func run(t testing.TB, c *download.Config) outcome {
	t.Helper()
	o, err := begin(t, c)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// begin is run for settings with which nothing may be begun.
func begin(t testing.TB, c *download.Config) (outcome, error) {
	t.Helper()
	o := outcome{Config: c}
	r, err := c.Start(context.Background(), func(rows []core.Row) { o.rows = append(o.rows, rows...) })
	if err != nil {
		return o, err
	}
	select {
	case <-r.Done():
	case <-time.After(longest):
		_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
		r.Cancel()
		t.Errorf("the run hangs: %+v", r.Progress())
	}
	o.report, o.err = r.Wait()
	o.notes = r.(catalog.Noter).Notes()
	slices.SortFunc(o.rows, func(a, b core.Row) int { return a.Seq - b.Seq })
	return o, nil
}

// one loads a single address.
func one(t testing.TB, c *download.Config) (core.Row, download.Download) {
	t.Helper()
	o := run(t, c)
	if len(o.rows) != 1 {
		t.Fatalf("%d rows, want one; %v", len(o.rows), o.err)
	}
	d, _ := o.rows[0].Out.(download.Download)
	return o.rows[0], d
}

func (o outcome) expect(t testing.TB, ok, failed, skipped int) {
	t.Helper()
	if o.report.OK != ok || o.report.Failed != failed || o.report.Skipped != skipped {
		t.Errorf("%d ok, %d failed, %d skipped; want %d, %d, %d; %v", o.report.OK, o.report.Failed, o.report.Skipped, ok, failed, skipped, o.err)
		for _, row := range o.rows[:min(len(o.rows), 50)] {
			t.Log(row.Item, row.Status, row.Err)
		}
	}
}

func expectText(t testing.TB, what, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: %q, want %q in it", what, got, w)
		}
	}
}

// files are the contents below a folder by their paths: those under a name for
// good, and those of unfinished files with their journals.
func files(t testing.TB, folder string) (finished, unfinished map[string]string) {
	t.Helper()
	finished, unfinished = map[string]string{}, map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		if safefile.IsPartName(name) {
			unfinished[name] = string(content)
		} else {
			finished[name] = string(content)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return finished, unfinished
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
