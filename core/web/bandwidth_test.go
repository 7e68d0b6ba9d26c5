package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// spring is the body of a file that never ends; endless reads are as large as
// they may be, or at most piece.
type spring struct{ piece int }

func (s spring) Read(p []byte) (int, error) {
	if s.piece > 0 {
		p = p[:min(len(p), s.piece)]
	}
	return len(p), nil
}

func (spring) Close() error { return nil }

// springs is a server whose answers are springs.
type springs struct{ piece int }

func (s springs) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: spring(s), ContentLength: -1, Request: req}, nil
}

func springClient(t *testing.T, n int64, piece int) *Client {
	c := client(t, Options{Bandwidth: n})
	c.plain = springs{piece}
	return c
}

func drink(ctx context.Context, t *testing.T, c *Client) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://x.test/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// readFor reads until the time is over, and counts.
func readFor(t *testing.T, c *Client, d time.Duration, buffer int) int {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	resp := drink(ctx, t, c)
	defer resp.Body.Close()
	total, b := 0, make([]byte, buffer)
	for {
		n, err := resp.Body.Read(b)
		if err != nil {
			return total // what came with it was not within the limit yet
		}
		total += n
	}
}

func near(t *testing.T, what string, got, want, slack float64) {
	t.Helper()
	if got < want*(1-slack) || got > want*(1+slack) {
		t.Errorf("%s: %.0f, want %.0f", what, got, want)
	}
}

func TestBandwidthHolds(t *testing.T) {
	for _, test := range []struct {
		name   string
		limit  int64
		bodies int
		piece  int
		buffer int
	}{
		{"100 bytes a second", 100, 1, 0, 1 << 20},
		{"1 kB a second, three bodies", 1000, 3, 0, 1 << 20},
		{"1 MB a second, ten bodies", 1e6, 10, 0, 1 << 20},
		{"1 MB a second in small packets", 1e6, 3, 1460, 1 << 20},
		{"100 MB a second", 100e6, 4, 0, 4 << 20},
		{"small buffers", 1e6, 2, 0, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := springClient(t, test.limit, test.piece)
				got := make([]int, test.bodies)
				var wg sync.WaitGroup
				for i := range got {
					wg.Go(func() { got[i] = readFor(t, c, 10*time.Second, test.buffer) })
				}
				wg.Wait()
				total := 0
				for i, n := range got {
					near(t, "a body", float64(n), float64(10*test.limit)/float64(test.bodies), 0.1)
					total += got[i]
				}
				near(t, "all", float64(total), float64(10*test.limit), 0.03)
			})
		})
	}
}

func TestASlowLimitComesEvenly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := springClient(t, 500, 0)
		resp := drink(t.Context(), t, c)
		defer resp.Body.Close()
		b, last := make([]byte, 1<<20), time.Now()
		for range 100 {
			n, err := resp.Body.Read(b)
			if err != nil || n > 25 {
				t.Fatalf("%d bytes at once, %v", n, err)
			}
			if wait := time.Since(last); wait > 60*time.Millisecond {
				t.Fatalf("nothing for %v", wait)
			}
			last = time.Now()
		}
		if held := HeldBack(resp); held < 4*time.Second || held > 5*time.Second+time.Millisecond {
			t.Errorf("held back for %v", held)
		}
	})
}

func TestSetBandwidthHoldsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := springClient(t, 1, 0) // a byte a second
		resp := drink(t.Context(), t, c)
		defer resp.Body.Close()
		b := make([]byte, 100e3)
		for range 2 { // the burst
			_, _ = resp.Body.Read(b)
		}
		time.AfterFunc(100*time.Millisecond, func() { c.SetBandwidth(1e6) })
		from := time.Now()
		n, err := io.ReadFull(resp.Body, b)
		if err != nil || n != len(b) || time.Since(from) > 250*time.Millisecond {
			t.Errorf("%d bytes after %v, %v", n, time.Since(from), err)
		}
		time.AfterFunc(100*time.Millisecond, func() { c.SetBandwidth(0) })
		c.SetBandwidth(10)
		from = time.Now()
		if _, err := io.ReadFull(resp.Body, b); err != nil || time.Since(from) > 101*time.Millisecond {
			t.Errorf("without a limit: %v, %v", time.Since(from), err)
		}
	})
}

// A piece read under a high limit must not wait for ever under a low one.
func TestALoweredLimitLetsTheLastPieceThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := springClient(t, 1e6, 0)
		resp := drink(t.Context(), t, c)
		defer resp.Body.Close()
		b := make([]byte, 1<<20)
		for range 3 {
			_, _ = resp.Body.Read(b)
		}
		time.AfterFunc(time.Millisecond, func() { c.SetBandwidth(100) })
		if n, err := resp.Body.Read(b); err != nil || n != 50e3 {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestThoseWhoStopWaitingLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := springClient(t, 1000, 0)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if n := readFor(t, c, time.Second/2, 1<<20); n > 600 {
					t.Errorf("%d bytes", n)
				}
			})
		}
		wg.Wait()
		near(t, "alone", float64(readFor(t, c, 10*time.Second, 1<<20)), 10e3, 0.02)
	})
}

func TestTheEndOfTheRequestEndsTheWait(t *testing.T) {
	for name, end := range map[string]func(*http.Response, context.CancelFunc){
		"cancel": func(_ *http.Response, cancel context.CancelFunc) { cancel() },
		"close":  func(resp *http.Response, _ context.CancelFunc) { _ = resp.Body.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				c := springClient(t, 1, 0)
				resp := drink(ctx, t, c)
				defer resp.Body.Close()
				time.AfterFunc(10*time.Millisecond, func() { end(resp, cancel) })
				from := time.Now()
				_, err := io.Copy(io.Discard, resp.Body)
				if !errors.Is(err, context.Canceled) || time.Since(from) != 10*time.Millisecond {
					t.Errorf("%v after %v", err, time.Since(from))
				}
			})
		})
	}
}

func TestNegativeBandwidthIsRefused(t *testing.T) {
	if _, err := New(Options{Bandwidth: -1}); err == nil {
		t.Error("accepted")
	}
}
