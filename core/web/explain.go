package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// TimeLimitError is the error of a request that took longer than
// Options.Timeout.
type TimeLimitError struct {
	Limit time.Duration
	Phase string // in which it was
}

func (e *TimeLimitError) Error() string {
	return fmt.Sprintf("no whole answer within %v (it ended while %s): allow more time, or try again later", e.Limit, e.Phase)
}

// Timeout is for net.Error.
func (e *TimeLimitError) Timeout() bool { return true }

// Is makes it a context.DeadlineExceeded.
func (e *TimeLimitError) Is(target error) bool { return target == context.DeadlineExceeded } //nolint:errorlint // as the contract of Is asks

// words are what an error means.
type words struct {
	text      string
	temporary bool
}

func final(format string, args ...any) (words, bool) {
	return words{fmt.Sprintf(format, args...), false}, true
}

func later(format string, args ...any) (words, bool) {
	return words{fmt.Sprintf(format, args...), true}, true
}

// explained is an error in words; it wraps the one it explains.
type explained struct {
	text string
	err  error
}

func (e *explained) Error() string { return e.text }
func (e *explained) Unwrap() error { return e.err }

// Explain puts an error of Do, of the body of an answer or of url.Parse into
// words: the cause, and what to do. It shows no password. Errors of other kinds
// stay as they are.
func Explain(err error) error {
	if _, done := errors.AsType[*explained](err); done || err == nil {
		return err
	}
	if w, ok := find(err); ok {
		return &explained{w.text, err}
	}
	if u, ok := errors.AsType[*url.Error](err); ok { // without the address
		return &explained{u.Err.Error(), err}
	}
	return err
}

// find asks those who know a kind of error, first the most special.
func find(err error) (words, bool) {
	for _, ask := range []func(error) (words, bool){ours, ofAddress, ofProxy, ofCertificate, ofName, ofTime, ofConnection} {
		if w, ok := ask(err); ok {
			return w, true
		}
	}
	return words{}, false
}

// worded are the errors that are in words already.
type worded interface {
	error
	temporary() bool
}

func (e *TimeLimitError) temporary() bool { return true }
func (e *TooLargeError) temporary() bool  { return false }
func (e *RedirectError) temporary() bool  { return false }
func (e *LongPauseError) temporary() bool { return false }
func (e *PausedError) temporary() bool    { return true }
func (e *addressError) temporary() bool   { return false }
func (e *proxyError) temporary() bool     { return e.code >= 500 }

func ours(err error) (words, bool) {
	if e, ok := errors.AsType[worded](err); ok {
		return words{e.Error(), e.temporary()}, true
	}
	switch {
	case errors.Is(err, ErrClosed):
		return final("%v", ErrClosed)
	case errors.Is(err, context.Canceled):
		return final("it was cancelled")
	}
	return words{}, false
}

func ofAddress(err error) (words, bool) {
	u, ok := errors.AsType[*url.Error](err)
	if !ok {
		return words{}, false
	}
	text := u.Err.Error()
	switch {
	case u.Op == "parse":
		return words{explainParse(u), false}, true
	case strings.Contains(text, "failed to parse Location header"):
		return final("the server redirects to an address that is wrong: open it in a browser, and use the address that it ends at")
	case strings.Contains(text, "response missing Location header"):
		return final("the server redirects without saying where to: open the address in a browser")
	case strings.Contains(text, "invalid header field"), strings.Contains(text, "invalid method"):
		return final("%s: check the settings of the request", strings.TrimPrefix(text, "net/http: "))
	}
	return words{}, false
}

func ofProxy(err error) (words, bool) {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op != "proxyconnect" && !strings.HasPrefix(op.Op, "socks") {
		return words{}, false
	}
	cause, ok := find(op.Err)
	if !ok {
		cause.text = op.Err.Error()
	}
	return later("the proxy cannot be used: %s; check its address, or go without it", cause.text)
}

