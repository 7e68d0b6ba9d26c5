package download_test

import (
	"fmt"
	"strings"
	"testing"

	"manyhands/core/download/internal/hostile"
)

const (
	largeSize = 24 << 20
	segments  = 4
)

// The segments of a large file come from different versions of it.
func TestAFileThatChangesBetweenItsSegments(t *testing.T) {
	t.Parallel()
	before := hostile.File{Content: hostile.Content(3, largeSize), ETag: `"1"`}
	after := hostile.File{Content: hostile.Content(4, largeSize), ETag: `"2"`}
	for _, test := range []struct {
		name   string
		answer hostile.Script
	}{
		{"it stays the same", serve(before)},
		{"at the second request", func(c *hostile.Conn, r *hostile.Request) {
			f := after
			if r.N == 1 {
				f = before
			}
			c.Send(f.Answer(r))
		}},
		{"and conditions are ignored", func(c *hostile.Conn, r *hostile.Request) {
			r.Header.Del("If-Range")
			f := after
			if r.N%2 == 1 {
				f = before
			}
			c.Send(f.Answer(r))
		}},
		{"ranges are ignored", func(c *hostile.Conn, r *hostile.Request) {
			r.Header.Del("Range")
			c.Send(before.Answer(r))
		}},
		{"each segment is cut", func(c *hostile.Conn, r *hostile.Request) { c.Cut(before.Answer(r), 3<<20) }},
		{"offsets are wrong", func(c *hostile.Conn, r *hostile.Request) {
			a := before.Answer(r)
			if from, _, ok := hostile.Range(r, largeSize); ok && r.N%3 == 0 {
				a = a.With(fmt.Sprintf("Content-Range: bytes %d-%d/%d", from+1, largeSize-1, largeSize))
			}
			c.Send(a)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := hostile.Serve(t, test.answer)
			c := settings(t, server.URL+"/file.bin")
			c.Segments, c.Retries = segments, 5
			o := run(t, c)
			o.whole(t, before.Content, after.Content)
			if !strings.Contains(test.name, "conditions are ignored") {
				o.expect(t, 1, 0, 0)
			}
		})
	}
}
