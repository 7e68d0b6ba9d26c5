package web

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"manyhands/core"
)

// Do sends a request, as http.Client.Do does, and returns at the header of the
// answer. It waits for permits and for the end of the host's pause, and follows
// redirects. Its error is for Explain.
//
// Options.Retries repeat GET, HEAD, OPTIONS, TRACE, PUT, DELETE, and whatever
// has an Idempotency-Key, after an error that is Temporary or a status for
// which RetryStatus holds, provided that the body can be sent again (GetBody).
// The wait before is random up to 0.5 s, doubling to 30 s; where the host is
// paused, the pause is the wait.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	t := traceOf(req.Context())
	if t == nil {
		t = new(Trace)
		req = req.WithContext(WithTrace(req.Context(), t))
	}
	*t = Trace{}
	if err := checkAddress(req.URL); err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	wait := core.Backoff(c.options.Retries+1, time.Second/2, 30*time.Second)
	for {
		t.Tries++
		resp, err := c.http.Do(req) //nolint:gosec // a person chose the address
		pause, again := wait(err, t.Tries)
		reason := reason(resp, err)
		if !again || reason == "" || !c.repeatable(req) {
			if err != nil {
				return nil, err // not with the redirect it is about
			}
			return resp, nil
		}
		t.Reasons = append(t.Reasons, reason)
		if req, err = prepareAgain(req, resp, pause); err != nil {
			return nil, err
		}
	}
}

// RetryStatus says that the same request may well succeed later.
func RetryStatus(code int) bool {
	return slices.Contains([]int{408, 425, 429, 500, 502, 503, 504}, code)
}

// reason is why to try again; "": no reason to.
func reason(resp *http.Response, err error) string {
	switch {
	case err != nil && !isGivenBack(err) && Temporary(err):
		return Explain(err).Error()
	case err == nil && RetryStatus(resp.StatusCode):
		return statusText(resp.StatusCode)
	}
	return ""
}

// statusText does not trust the server's own words for it.
func statusText(code int) string {
	return strings.TrimSpace(fmt.Sprint(code, " ", http.StatusText(code)))
}

// repeatable says that sending a request twice does no more than sending it
// once (RFC 9110, section 9.2.2), and that it can be done.
func (c *Client) repeatable(req *http.Request) bool {
	if req.Body != nil && req.Body != http.NoBody && req.GetBody == nil {
		return false
	}
	switch req.Method {
	case "", "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE":
		return true
	}
	return c.options.RetryPost || req.Header.Get("Idempotency-Key") != ""
}

// prepareAgain disposes of an answer, waits, and rewinds the request.
func prepareAgain(req *http.Request, resp *http.Response, pause time.Duration) (*http.Request, error) {
	if resp != nil {
		_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can be kept
		_ = resp.Body.Close()
	}
	if resp == nil || !pauses(resp.StatusCode) {
		if err := sleep(req.Context(), pause); err != nil {
			return nil, err
		}
	}
	again := req.WithContext(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, fmt.Errorf("send the body again: %w", err)
		}
		again.Body = body
	}
	return again, nil
}

// pauses says that an answer pauses its host.
func pauses(code int) bool {
	return code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable
}

// LongPauseError is the error of requests to a host that asked to be left alone
// for more than ten minutes.
type LongPauseError struct {
	Host string
	For  time.Duration
}

func (e *LongPauseError) Error() string {
	return fmt.Sprintf("%s asks to wait %v, more than the %v that are waited: try again after that", e.Host, e.For.Round(time.Second), longestPause)
}

// PausedError is the error of a request that was given back: it was not sent,
// since its host asked for a pause, before or while the request waited for its
// permits. With Options.GiveBack, whoever has work for other hosts can go on
// with that. Redirects and the retries of Do are never given back, but waited
// for: what came before them was sent.
type PausedError struct {
	Host string
	For  time.Duration // the rest of the pause
}

func isGivenBack(err error) bool {
	_, ok := errors.AsType[*PausedError](err)
	return ok
}

func (e *PausedError) Error() string {
	return fmt.Sprintf("%s asks to wait %v", e.Host, e.For.Round(time.Second))
}

// askedPause is the Retry-After of an answer (RFC 9110, section 10.2.3): seconds
// or a date, which is compared with the server's own clock where it tells it.
// 0: it asks for nothing.
func askedPause(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if strings.Trim(text, "0123456789.") == "" { // some send fractions
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return 0
		}
		return time.Duration(min(seconds, math.MaxInt32) * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if theirs, err := http.ParseTime(h.Get("Date")); err == nil {
		now = theirs
	}
	return min(max(at.Sub(now), 0), math.MaxInt32*time.Second)
}

// Temporary says that the same request may well succeed later, going by an
// error that Do or the body of an answer returned.
func Temporary(err error) bool {
	if err == nil {
		return false
	}
	w, ok := find(err)
	return ok && w.temporary
}
