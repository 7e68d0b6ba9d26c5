package download_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

func packed(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(content)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is asked for is the file as it is. What a server packs all the same is
// not unpacked, and the row says so.
func TestAnswersThatArePacked(t *testing.T) {
	t.Parallel()
	small := packed(t, content)
	for _, test := range []struct {
		name, coding string
		body         []byte
		notes        []string
	}{
		{"as it is, said so", "identity", content, nil},
		{"gzip", "gzip", small, []string{"packed", "gzip"}},
		{"gzip, in capitals", "X-GZIP", small, []string{"packed"}},
		{"gzip, but it is not", "gzip", content, []string{"packed", "gzip"}},
		{"twice", "gzip, br", small, []string{"packed"}},
		{"no coding there is", "magic", content, []string{"packed", "magic"}},
		{"a bomb", "gzip", packed(t, make([]byte, 20<<20)), []string{"packed", "gzip"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := hostile.Serve(t, say(hostile.Text("200 OK", string(test.body), "Content-Encoding: "+test.coding, `ETag: "1"`)))
			c := settings(t, server.URL+"/file.bin")
			o := run(t, c)
			o.expect(t, 1, 0, 0)
			o.whole(t, test.body)
			d, _ := o.rows[0].Out.(download.Download)
			expectText(t, "the note", d.Note, test.notes...)
			if test.notes == nil && d.Note != "" {
				t.Errorf("the note is %q", d.Note)
			}
			if got := server.Requests()[0].Header.Get("Accept-Encoding"); got != "identity" {
				t.Errorf("asked for %q", got)
			}
		})
	}
}

// The rest of a file must not be of another form than its beginning, although
// the server calls both by the same ETag.
func TestAPackedAnswerIsNotSplicedToAPlainOne(t *testing.T) {
	t.Parallel()
	small := packed(t, content)
	twin := hostile.File{Content: small, ETag: `"1"`, Extra: []string{"Content-Encoding: gzip"}}
	for name, test := range map[string]struct {
		first, then hostile.File
		requests    int
	}{
		"packed, then plain": {twin, honest, 3}, "plain, then packed": {honest, twin, 3}, "packed both times": {twin, twin, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := hostile.Serve(t, cutThen(test.first, serve(test.then)))
			c := settings(t, server.URL+"/file.bin")
			c.Retries = 3
			o := run(t, c)
			o.expect(t, 1, 0, 0)
			o.whole(t, test.then.Content)
			if n := len(server.Requests()); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
		})
	}
}

func TestFilesThatAreTooLarge(t *testing.T) {
	t.Parallel()
	const most = 10_000_000
	endless := strings.Repeat("x", 64<<10)
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(endless), endless)
	var sent atomic.Int64
	for _, test := range []struct {
		name   string
		answer hostile.Script
	}{
		{"its length says so", say(hostile.Text("200 OK", "").With("Content-Length: 10000001"))},
		{"no length, endless", func(c *hostile.Conn, _ *hostile.Request) {
			c.Begin(unmeasured(""))
			sent.Add(c.Forever(endless))
		}},
		{"chunks, endless", func(c *hostile.Conn, _ *hostile.Request) {
			c.Begin(unmeasured("", "Transfer-Encoding: chunked"))
			sent.Add(c.Forever(chunk))
		}},
		{"a small length, endless chunks", func(c *hostile.Conn, _ *hostile.Request) {
			c.Begin(unmeasured("", "Transfer-Encoding: chunked", "Content-Length: 5"))
			sent.Add(c.Forever(chunk))
		}},
		{"the rest of a part is endless", func(c *hostile.Conn, r *hostile.Request) {
			if r.N == 1 {
				c.Cut(honest.Answer(r), cutAt)
				return
			}
			from, _, _ := hostile.Range(r, fileSize)
			a := unmeasured("", fmt.Sprintf("Content-Range: bytes %d-%d/*", from, fileSize))
			a.Status = "206 Partial Content"
			c.Begin(a)
			sent.Add(c.Forever(endless))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := attack(t, test.answer, func(c *download.Config) { c.MaxSize, c.Retries = most, 1 })
			if test.name != "the rest of a part is endless" {
				a.expect(t, nil, "large")
			}
			_, unfinished := files(t, a.folder)
			for name, text := range unfinished {
				if len(text) > most+(1<<20) {
					t.Errorf("%s is left, %d bytes", name, len(text))
				}
			}
		})
	}
	if n := sent.Load(); n > 10*most { // what the system's buffers take is lost anyway
		t.Errorf("%d bytes were sent until the client hung up", n)
	}
}

func TestConnectionsThatStallAreGivenUp(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		first func(c *hostile.Conn, a hostile.Answer)
	}{
		{"in the middle", func(c *hostile.Conn, a hostile.Answer) { c.Stall(a, cutAt) }},
		{"before the body", func(c *hostile.Conn, a hostile.Answer) { c.Stall(a, 0) }},
		{"at the last byte", func(c *hostile.Conn, a hostile.Answer) { c.Stall(a, fileSize-1) }},
		{"a byte now and then", func(c *hostile.Conn, a hostile.Answer) {
			_ = c.Print(a.Head() + string(a.Body[:cutAt]))
			c.DripText(string(a.Body[cutAt:]), 1, 50*time.Millisecond)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, func(c *hostile.Conn, r *hostile.Request) {
				if r.N == 1 {
					test.first(c, honest.Answer(r))
					return
				}
				c.Send(honest.Answer(r))
			}, func(c *download.Config) { c.Stall, c.Retries = time.Second, 2 })
			a.expect(t, content)
		})
	}
}

func TestAServerThatOnlyStallsFailsInWords(t *testing.T) {
	t.Parallel()
	a := attack(t, func(c *hostile.Conn, r *hostile.Request) { c.Stall(honest.Answer(r), 1000) },
		func(c *download.Config) { c.Stall, c.Retries = 500*time.Millisecond, 1 })
	a.expect(t, nil, "try")
	if n := len(a.server.Requests()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

// It takes longer than Stall in all, but there is never so long without a KiB,
// unless the computer itself stalls.
func TestASlowButSteadyServerIsNotGivenUp(t *testing.T) {
	t.Parallel()
	small := content[:60_000]
	a := hostile.Text("200 OK", string(small), `ETag: "1"`)
	server := hostile.Serve(t, func(c *hostile.Conn, _ *hostile.Request) {
		_ = c.Print(a.Head())
		c.DripText(string(a.Body), 500, 100*time.Millisecond)
	})
	c := settings(t, server.URL+"/file.bin")
	c.Stall = 10 * time.Second
	o := run(t, c)
	o.whole(t, small)
	o.expect(t, 1, 0, 0)
	if n := len(server.Requests()); n != 1 {
		t.Errorf("%d requests for %d bytes", n, len(small))
	}
}
