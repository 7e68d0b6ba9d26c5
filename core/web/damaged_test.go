package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Answers that break the rules of HTTP are explained without its terms.
func TestDamagedAnswersInWords(t *testing.T) {
	for _, test := range []struct {
		name, answer, says string
		temporary          bool
	}{
		{"two lengths", "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "contradicts itself", false},
		{"no length", "Content-Length: x\r\n\r\nabcd", "contradicts itself", false},
		{"an unknown coding", "Transfer-Encoding: shrink\r\n\r\nabcd", "contradicts itself", false},
		{"broken chunks", "Transfer-Encoding: chunked\r\n\r\nzz\r\nabcd", "damaged", true},
		{"chunks longer than said", "Transfer-Encoding: chunked\r\n\r\n1\r\nabcd", "damaged", true},
		{"a broken header", "no colon\r\n\r\n", "damaged", true},
		{"a long header", strings.Repeat("X: y\r\n", 1<<18) + "\r\n", "too long", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := listen(t, "127.0.0.1:0")
			defer l.Close()
			go answerRaw(l, "HTTP/1.1 200 OK\r\n"+test.answer)
			c := client(t, Options{})
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String(), nil)
			resp, err := c.Do(req)
			if err == nil {
				_, err = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
			if err == nil || !strings.Contains(Explain(err).Error(), test.says) || Temporary(err) != test.temporary {
				t.Errorf("%v, explained as %v", err, Explain(err))
			}
		})
	}
}

// answerRaw sends the same to whoever asks, until the listener is closed.
func answerRaw(l net.Listener, text string) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		_, _ = http.ReadRequest(bufio.NewReader(conn))
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
	}
}
