package web

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"runtime"
	"sync"
	"time"
)

// settle is how long after a request was written the server surely has it, if
// its answers take longer than that as a rule. Where they do not, an answer that
// has not come says that the server, or what lies between, is held up: it is
// given until overdue. How long answers take is not known at first: then the
// wait is unsure.
//
// A timer that comes later than stalled says that this computer is so busy that
// a server on it may be as late: then the wait begins anew.
const (
	settle  = 25 * time.Millisecond
	unsure  = 100 * time.Millisecond
	overdue = 250 * time.Millisecond
	stalled = 5 * time.Millisecond
)

// The phases of a request, as a TimeLimitError names them.
const (
	connecting = "connecting"
	sending    = "sending the request"
	waiting    = "waiting for the answer"
	reading    = "reading the answer"
)

// gate is the http.RoundTripper that lets requests through when they may go.
type gate struct{ c *Client }

func (g gate) RoundTrip(req *http.Request) (*http.Response, error) {
	f := &flight{c: g.c, host: g.c.hosts.enter(req.URL), trace: traceOf(req.Context())}
	defer g.c.hosts.leave(f.host)
	f.ctx, f.cancel = context.WithCancelCause(req.Context())
	resp, err := f.fly(req)
	f.report(resp)
	if err != nil {
		f.end()
		return nil, err
	}
	return resp, nil
}

// flight is one request on its way.
type flight struct {
	c      *Client
	host   *host
	ctx    context.Context
	cancel context.CancelCauseFunc
	trace  *Trace // what Do did before

	mu       sync.Mutex // the hooks are called on goroutines of the transport
	ours     *permit    // of the host
	all      *permit
	held     bool
	wrote    time.Time   // when the request went out
	surely   *time.Timer // gives the permits back; nil before the request was written
	settling time.Time   // since when it runs
	limit    *time.Timer // Options.Timeout
	phase    string
	conns    int
	dialing  time.Time
	shaking  time.Time
	seen     Trace
	remote   netip.Addr
	conn     *counted
	before   int64 // reads of conn before this request
	stale    bool  // the answer is none to this request
}

func (f *flight) fly(req *http.Request) (*http.Response, error) {
	way, err := f.c.way(req)
	if err == nil {
		err = f.admit()
	}
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	resp, err := way.RoundTrip(f.prepare(req))
	if f.isStale() {
		if err == nil {
			_ = resp.Body.Close()
		}
		err = staleError{}
	}
	if err != nil {
		f.failed()
		return nil, f.explain(err)
	}
	f.giveBack()
	f.enter(reading)
	if err := f.host.answered(resp, f.seen.Sent); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	resp.Body = &body{ReadCloser: resp.Body, flight: f, public: f.isPublic(req)}
	return resp, nil
}

// admit waits for the permits, then starts the time limit. The host's comes
// first: a request that waits for its host must not keep others from theirs.
func (f *flight) admit() error {
	if f.c.life.Err() != nil {
		return ErrClosed
	}
	stop := context.AfterFunc(f.c.life, func() { f.cancel(ErrClosed) })
	defer stop()
	f.c.waiting.Add(1)
	defer f.c.waiting.Add(-1)
	from := time.Now()
	ours, all, err := f.permits()
	now := time.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen.Waited += now.Sub(from)
	if err != nil {
		return err
	}
	f.ours, f.all, f.held = ours, all, true
	f.seen.Sent, f.phase = now, connecting
	if f.c.options.Timeout > 0 {
		f.limit = time.AfterFunc(f.c.options.Timeout, f.late)
	}
	f.seen.Sends++
	f.c.sent.Add(1)
	f.c.recent.add(now)
	return nil
}

func (f *flight) permits() (ours, all *permit, err error) {
	for {
		calm, err := f.host.open(f.ctx, f.patient())
		if err != nil {
			return nil, nil, err
		}
		ctx, done := calm.within(f.ctx)
		if ours, err = f.host.permits.take(ctx); err == nil {
			all, err = f.c.all.take(ctx)
		}
		done()
		if err == nil && f.host.pass(calm) {
			return ours, all, nil
		}
		f.c.all.putBack(all)
		f.host.permits.putBack(ours)
		all = nil
		if f.ctx.Err() != nil {
			return nil, nil, context.Cause(f.ctx)
		}
	}
}

// patient says that the end of a pause is waited for: always when a part of
// what Do was asked for was sent.
func (f *flight) patient() bool {
	return !f.c.options.GiveBack || f.trace.Sends+f.seen.Sends > 0
}

