package web

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"syscall"
	"time"
)

// guard looks at the address that is about to be connected to; see net.Dialer.
type guard = func(ctx context.Context, network, address string, c syscall.RawConn) error

// transport makes the way that requests take after the gate.
func (o *Options) transport(proxy func(*http.Request) (*url.URL, error), control guard) *http.Transport {
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second, ControlContext: control}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(!o.HTTP1)
	return &http.Transport{
		Proxy:                  proxy,
		OnProxyConnectResponse: proxyAnswered,
		DialContext:            count(dialer.DialContext),
		TLSClientConfig:        &tls.Config{InsecureSkipVerify: o.Insecure}, //nolint:gosec // what a person asked for
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  o.HeaderTimeout,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    cmp.Or(o.Connections, http.DefaultMaxIdleConnsPerHost),
		MaxResponseHeaderBytes: 1 << 20,
		Protocols:              protocols,
	}
}

// chooseProxy reads Options.Proxy.
func chooseProxy(address string) (func(*http.Request) (*url.URL, error), error) {
	switch address {
	case "":
		return http.ProxyFromEnvironment, nil
	case "none":
		return func(*http.Request) (*url.URL, error) { return nil, nil }, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, Explain(err)
	}
	if !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) || u.Hostname() == "" {
		return nil, errors.New(`write it as http://host:port or socks5://host:port, or "none"`)
	}
	return http.ProxyURL(u), nil
}

// proxyError is a proxy that refused to connect.
type proxyError struct {
	proxy string
	code  int
}

func (e *proxyError) Error() string {
	advice := "check the proxy, or go without it"
	if e.code == http.StatusProxyAuthRequired {
		advice = "put name and password into its address: http://name:password@" + e.proxy
	}
	return fmt.Sprintf("the proxy %s refused to connect (%s): %s", e.proxy, statusText(e.code), advice)
}

func proxyAnswered(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{proxy.Host, resp.StatusCode}
}
