package fetch

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"manyhands/core/safefile"
)

// mostEntryHead is how long the first line of an entry may be, in bytes.
const mostEntryHead = 64 << 10

// mostEntry is how large the body in an entry may be, in bytes.
const mostEntry = 64 << 20

// cache keeps answers with their validators (RFC 9110, section 8.8) in files
// named by what was asked: a line of JSON, then the body.
type cache struct {
	dir    string
	folder *safefile.Folder
}

// entry is the first line of a file.
type entry struct {
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	Type     string `json:"type"`
	Size     int64  `json:"size"`
	Sum      string `json:"sha256"` // of the body
}

// entryName tells requests apart that may get different answers: by method,
// address and all headers that a person set.
func entryName(req *http.Request) string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%q %q %q\n", req.Method, req.URL, req.Host)
	for _, name := range slices.Sorted(maps.Keys(req.Header)) {
		if name != "If-None-Match" && name != "If-Modified-Since" {
			_, _ = fmt.Fprintf(h, "%q %q\n", name, req.Header[name])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ask makes a request ask only for what changed.
func (c *cache) ask(req *http.Request) {
	if req.Method != http.MethodGet || req.Header.Get("If-None-Match") != "" || req.Header.Get("If-Modified-Since") != "" {
		return
	}
	e, _, err := c.read(entryName(req))
	switch {
	case err != nil: // there is none, or it is damaged
	case e.ETag != "":
		req.Header.Set("If-None-Match", e.ETag)
	case e.Modified != "":
		req.Header.Set("If-Modified-Since", e.Modified)
	}
}

// use serves an answer from the cache, or keeps it there.
func (c *cache) use(req *http.Request, a *answer) error {
	name := entryName(req)
	switch {
	case req.Method != http.MethodGet:
	case a.StatusCode == http.StatusNotModified:
		e, body, err := c.read(name)
		if err != nil {
			return nil //nolint:nilerr // a person asked for it by a header: there is no body
		}
		a.body, a.cached = body, true
		if a.Header.Get("Content-Type") == "" {
			a.Header.Set("Content-Type", e.Type)
		}
	case a.StatusCode == http.StatusOK:
		return c.keep(name, req, a)
	}
	return nil
}

func (c *cache) keep(name string, req *http.Request, a *answer) error {
	e := entry{
		ETag: a.Header.Get("ETag"), Modified: a.Header.Get("Last-Modified"),
		Type: a.Header.Get("Content-Type"), Size: int64(len(a.body)), Sum: sum(a.body),
	}
	if e.ETag == "" && e.Modified == "" || strings.Contains(strings.ToLower(a.Header.Get("Cache-Control")), "no-store") {
		return nil
	}
	head, err := json.Marshal(e)
	if err != nil || len(head) >= mostEntryHead {
		return nil //nolint:nilerr // too strange to be kept
	}
	f, err := c.folder.Create(name, safefile.Replace)
	if err != nil {
		return fmt.Errorf("keep the answer in the cache: %w", err)
	}
	defer f.Abort()
	_, err = f.Write(append(append(head, '\n'), a.body...))
	if err == nil {
		_, err = f.Commit(req.Context())
	}
	if err != nil {
		return fmt.Errorf("keep the answer in the cache: %w", err)
	}
	return nil
}

var errDamaged = errors.New("the entry is damaged")

// read reads an entry, and makes sure that it is as it was written.
func (c *cache) read(name string) (e entry, body []byte, err error) {
	f, err := os.Open(filepath.Join(c.dir, name))
	if err != nil {
		return e, nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	r := bufio.NewReaderSize(f, mostEntryHead)
	head, err := r.ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(head, &e)
	}
	info, statErr := f.Stat()
	if err = errors.Join(err, statErr); err != nil {
		return e, nil, err
	}
	if e.Size < 0 || e.Size > mostEntry || info.Size() != int64(len(head))+e.Size {
		return e, nil, errDamaged
	}
	var b bytes.Buffer
	_, err = io.CopyN(&b, r, e.Size)
	if err == nil && sum(b.Bytes()) != e.Sum {
		err = errDamaged
	}
	return e, b.Bytes(), err
}

func sum(body []byte) string {
	s := sha256.Sum256(body)
	return hex.EncodeToString(s[:])
}
