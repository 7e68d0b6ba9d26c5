package download_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

// say answers every request with the same, and closes the connection.
func say(a hostile.Answer) hostile.Script {
	return func(c *hostile.Conn, _ *hostile.Request) {
		c.Send(a)
		_ = c.Close()
	}
}

// chunked is a body in chunks of so many bytes (RFC 9112, section 7.1), without
// the last one, which says that it is whole.
func chunked(body []byte, size int) string {
	var b strings.Builder
	for len(body) > 0 {
		n := min(size, len(body))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return b.String()
}

const lastChunk = "0\r\n\r\n"

// unmeasured is the answer of a file without its length.
func unmeasured(body string, header ...string) hostile.Answer {
	return hostile.Answer{Status: "200 OK", Header: append([]string{`ETag: "1"`}, header...), Body: []byte(body)}
}

func TestWhatABodySaysOfItsLength(t *testing.T) {
	t.Parallel()
	length := "Content-Length: " + strconv.Itoa(fileSize)
	inChunks := "Transfer-Encoding: chunked"
	text := string(content)
	for _, test := range []struct {
		name   string
		answer hostile.Answer
		whole  bool
		words  []string // of the error, or of the note
	}{
		{"right", unmeasured(text, length), true, nil},
		{"right, twice the same", unmeasured(text, length, length), true, nil},
		{"too much comes", unmeasured(text+strings.Repeat("junk", 1000), length), true, nil},
		{"too little comes", unmeasured(text[:cutAt], length), false, []string{"closed the connection"}},
		{"nothing comes", unmeasured("", length), false, []string{"closed the connection"}},
		{"two lengths", unmeasured(text, length, "Content-Length: 400000"), false, nil},
		{"two lengths, the smaller first", unmeasured(text, "Content-Length: 400000", length), false, nil},
		{"negative", unmeasured(text, "Content-Length: -600000"), false, nil},
		{"signed", unmeasured(text, "Content-Length: +600000"), false, nil},
		{"not a number", unmeasured(text, "Content-Length: 600kB"), false, nil},
		{"larger than any number", unmeasured(text, "Content-Length: 99999999999999999999"), false, nil},
		{"hexadecimal", unmeasured(text, "Content-Length: 0x927c0"), false, nil},
		{"none, until the end", unmeasured(text), true, []string{"length unknown"}},
		{"HTTP/1.0, none", func() hostile.Answer { a := unmeasured(text); a.Status = "HTTP/1.0 200 OK"; return a }(), true, []string{"length unknown"}},
		{"chunks", unmeasured(chunked(content, 5000)+lastChunk, inChunks), true, nil},
		{"chunks with extensions", unmeasured(strings.ReplaceAll(chunked(content[:5], 5), "5\r\n", "5;a=b\r\n")+chunked(content[5:], 100_000)+lastChunk, inChunks), true, nil},
		{"chunks, and a wrong length", unmeasured(chunked(content, 100_000)+lastChunk, inChunks, "Content-Length: 7"), true, nil},
		{"chunks, the last missing", unmeasured(chunked(content, 5000), inChunks), false, []string{"closed the connection"}},
		{"chunks, cut", unmeasured(chunked(content, 5000)[:cutAt], inChunks), false, []string{"closed the connection"}},
		{"chunks, the size is no number", unmeasured(chunked(content[:5000], 5000)+"zz\r\n"+text, inChunks), false, nil},
		{"chunks, the size is negative", unmeasured(chunked(content[:5000], 5000)+"-5\r\n"+text, inChunks), false, nil},
		{"chunks, the size is huge", unmeasured(chunked(content[:5000], 5000)+"fffffffffffffffff\r\n"+text, inChunks), false, nil},
		{"chunks, larger than said", unmeasured("5\r\n"+text, inChunks), false, nil},
		{"chunks that are none", unmeasured(text, inChunks), false, nil},
		{"an unknown coding", unmeasured(text, "Transfer-Encoding: shrink", length), false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, say(test.answer), nil)
			if test.whole {
				a.expect(t, content, test.words...)
			} else {
				a.expect(t, nil, test.words...)
			}
		})
	}
}

