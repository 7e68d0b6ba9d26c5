package download_test

import (
	"fmt"
	"testing"
	"time"

	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

var (
	ago    = time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	second = hostile.File{Content: changed, ETag: `"2"`}
)

// cutThen cuts the first answer, and goes on by another script.
func cutThen(first hostile.File, then hostile.Script) hostile.Script {
	return func(c *hostile.Conn, r *hostile.Request) {
		if r.N == 1 {
			c.Cut(first.Answer(r), cutAt)
			return
		}
		then(c, r)
	}
}

// serve answers honestly.
func serve(f hostile.File) hostile.Script {
	return func(c *hostile.Conn, r *hostile.Request) { c.Send(f.Answer(r)) }
}

func retries(n int) func(*download.Config) {
	return func(c *download.Config) { c.Retries = n }
}

func TestWhatProvesThatAFileIsUnchanged(t *testing.T) {
	t.Parallel()
	const long = "Fri, 02 Jan 2026 03:04:05 GMT"
	later := time.Now().Add(24 * time.Hour)
	for _, test := range []struct {
		name      string
		file      hostile.File
		condition string // If-Range; "": nothing is resumed
	}{
		{"a strong ETag", hostile.File{Content: content, ETag: `"1"`}, `"1"`},
		{"a strong ETag before a date", hostile.File{Content: content, ETag: `"1"`, Modified: ago}, `"1"`},
		{"an old date", hostile.File{Content: content, Modified: ago}, long},
		{"an old date beside a weak ETag", hostile.File{Content: content, ETag: `W/"1"`, Modified: ago}, long},
		{"a weak ETag", hostile.File{Content: content, ETag: `W/"1"`}, ""},
		{"an ETag without quotes", hostile.File{Content: content, ETag: `1`}, ""},
		{"a date of just now", hostile.File{Content: content, Modified: later, Extra: []string{"Date: " + date(later)}}, ""},
		{"a date of half a minute ago", hostile.File{Content: content, Modified: later, Extra: []string{"Date: " + date(later.Add(30*time.Second))}}, ""},
		{"a date to come", hostile.File{Content: content, Modified: later}, ""},
		{"nothing", hostile.File{Content: content}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, cutThen(test.file, serve(test.file)), retries(1))
			a.expect(t, content)
			requests := a.server.Requests()
			if len(requests) != 2 {
				t.Fatalf("%d requests, want 2", len(requests))
			}
			again := requests[1].Header
			if again.Get("If-Range") != test.condition || (again.Get("Range") != "") != (test.condition != "") {
				t.Errorf("asked for %q if %q", again.Get("Range"), again.Get("If-Range"))
			}
			if from, _, ok := hostile.Range(requests[1], fileSize); ok && (from == 0 || from > cutAt) {
				t.Errorf("resumed at %d, of %d sent", from, cutAt)
			}
		})
	}
}

// Where the server sends all again, it is not asked once more.
func TestStartingOverTakesTheSameAnswer(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]hostile.Script{
		"changed":            serve(second),
		"ranges are ignored": func(c *hostile.Conn, r *hostile.Request) { r.Header.Del("Range"); c.Send(honest.Answer(r)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := content
			if name == "changed" {
				want = changed
			}
			a := attack(t, cutThen(honest, then), retries(3))
			a.expect(t, want)
			if n := len(a.server.Requests()); n != 2 {
				t.Errorf("%d requests, want 2", n)
			}
			if a.Resumed != 0 {
				t.Errorf("resumed at %d", a.Resumed)
			}
		})
	}
}

// All of the file came, but not that it was all: its length was not known.
func TestARangeBeyondTheEndMeansThatAllIsThere(t *testing.T) {
	t.Parallel()
	a := attack(t, func(c *hostile.Conn, r *hostile.Request) {
		a := honest.Answer(r)
		if r.N == 1 {
			_ = c.Print(a.Without("Content-Length").With("Transfer-Encoding: chunked").Head() + chunked(content, 100_000))
			_ = c.Close()
			return
		}
		c.Send(a)
	}, retries(1))
	a.expect(t, content)
}

func TestAPartIsNoAnswerToARequestForAll(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ from, to int }{
		"the first bytes": {0, cutAt}, "the last bytes": {fileSize - cutAt, fileSize}, "none": {0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attack(t, func(c *hostile.Conn, _ *hostile.Request) {
				c.Send(hostile.Text("206 Partial Content", string(content[test.from:test.to]), `ETag: "1"`,
					fmt.Sprintf("Content-Range: bytes %d-%d/%d", test.from, test.to-1, fileSize)))
			}, retries(1)).expect(t, nil)
		})
	}
}

// Every answer is cut, and the server changes the file with each: no two parts
// belong together.
func TestAFileThatNeverStaysTheSameIsNotSpliced(t *testing.T) {
	t.Parallel()
	a := attack(t, func(c *hostile.Conn, r *hostile.Request) {
		f := hostile.File{Content: hostile.Content(uint64(r.N), fileSize), ETag: fmt.Sprintf(`"%d"`, r.N)}
		c.Cut(f.Answer(r), cutAt)
	}, retries(3))
	a.expect(t, nil)
}

// A run that ends with a part in hand is gone on with by the next one.
func TestTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	server := hostile.Serve(t, cutThen(honest, serve(honest)))
	c := settings(t, server.URL+"/file.bin")
	first := run(t, c)
	first.expect(t, 0, 1, 0)
	first.whole(t)
	next := run(t, c)
	next.whole(t, content)
	next.expect(t, 1, 0, 0)
	if d := next.rows[0].Out.(download.Download); d.Resumed == 0 || d.Resumed > cutAt {
		t.Errorf("resumed at %d, of %d sent", d.Resumed, cutAt)
	}
	if _, unfinished := files(t, c.To); len(unfinished) > 0 {
		t.Errorf("left over: %d files", len(unfinished))
	}
}
