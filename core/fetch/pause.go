package fetch

import (
	"context"
	"errors"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"time"

	"manyhands/core/web"
)

// errPaused is the error of a request that was not sent because its host asked
// for a pause meanwhile.
var errPaused = errors.New("the host asked to wait")

// longestPause is the longest that is waited for: requests to hosts that ask
// for more fail at once, with a web.PauseError.
const longestPause = 10 * time.Minute

// pauses know which hosts asked for a pause, and which requests to them wait
// for a permit: these are given back, so that no worker waits for the end of a
// pause while there is work for other hosts.
type pauses struct {
	mu      sync.Mutex
	until   map[string]time.Time
	flights map[*flight]struct{}
}

// flight is a request on its way.
type flight struct {
	ctx    context.Context
	host   string
	cancel context.CancelCauseFunc
	of     *pauses
	begun  bool // it may have been sent; under pauses.mu
}

func newPauses() *pauses {
	return &pauses{until: map[string]time.Time{}, flights: map[*flight]struct{}{}}
}

// enter begins a flight, which ends with leave. sent is called each time that
// a request was written.
func (p *pauses) enter(ctx context.Context, host string, sent func(time.Time)) *flight {
	f := &flight{host: host, of: p}
	ctx, f.cancel = context.WithCancelCause(ctx)
	f.ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			f.begun = true
		},
		WroteRequest: func(httptrace.WroteRequestInfo) { sent(time.Now()) },
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flights[f] = struct{}{}
	return f
}

func (f *flight) leave() {
	f.of.mu.Lock()
	delete(f.of.flights, f)
	f.of.mu.Unlock()
	f.cancel(nil)
}

// explain tells a request that was given back from one that failed.
func (f *flight) explain(err error) error {
	f.of.mu.Lock()
	defer f.of.mu.Unlock()
	if cause := context.Cause(f.ctx); errors.Is(cause, errPaused) && !f.begun {
		return errPaused
	}
	return err
}

// left is how long a host is still to be left alone.
func (p *pauses) left(host string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, time.Until(p.until[host]))
}

// learn takes note of the hosts that are paused now, and gives back the
// requests to them that wait.
func (p *pauses) learn(paused []web.Pause) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.until)
	for _, pause := range paused {
		if time.Until(pause.Until) <= longestPause {
			p.until[pause.Host] = pause.Until
		}
	}
	for f := range p.flights {
		if _, paused := p.until[f.host]; paused && !f.begun {
			f.cancel(errPaused)
		}
	}
}

// hostName is the host of an address as web.Pause names it.
func hostName(u *url.URL) string {
	name, port := strings.ToLower(u.Hostname()), u.Port()
	if port == "" || port == map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		return name
	}
	return name + ":" + port
}
