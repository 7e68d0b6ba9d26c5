package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// mostRedirects is Options.Redirects when nobody set it.
const mostRedirects = 10

// RedirectError is a redirect that was not followed.
type RedirectError struct {
	To  string // its address; "" when there were too many
	Why string
}

func (e *RedirectError) Error() string {
	if e.To == "" {
		return e.Why
	}
	return fmt.Sprintf("the redirect to %s was not followed: %s", e.To, e.Why)
}

// checkRedirect decides about a redirect, and takes from the request what is
// not for the other server.
func (c *Client) checkRedirect(req *http.Request, via []*http.Request) error {
	if c.options.Redirects < 0 {
		return http.ErrUseLastResponse
	}
	if s := req.URL.Scheme; s != "http" && s != "https" {
		return &RedirectError{shown(req.URL.Redacted()), "only http and https addresses are"}
	}
	if wrong, ok := errors.AsType[*addressError](checkAddress(req.URL)); ok {
		return &RedirectError{shown(req.URL.Redacted()), wrong.why}
	}
	req.URL.RawQuery = strings.ReplaceAll(req.URL.RawQuery, " ", "%20") // as browsers do; it would end the address
	most := cmp.Or(c.options.Redirects, mostRedirects)
	if err := c.circle(req, via); err != nil {
		return err
	}
	if len(via) > most {
		return &RedirectError{Why: fmt.Sprintf("more than %d redirects, the last to %s: open the address in a browser to see where it leads", most, shown(req.URL.Redacted()))}
	}
	if slices.ContainsFunc(via, func(v *http.Request) bool { return !sameServer(via[0].URL, v.URL) }) || !sameServer(via[0].URL, req.URL) {
		dropSecrets(req.Header)
	}
	if req.Method != via[len(via)-1].Method {
		dropContent(req.Header)
	}
	return nil
}

// circle finds a redirect to where the request has been. With a jar the cookies
// may have changed since.
func (c *Client) circle(req *http.Request, via []*http.Request) error {
	if c.options.Jar != nil {
		return nil
	}
	for i, v := range via {
		if v.Method != req.Method || v.URL.String() != req.URL.String() {
			continue
		}
		var path []string
		for _, v := range slices.Concat(via[i:], []*http.Request{req}) {
			path = append(path, shown(v.URL.Redacted()))
		}
		return &RedirectError{Why: "the redirects go in a circle: " + strings.Join(path, " → ")}
	}
	return nil
}

// sameServer says that what was meant for one address may be sent to the other.
// A step from http to https on the usual ports is none to another server.
func sameServer(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	port := func(u *url.URL) string {
		if u.Port() == "" {
			return defaultPort(u)
		}
		return u.Port()
	}
	if from.Scheme == to.Scheme {
		return port(from) == port(to)
	}
	return to.Scheme == "https" && port(from) == "80" && port(to) == "443"
}

// dropSecrets takes out the headers that prove who asks, and the Referer,
// whose address may hold a key. Those that people make up end alike.
func dropSecrets(h http.Header) {
	for name := range h {
		lower := strings.ToLower(name)
		if lower == "idempotency-key" {
			continue
		}
		for _, end := range []string{"authorization", "cookie", "cookie2", "key", "token", "secret", "auth", "password", "session", "signature", "referer"} {
			if strings.HasSuffix(lower, end) {
				delete(h, name)
			}
		}
	}
}

// dropContent takes out what described a body that is not sent again (Fetch
// standard, "HTTP-redirect fetch", step 12).
func dropContent(h http.Header) {
	for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type"} {
		h.Del(name)
	}
}

// way chooses the transport for a request: after a public address only public
// ones are connected to. Connections are kept apart, so that one made without
// this rule is not used with it. Behind a proxy only the name is known.
func (c *Client) way(req *http.Request) (http.RoundTripper, error) {
	if c.options.PublicToPrivate || !fromPublic(req) {
		return c.plain, nil
	}
	if proxy, err := c.proxy(req); err != nil || proxy == nil {
		return c.guarded, err
	}
	if c.privateName(req.URL.Hostname()) {
		return nil, c.toPrivate(req.URL.Host)
	}
	return c.plain, nil
}

// fromPublic says that a public address sent this request here by a redirect.
func fromPublic(req *http.Request) bool {
	if req.Response == nil {
		return false
	}
	b, ok := req.Response.Body.(*body)
	return ok && b.public
}

// isPublic says whether an answer came from a public address, or after one.
func (f *flight) isPublic(req *http.Request) bool {
	if fromPublic(req) {
		return true
	}
	if proxy, err := f.c.proxy(req); err == nil && proxy != nil {
		return !f.c.privateName(req.URL.Hostname())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.remote.IsValid() && !f.c.private(f.remote)
}

// refusePrivate is called with the address itself, after the name was looked up.
func (c *Client) refusePrivate(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || c.private(at.Addr()) {
		return c.toPrivate(address)
	}
	return nil
}

func (c *Client) toPrivate(address string) error {
	return &RedirectError{shown(address), "it leads from the internet into a private network"}
}

// privateName says that a name, by itself, is one of this computer or network.
func (c *Client) privateName(name string) bool {
	if ip, err := netip.ParseAddr(name); err == nil {
		return c.private(ip)
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if !strings.Contains(name, ".") {
		return true
	}
	return slices.ContainsFunc([]string{".localhost", ".local", ".internal", ".home.arpa"}, func(end string) bool { return strings.HasSuffix(name, end) })
}

// special are networks that are not the internet (IANA special-purpose address
// registries) and that netip does not know as such.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
}

// nat64 addresses carry one of IPv4 in their last four bytes (RFC 6052), 6to4
// ones after their first two (RFC 3056).
var (
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
	sixTo = netip.MustParsePrefix("2002::/16")
)

// private says that an address is not one of the public internet.
func private(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	bytes := ip.As16()
	switch {
	case nat64.Contains(ip):
		return private(netip.AddrFrom4([4]byte(bytes[12:])))
	case sixTo.Contains(ip):
		return private(netip.AddrFrom4([4]byte(bytes[2:6])))
	}
	return !ip.IsGlobalUnicast() || ip.IsPrivate() ||
		slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}
