package practice

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"strings"
	"testing"
)

// body is what a file should be.
func body(size int64, seed uint64) string {
	all, _ := io.ReadAll(newContent(size, seed))
	return string(all)
}

func TestRangesOfBytes(t *testing.T) {
	s := loopback(t)
	whole, etag := body(1000, 3), s.get(t, "/bytes/1000?seed=3").header.Get("ETag")
	changed := s.get(t, "/bytes/1000?seed=3").header.Get("Last-Modified")
	if !strings.HasPrefix(etag, `"`) || changed == "" {
		t.Fatalf("ETag %q is not strong, or Last-Modified %q is missing", etag, changed)
	}
	for name, c := range map[string]struct {
		headers []string
		status  int
		body    string
		rng     string
	}{
		"whole":                      {nil, 200, whole, ""},
		"first":                      {[]string{"Range: bytes=0-9"}, 206, whole[:10], "bytes 0-9/1000"},
		"rest":                       {[]string{"Range: bytes=501-"}, 206, whole[501:], "bytes 501-999/1000"},
		"last":                       {[]string{"Range: bytes=-3"}, 206, whole[997:], "bytes 997-999/1000"},
		"past the end":               {[]string{"Range: bytes=1000-"}, 416, "invalid range: failed to overlap\n", "bytes */1000"},
		"same ETag":                  {[]string{"Range: bytes=9-10", "If-Range: " + etag}, 206, whole[9:11], "bytes 9-10/1000"},
		"same date":                  {[]string{"Range: bytes=9-10", "If-Range: " + changed}, 206, whole[9:11], "bytes 9-10/1000"},
		"another ETag":               {[]string{"Range: bytes=9-10", `If-Range: "old"`}, 200, whole, ""},
		"weak ETag":                  {[]string{"Range: bytes=9-10", "If-Range: W/" + etag}, 200, whole, ""},
		"another date":               {[]string{"Range: bytes=9-10", "If-Range: Mon, 02 Jan 2006 15:04:05 GMT"}, 200, whole, ""},
		"not changed":                {[]string{"If-None-Match: " + etag}, 304, "", ""},
		"a condition that is not so": {[]string{`If-Match: "old"`}, 412, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.get(t, "/bytes/1000?seed=3", c.headers...)
			if got.status != c.status || got.body != c.body || got.header.Get("Content-Range") != c.rng {
				t.Errorf("%d, %d bytes, range %q; want %d, %d bytes, %q", got.status, len(got.body),
					got.header.Get("Content-Range"), c.status, len(c.body), c.rng)
			}
			if got.status < 300 && (got.length != int64(len(c.body)) || got.header.Get("ETag") != etag) {
				t.Errorf("length %d, ETag %s", got.length, got.header.Get("ETag"))
			}
		})
	}
}

func TestALargeFileCostsNothing(t *testing.T) {
	s := loopback(t)
	if got := s.send(t, "HEAD", "/bytes/1TiB", ""); got.length != 1<<40 {
		t.Errorf("length %d", got.length)
	}
	got := s.get(t, "/bytes/1TiB", "Range: bytes=-1000")
	if got.status != 206 || len(got.body) != 1000 {
		t.Errorf("the end: %d with %d bytes", got.status, len(got.body))
	}
}

func TestFileHasItsName(t *testing.T) {
	s := loopback(t)
	for path, want := range map[string]string{
		"/file/a.pdf?size=10":                   "a.pdf",
		"/file/Gr%C3%BC%C3%9Fe%20%E2%82%AC.txt": "Grüße €.txt",
		"/file/..%2F..%2F.bashrc":               "../../.bashrc",
		"/file/a%22b%5C.txt":                    `a"b\.txt`,
	} {
		_, params, err := mime.ParseMediaType(s.get(t, path).header.Get("Content-Disposition"))
		if err != nil || params["filename"] != want {
			t.Errorf("%s: %q, %v; want %q", path, params["filename"], err, want)
		}
	}
	raw := "attachment; filename=\"caf\xe9\"; x=%zz"
	got := s.get(t, "/file/a?size=10&disposition=attachment%3B+filename%3D%22caf%E9%22%3B+x%3D%25zz")
	if got.header.Get("Content-Disposition") != raw || got.body != body(10, 0) {
		t.Errorf("raw header: %q", got.header.Get("Content-Disposition"))
	}
}

