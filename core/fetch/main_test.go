package fetch_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/fetch"
	"manyhands/core/practice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// settings are the defaults, without a limit and with the given addresses.
func settings(t testing.TB, addresses ...string) *fetch.Config {
	t.Helper()
	c := catalog.Defaults(new(fetch.Config))
	c.Rate, c.URLs, c.Proxy, c.Retries = 0, addresses, "none", 0
	return c
}

// serve answers with a function until the test ends.
func serve(t testing.TB, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

func practise(t testing.TB) *practice.Server {
	t.Helper()
	server, err := practice.Serve(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// outcome is what a run came to, its rows in order.
type outcome struct {
	rows   []core.Row
	report core.Report
	run    core.Steerable
}

func run(t testing.TB, c *fetch.Config) outcome {
	t.Helper()
	var o outcome
	var err error
	o.run, err = c.Start(context.Background(), func(rows []core.Row) { o.rows = append(o.rows, rows...) })
	if err != nil {
		t.Fatal(err)
	}
	total := o.run.Progress().Total
	if o.report, err = o.run.Wait(); err != nil {
		t.Fatal(err)
	}
	if total != o.report.Items {
		t.Errorf("%d items announced, %d came", total, o.report.Items)
	}
	slices.SortFunc(o.rows, func(a, b core.Row) int { return a.Seq - b.Seq })
	return o
}

// one runs a single request.
func one(t testing.TB, c *fetch.Config) (core.Row, fetch.Response) {
	t.Helper()
	o := run(t, c)
	if len(o.rows) != 1 {
		t.Fatalf("%d rows, want one", len(o.rows))
	}
	r, _ := o.rows[0].Out.(fetch.Response)
	return o.rows[0], r
}

func (o outcome) items() []string {
	var names []string
	for _, row := range o.rows {
		names = append(names, row.Item)
	}
	return names
}

func (o outcome) expect(t *testing.T, ok, failed, skipped int) {
	t.Helper()
	if o.report.OK != ok || o.report.Failed != failed || o.report.Skipped != skipped {
		t.Errorf("%d ok, %d failed, %d skipped; want %d, %d, %d", o.report.OK, o.report.Failed, o.report.Skipped, ok, failed, skipped)
		for _, row := range o.rows {
			t.Log(row.Item, row.Status, row.Err)
		}
	}
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func expectText(t *testing.T, what, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: %q, want %q in it", what, got, w)
		}
	}
}

// worst is the largest number of times within a window.
func worst(times []time.Time, window time.Duration) int {
	most := 0
	for i := range times {
		n := 0
		for _, at := range times[i:] {
			if at.Sub(times[i]) < window {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// quiet is a log for servers whose clients give up.
var quiet = log.New(io.Discard, "", 0)

func read(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
