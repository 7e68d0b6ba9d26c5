package hostile_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"manyhands/core/download/internal/hostile"
)

func TestAnHonestFile(t *testing.T) {
	modified := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const date = "Fri, 02 Jan 2026 03:04:05 GMT"
	content := "0123456789"
	file := hostile.File{Content: []byte(content), ETag: `"1"`, Modified: modified, Extra: []string{"X-Extra: yes"}}
	weak := hostile.File{Content: []byte(content), ETag: `W/"1"`}
	s := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
		f := file
		if r.URL.Path == "/weak" {
			f = weak
		}
		c.Send(f.Answer(r))
	})
	defer http.DefaultClient.CloseIdleConnections()
	for _, test := range []struct {
		path, ranged, condition string
		status                  int
		body, says              string
	}{
		{"/", "", "", 200, content, ""},
		{"/", "bytes=3-", "", 206, content[3:], "bytes 3-9/10"},
		{"/", "bytes=3-5", "", 206, "345", "bytes 3-5/10"},
		{"/", "bytes=-4", "", 206, "6789", "bytes 6-9/10"},
		{"/", "bytes=8-100", "", 206, "89", "bytes 8-9/10"},
		{"/", "bytes=3-", `"1"`, 206, content[3:], "bytes 3-9/10"},
		{"/", "bytes=3-", `"2"`, 200, content, ""},
		{"/", "bytes=3-", date, 206, content[3:], "bytes 3-9/10"},
		{"/", "bytes=3-", "Fri, 02 Jan 2026 03:04:06 GMT", 200, content, ""},
		{"/weak", "bytes=3-", `W/"1"`, 200, content, ""},
		{"/", "bytes=10-", "", 416, "", "bytes */10"},
		{"/", "bytes=1-2,4-5", "", 200, content, ""},
		{"/", "lines=1-2", "", 200, content, ""},
	} {
		req, _ := http.NewRequest(http.MethodGet, s.URL+test.path, nil)
		if test.ranged != "" {
			req.Header.Set("Range", test.ranged)
			req.Header.Set("If-Range", test.condition)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != test.status || string(body) != test.body || err != nil || resp.Header.Get("Content-Range") != test.says {
			t.Errorf("%s %q if %q: %s, %q, %q, %v", test.path, test.ranged, test.condition, resp.Status, resp.Header.Get("Content-Range"), body, err)
		}
		if test.path == "/" && resp.StatusCode < 300 && (resp.Header.Get("Last-Modified") != date || resp.Header.Get("X-Extra") != "yes") {
			t.Errorf("%v", resp.Header)
		}
	}
}

func TestAnswersAreChangedInCopies(t *testing.T) {
	honest := hostile.Text("200 OK", "abc", "ETag: 1")
	lie := honest.With("content-length: 5", "ETag: 2", "New: 3").Without("NEW")
	if got, want := lie.Head(), "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nETag: 2\r\n\r\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := honest.Head(); !strings.Contains(got, "Content-Length: 3\r\nETag: 1\r\n\r\n") {
		t.Errorf("the honest answer is %q now", got)
	}
}
