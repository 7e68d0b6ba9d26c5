package transfer

import (
	"context"
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"manyhands/core/web"
)

const (
	gather    = 100 * time.Millisecond // what came in so long is written, if the buffer is not full before
	longPause = 3 * time.Second        // a connection that is held up longer is dropped
	mostEmpty = 100                    // reads in a row
)

// conn is one answer, and the connection that brings it.
type conn struct {
	t        *try
	ctx      context.Context
	cancel   context.CancelCauseFunc
	resp     *http.Response
	at, end  int64  // where in the file its body stands, and ends; endless: not known
	piece    *piece // of which it brings the bytes
	watch    watch
	paused   atomic.Int64 // nanoseconds
	pausing  atomic.Int64 // since, as nanoseconds since 1970
	giveBack func()       // nil: nothing
	closed   bool
}

// get sends a request for bytes of the file; nil: for all.
func (t *try) get(ctx context.Context, part *span) (*conn, error) {
	u, err := t.address()
	if err != nil {
		return nil, err
	}
	c := &conn{t: t, end: endless}
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	req, err := http.NewRequestWithContext(c.ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		c.cancel(nil)
		return nil, err
	}
	t.prepare(req.Header, part)
	if c.resp, err = t.Client.Do(req); err != nil { //nolint:bodyclose // by conn.close
		err = c.reason(err)
		c.cancel(nil)
		return nil, err
	}
	c.watch = watch{limit: t.Stall, held: c.heldBack, end: c.cancel}
	c.watch.start()
	t.progress.Connections.Add(1)
	return c, nil
}

func (t *try) prepare(h http.Header, part *span) {
	maps.Copy(h, t.Header)
	h.Set("Accept-Encoding", "identity")
	h.Del("Range")
	h.Del("If-Range")
	if part == nil {
		return
	}
	text := "bytes=" + strconv.FormatInt(part.from, 10) + "-"
	if part.to != endless && part.to != t.journal.Total {
		text += strconv.FormatInt(part.to-1, 10)
	}
	h.Set("Range", text)
	h.Set("If-Range", t.journal.Validator.condition())
}

// close gives the connection up, unless all that it brings was read: then it
// serves the next request.
func (c *conn) close() {
	if c.closed {
		return
	}
	c.closed = true
	if c.giveBack != nil {
		c.giveBack()
	}
	c.watch.stop()
	_ = c.resp.Body.Close()
	c.cancel(nil)
	c.t.progress.Connections.Add(-1)
}

// read reads what there is.
func (c *conn) read(p []byte) (int, error) {
	n, err := c.resp.Body.Read(p)
	c.watch.came.Add(int64(n))
	c.t.progress.Done.Add(int64(n))
	c.at += int64(n)
	if err != nil && err != io.EOF { //nolint:errorlint // a wrapped one is not the end of the body
		err = c.reason(err)
	}
	return n, err
}

// reason is why the connection was ended, rather than that it was.
func (c *conn) reason(err error) error {
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	return err
}

// fill reads until the buffer is full or some time has gone by.
func (c *conn) fill(p []byte) (int, error) {
	n, empty, began := 0, 0, time.Now()
	for n < len(p) {
		m, err := c.read(p[n:])
		n += m
		if err != nil {
			return n, err
		}
		if m > 0 {
			empty = 0
		} else if empty++; empty > mostEmpty {
			return n, io.ErrNoProgress
		}
		if time.Since(began) >= gather {
			break
		}
	}
	return n, nil
}

// hold waits while the run is paused. In a long pause the connection is given
// up: the server would do that anyway.
func (c *conn) hold(ctx context.Context) error {
	if c.t.Gate == nil {
		return nil
	}
	c.pausing.Store(time.Now().UnixNano())
	drop := time.AfterFunc(longPause, func() { c.cancel(errDropped) })
	err := c.t.Gate(ctx)
	drop.Stop()
	c.paused.Add(time.Now().UnixNano() - c.pausing.Swap(0))
	if err == nil && c.ctx.Err() != nil {
		err = context.Cause(c.ctx)
	}
	return err
}

// heldBack is how long nothing was read on purpose.
func (c *conn) heldBack() time.Duration {
	held := web.HeldBack(c.resp) + time.Duration(c.paused.Load())
	if since := c.pausing.Load(); since != 0 {
		held += time.Duration(time.Now().UnixNano() - since)
	}
	return held
}
