package fetch

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/temoto/robotstxt"

	"manyhands/core"
	"manyhands/core/web"
)

// mostRules is how much of a robots.txt is read, in bytes: the least that RFC
// 9309, section 2.5, allows as a limit.
const mostRules = 500 << 10

var errDisallowed = core.Skip("robots.txt does not allow it")

// robots know what the hosts allow, each asked once.
type robots struct {
	client *web.Client
	meter  *meter
	mu     sync.Mutex
	hosts  map[string]*rules
}

// rules are those of one host; they are there when ready is closed.
type rules struct {
	ready chan struct{}
	data  *robotstxt.RobotsData
	err   error
}

func newRobots(client *web.Client, m *meter) *robots {
	return &robots{client: client, meter: m, hosts: map[string]*rules{}}
}

// robotsError is a robots.txt that is not to be had.
type robotsError struct{ err error }

func (e *robotsError) Error() string {
	return "robots.txt of the host is not to be had: " + e.err.Error()
}
func (e *robotsError) Unwrap() error { return e.err }

// allow reports whether a host allows an address to robots.
func (r *robots) allow(ctx context.Context, u *url.URL) (bool, error) {
	data, err := r.of(ctx, u)
	if err != nil {
		return false, &robotsError{err}
	}
	path := cmp.Or(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return data.TestAgent(path, "manyhands"), nil
}

// of are the rules of a host. Whoever comes first asks it; what failed is
// asked for again.
func (r *robots) of(ctx context.Context, u *url.URL) (*robotstxt.RobotsData, error) {
	host := u.Scheme + "://" + u.Host
	r.mu.Lock()
	known := r.hosts[host]
	first := known == nil
	if first {
		known = &rules{ready: make(chan struct{})}
		r.hosts[host] = known
	}
	r.mu.Unlock()
	if first {
		known.data, known.err = r.ask(ctx, host+"/robots.txt")
		if known.err != nil {
			r.mu.Lock()
			delete(r.hosts, host)
			r.mu.Unlock()
		}
		close(known.ready)
	}
	select {
	case <-known.ready:
		return known.data, known.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// ask fetches the rules. What cannot be understood sets none (RFC 9309,
// section 2.3.1); where there is no answer, nothing is allowed yet.
func (r *robots) ask(ctx context.Context, address string) (*robotstxt.RobotsData, error) {
	req, err := http.NewRequestWithContext(r.meter.watch(ctx), http.MethodGet, address, nil) //nolint:gosec // a person chose the host
	if err != nil {
		return nil, err
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, web.Explain(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(resp.Body, mostRules))
	switch {
	case err != nil:
		return nil, web.Explain(err)
	case web.RetryStatus(resp.StatusCode):
		return nil, statusError(resp)
	}
	return understand(resp.StatusCode, text), nil
}

func understand(status int, text []byte) (data *robotstxt.RobotsData) {
	allowed := &robotstxt.RobotsData{}
	defer func() {
		if recover() != nil { // a robots.txt that its library cannot take
			data = allowed
		}
	}()
	data, err := robotstxt.FromStatusAndBytes(status, text)
	if err != nil {
		return allowed
	}
	return data
}
