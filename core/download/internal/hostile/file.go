package hostile

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Content is n bytes that look random, the same for the same seed.
func Content(seed uint64, n int) []byte {
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
	}
	content := make([]byte, n)
	_, _ = rand.NewChaCha8(key).Read(content)
	return content
}

// Answer is the bytes of an answer. What it says need not be true, nor HTTP.
type Answer struct {
	Status string   // "200 OK"; with the version where that is not HTTP/1.1: "HTTP/1.0 200 OK"
	Header []string // lines, as "ETag: 1"
	Body   []byte
}

// Head is all that comes before the body.
func (a Answer) Head() string {
	var b strings.Builder
	if !strings.HasPrefix(a.Status, "HTTP/") {
		b.WriteString("HTTP/1.1 ")
	}
	b.WriteString(a.Status + "\r\n")
	for _, line := range a.Header {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	return b.String()
}

// With is the answer with these lines in the place of those of the same name.
func (a Answer) With(lines ...string) Answer {
	for _, line := range lines {
		name, _, _ := strings.Cut(line, ":")
		a = a.Without(name)
	}
	a.Header = append(slices.Clone(a.Header), lines...)
	return a
}

// Without is the answer without the headers of these names.
func (a Answer) Without(names ...string) Answer {
	a.Header = slices.DeleteFunc(slices.Clone(a.Header), func(line string) bool {
		name, _, _ := strings.Cut(line, ":")
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
	})
	return a
}

// Text is an answer with a body, and its length.
func Text(status, body string, header ...string) Answer {
	return Answer{status, append([]string{"Content-Length: " + strconv.Itoa(len(body))}, header...), []byte(body)}
}

// File is what an honest server has under an address.
type File struct {
	Content  []byte
	ETag     string    // with its quotes; "": none
	Modified time.Time // zero: none
	Extra    []string  // more headers
}

// Answer is the right answer to a request: the whole file, or the one range
// asked for if it has not changed (RFC 9110, sections 13.1.5 and 14).
func (f File) Answer(r *Request) Answer {
	a := Answer{"200 OK", append(f.describe(), f.Extra...), f.Content}
	from, to, ok := f.wanted(r)
	switch {
	case !ok:
	case from >= len(f.Content):
		a = Answer{"416 Range Not Satisfiable", []string{fmt.Sprintf("Content-Range: bytes */%d", len(f.Content))}, nil}
	default:
		a.Status, a.Body = "206 Partial Content", f.Content[from:to]
		a = a.With(fmt.Sprintf("Content-Range: bytes %d-%d/%d", from, to-1, len(f.Content)))
	}
	return a.With("Content-Length: " + strconv.Itoa(len(a.Body)))
}

func (f File) describe() []string {
	h := []string{"Date: " + time.Now().UTC().Format(http.TimeFormat), "Accept-Ranges: bytes", "Content-Type: application/octet-stream"}
	if f.ETag != "" {
		h = append(h, "ETag: "+f.ETag)
	}
	if !f.Modified.IsZero() {
		h = append(h, "Last-Modified: "+f.Modified.UTC().Format(http.TimeFormat))
	}
	return h
}

// wanted is the range to send; not ok: all.
func (f File) wanted(r *Request) (from, to int, ok bool) {
	if condition := r.Header.Get("If-Range"); condition != "" && !f.matches(condition) {
		return 0, 0, false
	}
	return Range(r, len(f.Content))
}

// matches is the strong comparison of RFC 9110, section 8.8.3.2.
func (f File) matches(condition string) bool {
	if f.ETag != "" && condition == f.ETag && !strings.HasPrefix(f.ETag, "W/") {
		return true
	}
	return !f.Modified.IsZero() && condition == f.Modified.UTC().Format(http.TimeFormat)
}

// Range is the one range a request asks for, of a file of so many bytes: from a
// byte up to and without another. It is not ok where there is none, or more.
func Range(r *Request, size int) (from, to int, ok bool) {
	text, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes=")
	first, last, dash := strings.Cut(text, "-")
	if !ok || !dash {
		return 0, 0, false
	}
	if first == "" {
		n, err := strconv.Atoi(last)
		return max(0, size-n), size, err == nil
	}
	from, err := strconv.Atoi(first)
	to = size
	if last != "" && err == nil {
		to, err = strconv.Atoi(last)
		to = min(to+1, size)
	}
	return from, to, err == nil
}
