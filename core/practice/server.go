package practice

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Server is a web server to practise on: files that are slow, cut, changed or
// endless, an API with limits and failures. It listens on this computer only.
//
//	request → visits (when, how many at once) → ServeMux → params → an action of the table → answer
//
// Paths lists what it offers. What it remembers between requests it remembers
// by the path and ?key=, within limits; nothing is shared by two servers.
type Server struct {
	url     string
	http    http.Server
	stop    context.CancelFunc
	running sync.WaitGroup // the two goroutines of start, and one for each connection
	failed  error          // why http.Serve ended
	began   time.Time

	visits    visits
	counts    memory[int]       // requests so far
	deadlines memory[time.Time] // when /retry-after lets through
	windows   memory[*window]   // of /limited
	mux       http.ServeMux
}

// Serve starts a server on a port of 127.0.0.1, a free one if port is 0. It
// ends with Close, or with ctx.
func Serve(ctx context.Context, port int) (*Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("start the practice server: %w", err)
	}
	return start(ctx, listener), nil
}

func start(ctx context.Context, listener net.Listener) *Server {
	ctx, stop := context.WithCancel(ctx)
	s := &Server{url: "http://" + listener.Addr().String(), stop: stop, began: time.Now()}
	s.counts.limit, s.deadlines.limit, s.windows.limit = 100_000, 100_000, 256
	s.routes()
	s.http = http.Server{
		Handler:           http.HandlerFunc(s.serve),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnState:         s.connection,
		ReadHeaderTimeout: 30 * time.Second,
	}
	s.running.Go(func() { s.failed = s.http.Serve(listener) }) // ended by http.Close
	s.running.Go(func() { <-ctx.Done(); _ = s.http.Close() })  // ended by ctx, or Close
	return s
}

// connection is told of each connection's begin and end. The first is told by
// the goroutine of http.Serve, so running is never at zero then.
func (s *Server) connection(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.running.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.running.Done()
	}
}

// URL is the server's address, as http://127.0.0.1:41234.
func (s *Server) URL() string { return s.url }

// Close ends the server: answers that wait are given up, connections are cut.
// It returns when nothing of the server runs any more.
func (s *Server) Close() error {
	s.stop()
	s.running.Wait()
	if errors.Is(s.failed, http.ErrServerClosed) {
		return nil
	}
	return s.failed
}

// Reset forgets the requests so far, and all that is kept by ?key=.
func (s *Server) Reset() {
	s.visits.reset()
	s.counts.reset()
	s.deadlines.reset()
	s.windows.reset()
}

func (s *Server) routes() {
	for _, r := range routes {
		s.mux.HandleFunc(r.path(), func(w http.ResponseWriter, q *http.Request) { s.act(r.action, w, q) })
	}
	s.mux.HandleFunc("/{$}", index)
	s.mux.HandleFunc("/", nothingHere)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	leave := sync.OnceFunc(s.visits.enter(r.URL.Path))
	defer leave()
	w.Header().Set("X-Content-Type-Options", "nosniff") // what a client sends comes back as what it is said to be
	s.mux.ServeHTTP(&answer{ResponseWriter: w, left: unknown, complete: leave}, r)
}

// act does what a path is for, unless the query cannot be read.
func (s *Server) act(do action, w http.ResponseWriter, r *http.Request) {
	p := newParams(r)
	if !p.refused(w) {
		do(s, w, p)
	}
}
