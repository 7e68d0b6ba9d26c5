package download_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"manyhands/core"
	"manyhands/core/download/internal/hostile"
)

func TestStatusesThatAreNoFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status  string
		tries   int // 0: any number
		advised bool
	}{
		{"204 No Content", 1, false},
		{"205 Reset Content", 1, false},
		{"400 Bad Request", 1, false},
		{"401 Unauthorized", 1, true},
		{"403 Forbidden", 1, true},
		{"404 Not Found", 1, true},
		{"405 Method Not Allowed", 1, false},
		{"407 Proxy Authentication Required", 1, false},
		{"410 Gone", 1, true},
		{"418 Teapot", 1, false},
		{"451 Unavailable For Legal Reasons", 1, true},
		{"501 Not Implemented", 1, false},
		{"505 HTTP Version Not Supported", 1, false},
		{"600 Odd", 0, false},
		{"999 Request denied", 0, false},
		{"408 Request Timeout", 2, true},
		{"425 Too Early", 2, true},
		{"500 Internal Server Error", 2, true},
		{"502 Bad Gateway", 2, true},
		{"504 Gateway Timeout", 2, true},
		{"429 Too Many Requests", 2, true},
		{"503 Service Unavailable", 2, true},
	} {
		t.Run(test.status, func(t *testing.T) {
			t.Parallel()
			a := attack(t, func(c *hostile.Conn, _ *hostile.Request) {
				answer := hostile.Text(test.status, "not what was asked for", "Retry-After: 0.01")
				if test.status[:3] == "204" {
					answer = hostile.Answer{Status: test.status}
				}
				c.Send(answer)
			}, retries(1))
			a.expect(t, nil, test.status[:3])
			if n := len(a.server.Requests()); test.tries > 0 && n != test.tries {
				t.Errorf("%d requests, want %d", n, test.tries)
			}
			if a.row.Err != nil && test.advised && !strings.Contains(a.row.Err.Error(), ":") {
				t.Errorf("%q gives no advice", a.row.Err)
			}
		})
	}
}

func TestStatusesThatPass(t *testing.T) {
	t.Parallel()
	for _, code := range []int{408, 425, 429, 500, 502, 503, 504} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			t.Parallel()
			a := attack(t, func(c *hostile.Conn, r *hostile.Request) {
				if r.N == 1 {
					c.Send(hostile.Text(fmt.Sprint(code, " ", http.StatusText(code)), "later", "Retry-After: 0.01"))
					return
				}
				c.Send(honest.Answer(r))
			}, retries(1))
			a.expect(t, content)
		})
	}
}

// A file of no bytes is a file.
func TestAnEmptyFile(t *testing.T) {
	t.Parallel()
	for _, answer := range []hostile.Answer{
		hostile.Text("200 OK", ""), unmeasured(""), unmeasured(lastChunk, "Transfer-Encoding: chunked"),
	} {
		server := hostile.Serve(t, say(answer))
		o := run(t, settings(t, server.URL+"/empty.txt"))
		o.whole(t, nil)
		o.expect(t, 1, 0, 0)
		if len(o.rows) == 1 && o.rows[0].Status != core.OK {
			t.Error(o.rows[0].Err)
		}
	}
}