func ofCertificate(err error) (words, bool) {
	var (
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown):
		return final("the certificate is signed by an authority that this computer does not know: install it, or switch off the check if you trust the server")
	case errors.As(err, &host):
		return final("the certificate is not for %s: check the spelling of the address", host.Host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return expired(invalid)
	case errors.As(err, &verify):
		return final("the certificate is not valid (%v): ask who runs the server", verify.Err)
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return final("the server does not speak TLS here: try http:// instead of https://, or another port")
	}
	if _, why, ok := strings.Cut(err.Error(), "tls: "); ok {
		return final("the TLS connection failed (%s): the server may want another version of TLS, or a certificate of yours", why)
	}
	return words{}, false
}

func expired(e x509.CertificateInvalidError) (words, bool) {
	if now := time.Now(); e.Cert != nil && now.Before(e.Cert.NotBefore) {
		return final("the certificate is valid only from %s: check the clock of this computer", e.Cert.NotBefore.Format(time.DateOnly))
	} else if e.Cert != nil {
		return final("the certificate expired on %s: ask who runs the server, or check the clock of this computer", e.Cert.NotAfter.Format(time.DateOnly))
	}
	return final("the certificate has expired: ask who runs the server")
}

func ofName(err error) (words, bool) {
	dns, ok := errors.AsType[*net.DNSError](err)
	switch {
	case !ok:
		return words{}, false
	case dns.IsNotFound:
		return final("there is no host named %s: check the spelling, and that this computer is on the network", dns.Name)
	}
	return later("the name %s could not be looked up: check that this computer is on the network", dns.Name)
}

func ofTime(err error) (words, bool) {
	timeout, ok := errors.AsType[net.Error](err)
	if !ok || !timeout.Timeout() {
		return words{}, false
	}
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case isOp && op.Op == "dial":
		return later("no connection in time (while %s): the server is down, or something on the way drops the requests", connecting)
	case isOp:
		return later("no answer in time (while %s): try again later, or allow more time", reading)
	case strings.Contains(err.Error(), "TLS handshake"):
		return later("no connection in time (while %s, TLS): try again later", connecting)
	case strings.Contains(err.Error(), "awaiting response headers"):
		return later("no answer in time (while %s): try again later, or allow more time", waiting)
	}
	return final("the time was over before the answer came: allow more time, or try again later") // the caller's
}

func ofConnection(err error) (words, bool) {
	switch {
	case is(err, syscall.ECONNREFUSED, 10061):
		return later("connection refused: nothing answers there; check the port, and that the server is running")
	case is(err, syscall.ECONNRESET, 10054), is(err, syscall.EPIPE, 10053), is(err, syscall.ECONNABORTED, 10053):
		return later("connection reset: the server, or something on the way, broke it off; try again")
	case is(err, syscall.EHOSTUNREACH, 10065), is(err, syscall.ENETUNREACH, 10051):
		return later("the server cannot be reached: check that this computer is on the network")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return later("the server closed the connection before the answer was whole: try again")
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "server closed idle connection"), strings.Contains(text, "http2: "), strings.Contains(text, "stream error"):
		return later("the server broke off the request (%s): try again", afterColon(text))
	case strings.Contains(text, "malformed HTTP"):
		return final("what answers there does not speak HTTP: check the port, and http:// or https://")
	case strings.Contains(text, "Content-Length"), strings.Contains(text, "unsupported transfer encoding"):
		return final("the server's answer contradicts itself, so that nobody can tell where it ends: ask who runs the server")
	case strings.Contains(text, "response headers exceeded"):
		return final("the header of the server's answer is too long: ask who runs the server")
	case strings.Contains(text, "chunk"), strings.Contains(text, "malformed MIME"), strings.Contains(text, "trailer header"):
		return later("the server's answer is damaged: try again")
	case strings.Contains(text, "gzip: invalid"):
		return final("the answer is packed, and damaged: ask for it without Accept-Encoding")
	}
	return words{}, false
}

// is compares with an error of the system; Windows has numbers of its own for
// those of the network (winsock2.h).
func is(err error, unix syscall.Errno, windows uintptr) bool {
	return errors.Is(err, unix) || runtime.GOOS == "windows" && errors.Is(err, syscall.Errno(windows))
}

// afterColon leaves out the request that the net/http names first.
func afterColon(text string) string {
	if _, after, ok := strings.Cut(text, `": `); ok {
		return after
	}
	return text
}
