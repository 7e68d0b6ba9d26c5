package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// raw is a server that does one thing to each connection.
func raw(t *testing.T, do func(net.Conn)) string {
	t.Helper()
	l := listen(t, "127.0.0.1:0")
	done := make(chan struct{})
	go func() { // until l is closed
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			do(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l.Addr().String()
}

func request(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) }

// failure is a request that fails, to a real server.
type failure struct {
	name, address string
	client        func() *Client
	says          string
	temporary     bool
}

func (test failure) check(t *testing.T) {
	_, err := visit(t.Context(), test.client(), test.address)
	if err == nil || !strings.Contains(Explain(err).Error(), test.says) {
		t.Errorf("%v\n%v\nwant %q", err, Explain(err), test.says)
	}
	if got := Temporary(err); got != test.temporary {
		t.Errorf("%v: temporary is %v", err, got)
	}
	if !errors.Is(Explain(err), err) || Explain(Explain(err)).Error() != Explain(err).Error() {
		t.Error("the explanation does not wrap the error")
	}
}

// servers are one with TLS, one without, and an address where none is.
func servers(t *testing.T) (secure, plain *httptest.Server, nobody string) {
	secure = httptest.NewTLSServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(secure.Close)
	plain = httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	l := listen(t, "127.0.0.1:0")
	defer l.Close()
	return secure, plain, l.Addr().String()
}

func TestExplainConnections(t *testing.T) {
	_, _, nobody := servers(t)
	ordinary := func() *Client { return client(t, Options{}) }
	for _, test := range []failure{
		{"refused", "http://" + nobody, ordinary, "connection refused: nothing answers", true},
		{"no host", "http://no-such-host.invalid/", func() *Client {
			c := ordinary()
			c.plain.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Name: "no-such-host.invalid", IsNotFound: true}}
			}
			return c
		}, "there is no host named no-such-host.invalid: check the spelling", false},
		{"reset", "http://" + raw(t, func(c net.Conn) {
			request(c)
			_ = c.(*net.TCPConn).SetLinger(0)
		}), ordinary, "connection reset", true},
		{"closed", "http://" + raw(t, request), ordinary, "closed the connection before the answer was whole", true},
		{"cut short", "http://" + raw(t, func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
		}), ordinary, "closed the connection before the answer was whole", true},
		{"another protocol", "http://" + raw(t, func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, "SSH-2.0-OpenSSH\r\n")
		}), ordinary, "does not speak HTTP", false},
		{"bad gzip", "http://" + raw(t, func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n12345678901234567890")
		}), ordinary, "packed, and damaged", false},
		{"no answer", "http://" + raw(t, func(c net.Conn) { request(c); request(c) }), func() *Client {
			return client(t, Options{HeaderTimeout: 20 * time.Millisecond})
		}, "no answer in time (while waiting for the answer)", true},
	} {
		t.Run(test.name, test.check)
	}
}

func TestExplainCertificates(t *testing.T) {
	secure, plain, _ := servers(t)
	ordinary := func() *Client { return client(t, Options{}) }
	for _, test := range []failure{
		{"unknown authority", secure.URL, ordinary, "an authority that this computer does not know", false},
		{"wrong host", strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), func() *Client {
			return trusting(t, secure, func(*tls.Config) {})
		}, "the certificate is not for localhost", false},
		{"expired", secure.URL, func() *Client {
			return trusting(t, secure, func(c *tls.Config) { c.Time = func() time.Time { return time.Now().AddDate(100, 0, 0) } })
		}, "the certificate expired on 20", false},
		{"old TLS", secure.URL, func() *Client {
			return trusting(t, secure, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS11; c.MinVersion = tls.VersionTLS10 })
		}, "the TLS connection failed (protocol version not supported)", false},
		{"not TLS", strings.Replace(plain.URL, "http:", "https:", 1), ordinary, "does not speak TLS here: try http://", false},
	} {
		t.Run(test.name, test.check)
	}
}

func TestExplainProxies(t *testing.T) {
	secure, plain, nobody := servers(t)
	behind := func(proxy string) func() *Client {
		return func() *Client {
			c := client(t, Options{})
			c.plain.(*http.Transport).Proxy, _ = chooseProxy("http://" + proxy)
			return c
		}
	}
	for _, test := range []failure{
		{"no proxy", plain.URL, behind(nobody), "the proxy cannot be used: connection refused", true},
		{"no proxy for TLS", secure.URL, behind(nobody), "the proxy cannot be used: connection refused", true},
		{"proxy wants a password", secure.URL, behind(raw(t, func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
		})), "put name and password into its address", false},
		{"proxy cannot", secure.URL, behind(raw(t, func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		})), "refused to connect (502 Bad Gateway): check the proxy", true},
	} {
		t.Run(test.name, test.check)
	}
}