func TestHeadersThatAreNoHTTP(t *testing.T) {
	t.Parallel()
	length := "Content-Length: " + strconv.Itoa(fileSize)
	text := string(content)
	for _, test := range []struct {
		name, raw string
		whole     bool
	}{
		{"lines end with LF only", "HTTP/1.1 200 OK\n" + length + "\n\n" + text, true},
		{"no reason", "HTTP/1.1 200\r\n" + length + "\r\n\r\n" + text, true},
		{"names in odd cases", "HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh:600000\r\n\r\n" + text, true},
		{"HTTP/0.9", text, false},
		{"HTTP/0.9 in words", "<html>hello</html>", false},
		{"another protocol", "SSH-2.0-OpenSSH_9.6\r\n", false},
		{"nothing", "", false},
		{"half a status line", "HTTP/1.", false},
		{"half a header", "HTTP/1.1 200 OK\r\nContent-Len", false},
		{"a version to come", "HTTP/9.9 200 OK\r\n" + length + "\r\n\r\n" + text, true},
		{"a status in letters", "HTTP/1.1 abc OK\r\n" + length + "\r\n\r\n" + text, false},
		{"NUL in a name", "HTTP/1.1 200 OK\r\n" + length + "\r\nX-\x00A: 1\r\n\r\n" + text, false},
		{"NUL in a value", "HTTP/1.1 200 OK\r\n" + length + "\r\nX-A: 1\x002\r\n\r\n" + text, false},
		{"no colon", "HTTP/1.1 200 OK\r\n" + length + "\r\nno colon\r\n\r\n" + text, false},
		{"a space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 600000\r\n\r\n" + text, true},
		{"a line longer than any", "HTTP/1.1 200 OK\r\n" + length + "\r\nX: " + strings.Repeat("x", 3<<20) + "\r\n\r\n" + text, false},
		{"too many lines", "HTTP/1.1 200 OK\r\n" + length + "\r\n" + strings.Repeat("X: y\r\n", 1<<19) + "\r\n" + text, false},
		{"some 1xx first", strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", 3) + "HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n" + text, true},
		{"a switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + text, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, func(c *hostile.Conn, _ *hostile.Request) {
				_ = c.Print(test.raw)
				_ = c.Close()
			}, nil)
			if !test.whole {
				a.expect(t, nil)
			} else {
				a.expect(t, content)
			}
		})
	}
}

// What never ends, or hardly goes on, before the body.
func TestHeadersThatDoNotEnd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		answer hostile.Script
	}{
		{"1xx for ever", func(c *hostile.Conn, _ *hostile.Request) {
			c.Forever("HTTP/1.1 103 Early Hints\r\n\r\n")
		}},
		{"100 for ever", func(c *hostile.Conn, _ *hostile.Request) { c.Forever("HTTP/1.1 100 Continue\r\n\r\n") }},
		{"lines for ever", func(c *hostile.Conn, _ *hostile.Request) {
			_ = c.Print("HTTP/1.1 200 OK\r\n")
			c.Forever("X-Y: " + strings.Repeat("z", 1000) + "\r\n")
		}},
		{"one line for ever", func(c *hostile.Conn, _ *hostile.Request) {
			_ = c.Print("HTTP/1.1 200 OK\r\nX: ")
			c.Forever(strings.Repeat("z", 1000))
		}},
		{"byte by byte", func(c *hostile.Conn, _ *hostile.Request) {
			c.DripText("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("z", 1<<20), 1, 50*time.Millisecond)
		}},
		{"never", func(c *hostile.Conn, _ *hostile.Request) { c.Hold() }},
		{"1xx now and then", func(c *hostile.Conn, _ *hostile.Request) {
			for c.Wait(50*time.Millisecond) && c.Print("HTTP/1.1 103 Early Hints\r\n\r\n") == nil {
			}
			_ = c.Close()
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			attack(t, test.answer, func(c *download.Config) { c.Stall = time.Second }).expect(t, nil)
		})
	}
}

// What a server sends beyond the end of a file is neither part of it nor of the
// answer to the next request, also where a worker waits for the connection.
func TestWhatComesAfterTheEndIsNotTheNextFile(t *testing.T) {
	t.Parallel()
	const many = 60
	small := func(path string) []byte { return hostile.Content(uint64(len(path)), 1000+len(path)) }
	evil := hostile.Text("200 OK", "evil").Head() + "evil"
	for name, junk := range map[string]string{"an answer": evil, "junk": strings.Repeat("junk ", 20), "a line": "\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
				a := hostile.Text("200 OK", string(small(r.URL.Path)))
				a.Body = append(a.Body, junk...)
				c.Send(a)
			})
			c := settings(t)
			for i := range many {
				c.URLs = append(c.URLs, server.URL+"/"+strings.Repeat("x", i+1))
			}
			c.Workers, c.Retries = 2, 5
			o := run(t, c)
			o.expect(t, many, 0, 0)
			finished, _ := files(t, c.To)
			for _, row := range o.rows {
				if row.Status != core.OK {
					continue
				}
				d := row.Out.(download.Download)
				if path := strings.TrimPrefix(row.Item, server.URL); finished[d.File] != string(small(path)) {
					t.Errorf("%s: %d bytes, want %d", d.File, len(finished[d.File]), len(small(path)))
				}
			}
		})
	}
}
