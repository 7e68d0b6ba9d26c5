package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"
)

// Options are the limits and rules of a Client. The zero value works: no limit
// of rate or time, 10 redirects, no retries, the proxy of the environment.
type Options struct {
	Rate     int           // requests in any window of Per over all hosts; 0: no limit
	HostRate int           // the same for each host
	Per      time.Duration // 0: a second
	Strict   bool          // permits are given back only at the first byte of an answer

	Bandwidth int64 // bytes a second over all bodies that are read; 0: no limit

	Timeout       time.Duration // of one request, from its permit to the end of the answer's body; 0: none
	HeaderTimeout time.Duration // from a request to its answer's header, for bodies that may take any time; 0: none

	Retries   int  // of requests that can be repeated: see Do
	GiveBack  bool // what is not sent because its host is paused comes back at once: see PausedError
	RetryPost bool // so can POST and PATCH, also without an Idempotency-Key
	Redirects int  // 0: 10; negative: none, the redirect itself is the answer

	Connections int            // kept open to each host: the number of workers; 0: 2
	HTTP1       bool           // no HTTP/2, which is slower for large bodies
	Proxy       string         // http, https, socks5 or socks5h address; "": of the environment; "none"
	Insecure    bool           // certificates are not checked
	UserAgent   string         // "": manyhands
	Jar         http.CookieJar // nil: cookies are not kept

	PublicToPrivate bool // redirects from public addresses to private ones are followed
}

// ErrClosed is the error of a request that waited when its Client was closed.
var ErrClosed = errors.New("the client was closed")

// Client sends requests. Its methods may be called at the same time.
type Client struct {
	options Options
	http    http.Client
	plain   http.RoundTripper // to every address
	guarded http.RoundTripper // to public addresses only, without a proxy
	proxy   func(*http.Request) (*url.URL, error)
	private func(netip.Addr) bool

	all   *permits
	hosts hosts
	bytes *bandwidth

	life context.Context // ends with Close
	end  context.CancelFunc

	recent        meter // of the last second
	sent, waiting atomic.Int64
	in, out       atomic.Int64
}

// New makes a Client. Its error names the option that is wrong.
func New(o Options) (*Client, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	proxy, err := chooseProxy(o.Proxy)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	c := &Client{options: o, proxy: proxy, private: private}
	c.options.Per = cmp.Or(o.Per, time.Second)
	c.options.UserAgent = cmp.Or(o.UserAgent, "manyhands")
	c.plain = o.transport(proxy, nil)
	c.guarded = o.transport(nil, c.refusePrivate)
	c.all = newPermits(float64(o.Rate), c.options.Per)
	c.hosts.rate, c.hosts.per = o.HostRate, c.options.Per
	c.bytes = newBandwidth(o.Bandwidth)
	c.recent.span = time.Second
	c.life, c.end = context.WithCancel(context.Background())
	c.http = http.Client{Transport: gate{c}, CheckRedirect: c.checkRedirect, Jar: o.Jar}
	return c, nil
}

func (o *Options) check() error {
	for _, number := range []struct {
		name  string
		value int64
	}{
		{"rate", int64(o.Rate)},
		{"host rate", int64(o.HostRate)},
		{"per", int64(o.Per)},
		{"bandwidth", o.Bandwidth},
		{"timeout", int64(o.Timeout)},
		{"header timeout", int64(o.HeaderTimeout)},
		{"retries", int64(o.Retries)},
		{"connections", int64(o.Connections)},
	} {
		if number.value < 0 {
			return fmt.Errorf("%s: must not be negative", number.name)
		}
	}
	return nil
}

// Close ends what waits for a permit, with ErrClosed, and closes connections
// that are idle. Answers that are being read can be read to their end.
func (c *Client) Close() {
	c.end()
	for _, way := range []http.RoundTripper{c.plain, c.guarded} {
		if way, ok := way.(interface{ CloseIdleConnections() }); ok {
			way.CloseIdleConnections()
		}
	}
}

// SetRate changes Options.Rate while requests run, also those that wait. 0 is
// no limit. What was sent before counts: a lower rate holds from now on.
func (c *Client) SetRate(n int) { c.all.set(float64(max(n, 0))) }

// Paused is for how long a host, as Host names it, is still left alone because
// it asked for that. It is 0 where that is too long to be waited for.
func (c *Client) Paused(host string) time.Duration { return c.hosts.left(host, time.Now()) }

// Stats are what a Client has done so far.
type Stats struct {
	Sent      int64   // requests, with redirects and retries
	Waiting   int64   // for a permit or the end of a pause
	PerSecond int     // requests sent in the last second, or 1.1
	In, Out   int64   // bytes of bodies, unpacked
	Paused    []Pause // hosts, in alphabetical order
}

// Pause says until when nothing is sent to a host that asked for it.
type Pause struct {
	Host  string
	Until time.Time
}

// Stats may be asked for at any time.
func (c *Client) Stats() Stats {
	now := time.Now()
	return Stats{
		Sent:      c.sent.Load(),
		Waiting:   c.waiting.Load(),
		PerSecond: c.recent.sum(now),
		In:        c.in.Load(),
		Out:       c.out.Load(),
		Paused:    c.hosts.paused(now),
	}
}
