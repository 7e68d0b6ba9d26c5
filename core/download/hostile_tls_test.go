package download_test

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

// The fatal alert "internal error" in the clear, where encrypted records are
// due (RFC 8446, section 6).
const alert = "\x15\x03\x03\x00\x02\x02\x50"

func TestCertificatesThatAreNotTrusted(t *testing.T) {
	t.Parallel()
	now := time.Now()
	hour, year := time.Hour, 365*24*time.Hour
	for _, test := range []struct {
		name        string
		certificate tls.Certificate
		words       []string
	}{
		{"signed by nobody", hostile.Certificate(t, now.Add(-hour), now.Add(hour)), []string{"authority that this computer does not know"}},
		{"expired", hostile.Certificate(t, now.Add(-2*year), now.Add(-year)), []string{"expired on"}},
		{"not yet valid", hostile.Certificate(t, now.Add(year), now.Add(2*year)), []string{"valid only from"}},
		{"for another host", hostile.Certificate(t, now.Add(-hour), now.Add(hour), "other.example"), []string{"is not for 127.0.0.1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := hostile.ServeTLS(t, test.certificate, serve(honest))
			for _, insecure := range []bool{false, true} {
				c := settings(t, server.URL+"/file.bin")
				c.Insecure, c.Retries = insecure, 2
				o := run(t, c)
				o.whole(t, content)
				if insecure {
					o.expect(t, 1, 0, 0)
					continue
				}
				o.expect(t, 0, 1, 0)
				expectText(t, "the error", o.rows[0].Err.Error(), test.words...)
				if server.Connections() != 1 || len(server.Requests()) != 0 {
					t.Errorf("%d connections, %d requests for what cannot work", server.Connections(), len(server.Requests()))
				}
			}
		})
	}
}

// ways to end or break a connection; TLS where a certificate is said to be
// needed.
func TestConnectionsThatBreak(t *testing.T) {
	t.Parallel()
	now := time.Now()
	certificate := hostile.Certificate(t, now.Add(-time.Hour), now.Add(time.Hour))
	certificates := []tls.Certificate{certificate}
	secure := &tls.Config{Certificates: certificates}
	old := &tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	mutual := &tls.Config{Certificates: certificates, ClientAuth: tls.RequireAnyClientCert}
	for _, test := range []struct {
		name   string
		greet  func(*hostile.Conn)
		answer hostile.Script // nil: an honest one
		tls    *tls.Config
		want   []byte // where all is well after the first connection
		words  []string
	}{
		{"closed at once", first(func(c *hostile.Conn) { _ = c.Close() }), nil, nil, content, nil},
		{"reset at once", first((*hostile.Conn).Reset), nil, nil, content, nil},
		{"reset before the header", nil, firstRequest(func(c *hostile.Conn, _ hostile.Answer) { c.Reset() }), nil, content, nil},
		{"closed before the header", nil, firstRequest(func(c *hostile.Conn, _ hostile.Answer) { _ = c.Close() }), nil, content, nil},
		{"reset after the header", nil, firstRequest(func(c *hostile.Conn, a hostile.Answer) { c.CutHard(a, 0) }), nil, content, nil},
		{"reset in the body", nil, firstRequest(func(c *hostile.Conn, a hostile.Answer) { c.CutHard(a, cutAt) }), nil, content, nil},
		{"reset at the end", nil, firstRequest(func(c *hostile.Conn, a hostile.Answer) { c.CutHard(a, fileSize) }), nil, content, nil},
		{"TLS: closed at once", first(func(c *hostile.Conn) { _ = c.Close() }), nil, secure, content, nil},
		{"TLS: reset in the body", nil, firstRequest(func(c *hostile.Conn, a hostile.Answer) { c.CutHard(a, cutAt) }), secure, content, nil},
		{"TLS: closed in the body", nil, firstRequest(func(c *hostile.Conn, a hostile.Answer) { c.Cut(a, cutAt) }), secure, content, nil},
		{"TLS: an alert in the body", nil, always(func(c *hostile.Conn, a hostile.Answer) {
			a.Body = a.Body[:min(cutAt, len(a.Body))]
			c.Send(a)
			_ = c.PrintRaw(alert)
			c.Hold()
		}), secure, nil, nil},
		{"TLS: an alert in the handshake", func(c *hostile.Conn) { _ = c.PrintRaw(alert) }, nil, secure, nil, nil},
		{"TLS: garbage in the handshake", func(c *hostile.Conn) { _ = c.Print("what do you want?"); c.Hold() }, nil, secure, nil, []string{"does not speak tls"}},
		{"TLS of long ago", nil, nil, old, nil, []string{"version"}},
		{"TLS that wants a certificate", nil, nil, mutual, nil, []string{"certificate"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := &hostile.Server{Answer: test.answer, Greet: test.greet, TLS: test.tls}
			if server.Answer == nil {
				server.Answer = serve(honest)
			}
			server.Start(t)
			c := settings(t, server.URL+"/file.bin")
			c.Insecure, c.Retries = true, 2
			o := run(t, c)
			o.whole(t, content)
			if test.want != nil {
				o.expect(t, 1, 0, 0)
				return
			}
			o.expect(t, 0, 1, 0)
			expectText(t, "the error", strings.ToLower(o.rows[0].Err.Error()), test.words...)
		})
	}
}

// first greets only the first connection.
func first(greet func(*hostile.Conn)) func(*hostile.Conn) {
	return func(c *hostile.Conn) {
		if c.Number == 1 {
			greet(c)
		}
	}
}

// firstRequest answers only the first request in a way of its own.
func firstRequest(answer func(*hostile.Conn, hostile.Answer)) hostile.Script {
	return func(c *hostile.Conn, r *hostile.Request) {
		if r.N == 1 {
			answer(c, honest.Answer(r))
			return
		}
		c.Send(honest.Answer(r))
	}
}

func always(answer func(*hostile.Conn, hostile.Answer)) hostile.Script {
	return func(c *hostile.Conn, r *hostile.Request) { answer(c, honest.Answer(r)) }
}

func TestServersThatAreNotThere(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	unused := listener.Addr().String()
	_ = listener.Close()
	plain := &hostile.Server{Answer: serve(honest), Greet: func(c *hostile.Conn) {
		_ = c.Print("HTTP/1.1 400 Bad Request\r\n\r\n")
		c.Hold()
	}}
	plain.Start(t)
	for _, test := range []struct {
		name, address string
		change        func(*download.Config)
		words         string
	}{
		{"nothing listens", "http://" + unused + "/file.bin", nil, "connection refused"},
		{"no such name", "http://no-such-host.invalid/file.bin", nil, "no-such-host.invalid"},
		{"a proxy that is not there", plain.URL + "/file.bin", func(c *download.Config) { c.Proxy = "http://" + unused }, "the proxy cannot be used"},
		{"https where there is http", strings.Replace(plain.URL, "http:", "https:", 1) + "/file.bin", nil, "does not speak TLS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := settings(t, test.address)
			if test.change != nil {
				test.change(c)
			}
			o := run(t, c)
			o.whole(t)
			o.expect(t, 0, 1, 0)
			expectText(t, "the error", o.rows[0].Err.Error(), test.words)
		})
	}
}

func TestHTTPWhereThereIsTLS(t *testing.T) {
	t.Parallel()
	now := time.Now()
	server := hostile.ServeTLS(t, hostile.Certificate(t, now.Add(-time.Hour), now.Add(time.Hour)), serve(honest))
	o := run(t, settings(t, strings.Replace(server.URL, "https:", "http:", 1)+"/file.bin"))
	o.whole(t)
	o.expect(t, 0, 1, 0)
}
