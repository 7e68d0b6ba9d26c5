package practice

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestDelayIsAsLongAsAsked(t *testing.T) {
	virtual(t, func(t *testing.T, c *client) {
		for path, want := range map[string]time.Duration{
			"/delay/0": 0, "/delay/1.25": 1250 * time.Millisecond, "/delay/750ms": 750 * time.Millisecond, "/delay/60": time.Minute,
		} {
			begun := time.Now()
			got := c.get(t, path)
			if took := time.Since(begun); took != want || got.status != 200 || !strings.Contains(got.body, path) {
				t.Errorf("%s: %v, %d, %s", path, took, got.status, got.body)
			}
		}
	})
}

func TestDripSpreadsItsBytes(t *testing.T) {
	virtual(t, func(t *testing.T, c *client) {
		begun := time.Now()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL()+"/drip/1000?duration=10&delay=5", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := c.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if header := time.Since(begun); header != 5*time.Second || response.ContentLength != 1000 {
			t.Errorf("the header came after %v, with length %d", header, response.ContentLength)
		}
		half := make([]byte, 500)
		if _, err := io.ReadFull(response.Body, half); err != nil || time.Since(begun) != 10*time.Second {
			t.Errorf("half of it came after %v, %v", time.Since(begun), err)
		}
		rest, err := io.ReadAll(response.Body)
		if err != nil || time.Since(begun) != 15*time.Second || string(half)+string(rest) != body(1000, 0) {
			t.Errorf("all of it came after %v, %v: %d bytes", time.Since(begun), err, 500+len(rest))
		}
	})
}

func TestDripOfAnySizeTakesItsTime(t *testing.T) {
	virtual(t, func(t *testing.T, c *client) {
		for path, want := range map[string]time.Duration{
			"/drip/1?duration=3": 3 * time.Second, "/drip/5MB?duration=3": 3 * time.Second,
			"/drip/100?duration=0": 0, "/drip/100": 2 * time.Second, "/drip/100?duration=0.001": time.Millisecond,
		} {
			begun := time.Now()
			got := c.get(t, path)
			if took := time.Since(begun); took != want || got.err != nil || int64(len(got.body)) != got.length {
				t.Errorf("%s: %v, %d bytes, %v", path, took, len(got.body), got.err)
			}
		}
	})
}

func TestCutEndsEachAnswerAndCanBeResumed(t *testing.T) {
	s := loopback(t)
	for _, c := range []struct {
		path, rng string
		body      string
		cut       bool
	}{
		{"/cut/1000?at=400", "", body(1000, 0)[:400], true},
		{"/cut/1000?at=400", "bytes=400-", body(1000, 0)[400:800], true},
		{"/cut/1000?at=400", "bytes=800-", body(1000, 0)[800:], false},
		{"/cut/1000", "", body(1000, 0)[:500], true},
		{"/cut/1000", "bytes=500-", body(1000, 0)[500:], false},
		{"/cut/1000?at=0", "", "", true},
		{"/cut/1000?at=1000", "", body(1000, 0), false},
		{"/cut/10MB?at=5MB", "", body(10e6, 0)[:5e6], true},
		{"/cut/0", "", "", false},
	} {
		got := s.get(t, c.path, "Range: "+c.rng)
		if got.body != c.body || errors.Is(got.err, io.ErrUnexpectedEOF) != c.cut || (got.err != nil) != c.cut {
			t.Errorf("%s %s: %d bytes, %v; want %d, cut %v", c.path, c.rng, len(got.body), got.err, len(c.body), c.cut)
		}
	}
}

func TestStallSendsNoMoreUntilTheClientGoes(t *testing.T) {
	virtual(t, func(t *testing.T, c *client) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Hour)
		defer cancel()
		begun := time.Now()
		got, err := c.try(ctx, http.MethodGet, "/stall/1000?at=400", "")
		if err != nil || got.body != body(1000, 0)[:400] || !errors.Is(got.err, context.DeadlineExceeded) {
			t.Errorf("%d bytes, %v, %v", len(got.body), err, got.err)
		}
		if took := time.Since(begun); took != 10*time.Hour {
			t.Errorf("it ended after %v", took)
		}
	})
}

func TestAClientThatGoesEndsItsRequest(t *testing.T) {
	virtual(t, func(t *testing.T, c *client) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.try(ctx, http.MethodGet, "/delay/60", ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		time.Sleep(time.Millisecond)
		c.Reset()
		if n := c.MostAtOnce(); n != 0 {
			t.Errorf("%d requests are still in hand", n)
		}
	})
}
