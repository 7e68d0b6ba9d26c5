package practice

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// visitsKept is how many requests are remembered, the newest.
const visitsKept = 1 << 18

// visits is the log of the requests.
type visits struct {
	mu           sync.Mutex
	log          []visit // a ring once it is full
	oldest       int
	inHand, most int
}

type visit struct {
	path string
	at   time.Time
}

// enter notes a request and returns what is to be called when it is done.
func (v *visits) enter(path string) (leave func()) {
	path = strings.Clone(path[:min(len(path), 256)])
	v.mu.Lock()
	defer v.mu.Unlock()
	now := visit{path, time.Now()} // under the lock, so that the log is in order
	if len(v.log) < visitsKept {
		v.log = append(v.log, now)
	} else {
		v.log[v.oldest] = now
		v.oldest = (v.oldest + 1) % len(v.log)
	}
	v.inHand++
	v.most = max(v.most, v.inHand)
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.inHand--
	}
}

func (v *visits) reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.log, v.oldest, v.most = nil, 0, v.inHand
}

// Arrivals are the times, in order and with a monotonic reading, of the
// requests whose path begins with prefix; of the newest 262,144.
func (s *Server) Arrivals(prefix string) []time.Time {
	s.visits.mu.Lock()
	defer s.visits.mu.Unlock()
	var times []time.Time
	log, oldest := s.visits.log, s.visits.oldest
	for _, part := range [][]visit{log[oldest:], log[:oldest]} {
		for _, visit := range part {
			if strings.HasPrefix(visit.path, prefix) {
				times = append(times, visit.at)
			}
		}
	}
	return times
}

// Requests counts the requests per path, the query left out; of the newest
// 262,144.
func (s *Server) Requests() map[string]int {
	s.visits.mu.Lock()
	defer s.visits.mu.Unlock()
	counts := map[string]int{}
	for _, visit := range s.visits.log {
		counts[visit.path]++
	}
	return counts
}

// MostAtOnce is the largest number of requests that were in hand at one time.
// A request is in hand until its last byte is about to be sent, so a client
// that uses n connections never counts as more than n.
func (s *Server) MostAtOnce() int {
	s.visits.mu.Lock()
	defer s.visits.mu.Unlock()
	return s.visits.most
}

// unknown says that the length of an answer is not known (yet).
const unknown = -1

// answer notices when the last byte of an answer is handed over: the client
// may have it, and ask for more, before the action has returned. A chunked
// answer is over only after that.
type answer struct {
	http.ResponseWriter
	left     int64
	complete func()
}

// Write is for io.Writer.
func (a *answer) Write(p []byte) (int, error) {
	if a.left == unknown {
		if n, err := strconv.ParseInt(a.Header().Get("Content-Length"), 10, 64); err == nil {
			a.left = n
		}
	}
	if a.left >= 0 {
		a.left = max(0, a.left-int64(len(p)))
		if a.left == 0 {
			a.complete()
		}
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
