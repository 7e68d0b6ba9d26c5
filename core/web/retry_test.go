package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// reset fails so many times.
func reset(times int64) func(*http.Request) error {
	var n atomic.Int64
	return func(*http.Request) error {
		if n.Add(1) <= times {
			return syscall.ECONNRESET
		}
		return nil
	}
}

func always(code int) func(*http.Request) answer {
	return func(*http.Request) answer { return status(code) }
}

func TestRetries(t *testing.T) {
	for _, test := range []struct {
		name    string
		method  string
		options Options
		header  string
		fail    func(*http.Request) error
		answer  func(*http.Request) answer
		tries   int
		code    int // 0: an error
	}{
		{"none by default", "GET", Options{}, "", reset(1), nil, 1, 0},
		{"a reset", "GET", Options{Retries: 3}, "", reset(2), nil, 3, 200},
		{"too many resets", "GET", Options{Retries: 3}, "", reset(9), nil, 4, 0},
		{"a status", "PUT", Options{Retries: 3}, "", nil, script(status(502), status(504)), 3, 200},
		{"the last status", "DELETE", Options{Retries: 2}, "", nil, always(500), 3, 500},
		{"a final status", "GET", Options{Retries: 3}, "", nil, always(404), 1, 404},
		{"not implemented", "GET", Options{Retries: 3}, "", nil, always(501), 1, 501},
		{"POST", "POST", Options{Retries: 3}, "", reset(1), nil, 1, 0},
		{"POST with a key", "POST", Options{Retries: 3}, "Idempotency-Key", reset(1), nil, 2, 200},
		{"POST allowed", "POST", Options{Retries: 3, RetryPost: true}, "", reset(1), nil, 2, 200},
		{"PATCH", "PATCH", Options{Retries: 3}, "", reset(1), nil, 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var bodies []string
				n := &internet{answer: test.answer, fail: func(r *http.Request) error {
					content, _ := io.ReadAll(r.Body)
					bodies = append(bodies, string(content))
					if test.fail == nil {
						return nil
					}
					return test.fail(r)
				}}
				c := n.in(t, test.options)
				var trace Trace
				req, _ := http.NewRequestWithContext(WithTrace(t.Context(), &trace), test.method, "http://a.example/", bytes.NewReader([]byte("{}")))
				if test.header != "" {
					req.Header.Set(test.header, "1")
				}
				resp, err := c.Do(req)
				if (err != nil) != (test.code == 0) || err == nil && resp.StatusCode != test.code {
					t.Fatalf("%v, %v", resp, err)
				}
				if err == nil {
					_ = resp.Body.Close()
				}
				if trace.Tries != test.tries || len(trace.Reasons) != test.tries-1 || trace.Sends != test.tries {
					t.Errorf("%+v, want %d tries", trace, test.tries)
				}
				if want := slices.Repeat([]string{"{}"}, test.tries); !slices.Equal(bodies, want) {
					t.Errorf("bodies %q", bodies)
				}
			})
		})
	}
}

func TestABodyThatCannotBeSentAgainIsNotRetried(t *testing.T) {
	n := &internet{answer: func(*http.Request) answer { return status(500) }}
	var trace Trace
	req, _ := http.NewRequestWithContext(WithTrace(t.Context(), &trace), "PUT", "http://a.example/", io.NopCloser(strings.NewReader("{}")))
	resp, err := n.in(t, Options{Retries: 3}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if trace.Tries != 1 {
		t.Errorf("%d tries", trace.Tries)
	}
}

func TestCancelEndsTheWaitForARetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &internet{fail: func(*http.Request) error { return syscall.ECONNREFUSED }}
		c := n.in(t, Options{Retries: 1000})
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour, errors.New("enough"))
		defer cancel()
		from := time.Now()
		if _, err := visit(ctx, c, "http://a.example/"); err == nil || !strings.Contains(err.Error(), "enough") {
			t.Error(err)
		}
		if took := time.Since(from); took != time.Hour {
			t.Errorf("it ended after %v", took)
		}
		if got := len(n.all()); got < 3600/30 || got > 1000 {
			t.Errorf("%d tries in an hour, with waits of up to 30 s", got)
		}
	})
}