func TestSumIsThatOfTheFile(t *testing.T) {
	s := loopback(t)
	file := s.get(t, "/file/a.bin?size=3MB&seed=4").body
	want := fmt.Sprintf("%x  a.bin\n", sha256.Sum256([]byte(file)))
	if got := s.get(t, "/sha256/a.bin?size=3MB&seed=4").body; got != want || len(file) != 3e6 {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestChangingIsAnotherFileAfterEachFullRequest(t *testing.T) {
	s := loopback(t)
	for i, c := range []struct {
		method, rng string
		status      int
		version     uint64
	}{
		{"HEAD", "", 200, 1},
		{"GET", "", 200, 1},
		{"HEAD", "", 200, 2},
		{"GET", "bytes=5-", 206, 2},
		{"GET", "bytes=7-", 206, 2},
		{"GET", "", 200, 2},
		{"GET", "", 200, 3},
	} {
		got := s.send(t, c.method, "/changing/100", "", "Range: "+c.rng)
		want := body(100, c.version)
		if c.rng != "" {
			want = want[int(c.rng[len("bytes=")]-'0'):]
		}
		if c.method == "HEAD" {
			want = ""
		}
		if tag := fmt.Sprintf(`"version-%d"`, c.version); got.status != c.status || got.header.Get("ETag") != tag || got.body != want {
			t.Errorf("request %d: %d, ETag %s; want %d, %s", i, got.status, got.header.Get("ETag"), c.status, tag)
		}
	}
	first, other := s.get(t, "/changing/100?key=b"), s.get(t, "/changing/200")
	if first.header.Get("ETag") != `"version-1"` || other.header.Get("ETag") != `"version-1"` {
		t.Error("another key or size is not another file")
	}
}

func TestResumingAChangedFileGetsTheNewOne(t *testing.T) {
	s := loopback(t)
	begin := s.get(t, "/changing/1000?at=400")
	if !errors.Is(begin.err, io.ErrUnexpectedEOF) || begin.body != body(1000, 1)[:400] {
		t.Fatalf("%d bytes, %v", len(begin.body), begin.err)
	}
	rest := s.get(t, "/changing/1000?at=400", "Range: bytes=400-", "If-Range: "+begin.header.Get("ETag"))
	if rest.status != 200 || rest.err != nil || rest.body != body(1000, 2) {
		t.Errorf("status %d, %d bytes, %v", rest.status, len(rest.body), rest.err)
	}
	if begin.header.Get("Last-Modified") == rest.header.Get("Last-Modified") {
		t.Error("Last-Modified does not tell them apart")
	}
}

func TestNoRangesSendsAllWhateverIsAsked(t *testing.T) {
	s := loopback(t)
	begin := s.get(t, "/noranges/1000?at=10")
	if !errors.Is(begin.err, io.ErrUnexpectedEOF) || begin.body != body(1000, 0)[:10] || begin.header.Get("Accept-Ranges") != "" {
		t.Errorf("%d bytes, %v", len(begin.body), begin.err)
	}
	rest := s.get(t, "/noranges/1000?at=10", "Range: bytes=10-", "If-Range: "+begin.header.Get("ETag"))
	if rest.status != 200 || rest.length != 1000 || rest.body != body(1000, 0) {
		t.Errorf("status %d, length %d", rest.status, rest.length)
	}
}

func TestNoLengthIsWholeAllTheSame(t *testing.T) {
	s := loopback(t)
	for _, size := range []int64{0, 3, 100_000} {
		got := s.get(t, fmt.Sprintf("/nolength/%d", size))
		if got.length != -1 || got.err != nil || got.body != body(size, 0) {
			t.Errorf("%d: length %d, %d bytes, %v", size, got.length, len(got.body), got.err)
		}
	}
}

// HTTP/1.0 has no chunks: there the end of the connection is the end of the file.
func TestNoLengthForAnOldClient(t *testing.T) {
	s := loopback(t)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /nolength/1000 HTTP/1.0\r\n\r\n")
	all, err := io.ReadAll(bufio.NewReader(conn))
	header, content, _ := strings.Cut(string(all), "\r\n\r\n")
	if err != nil || content != body(1000, 0) || strings.Contains(header, "chunked") {
		t.Errorf("%d bytes, %v, after\n%s", len(content), err, header)
	}
}

func BenchmarkBytes(b *testing.B) {
	s, err := Serve(b.Context(), 0)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	conn, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	const size = 100e6
	b.SetBytes(size)
	for b.Loop() {
		fmt.Fprint(conn, "GET /bytes/100MB HTTP/1.1\r\nHost: a\r\n\r\n")
		if _, err := io.CopyN(struct{ io.Writer }{io.Discard}, conn, size); err != nil {
			b.Fatal(err)
		}
	}
}