func TestExplainOtherErrors(t *testing.T) {
	for _, test := range []struct {
		err       error
		says      string
		temporary bool
	}{
		{nil, "", false},
		{errors.New("something else"), "something else", false},
		{fmt.Errorf("page 3: %w", context.Canceled), "it was cancelled", false},
		{context.DeadlineExceeded, "the time was over", false},
		{&net.OpError{Op: "dial", Err: timeout{}}, "no connection in time", true},
		{&net.OpError{Op: "read", Err: timeout{}}, "no answer in time (while reading", true},
		{&net.DNSError{Name: "a.example", IsTimeout: true}, "the name a.example could not be looked up", true},
		{&url.Error{Op: "Get", URL: "http://me:pw@a.example", Err: errors.New("other")}, "other", false},
		{errors.New(`Get "x": http2: server sent GOAWAY`), "the server broke off the request (http2: server sent GOAWAY)", true},
		{errors.New("http: server closed idle connection"), "the server broke off", true},
		{&TooLargeError{64 << 20}, "larger than 64 MiB", false},
		{ErrClosed, "the client was closed", false},
	} {
		explained := Explain(test.err)
		if (explained == nil) != (test.err == nil) || explained != nil && !strings.Contains(explained.Error(), test.says) {
			t.Errorf("%v: %v, want %q", test.err, explained, test.says)
		}
		if Temporary(test.err) != test.temporary {
			t.Errorf("%v: temporary is %v", test.err, !test.temporary)
		}
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func TestAddress(t *testing.T) {
	for text, says := range map[string]string{
		"https://a.example/x?y=1":     "",
		" http://[::1]:8080/ ":        "",
		"http://münchen.example/":     "",
		"":                            "it is empty",
		"a.example/x":                 "begin it with https://",
		"127.0.0.1:8080/x":            "begin it with https://",
		":8080":                       "begin it with https://",
		"localhost:8080":              "localhost is not supported: use http or https",
		"ftp://a.example/":            "ftp is not supported",
		"mailto:a@b.example":          "mailto is not supported",
		"http:///x":                   "the name of the host is missing",
		"http:a.example":              "the name of the host is missing",
		"http://:80/":                 "the name of the host is missing",
		"http://a.example:port/":      "no port number",
		"http://a.example/100%":       `"%" is no %-code`,
		"http://a.example/%zz":        `"%zz" is no %-code`,
		"http://a b.example/":         `" " cannot be in the name of a host`,
		"http://a.example/\nx":        "a line break",
		"http://[::1/":                "ends with ]",
		"http://[x::1]/":              "no IPv6 address",
		"http://me:p w@a.example/%zz": "the name or password before the @",
		"http://me:p%w@a.example/":    "no %-code",
		"http://me:p<w>@a.example/":   "the name or password before the @",
	} {
		u, err := Address(text)
		if (err != nil) != (says != "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, %v, want %q", text, u, err, says)
		}
		if err != nil && (strings.Contains(err.Error(), "p w") || strings.Contains(err.Error(), "p<w") || strings.Contains(err.Error(), "p%w")) {
			t.Errorf("%v shows a password", err)
		}
	}
}

func TestDoRefusesBadAddressesWithoutAPermit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{}
		c := n.in(t, Options{Rate: 1})
		for _, text := range []string{"ftp://a.example/", "a.example", "http:///x"} {
			if _, err := visit(t.Context(), c, text); err == nil || !strings.Contains(err.Error(), "bad address") || Temporary(err) {
				t.Errorf("%q: %v", text, err)
			}
		}
		if c.Stats().Sent != 0 {
			t.Error("something was sent")
		}
	})
}

func TestNewNamesTheOption(t *testing.T) {
	for says, o := range map[string]Options{
		"rate: ":                  {Rate: -1},
		"host rate: ":             {HostRate: -1},
		"per: ":                   {Per: -1},
		"timeout: ":               {Timeout: -1},
		"header timeout: ":        {HeaderTimeout: -1},
		"retries: ":               {Retries: -1},
		"connections: ":           {Connections: -1},
		"proxy: write it as":      {Proxy: "localhost:3128"},
		"proxy: bad address":      {Proxy: "http://me:secret@%zz/"},
		"proxy: write it as http": {Proxy: "ftp://a.example/"},
	} {
		c, err := New(o)
		if err == nil || !strings.HasPrefix(err.Error(), says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v, want %q", o, err, says)
		}
		if c != nil {
			c.Close()
		}
	}
	for _, proxy := range []string{"", "none", "http://p:1", "https://p", "socks5://u:p@p:1", "socks5h://p"} {
		c, err := New(Options{Proxy: proxy})
		if err != nil {
			t.Errorf("%q: %v", proxy, err)
			continue
		}
		c.Close()
	}
}

func FuzzExplainAddress(f *testing.F) {
	for _, text := range []string{"http://a.example/%zz", "http://me:pw@[::1", "//", "http://a b@c/", "http:///x", "\x7f"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := Address(text)
		if err == nil {
			if u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("%q is accepted", text)
			}
			return
		}
		if !strings.HasPrefix(err.Error(), "bad address ") || Temporary(err) {
			t.Errorf("%q: %v", text, err)
		}
		if len(err.Error()) > 200*5+300 {
			t.Errorf("%d bytes of error", len(err.Error()))
		}
		if _, err := http.NewRequestWithContext(t.Context(), http.MethodGet, text, nil); err != nil && Explain(err).Error() == "" {
			t.Errorf("%q: no words for %v", text, err)
		}
	})
}
