package web

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func listen(t testing.TB, address string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skip("this computer has no ", address)
	}
	return l
}

// slowListener takes connections late, every other one.
type slowListener struct {
	net.Listener
	count atomic.Int64
}

func (l *slowListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if l.count.Add(1)%2 == 0 {
		time.Sleep(15 * time.Millisecond)
	}
	return conn, err
}

// Against real servers, with their own clock. A handler begins some time after
// its request arrived, on a busy computer a long time: so the limit can only be
// asserted for Strict, where a permit comes back after the handler began. That
// holds whatever the computer does.
func TestTheServerSeesTheLimit(t *testing.T) {
	const per, limit, requests = 50 * time.Millisecond, 5, 50
	for _, test := range []struct {
		name    string
		workers int
		fresh   bool // connections
		work    time.Duration
		path    string
		sends   int // for each request
	}{
		{"one worker", 1, false, 0, "/", 1},
		{"quick answers", 5, false, 0, "/", 1},
		{"slow answers", 20, false, 75 * time.Millisecond, "/", 1},
		{"fresh connections", 20, true, 0, "/", 1},
		{"redirects", 20, false, 0, "/redirect", 2},
		{"broken off", 20, false, 0, "/break", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var arrivals []time.Time
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				arrivals = append(arrivals, time.Now())
				mu.Unlock()
				time.Sleep(test.work)
				switch r.URL.Path {
				case "/redirect":
					http.Redirect(w, r, "/end", http.StatusFound)
				case "/break":
					panic(http.ErrAbortHandler)
				}
			}))
			server.Listener = &slowListener{Listener: server.Listener}
			server.Start()
			defer server.Close()
			server.Config.SetKeepAlivesEnabled(!test.fresh)
			c := client(t, Options{Rate: limit, Per: per, Strict: true, Connections: 20})
			from := time.Now()
			crowd(t, c, test.workers, requests, one(server.URL+test.path))
			took := time.Since(from)
			mu.Lock()
			defer mu.Unlock()
			if len(arrivals) != requests*test.sends || c.Stats().Sent != int64(len(arrivals)) {
				t.Errorf("%d arrived, %d sent, want %d", len(arrivals), c.Stats().Sent, requests*test.sends)
			}
			if got := most(arrivals, per); got > limit {
				t.Errorf("%d requests within %v, want at most %d", got, per, limit)
			}
			if took < per*time.Duration(requests*test.sends/limit-1) {
				t.Errorf("all were done after %v: too early", took)
			}
		})
	}
}

// The transport repeats a request when a kept connection was closed meanwhile.
func TestWhatTheTransportRepeatsNeedsAPermit(t *testing.T) {
	var count atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if count.Add(1) == 2 {
			conn, _, _ := http.NewResponseController(w).Hijack()
			_ = conn.Close()
		}
	}))
	defer server.Close()
	c := client(t, Options{Rate: 1, Per: 50 * time.Millisecond, Strict: true})
	from := time.Now()
	for range 2 {
		if _, err := visit(t.Context(), c, server.URL); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Stats().Sent; got != 3 || count.Load() != 3 {
		t.Errorf("%d counted, %d arrived, want 3", got, count.Load())
	}
	if took := time.Since(from); took < 100*time.Millisecond {
		t.Errorf("three requests went through in %v", took)
	}
}

func TestHTTP2TakesOnePermitARequest(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	for _, test := range []struct {
		http1 bool
		want  string
	}{{false, "HTTP/2.0"}, {true, "HTTP/1.1"}} {
		c := client(t, Options{Rate: 1000, Insecure: true, HTTP1: test.http1})
		var trace Trace
		for range 10 {
			if _, err := visit(WithTrace(t.Context(), &trace), c, server.URL); err != nil {
				t.Fatal(err)
			}
		}
		if s := c.Stats(); s.Sent != 10 || s.In != 80 || trace.Protocol != test.want || !trace.Reused || trace.Sends != 1 ||
			trace.FirstByte <= 0 || trace.Remote != server.Listener.Addr().String() {
			t.Errorf("%+v, %+v", s, trace)
		}
		c.Close()
	}
}

func TestBodiesAreLimitedUnpacked(t *testing.T) {
	var bomb bytes.Buffer
	pack := gzip.NewWriter(&bomb)
	_, _ = pack.Write(make([]byte, 10<<20))
	_ = pack.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bomb" {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
			return
		}
		_, _ = io.WriteString(w, strings.Repeat("x", 100))
	}))
	defer server.Close()
	c := client(t, Options{})
	for _, test := range []struct {
		path string
		most int64
		read int
		says string
	}{
		{"/", 0, 100, ""},
		{"/", 100, 100, ""},
		{"/", 99, 99, "larger than 99 bytes"},
		{"/bomb", 1 << 20, 1 << 20, "larger than 1 MiB"},
		{"/bomb", 10 << 20, 10 << 20, ""},
	} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+test.path, nil)
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		LimitBody(resp, test.most)
		content, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if len(content) != test.read || (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s, at most %d: %d bytes, %v", test.path, test.most, len(content), err)
		}
	}
}

func TestTheTimeLimitCoversTheBody(t *testing.T) {
	hold := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "begun")
		_ = http.NewResponseController(w).Flush()
		<-hold
	}))
	defer server.Close()
	defer close(hold)
	c := client(t, Options{Timeout: 2 * time.Second})
	_, err := visit(t.Context(), c, server.URL)
	if late, ok := errors.AsType[*TimeLimitError](err); !ok || late.Phase != "reading the answer" {
		t.Errorf("%v", err)
	}
}

func TestUploadsAreCounted(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
		_, _ = io.WriteString(w, r.UserAgent())
	}))
	defer server.Close()
	c := client(t, Options{UserAgent: "me"})
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader("hello"))
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	content, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if s := c.Stats(); s.Out != 5 || s.In != 7 || string(content) != "hellome" {
		t.Errorf("%q, %+v", content, s)
	}
}

// trusting makes a client that knows the server's certificate.
func trusting(t *testing.T, server *httptest.Server, change func(*tls.Config)) *Client {
	c := client(t, Options{})
	config := c.plain.(*http.Transport).TLSClientConfig
	config.RootCAs = x509.NewCertPool()
	config.RootCAs.AddCert(server.Certificate())
	change(config)
	return c
}
