package download_test

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

// faults are what may befall a request, each as often as the others.
var faults = []func(c *hostile.Conn, a hostile.Answer){
	func(c *hostile.Conn, a hostile.Answer) { c.Cut(a, len(a.Body)/2) },
	func(c *hostile.Conn, _ hostile.Answer) { _ = c.Close() },
	func(c *hostile.Conn, _ hostile.Answer) { c.Reset() },
	func(c *hostile.Conn, a hostile.Answer) { c.Send(a); c.Reset() },
	func(c *hostile.Conn, _ hostile.Answer) { c.Send(hostile.Text("500 Internal Server Error", "oops")) },
	func(c *hostile.Conn, _ hostile.Answer) { c.Send(hostile.Text("502 Bad Gateway", "")) },
	func(c *hostile.Conn, _ hostile.Answer) {
		c.Send(hostile.Text("503 Service Unavailable", "", "Retry-After: 0.01"))
	},
	func(c *hostile.Conn, _ hostile.Answer) { c.Send(hostile.Text("404 Not Found", "gone")) },
	func(c *hostile.Conn, a hostile.Answer) { c.Send(a.With("Content-Length: x")); _ = c.Close() },
	func(c *hostile.Conn, a hostile.Answer) {
		c.Send(hostile.Answer{Status: a.Status, Header: a.Header, Body: append(slices.Clip(a.Body), "junk"...)})
	},
	func(c *hostile.Conn, a hostile.Answer) { c.Send(a.With("Content-Encoding: gzip")) },
	func(c *hostile.Conn, a hostile.Answer) { c.Drip(a, 1+len(a.Body)/2, 20*time.Millisecond) },
	func(c *hostile.Conn, a hostile.Answer) { a.Status = "206 Partial Content"; c.Send(a) },
	func(c *hostile.Conn, a hostile.Answer) {
		a = a.Without("Content-Length").With("Transfer-Encoding: chunked")
		_ = c.Print(a.Head() + chunked(a.Body, 1000))
		_ = c.Close()
	},
	func(c *hostile.Conn, _ hostile.Answer) { _ = c.Print("nonsense\r\n\r\n"); _ = c.Close() },
}

// Of 10,000 files every tenth request goes wrong in some way. Each has one row,
// and whatever is there is right.
func TestManyFilesWithFaults(t *testing.T) {
	many := 10_000
	if testing.Short() {
		many = 1000
	}
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	body := func(path string) []byte {
		i, _ := strconv.Atoi(strings.Trim(path, "/"))
		return hostile.Content(uint64(i), i*7919%4000)
	}
	server := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
		i, _ := strconv.Atoi(strings.Trim(r.URL.Path, "/"))
		chance := rand.New(rand.NewPCG(seed, uint64(i*1000+r.N)))
		a := hostile.File{Content: body(r.URL.Path), ETag: fmt.Sprintf(`"%d"`, i)}.Answer(r)
		if chance.IntN(10) > 0 {
			c.Send(a)
			return
		}
		faults[chance.IntN(len(faults))](c, a)
	})
	c := settings(t, fmt.Sprintf("%s/{1..%d}", server.URL, many))
	c.Workers, c.PerHost, c.Retries = 16, 0, 8
	o := run(t, c)
	finished, unfinished := files(t, c.To)
	rows, failures := map[string]int{}, map[string]int{}
	for _, row := range o.rows {
		rows[row.Item]++
		d, _ := row.Out.(download.Download)
		switch {
		case row.Status == core.Failed:
			expectWords(t, row)
			failures[row.Err.Error()]++
			for _, suffix := range []string{".part", ".part.json"} { // may be gone on with
				delete(unfinished, path.Base(row.Item)+suffix)
			}
		case row.Status != core.OK || finished[d.File] != string(body(strings.TrimPrefix(row.Item, server.URL))):
			t.Errorf("%s: %v, %d bytes, of %d", row.Item, row.Status, len(finished[d.File]), len(body(strings.TrimPrefix(row.Item, server.URL))))
		}
	}
	if len(rows) != many || len(o.rows) != many || len(finished) != o.report.OK {
		t.Errorf("%d rows of %d items, %d files, %+v", len(o.rows), len(rows), len(finished), o.report)
	}
	if o.report.OK < many*95/100 {
		t.Errorf("only %d of %d could be loaded", o.report.OK, many)
	}
	if len(unfinished) > 0 {
		t.Errorf("%d files are left over of what succeeded", len(unfinished))
	}
	for words, n := range failures {
		t.Logf("%d times: %s", n, words)
	}
}
