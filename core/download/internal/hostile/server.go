// Package hostile is a server on loopback for tests: it sends byte for byte
// what a script says, whatever HTTP or TLS would say to that.
//
//	connection ─► Greet ─► TLS ─► request, noted ─► Answer ─► the next request
//	              (bytes before      (http.ReadRequest)   (any bytes, or none,
//	               all else)                               at any pace)
//
// A File is what an honest server has under an address; its Answer can be sent
// as it is, or changed into a lie:
//
//	file := hostile.File{Content: hostile.Content(1, 600_000), ETag: `"1"`}
//	s := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
//		a := file.Answer(r)
//		if r.N == 1 {
//			c.Cut(a, 1000) // the header, 1,000 bytes of the body, and goodbye
//			return
//		}
//		c.Send(a.With(`ETag: "2"`))
//	})
package hostile

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Script answers one request. When it returns, the next request on the
// connection is read, unless it closed it.
type Script func(c *Conn, r *Request)

// Server is a server of one script. Its settings are not changed after Start.
type Server struct {
	Answer Script
	TLS    *tls.Config   // nil: none
	Greet  func(c *Conn) // called with each new connection, before TLS; nil: nothing is done

	URL string // "http://127.0.0.1:41234", set by Start

	listener net.Listener
	running  sync.WaitGroup
	over     chan struct{}

	mu       sync.Mutex
	conns    map[*Conn]bool
	opened   int
	requests []*Request
	asked    map[string]int // by path
}

// Request is one that came.
type Request struct {
	*http.Request
	N    int       // which one for its path, from 1
	Conn int       // on which connection, from 1
	At   time.Time // when its header was complete
}

// Ranged says that a part of the file is asked for.
func (r *Request) Ranged() bool { return r.Header.Get("Range") != "" }

// Serve starts a server that ends with the test.
func Serve(t testing.TB, answer Script) *Server {
	t.Helper()
	s := &Server{Answer: answer}
	s.Start(t)
	return s
}

// ServeTLS is Serve with a certificate.
func ServeTLS(t testing.TB, certificate tls.Certificate, answer Script) *Server {
	t.Helper()
	s := &Server{Answer: answer, TLS: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}}
	s.Start(t)
	return s
}

// Start begins to take connections. The test's end closes them.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener, s.over = listener, make(chan struct{})
	s.conns, s.asked = map[*Conn]bool{}, map[string]int{}
	s.URL = "http://" + listener.Addr().String()
	if s.TLS != nil {
		s.URL = "https://" + listener.Addr().String()
	}
	s.running.Go(s.accept) // ends when the listener is closed
	t.Cleanup(s.Close)
}

// Close ends the server, and returns when no script runs any more.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.over:
	default:
		close(s.over)
	}
	_ = s.listener.Close()
	for c := range s.conns {
		_ = c.tcp.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// Requests are all that came so far, in their order.
func (s *Server) Requests() []*Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Of are the requests for one path.
func (s *Server) Of(path string) []*Request {
	return slices.DeleteFunc(s.Requests(), func(r *Request) bool { return r.URL.Path != path })
}

// Connections is how many were taken so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}

func (s *Server) accept() {
	for {
		tcp, err := s.listener.Accept()
		if err != nil {
			return
		}
		if c := s.enter(tcp.(*net.TCPConn)); c != nil {
			s.running.Go(func() { // ends with the connection
				defer s.leave(c)
				s.talk(c)
			})
		}
	}
}

func (s *Server) enter(tcp *net.TCPConn) *Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.over:
		_ = tcp.Close()
		return nil
	default:
	}
	s.opened++
	c := &Conn{Conn: tcp, Number: s.opened, tcp: tcp, in: bufio.NewReader(tcp), over: s.over}
	s.conns[c] = true
	return c
}

func (s *Server) leave(c *Conn) {
	_ = c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// talk reads requests and has them answered, until one of both sides is done.
func (s *Server) talk(c *Conn) {
	if s.Greet != nil {
		s.Greet(c)
	}
	if s.TLS != nil && !c.closed {
		c.secure(s.TLS)
	}
	for !c.closed {
		r, err := http.ReadRequest(c.in)
		if err != nil {
			return
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		s.Answer(c, s.note(c, r))
	}
}

func (s *Server) note(c *Conn, r *http.Request) *Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[r.URL.Path]++
	noted := &Request{Request: r, N: s.asked[r.URL.Path], Conn: c.Number, At: time.Now()}
	s.requests = append(s.requests, noted)
	return noted
}
