package fetch_test

import (
	"bufio"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	crypto "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/fetch"
)

// fails runs a single request and expects it to fail with words.
func fails(t *testing.T, c *fetch.Config, want ...string) core.Row {
	t.Helper()
	row, _ := one(t, c)
	if row.Status != core.Failed || row.Err == nil {
		t.Fatalf("%s: %v, %v; want it to fail with %q", row.Item, row.Status, row.Err, want)
	}
	expectText(t, row.Item, row.Err.Error(), want...)
	return row
}

// signed is a certificate that signs itself.
func signed(t *testing.T, name string, from, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), crypto.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotBefore: from, NotAfter: until}
	if ip := net.ParseIP(name); ip != nil {
		about.DNSNames, about.IPAddresses = nil, []net.IP{ip}
	}
	der, err := x509.CreateCertificate(crypto.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestWhatIsWrongWithACertificateIsSaid(t *testing.T) {
	now := time.Now()
	for name, test := range map[string]struct {
		certificate tls.Certificate
		want        string
	}{
		"expired":     {signed(t, "127.0.0.1", now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0)), "the certificate expired on " + now.AddDate(-1, 0, 0).UTC().Format(time.DateOnly)},
		"not yet":     {signed(t, "127.0.0.1", now.AddDate(1, 0, 0), now.AddDate(2, 0, 0)), "check the clock of this computer"},
		"wrong name":  {signed(t, "other.example", now.AddDate(-1, 0, 0), now.AddDate(1, 0, 0)), "the certificate is not for 127.0.0.1: check the spelling"},
		"self-signed": {signed(t, "127.0.0.1", now.AddDate(-1, 0, 0), now.AddDate(1, 0, 0)), "signed by an authority that this computer does not know"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			server.TLS = &tls.Config{Certificates: []tls.Certificate{test.certificate}}
			server.Config.ErrorLog = quiet
			server.StartTLS()
			t.Cleanup(server.Close)
			c := settings(t, server.URL)
			c.Retries = 3 // none of them helps
			row := fails(t, c, test.want)
			if row.Tries != 1 {
				t.Errorf("it was tried %d times", row.Tries)
			}
			c.Insecure = true
			if row, _ := one(t, c); row.Status != core.OK {
				t.Errorf("unchecked: %v", row.Err)
			}
		})
	}
}

// raw answers each connection with a function.
func raw(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() { // until listener is closed
		defer close(gone)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			answer(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-gone
	})
	return listener.Addr().String()
}

