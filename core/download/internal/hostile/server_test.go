package hostile_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"manyhands/core/download/internal/hostile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// dial connects, and gives up after a minute.
func dial(t *testing.T, s *hostile.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	return conn
}

// exchange sends requests for a path over a connection of its own, and returns
// all that comes back.
func exchange(t *testing.T, s *hostile.Server, paths ...string) (string, error) {
	t.Helper()
	conn := dial(t, s)
	for _, path := range paths {
		_, _ = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: test\r\n\r\n")
	}
	got, err := io.ReadAll(conn)
	return string(got), err
}

func TestBytesAreSentAsTheyAre(t *testing.T) {
	s := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
		if r.URL.Path == "/lie" {
			c.Send(hostile.Answer{Status: "HTTP/0.7 999", Header: []string{"Content-Length: -5", "a\x00b"}, Body: []byte("x")})
			return
		}
		_ = c.Print("nothing like\nHTTP")
		_ = c.Close()
	})
	got, err := exchange(t, s, "/lie", "/lie", "/end")
	lie := "HTTP/0.7 999\r\nContent-Length: -5\r\na\x00b\r\n\r\nx"
	if want := lie + lie + "nothing like\nHTTP"; got != want || err != nil {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

func TestRequestsAreNoted(t *testing.T) {
	s := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
		c.Send(hostile.Text("200 OK", strings.Repeat("x", r.N)))
		if r.URL.Path == "/b" {
			_ = c.Close()
		}
	})
	before := time.Now()
	_, _ = exchange(t, s, "/a", "/a", "/b")
	if got, _ := exchange(t, s, "/b"); !strings.HasSuffix(got, "\r\n\r\nxx") {
		t.Errorf("the second for /b got %q", got)
	}
	all := s.Requests()
	if len(all) != 4 || len(s.Of("/a")) != 2 || s.Connections() != 2 || all[3].Conn != 2 || all[2].N != 1 || all[3].N != 2 {
		t.Errorf("%d requests over %d connections: %+v", len(all), s.Connections(), all)
	}
	if all[0].Host != "test" || all[0].At.Before(before) || all[3].At.Before(all[0].At) {
		t.Errorf("%+v", all[0])
	}
}

func TestConnectionsEndAsTheyAreToldTo(t *testing.T) {
	whole := hostile.Text("200 OK", "0123456789")
	for _, test := range []struct {
		name   string
		answer hostile.Script
		got    int // bytes of the body
		reset  bool
	}{
		{"cut", func(c *hostile.Conn, _ *hostile.Request) { c.Cut(whole, 4) }, 4, false},
		{"cut beyond the end", func(c *hostile.Conn, _ *hostile.Request) { c.Cut(whole, 40) }, 10, false},
		{"reset", func(c *hostile.Conn, _ *hostile.Request) { c.CutHard(whole, 4) }, 4, true},
		{"closed", func(c *hostile.Conn, _ *hostile.Request) { _ = c.Close() }, 0, false},
		{"in drops", func(c *hostile.Conn, _ *hostile.Request) { c.Drip(whole, 3, time.Millisecond); _ = c.Close() }, 10, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := exchange(t, hostile.Serve(t, test.answer), "/")
			_, body, _ := strings.Cut(got, "\r\n\r\n")
			if body != "0123456789"[:test.got] {
				t.Errorf("%q came", got)
			}
			if errors.Is(err, syscall.ECONNRESET) != test.reset {
				t.Errorf("it ended with %v", err)
			}
		})
	}
}

// What would go on for ever ends with the client, and with the server.
func TestScriptsEnd(t *testing.T) {
	began := make(chan bool, 10)
	for name, answer := range map[string]hostile.Script{
		"hold":    func(c *hostile.Conn, _ *hostile.Request) { began <- true; c.Hold() },
		"stall":   func(c *hostile.Conn, _ *hostile.Request) { began <- true; c.Stall(hostile.Text("200", "abc"), 2) },
		"forever": func(c *hostile.Conn, _ *hostile.Request) { began <- true; c.Forever("x") },
		"drip": func(c *hostile.Conn, _ *hostile.Request) {
			began <- true
			c.DripText(strings.Repeat("x", 1000), 1, time.Second)
		},
	} {
		for _, first := range []string{"client", "server"} {
			s := hostile.Serve(t, answer)
			conn := dial(t, s)
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\n\r\n")
			<-began
			if first == "client" {
				_ = conn.Close()
			}
			ended := make(chan bool)
			go func() { s.Close(); close(ended) }() // ends with the server
			select {
			case <-ended:
			case <-time.After(time.Minute):
				t.Fatalf("%s goes on after the %s has gone", name, first)
			}
		}
	}
}

func TestGreetingsComeBeforeTLS(t *testing.T) {
	now := time.Now()
	s := &hostile.Server{
		Answer: func(c *hostile.Conn, _ *hostile.Request) { c.Send(hostile.Text("200 OK", "secret")) },
		TLS:    &tls.Config{Certificates: []tls.Certificate{hostile.Certificate(t, now.Add(-time.Hour), now.Add(time.Hour), "localhost", "127.0.0.1")}},
		Greet: func(c *hostile.Conn) {
			if c.Number == 1 {
				_ = c.Print("HELLO")
				_ = c.Close()
			}
		},
	}
	s.Start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(conn)
	_ = conn.Close()
	if string(got) != "HELLO" {
		t.Errorf("%q", got)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	certificate := resp.TLS.PeerCertificates[0]
	if string(body) != "secret" || certificate.VerifyHostname("127.0.0.1") != nil || certificate.VerifyHostname("localhost") != nil || certificate.VerifyHostname("other") == nil {
		t.Errorf("%q, %v", body, certificate.DNSNames)
	}
	if _, err := tls.Dial("tcp", strings.TrimPrefix(s.URL, "https://"), nil); !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("the certificate is trusted: %v", err)
	}
}

func TestContentsDiffer(t *testing.T) {
	if bytes.Equal(hostile.Content(1, 100), hostile.Content(2, 100)) || !bytes.Equal(hostile.Content(1, 100), hostile.Content(1, 200)[:100]) {
		t.Error("contents are not told apart by their seeds")
	}
}
