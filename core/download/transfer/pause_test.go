package transfer

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// valve is a Gate.
type valve struct {
	mu   sync.Mutex
	open chan struct{} // closed when it is
}

func newValve() *valve {
	v := &valve{open: make(chan struct{})}
	close(v.open)
	return v
}

func (v *valve) shut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open = make(chan struct{})
}

func (v *valve) let() {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.open)
}

func (v *valve) wait(ctx context.Context) error {
	v.mu.Lock()
	open := v.open
	v.mu.Unlock()
	select {
	case <-open:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// A pause is no stall; in a long one the connection is given up.
func TestPausing(t *testing.T) {
	one := content(8<<20, 1)
	for _, test := range []struct {
		name     string
		answer   http.HandlerFunc
		pause    time.Duration
		requests int
	}{
		{"short", slowly(8<<20, file(one, `"1"`)), 2200 * time.Millisecond, 1},
		{"long", slowly(8<<20, file(one, `"1"`)), 4 * time.Second, 2},
		{"long, and nothing proves that the file is the same", slowly(8<<20, file(one, "")), 4 * time.Second, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server, v := play(t, test.answer), newValve()
			p := in(t, Options{Gate: v.wait, Stall: 2 * time.Second})
			var progress Progress
			done := make(chan struct{})
			go func() {
				defer close(done)
				p.load(Request{Address: server.URL + "/a", Progress: &progress}, one)
			}()
			for progress.Done.Load() < 1<<20 {
				time.Sleep(time.Millisecond)
			}
			v.shut()
			time.Sleep(500 * time.Millisecond)
			before := progress.Done.Load()
			time.Sleep(test.pause)
			if now := progress.Done.Load(); now != before {
				t.Errorf("%d bytes came in the pause", now-before)
			}
			v.let()
			<-done
			if n := len(server.asked); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
		})
	}
}

func TestCancelling(t *testing.T) {
	one := content(32<<20, 1)
	server := play(t, slowly(32<<20, file(one, `"1"`)))
	p := in(t, Options{Segments: 2})
	why := errors.New("why")
	var kept int64
	for range 5 {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond+rand.N(100*time.Millisecond), func() { cancel(why) })
		var progress Progress
		_, err := p.try(ctx, Request{Address: server.URL + "/a", Progress: &progress})
		if err == nil {
			break
		}
		if !errors.Is(err, why) || Temporary(err) {
			t.Errorf("%v", err)
		}
		if now := progress.Done.Load(); now < kept {
			t.Errorf("%d bytes after %d", now, kept)
		} else {
			kept = now
		}
	}
	p.load(Request{Address: server.URL + "/a"}, one)
	p.only("a")
}

// The limit of bandwidth is no stall.
func TestALowLimitIsNoStall(t *testing.T) {
	one := content(300_000, 1)
	server := play(t, file(one, `"1"`))
	p := in(t, Options{Stall: 2 * time.Second})
	p.Client.SetBandwidth(1000)
	time.AfterFunc(4500*time.Millisecond, func() { p.Client.SetBandwidth(0) })
	p.load(Request{Address: server.URL + "/a"}, one)
}

func TestWatch(t *testing.T) {
	for _, test := range []struct {
		name  string
		every time.Duration // comes a piece
		piece int64
		held  bool
		ends  time.Duration // at most; 0: not within a minute
	}{
		{"nothing", time.Hour, 0, false, 11 * time.Second},
		{"enough", time.Second, 200, false, 0},
		{"just enough, at once", 9 * time.Second, 1024, false, 0},
		{"too little", time.Second, 100, false, 11 * time.Second},
		{"nothing, on purpose", time.Hour, 0, true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var ended time.Duration
				began := time.Now()
				w := &watch{limit: 10 * time.Second, end: func(error) { ended = time.Since(began) }}
				w.held = func() time.Duration {
					if test.held {
						return time.Since(began)
					}
					return 0
				}
				w.start()
				for time.Since(began) < time.Minute {
					time.Sleep(min(test.every, time.Minute))
					w.came.Add(test.piece)
				}
				w.stop()
				synctest.Wait()
				if (ended > 0) != (test.ends > 0) || ended > test.ends {
					t.Errorf("ended after %v", ended)
				}
			})
		})
	}
}

// dribble gives what there is, with an empty read now and then.
type dribble struct{ reads []int }

func (d *dribble) Read(p []byte) (int, error) {
	if len(d.reads) == 0 {
		return 0, io.EOF
	}
	n := d.reads[0]
	d.reads = d.reads[1:]
	return n, nil
}

func (*dribble) Close() error { return nil }

func TestEmptyReadsDoNotGoOnForEver(t *testing.T) {
	c := &conn{t: &try{progress: new(Progress)}, ctx: t.Context(), resp: &http.Response{Body: &dribble{make([]int, 1000)}}}
	if n, err := c.fill(make([]byte, 10)); n != 0 || !errors.Is(err, io.ErrNoProgress) {
		t.Error(n, err)
	}
	c.resp.Body = &dribble{[]int{0, 3, 0, 0, 4}}
	if n, err := c.fill(make([]byte, 10)); n != 7 || !errors.Is(err, io.EOF) {
		t.Error(n, err)
	}
}
