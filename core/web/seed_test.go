package web

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a network within a synctest bubble: real clients and servers, on
// connections in memory.
type pipes struct {
	accept chan net.Conn
	done   chan struct{}
	delay  time.Duration // of a connection
}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	time.Sleep(p.delay)
	ours, theirs := net.Pipe()
	select {
	case p.accept <- theirs:
		return ours, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.accept:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// certificate is any: nobody checks it in a bubble, whose clock is in 2000.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	return server.TLS.Certificates[0]
}

// 50 requests by 5 workers, at most 5 in any second, judged by the server. The
// least possible is 9 s and what the last answer takes.
func TestTheSeedIsDoneInTime(t *testing.T) {
	certificate := certificate(t)
	for _, test := range []struct {
		name          string
		connect, work time.Duration
		tls, fresh    bool // a handshake; a connection for each request
		strict        bool
		within        time.Duration
	}{
		{name: "answers at once", within: 9100 * time.Millisecond},
		{name: "answers after 0.3 s", work: 300 * time.Millisecond, within: 9700 * time.Millisecond},
		{name: "handshakes", connect: 10 * time.Millisecond, tls: true, fresh: true, within: 9200 * time.Millisecond},
		{name: "slow answers after handshakes", connect: 10 * time.Millisecond, work: 300 * time.Millisecond, tls: true, fresh: true, within: 9800 * time.Millisecond},
		{name: "far away", connect: 200 * time.Millisecond, work: 200 * time.Millisecond, within: 13 * time.Second},
		{name: "strict", work: 300 * time.Millisecond, strict: true, within: 12100 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &pipes{accept: make(chan net.Conn), done: make(chan struct{}), delay: test.connect}
				var mu sync.Mutex
				var arrivals []time.Time
				server := &http.Server{ReadHeaderTimeout: time.Hour, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
					mu.Lock()
					arrivals = append(arrivals, time.Now())
					mu.Unlock()
					time.Sleep(test.work)
				})}
				server.SetKeepAlivesEnabled(!test.fresh)
				listener := tls.NewListener(net, &tls.Config{Certificates: []tls.Certificate{certificate}})
				address := "https://server.example/"
				if !test.tls {
					listener, address = net, "http://server.example/"
				}
				var serving sync.WaitGroup
				serving.Go(func() { _ = server.Serve(listener) }) // until server.Close
				c := client(t, Options{Rate: 5, Strict: test.strict, Insecure: true, HTTP1: true, Connections: 5})
				c.plain.(*http.Transport).DialContext = net.dial
				from := time.Now()
				crowd(t, c, 5, 50, one(address))
				took := time.Since(from)
				if len(arrivals) != 50 || most(arrivals, time.Second) > 5 {
					t.Errorf("%d of 50 arrived, at most %d in a second", len(arrivals), most(arrivals, time.Second))
				}
				if took < 9*time.Second || took > test.within {
					t.Errorf("took %v, want at most %v", took, test.within)
				}
				c.Close()
				_ = server.Close()
				serving.Wait()
				time.Sleep(time.Minute) // TLS says good-bye
			})
		})
	}
}