func TestFailuresOfConnectionsAreSaid(t *testing.T) {
	asked := func(conn net.Conn) { _, _ = http.ReadRequest(bufio.NewReader(conn)) }
	for name, test := range map[string]struct {
		scheme string
		answer func(net.Conn)
		want   string
	}{
		"no HTTP":        {"http", func(c net.Conn) { asked(c); _, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9\r\n\r\n") }, "does not speak HTTP: check the port"},
		"no TLS":         {"https", func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") }, "does not speak TLS here: try http://"},
		"closed at once": {"http", asked, "closed the connection before the answer was whole"},
		"cut": {"http", func(c net.Conn) {
			asked(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart")
		}, "closed the connection before the answer was whole"},
		"cut in a chunk": {"http", func(c net.Conn) {
			asked(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\npart")
		}, "closed the connection before the answer was whole"},
		"damaged": {"http", func(c net.Conn) {
			asked(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\nthis is not gzip....")
		}, "the answer is packed, and damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			row := fails(t, settings(t, test.scheme+"://"+raw(t, test.answer)), test.want)
			if strings.Contains(row.Err.Error(), "127.0.0.1") {
				t.Errorf("the address is said twice: %v", row.Err)
			}
		})
	}
}

func TestHostsThatAreNotThereAreSaid(t *testing.T) {
	row, _ := one(t, settings(t, "http://no-such-host.invalid/"))
	if row.Err == nil || !strings.Contains(row.Err.Error(), "no-such-host.invalid") || // with or without a name server
		!strings.Contains(row.Err.Error(), "there is no host named") && !strings.Contains(row.Err.Error(), "could not be looked up") {
		t.Errorf("%v", row.Err)
	}
	fails(t, settings(t, "http://127.0.0.1:1/"), "connection refused: nothing answers there; check the port")
}

func TestATimeLimitSaysWhereTheTimeWent(t *testing.T) {
	server := practise(t)
	for phase, address := range map[string]string{
		"connecting":             "https://" + raw(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }),
		"waiting for the answer": server.URL() + "/delay/60",
		"reading the answer":     server.URL() + "/stall/1MB?at=100",
	} {
		c := settings(t, address)
		c.Timeout, c.Retries = 300*time.Millisecond, 1
		row := fails(t, c, "no whole answer within 300ms (it ended while "+phase+"): allow more time", "(after 2 tries)")
		expectText(t, phase, c.Details(row)[3].Text, "Try 1: no whole answer", "Try 2: no whole answer")
	}
}

func TestAnswersThatAreTooLargeFail(t *testing.T) {
	const most = 64 << 20
	chunk := make([]byte, 1<<20)
	packed := serve(t, func(w http.ResponseWriter, r *http.Request) {
		size := most
		if r.URL.Path == "/over" {
			size++
		}
		w.Header().Set("Content-Encoding", "gzip")
		z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		for left := size; left > 0; left -= len(chunk) {
			_, _ = z.Write(chunk[:min(left, len(chunk))])
		}
		_ = z.Close()
	})
	c := settings(t, packed+"/most")
	c.Timeout = 5 * time.Minute
	if row, r := one(t, c); row.Status != core.OK || r.Size != most {
		t.Errorf("as large as is kept: %v, %d bytes", row.Err, r.Size)
	}
	c.URLs = []string{packed + "/over"}
	c.Retries = 2
	if row := fails(t, c, "the answer is larger than 64 MiB, the most that is kept"); row.Tries != 1 {
		t.Errorf("it was tried %d times", row.Tries)
	}
	announced := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(10*int64(most)))
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	patient := settings(t, announced)
	patient.Timeout = 5 * time.Minute
	fails(t, patient, "larger than 64 MiB")
}

func TestRedirectsThatLeadNowhereAreSaid(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
		case "/bad":
			w.Header().Set("Location", "http://[::1")
		case "/deeper":
			w.Header().Set("Location", "/deeper?"+r.URL.RawQuery+"x")
		}
		w.WriteHeader(http.StatusFound)
	})
	for path, want := range map[string]string{
		"/file":   "the redirect to file:///etc/passwd was not followed: only http and https addresses are",
		"/bad":    "redirects to an address that is wrong",
		"/deeper": "10 redirects",
		"/none":   "302 Found: the server does not say where to go",
	} {
		t.Run(path, func(t *testing.T) { fails(t, settings(t, address+path), want) })
	}
}

func TestNotesTellARunsFailures(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/record/{1..48}", server.URL()+"/status/404?n={1..2}", server.URL()+"/flaky/2?key=a", "http://127.0.0.1:1/", "nowhere")
	c.Retries, c.Workers = 2, 4
	o := run(t, c)
	o.expect(t, 49, 4, 0)
	notes := o.run.(catalog.Noter).Notes()
	if len(notes) != 4 {
		t.Fatalf("%q", notes)
	}
	if want := "200: 49, 404: 2, bad address: 1, connection refused: 1"; notes[0] != want {
		t.Errorf("%q, want %q", notes[0], want)
	}
	expectText(t, "latency", notes[1], "Latency p50 ", "ms, p90 ", "ms, p99 ", "ms, most ")
	if want := "4 sent again (503 Service Unavailable: 2, connection refused: 2)"; notes[2] != want {
		t.Errorf("%q, want %q", notes[2], want)
	}
	expectText(t, "received", notes[3], "kB received, unpacked")
}
