package practice

import (
	"crypto/sha256"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// modified is when the files were last changed, unless they change.
var modified = time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)

// file is one that is served: its content, and what tells it from others.
type file struct {
	*content
	etag     string
	modified time.Time
}

// file reads which one is asked for.
func (p *params) file(size string, otherwise int64) file {
	n, seed := p.size(size, otherwise, largest), p.seed()
	return file{newContent(n, seed), fmt.Sprintf(`"%x-%x"`, n, seed), modified}
}

// describe sets the headers that every file has.
func (f file) describe(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("ETag", f.etag)
}

// send answers with the file, or the ranges of it that are asked for, if the
// conditions hold (RFC 9110, sections 13 and 14).
func (f file) send(w http.ResponseWriter, p *params) {
	f.describe(w)
	http.ServeContent(w, p.Request, "", f.modified, f)
}

// sendWhole answers with the whole file whatever is asked for.
func (f file) sendWhole(w http.ResponseWriter) {
	f.describe(w)
	w.Header().Set("Content-Length", strconv.FormatInt(f.size, 10))
	w.Header().Set("Last-Modified", f.modified.Format(http.TimeFormat))
	_, _ = io.Copy(w, f) // an error is that the client has gone
}

func (s *Server) bytes(w http.ResponseWriter, p *params) {
	f := p.file("n", 0)
	if !p.refused(w) {
		f.send(w, p)
	}
}

// named sends a file with a name for it, or with any header in the place of
// the name.
func (s *Server) named(w http.ResponseWriter, p *params) {
	f, name := p.file("size", 1000), p.text("name", "")
	name = mime.FormatMediaType("attachment", map[string]string{"filename": name})
	disposition := p.text("disposition", name)
	if p.refused(w) {
		return
	}
	w.Header().Set("Content-Disposition", disposition)
	f.send(w, p)
}

// sum is the line that sha256sum would write of a file.
func (s *Server) sum(w http.ResponseWriter, p *params) {
	size, seed, name := p.size("size", 1000, 10e9), p.seed(), p.text("name", "")
	if p.refused(w) {
		return
	}
	hash, f := sha256.New(), newContent(size, seed)
	for f.at < size {
		_, _ = io.CopyN(hash, f, 1<<20)
		if p.Context().Err() != nil {
			hangUp()
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, "%x  %s\n", hash.Sum(nil), name) //nolint:gosec // as plain text
}

// changing sends a file that is another one after each GET without Range. So
// who resumes finds a new version, and it stays while resuming goes on.
func (s *Server) changing(w http.ResponseWriter, p *params) {
	n, at := p.size("n", 0, largest), p.size("at", largest, largest)
	key, full := p.memoryKey(), p.full()
	if p.refused(w) {
		return
	}
	var version int
	_, err := s.counts.change(key, func(before int) int {
		version = before + 1
		if full {
			return version
		}
		return before
	})
	if err != nil {
		refuse(w, http.StatusInsufficientStorage, err)
		return
	}
	f := file{
		newContent(n, uint64(version)), fmt.Sprintf(`"version-%d"`, version),
		modified.Add(time.Duration(version) * time.Second),
	}
	f.send(cutFirst(w, p, at), p)
}

func (s *Server) noRanges(w http.ResponseWriter, p *params) {
	f, at := p.file("n", 0), p.size("at", largest, largest)
	if !p.refused(w) {
		f.sendWhole(cutFirst(w, p, at))
	}
}

func (s *Server) noLength(w http.ResponseWriter, p *params) {
	f := p.file("n", 0)
	if p.refused(w) {
		return
	}
	f.describe(w)
	_ = http.NewResponseController(w).Flush() // the header, while the length is not known
	_, _ = io.Copy(w, f)
}

// full is true for a GET without Range, which is how a download begins.
func (p *params) full() bool { return p.Method == http.MethodGet && p.Header.Get("Range") == "" }
