package transfer

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const size2 = 24 << 20

// slowly lets so many bytes a second through each connection.
func slowly(perSecond int, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { answer(&slowWriter{w, perSecond}, r) }
}

type slowWriter struct {
	http.ResponseWriter
	perSecond int
}

func (w *slowWriter) Write(p []byte) (int, error) {
	n := 0
	for piece := range slices.Chunk(p, max(1, w.perSecond/100)) {
		time.Sleep(10 * time.Millisecond)
		m, err := w.ResponseWriter.Write(piece)
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// later answers the first request with one, the others with another.
func later(first, others http.HandlerFunc) []http.HandlerFunc {
	return []http.HandlerFunc{first, others}
}

func TestSegments(t *testing.T) {
	one, two := content(size2, 1), content(size2, 2)
	whole := slowly(64<<20, file(one, `"1"`))
	var n atomic.Int64
	for _, test := range []struct {
		name     string
		segments int
		answers  []http.HandlerFunc
		want     []byte
		most     int // connections at once
	}{
		{"four", 4, later(whole, whole), one, 4},
		{"three, quickly", 3, later(file(one, `"1"`), file(one, `"1"`)), one, -1},
		{"one", 1, later(whole, says(500, "")), one, 1},
		{"no validator", 4, later(file(one, ""), says(500, "")), one, 1},
		{"a weak validator", 4, later(file(one, `W/"1"`), says(500, "")), one, 1},
		{"no ranges", 4, later(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"1"`)
			w.Header().Set("Content-Length", fmt.Sprint(len(one)))
			_, _ = w.Write(one)
		}, says(500, "")), one, 1},
		{"refused: 403", 4, later(whole, says(403, "")), one, 1},
		{"refused: 429", 4, later(whole, says(429, "", "Retry-After: 0")), one, 1},
		{"refused: 503", 4, later(whole, says(503, "")), one, 1},
		{"refused: 416", 4, later(whole, says(416, "")), one, 1},
		{"refused: all of it again", 4, later(whole, func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("Range")
			file(one, `"1"`)(w, r)
		}), one, 1},
		{"broken off", 4, later(whole, func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1)%3 == 0 {
				panic(http.ErrAbortHandler)
			}
			whole(w, r)
		}), one, -1},
		{"each is cut", 4, later(whole, cut(1<<20, file(one, `"1"`))), one, -1},
		{"the file changes", 4, later(whole, file(two, `"2"`)), two, -1},
		{"the file changes, conditions are ignored", 4, later(whole, func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("If-Range")
			file(two, `"2"`)(w, r)
		}), two, -1},
		{"wrong places", 4, later(whole, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				file(one, `"1"`)(w, r)
				return
			}
			says(206, "junk", `ETag: "1"`, "Content-Range: bytes 0-3/25165824")(w, r)
		}), one, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := play(t, test.answers...)
			p := in(t, Options{Segments: test.segments})
			var progress Progress
			for range 20 {
				f, err := p.do(Request{Address: server.URL + "/a", Sum: sumOf(test.want), Progress: &progress})
				if err != nil && Temporary(err) {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				p.holds("a", test.want)
				if test.most >= 0 && f.Segments != test.most {
					t.Errorf("%d at once, want %d", f.Segments, test.most)
				}
				if progress.Done.Load() != size2 || progress.Connections.Load() != 0 {
					t.Errorf("%d done, %d connections", progress.Done.Load(), progress.Connections.Load())
				}
				p.only("a")
				return
			}
			t.Error("never loaded")
		})
	}
}

// While connections are slow each on its own, there come to be more of them;
// where the line is shared, the second is given up again.
func TestAutomaticSegments(t *testing.T) {
	one := content(size2*2, 1)
	var line sync.Mutex
	shared := func(w http.ResponseWriter, r *http.Request) {
		file(one, `"1"`)(&sharedWriter{w, &line}, r)
	}
	for _, test := range []struct {
		name        string
		answer      http.HandlerFunc
		least, most int
	}{
		{"slow connections", slowly(4<<20, file(one, `"1"`)), 3, 4},
		{"a slow line", shared, 1, 2},
		{"quick", file(one, `"1"`), 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			seen := []int{}
			for range 4 { // on a computer that is held up, a line looks slower or quicker than it is
				f, requests := automatic(t, test.answer, one, test.name == "quick")
				seen = append(seen, f.Segments)
				quick := test.name == "quick" && f.Took >= usualPace // it was not
				if f.Segments >= test.least && f.Segments <= test.most && requests <= test.most+1 || quick {
					return
				}
			}
			t.Errorf("%d connections at once, want %d to %d", seen, test.least, test.most)
		})
	}
}

// automatic loads a file over as many connections as pay.
func automatic(t *testing.T, answer http.HandlerFunc, want []byte, usual bool) (f File, requests int) {
	t.Helper()
	server := play(t, answer)
	p := in(t, Options{pace: 500 * time.Millisecond})
	var free atomic.Int64
	p.Another = func(host string) func() {
		if !strings.HasPrefix(host, "127.0.0.1:") {
			t.Error(host)
		}
		free.Add(1)
		return func() { free.Add(-1) }
	}
	if usual {
		p.pace = 0
	}
	f = p.load(Request{Address: server.URL + "/a"}, want)
	if free.Load() != 0 {
		t.Errorf("%d connections were not given back", free.Load())
	}
	return f, len(server.asked)
}

func TestNoConnectionIsMadeThatIsNotGiven(t *testing.T) {
	one := content(size2, 1)
	server := play(t, slowly(16<<20, file(one, `"1"`)))
	p := in(t, Options{Segments: 4, Another: func(string) func() { return nil }})
	if f := p.load(Request{Address: server.URL + "/a"}, one); f.Segments != 1 || len(server.asked) != 1 {
		t.Errorf("%d segments, %d requests", f.Segments, len(server.asked))
	}
}

type sharedWriter struct {
	http.ResponseWriter
	line *sync.Mutex
}

func (w *sharedWriter) Write(p []byte) (int, error) {
	for piece := range slices.Chunk(p, 256<<10) {
		w.line.Lock()
		time.Sleep(10 * time.Millisecond)
		w.line.Unlock()
		if _, err := w.ResponseWriter.Write(piece); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// Segments that were cut leave holes; the next try fills them.
func TestHolesAreFilled(t *testing.T) {
	one := content(size2, 1)
	honest := file(one, `"1"`)
	server := play(t, honest)
	p := in(t, Options{})
	part, err := p.Folder.NewPart("a", key(server.URL+"/a"))
	if err != nil {
		t.Fatal(err)
	}
	var done []string
	for _, s := range []span{{0, 1 << 20}, {5 << 20, 9 << 20}, {size2 - 100, size2}} {
		if _, err := part.WriteAt(one[s.from:s.to], s.from); err != nil {
			t.Fatal(err)
		}
		done = append(done, fmt.Sprintf("[%d,%d]", s.from, s.to))
	}
	text := fmt.Sprintf(`{"name":"a","validator":{"etag":"\"1\""},"total":%d,"done":[%s]}`, size2, strings.Join(done, ","))
	if err := part.SetJournal([]byte(text)); err != nil {
		t.Fatal(err)
	}
	_ = part.Close()
	if f := p.load(Request{Address: server.URL + "/a", Sum: sumOf(one)}, one); f.Resumed != 5<<20+100 {
		t.Errorf("%+v", f)
	}
	if got := server.ranges(); !slices.Equal(got, []string{"bytes=1048576-5242879", "bytes=9437184-25165723"}) {
		t.Error(got)
	}
}

// A server that sends less than it was asked for is asked again.
func TestShortRanges(t *testing.T) {
	one := content(size1, 1)
	server := play(t, cut(100_000, file(one, `"1"`)), func(w http.ResponseWriter, r *http.Request) {
		var from int
		_, _ = fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
		to := min(from+70_000, size1)
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, size1))
		w.WriteHeader(206)
		_, _ = io.Copy(w, bytes.NewReader(one[from:to]))
	})
	p := in(t, Options{})
	if _, err := p.do(Request{Address: server.URL}); !Temporary(err) {
		t.Fatal(err)
	}
	p.load(Request{Address: server.URL}, one)
	if n := len(server.asked); n != 1+8 {
		t.Errorf("%d requests", n)
	}
}
