package practice

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
)

// client asks one server. Redirects are not followed, nothing is unpacked, and
// every request has a connection of its own, so that none is tried twice.
type client struct {
	*Server
	http.Client
}

func newClient(t *testing.T, s *Server, dial func(context.Context, string, string) (net.Conn, error)) *client {
	t.Helper()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return &client{s, http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true, DialContext: dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// loopback is a server of its own for a test.
func loopback(t *testing.T) *client {
	t.Helper()
	s, err := Serve(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, s, nil)
}

// virtual runs a test where time passes as soon as all wait. Its connections
// are pipes in memory: those of the system would not let time pass.
func virtual(t *testing.T, test func(*testing.T, *client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{dialled: make(chan net.Conn), closed: make(chan struct{})}
		test(t, newClient(t, start(t.Context(), l), l.dial))
	})
}

// pipes is a listener in memory.
type pipes struct {
	dialled chan net.Conn
	closed  chan struct{}
}

func (l *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.dialled <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.dialled:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	close(l.closed)
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// reply is what came, whole or not.
type reply struct {
	status int
	header http.Header
	length int64
	body   string
	err    error // of reading the body
}

// get asks for a path, with headers as "Range: bytes=0-1".
func (c *client) get(t *testing.T, path string, headers ...string) reply {
	t.Helper()
	return c.send(t, http.MethodGet, path, "", headers...)
}

func (c *client) send(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	r, err := c.try(t.Context(), method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (c *client) try(ctx context.Context, method, path, body string, headers ...string) (r reply, err error) {
	request, err := http.NewRequestWithContext(ctx, method, c.URL()+path, strings.NewReader(body))
	if err != nil {
		return r, err
	}
	for _, h := range headers {
		if name, value, _ := strings.Cut(h, ": "); value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := c.Do(request)
	if err != nil {
		return r, err
	}
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, response.ContentLength, string(all), err}, nil
}

func TestServesOnThisComputerOnly(t *testing.T) {
	s := loopback(t)
	u, err := url.Parse(s.URL())
	if err != nil || u.Scheme != "http" || u.Hostname() != "127.0.0.1" || u.Port() == "0" {
		t.Errorf("the address is %s", s.URL())
	}
	if s.get(t, "/get").status != 200 {
		t.Error("it does not answer")
	}
}

func TestServesOnThePortAskedFor(t *testing.T) {
	first := loopback(t)
	port, err := strconv.Atoi(first.URL()[len("http://127.0.0.1:"):])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Serve(t.Context(), port); err == nil || !strings.Contains(err.Error(), "practice server") {
		t.Errorf("a port that is taken: %v", err)
	}
	_ = first.Close()
	again, err := Serve(t.Context(), port)
	if err != nil {
		t.Fatal(err)
	}
	if again.URL() != first.URL() || again.Close() != nil {
		t.Errorf("it is at %s, want %s", again.URL(), first.URL())
	}
}

func TestCloseEndsWhatWaits(t *testing.T) {
	for _, path := range []string{"/stall/1000?at=10", "/delay/60", "/drip/10?duration=60", "/bomb?size=100GB", "/sha256/a?size=10GB", "/nolength/1TB"} {
		t.Run(path, func(t *testing.T) {
			s := loopback(t)
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() {
				response, err := s.Do(request)
				if err == nil {
					defer response.Body.Close()
					_, err = io.Copy(io.Discard, response.Body)
				}
				done <- err
			}()
			for len(s.Arrivals("/")) == 0 { // it is in hand then
				runtime.Gosched()
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if err := <-done; err == nil {
				t.Error("the answer seemed whole")
			}
		})
	}
}

func TestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Serve(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	s.running.Wait()
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Errorf("closing what has ended: %v", err)
	}
}

func TestServersShareNothing(t *testing.T) {
	one, other := loopback(t), loopback(t)
	if got := one.get(t, "/flaky/1").status; got != 503 {
		t.Errorf("first: %d", got)
	}
	if got := other.get(t, "/flaky/1").status; got != 503 {
		t.Errorf("the other server knew of the first: %d", got)
	}
}

func TestResetForgetsAll(t *testing.T) {
	s := loopback(t)
	ask := func() (statuses []int) {
		for _, path := range []string{"/flaky/1", "/flaky/1", "/limited?rate=1&per=1h", "/limited?rate=1&per=1h", "/retry-after/60", "/retry-after/0?key=b"} {
			statuses = append(statuses, s.get(t, path).status)
		}
		return statuses
	}
	want := []int{503, 200, 200, 429, 429, 200}
	for round := range 2 {
		got := ask()
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("round %d: got %v, want %v", round, got, want)
				break
			}
		}
		s.Reset()
		if n := len(s.Arrivals("/")); n != 0 {
			t.Errorf("%d requests are remembered", n)
		}
	}
}
