package practice

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// The pieces of /drip: how far apart they are, and how many bytes in all.
const (
	dripEvery = 20 * time.Millisecond
	maxDrip   = 1 << 30
)

func (s *Server) delay(w http.ResponseWriter, p *params) {
	seconds := p.seconds("seconds", 0, longest)
	if !p.refused(w) {
		p.wait(time.Now().Add(seconds))
		s.anything(w, p)
	}
}

// drip sends the last byte delay+duration after the request.
func (s *Server) drip(w http.ResponseWriter, p *params) {
	n := p.size("n", 0, maxDrip)
	duration, delay := p.seconds("duration", 2*time.Second, longest), p.seconds("delay", 0, longest)
	if p.refused(w) {
		return
	}
	begin := time.Now().Add(delay)
	p.wait(begin)
	f, out := newContent(n, 0), http.NewResponseController(w)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(n, 10))
	_ = out.Flush()
	pieces := max(1, min(n, int64(duration/dripEvery)))
	for i := range pieces {
		p.wait(begin.Add(duration * time.Duration(i+1) / time.Duration(pieces)))
		if _, err := io.CopyN(w, f, n*(i+1)/pieces-f.at); err != nil {
			return // the client has gone
		}
		_ = out.Flush()
	}
}

// cut sends at most so many bytes in one answer, and closes the connection if
// there are more.
func (s *Server) cut(w http.ResponseWriter, p *params) {
	f := p.file("n", 0)
	at := p.size("at", f.size/2, largest)
	if !p.refused(w) {
		f.send(&short{w, at, func() {}}, p)
	}
}

// stall does the same, but leaves the connection open until the client goes.
func (s *Server) stall(w http.ResponseWriter, p *params) {
	f := p.file("n", 0)
	at := p.size("at", f.size/2, largest)
	if !p.refused(w) {
		f.send(&short{w, at, func() { <-p.Context().Done() }}, p)
	}
}

// short lets so many bytes of a body through. Then it waits, and closes the
// connection.
type short struct {
	http.ResponseWriter
	left int64
	wait func()
}

// Write is for io.Writer.
func (s *short) Write(p []byte) (int, error) {
	if int64(len(p)) <= s.left {
		s.left -= int64(len(p))
		return s.ResponseWriter.Write(p)
	}
	_, _ = s.ResponseWriter.Write(p[:s.left])
	_ = http.NewResponseController(s.ResponseWriter).Flush()
	s.wait()
	hangUp()
	return 0, nil
}

// hangUp closes the connection, whatever of the answer has been sent. It does
// not return: this is net/http's way.
func hangUp() { panic(http.ErrAbortHandler) }

// cutFirst shortens the answer to a GET without Range.
func cutFirst(w http.ResponseWriter, p *params, at int64) http.ResponseWriter {
	if !p.full() {
		return w
	}
	return &short{w, at, func() {}}
}
