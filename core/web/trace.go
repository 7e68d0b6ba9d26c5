package web

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Trace is what happened to a request; see WithTrace. The times, the address
// and the protocol are those of the last request that Do sent, after redirects
// and retries.
type Trace struct {
	Tries   int      // by Do: one, and the retries
	Reasons []string // of the retries
	Sends   int      // requests to servers: tries and redirects

	Waited    time.Duration // for permits and pauses, in all
	Sent      time.Time     // when the permits were there
	Connect   time.Duration // 0: over a connection that was kept
	Handshake time.Duration // of TLS
	FirstByte time.Duration // of the answer, after Sent
	Reused    bool          // the connection
	Remote    string        // address and port, of the proxy if there is one
	Protocol  string        // HTTP/1.1, HTTP/2.0
}

type traceKey struct{}

// WithTrace makes Do fill a Trace. It is complete when Do returns.
func WithTrace(ctx context.Context, t *Trace) context.Context {
	return context.WithValue(ctx, traceKey{}, t)
}

func traceOf(ctx context.Context) *Trace {
	t, _ := ctx.Value(traceKey{}).(*Trace)
	return t
}

// report adds the flight to the caller's trace.
func (f *flight) report(resp *http.Response) {
	t := f.trace
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.seen
	seen.Tries, seen.Reasons = t.Tries, t.Reasons
	seen.Waited += t.Waited
	seen.Sends += t.Sends
	if resp != nil {
		seen.Protocol = resp.Proto
	}
	*t = seen
}

// look notes where the request goes.
func (f *flight) look(remote net.Addr) {
	if remote == nil {
		return
	}
	f.seen.Remote = remote.String()
	if at, err := netip.ParseAddrPort(f.seen.Remote); err == nil {
		f.remote = at.Addr()
	}
}

// linked learns how long connecting to the host takes; 0 is no news.
func (h *host) linked(took time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.link = cmp.Or(took, h.link)
}

// fewReplies of a host that are slow say that it is.
const fewReplies = 8

// replied learns whether an answer began soon after its request was written.
func (h *host) replied(soon bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.slow++
	if soon {
		h.slow, h.soon = 0, true
	}
}

// replyTime is how long to wait for an answer before its request counts as
// arrived.
func (h *host) replyTime() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.soon && h.slow < fewReplies:
		return overdue
	case h.slow < fewReplies/2:
		return unsure
	}
	return settle
}

func (h *host) linkTime() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.link
}