// prepare is the request as it is sent.
func (f *flight) prepare(req *http.Request) *http.Request {
	req = req.WithContext(httptrace.WithClientTrace(f.ctx, &httptrace.ClientTrace{
		ConnectStart:         func(string, string) { f.note(func() { f.dialing = time.Now() }) },
		ConnectDone:          func(string, string, error) { f.note(func() { f.seen.Connect = time.Since(f.dialing) }) },
		TLSHandshakeStart:    func() { f.note(func() { f.shaking = time.Now() }) },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { f.note(func() { f.seen.Handshake = time.Since(f.shaking) }) },
		GotConn:              f.connected,
		WroteRequest:         f.written,
		GotFirstResponseByte: f.firstByte,
	}))
	if req.Header.Get("User-Agent") == "" {
		req.Header = req.Header.Clone()
		req.Header.Set("User-Agent", f.c.options.UserAgent)
	}
	if req.Body != nil && req.Body != http.NoBody {
		req.Body = &upload{req.Body, f.c}
	}
	return req
}

// note runs a hook.
func (f *flight) note(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

func (f *flight) enter(phase string) { f.note(func() { f.phase = phase }) }

// connected is told of the connection. The transport repeats a request by
// itself when a connection that was kept turns out to be closed: what is sent
// again needs a permit again.
func (f *flight) connected(info httptrace.GotConnInfo) {
	f.mu.Lock()
	f.conns++
	again := f.conns > 1
	if again && f.limit != nil {
		f.limit.Stop()
	}
	f.mu.Unlock()
	if again {
		f.giveBack()
		if err := f.admit(); err != nil {
			f.cancel(err)
		}
	}
	f.note(func() {
		f.phase = sending
		if f.conn = countedOf(info.Conn); f.conn != nil {
			f.before = f.conn.reads.Load()
		}
		f.seen.Reused = info.Reused
		f.look(info.Conn.RemoteAddr())
		f.host.linked(max(f.seen.Connect, f.seen.Handshake))
	})
}

// written is told when the request went out.
func (f *flight) written(info httptrace.WroteRequestInfo) {
	f.note(func() {
		if f.phase == sending { // not when the answer came before all was written
			f.phase = waiting
		}
		f.wrote = time.Now()
		if !f.c.options.Strict && info.Err == nil {
			f.settleSoon()
		}
	})
}

// isStale ends the connection, too, if what came over it is not the answer to
// this request.
func (f *flight) isStale() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stale {
		_ = f.conn.Close()
	}
	return f.stale
}

func (f *flight) firstByte() {
	f.note(func() {
		f.seen.FirstByte = time.Since(f.seen.Sent)
		f.stale = f.conn != nil && f.conn.reads.Load() == f.before
		f.host.replied(f.wrote.IsZero() || time.Since(f.wrote) < settle)
	})
	f.giveBack()
}

// failed gives the permits back, though not before the server surely has what
// was sent to it.
func (f *flight) failed() {
	f.mu.Lock()
	began := f.phase != connecting
	if began {
		f.settleSoon()
	}
	f.mu.Unlock()
	if !began {
		f.giveBack()
	}
}

func (f *flight) settleSoon() {
	if f.held && f.surely == nil {
		f.surely = time.AfterFunc(f.settleTime(), f.settled)
		f.settling = time.Now()
	}
}

func (f *flight) settleTime() time.Duration {
	return max(f.host.replyTime(), 2*f.host.linkTime())
}

// settled is called when the time is over, or later.
func (f *flight) settled() {
	runtime.Gosched() // behind all that waits for a processor, as a server in this process may
	f.mu.Lock()
	wait := f.settleTime()
	late := f.surely != nil && time.Since(f.settling) > wait+stalled
	if late {
		f.settling = time.Now()
		f.surely.Reset(wait)
	}
	f.mu.Unlock()
	if !late {
		f.giveBack()
	}
}

func (f *flight) giveBack() {
	f.mu.Lock()
	ours, all, held := f.ours, f.all, f.held
	f.held = false
	if f.surely != nil {
		f.surely.Stop()
		f.surely = nil
	}
	f.mu.Unlock()
	if held {
		f.c.all.giveBack(all)
		f.host.permits.giveBack(ours)
	}
}

// late is called when the time is over.
func (f *flight) late() {
	f.mu.Lock()
	err := &TimeLimitError{f.c.options.Timeout, f.phase}
	f.mu.Unlock()
	f.cancel(err)
}

// end is called when nothing more will come, or be wanted.
func (f *flight) end() {
	f.note(func() {
		if f.limit != nil {
			f.limit.Stop()
		}
	})
	f.cancel(nil)
}
