package web

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// internet is a fake http.RoundTripper: servers that note when each request
// arrived. Its times are virtual in a synctest bubble.
type internet struct {
	connect, wire, work time.Duration // up to, at random
	rarely              int           // one in so many is held up on the wire; 0: all
	answer              func(*http.Request) answer
	fail                func(*http.Request) error

	mu       sync.Mutex
	arrivals map[string][]time.Time // by host
}

type fakeConn struct{ net.Conn }

func (fakeConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (n *internet) RoundTrip(req *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(req.Context())
	if err := spend(req.Context(), n.connect); err != nil {
		return nil, err
	}
	trace.GotConn(httptrace.GotConnInfo{Conn: fakeConn{}})
	trace.WroteRequest(httptrace.WroteRequestInfo{})
	if n.rarely == 0 || rand.N(n.rarely) == 0 {
		if err := spend(req.Context(), n.wire); err != nil {
			return nil, err
		}
	}
	n.mu.Lock()
	n.arrivals[req.URL.Host] = append(n.arrivals[req.URL.Host], time.Now())
	n.mu.Unlock()
	if err := spend(req.Context(), n.work); err != nil {
		return nil, err
	}
	if n.fail != nil {
		if err := n.fail(req); err != nil {
			return nil, err
		}
	}
	trace.GotFirstResponseByte()
	if n.answer != nil {
		return n.answer(req).response(), nil
	}
	return status(200).response(), nil
}

func spend(ctx context.Context, most time.Duration) error {
	if most == 0 {
		return ctx.Err()
	}
	return sleep(ctx, rand.N(most+1))
}

// answer is what a server says; headers are name and value in turn.
type answer struct {
	code    int
	headers []string
}

func status(code int, headers ...string) answer { return answer{code, headers} }

func (a answer) response() *http.Response {
	h := http.Header{}
	for pair := range slices.Chunk(a.headers, 2) {
		h.Set(pair[0], pair[1])
	}
	return &http.Response{StatusCode: a.code, Status: http.StatusText(a.code), Header: h, Body: io.NopCloser(strings.NewReader("body"))}
}

func (n *internet) all() []time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []time.Time
	for _, times := range n.arrivals {
		all = append(all, times...)
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

func (n *internet) of(host string) []time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.SortedFunc(slices.Values(n.arrivals[host]), time.Time.Compare)
}

// in makes a client in the fake internet.
func (n *internet) in(t testing.TB, o Options) *Client {
	t.Helper()
	n.arrivals = map[string][]time.Time{}
	c := client(t, o)
	c.plain, c.guarded = n, n
	return c
}

func client(t testing.TB, o Options) *Client {
	t.Helper()
	o.Proxy = "none"
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// visit gets an address and reads the body.
func visit(ctx context.Context, c *Client, address string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// crowd has workers send n requests to what address(i) says.
func crowd(t testing.TB, c *Client, workers, n int, address func(int) string) {
	t.Helper()
	var wg sync.WaitGroup
	next := make(chan int)
	for range workers {
		wg.Go(func() { // until next is closed
			for i := range next {
				_, _ = visit(t.Context(), c, address(i))
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

func one(address string) func(int) string { return func(int) string { return address } }

// most is the largest number of times in any window [t, t+per).
func most(times []time.Time, per time.Duration) int {
	found, from := 0, 0
	for i, at := range times {
		for at.Sub(times[from]) >= per {
			from++
		}
		found = max(found, i-from+1)
	}
	return found
}
