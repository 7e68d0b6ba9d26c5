package download_test

import (
	"fmt"
	"slices"
	"testing"

	"manyhands/core/download/internal/hostile"
)

// lie changes the second answer.
func lie(change func(hostile.Answer) hostile.Answer) hostile.Script {
	return func(c *hostile.Conn, r *hostile.Request) {
		a := honest.Answer(r)
		if r.N == 2 {
			a = change(a)
		}
		c.Send(a)
	}
}

// says changes lines of its header.
func says(lines ...string) hostile.Script {
	return lie(func(a hostile.Answer) hostile.Answer { return a.With(lines...) })
}

// shifted answers the second request with a range that begins elsewhere, and
// says so.
func shifted(by int) hostile.Script {
	return func(c *hostile.Conn, r *hostile.Request) {
		if from, _, ok := hostile.Range(r, fileSize); ok && r.N == 2 {
			r.Header.Set("Range", fmt.Sprintf("bytes=%d-", from+by))
		}
		c.Send(honest.Answer(r))
	}
}

var (
	other  = hostile.File{Content: changed, ETag: `"1"`} // as a liar calls it
	longer = hostile.File{Content: slices.Concat(changed, changed), ETag: `"1"`}
)

// changes are what becomes of a file after the first answer was cut.
var changes = []struct {
	name string
	then hostile.Script
}{
	{"changed: all of it", serve(second)},
	{"changed, though a range is sent", func(c *hostile.Conn, r *hostile.Request) {
		r.Header.Del("If-Range")
		c.Send(second.Answer(r))
	}},
	{"changed, and cut again", func(c *hostile.Conn, r *hostile.Request) {
		if r.N == 2 {
			c.Cut(second.Answer(r), 500_000)
			return
		}
		c.Send(second.Answer(r))
	}},
	{"changed, with the same ETag and another size", func(c *hostile.Conn, r *hostile.Request) {
		if r.N == 2 {
			c.Send(longer.Answer(r))
			return
		}
		c.Send(other.Answer(r))
	}},
}

func TestAFileThatHasChangedIsLoadedAnew(t *testing.T) {
	t.Parallel()
	for _, test := range changes {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, cutThen(honest, test.then), retries(3))
			a.expect(t, changed)
			if n := len(a.server.Requests()); n > 3 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// lies are answers to a Range that do not fit, or only seem not to. After them
// comes the truth.
var lies = []struct {
	name string
	then hostile.Script
}{
	{"ranges are ignored", func(c *hostile.Conn, r *hostile.Request) {
		r.Header.Del("Range")
		c.Send(honest.Answer(r))
	}},
	{"another total", lie(func(a hostile.Answer) hostile.Answer {
		return a.With(fmt.Sprintf("Content-Range: bytes %d-%d/%d", fileSize-len(a.Body), fileSize-1, fileSize+1))
	})},
	{"another offset", says(fmt.Sprintf("Content-Range: bytes 0-%d/%d", fileSize-1, fileSize))},
	{"an offset beyond", lie(func(a hostile.Answer) hostile.Answer {
		from := fileSize - len(a.Body) + 1
		return a.With(fmt.Sprintf("Content-Range: bytes %d-%d/%d", from, fileSize-1, fileSize))
	})},
	{"another offset, with its bytes", shifted(-1000)},
	{"an offset beyond, with its bytes", shifted(1000)},
	{"an end before the beginning", says(fmt.Sprintf("Content-Range: bytes %d-5/%d", cutAt, fileSize))},
	{"an end beyond the file", says(fmt.Sprintf("Content-Range: bytes %d-%d/%d", cutAt, 2*fileSize, fileSize))},
	{"no Content-Range", lie(func(a hostile.Answer) hostile.Answer { return a.Without("Content-Range") })},
	{"two of them", lie(func(a hostile.Answer) hostile.Answer {
		a.Header = append(a.Header, "Content-Range: bytes 0-5/6")
		return a
	})},
	{"of an unsatisfied range", says(fmt.Sprintf("Content-Range: bytes */%d", fileSize))},
	{"in other units", says(fmt.Sprintf("Content-Range: lines %d-%d/%d", cutAt, fileSize-1, fileSize))},
	{"in no units", says("Content-Range: what?")},
	{"of numbers larger than any", says("Content-Range: bytes 99999999999999999999-99999999999999999999/99999999999999999999")},
	{"multipart", lie(func(hostile.Answer) hostile.Answer {
		return hostile.Text("206 Partial Content", "--x\r\nContent-Range: bytes 0-4/600000\r\n\r\nhello\r\n--x--\r\n", "Content-Type: multipart/byteranges; boundary=x", `ETag: "1"`)
	})},
	{"another ETag on the range", says(`ETag: "2"`)},
	{"a weak ETag on the range", says(`ETag: W/"1"`)},
	{"416, with the right length", lie(func(hostile.Answer) hostile.Answer {
		return hostile.Text("416 Range Not Satisfiable", "", fmt.Sprintf("Content-Range: bytes */%d", fileSize))
	})},
	{"416, with another length", lie(func(hostile.Answer) hostile.Answer {
		return hostile.Text("416 Range Not Satisfiable", "", "Content-Range: bytes */5")
	})},
	{"416, with the length loaded", lie(func(hostile.Answer) hostile.Answer {
		return hostile.Text("416 Range Not Satisfiable", "", fmt.Sprintf("Content-Range: bytes */%d", cutAt))
	})},
	{"416, without a length", lie(func(hostile.Answer) hostile.Answer { return hostile.Text("416 Range Not Satisfiable", "") })},
	{"a page in its place", lie(func(hostile.Answer) hostile.Answer {
		return hostile.Text("206 Partial Content", "<html>log in</html>", "Content-Type: text/html")
	})},
	{"the rest, cut", lie(func(a hostile.Answer) hostile.Answer {
		a.Body = a.Body[:1000]
		return a.With("Content-Length: 1000")
	})},
	{"the rest, too long", lie(func(a hostile.Answer) hostile.Answer {
		a.Body = slices.Concat(a.Body, []byte("junk"))
		return a.With(fmt.Sprintf("Content-Length: %d", len(a.Body)))
	})},
	{"the rest, without a length", func(c *hostile.Conn, r *hostile.Request) {
		c.Send(honest.Answer(r).Without("Content-Length"))
		_ = c.Close()
	}},
	{"the rest, without a length, and cut", func(c *hostile.Conn, r *hostile.Request) {
		a := honest.Answer(r)
		if r.N == 2 {
			c.Cut(a.Without("Content-Length"), 1000)
			return
		}
		c.Send(a)
	}},
	{"the rest, in another form", lie(func(a hostile.Answer) hostile.Answer {
		a.Body = changed[fileSize-len(a.Body):]
		return a.With("Content-Encoding: gzip")
	})},
	{"no ranges, it says", func(c *hostile.Conn, r *hostile.Request) {
		c.Send(honest.Answer(r).With("Accept-Ranges: none"))
	}},
}

func TestAnswersToARangeThatDoNotFit(t *testing.T) {
	t.Parallel()
	for _, test := range lies {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, cutThen(honest, test.then), retries(3))
			a.expect(t, content)
			if n := len(a.server.Requests()); n > 4 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
