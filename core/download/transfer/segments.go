package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"manyhands/core/web"
)

const (
	leastPiece   = 2 * largeBuffer // what can be split: see piece
	leastHalf    = 8 << 20         // what is worth splitting when the file is nearly there
	mostRequests = 1000            // for one file
)

// crew are the connections that load one file.
type crew struct {
	*try
	splits bool // the server sends any part of the file

	first *conn

	opened  atomic.Int64
	running sync.WaitGroup
	mu      sync.Mutex
	now     int
	most    int
	refused bool // one more was not given, or brought nothing
	errs    []error
}

// refusedError is a part that the server did not send.
type refusedError struct{ error }

func (e *refusedError) Unwrap() error { return e.error }

// mayStartSplit says whether other parts of the file can be had at the same
// time, going by its first answer.
func (t *try) mayStartSplit(resp *http.Response) bool {
	able := resp.StatusCode == http.StatusPartialContent || acceptsRanges(resp)
	return able && !t.fresh && t.Segments != 1 && t.journal.Total >= 0 && t.journal.Validator != (validator{})
}

// load has the first connection load all of the file, or its share.
func (c *crew) load(ctx context.Context, first *conn) error {
	c.first = first
	c.add(ctx, first, first.piece, nil)
	if c.splits && c.Segments > 1 {
		for range c.Segments - 1 {
			c.more(ctx, leastPiece)
		}
	}
	over := make(chan struct{})
	var growing sync.WaitGroup
	if c.splits && c.Segments == 0 && c.plan.left() >= worthSplitting {
		growing.Go(func() { c.grow(ctx, over) }) // until over, or ctx ends
	}
	c.running.Wait()
	close(over)
	growing.Wait()
	c.running.Wait()
	c.finish(ctx)
	return c.outcome(ctx)
}

// finish loads over one connection what those that were not let in have left.
func (c *crew) finish(ctx context.Context) {
	if ctx.Err() != nil || slices.ContainsFunc(c.errs, brokeOff) {
		return
	}
	if p := c.plan.takeAny(0); p != nil {
		c.errs = nil
		c.add(ctx, nil, p, nil)
		c.running.Wait()
	}
}

// outcome is nil if all is there, however it came.
func (c *crew) outcome(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case c.plan.left() == 0:
		return nil
	case len(c.errs) == 0:
		return io.ErrUnexpectedEOF
	}
	return c.errs[max(0, slices.IndexFunc(c.errs, brokeOff))]
}

// brokeOff says that a connection was lost, rather than not let in.
func brokeOff(err error) bool {
	_, refused := errors.AsType[*refusedError](err)
	return !refused
}

// add has a connection load a piece, and then what else there is. Without one
// it is made.
func (c *crew) add(ctx context.Context, with *conn, p *piece, giveBack func()) (stop context.CancelFunc) {
	ctx, stop = context.WithCancel(ctx)
	c.running.Go(func() { // until nothing is left for it
		defer stop()
		if giveBack != nil {
			defer giveBack()
		}
		err := c.work(ctx, with, p)
		if err != nil && ctx.Err() == nil {
			c.failed(err)
		}
	})
	return stop
}

// failed decides whether the others can go on.
func (c *crew) failed(err error) {
	c.mu.Lock()
	c.errs = append(c.errs, err)
	c.refused = true
	c.mu.Unlock()
	_, refused := errors.AsType[*refusedError](err)
	_, unfit := errors.AsType[unfitError](err)
	if !refused && (unfit || !Temporary(err)) {
		c.fail(err)
	}
}

// more adds a connection that takes half of another's piece, if that is worth
// it and there may be one.
func (c *crew) more(ctx context.Context, least int64) (stop context.CancelFunc, ok bool) {
	var giveBack func()
	if c.Another != nil {
		u, err := c.address()
		if err != nil {
			return nil, false
		}
		if giveBack = c.Another(web.Host(u)); giveBack == nil {
			return nil, false
		}
	}
	if p := c.plan.takeAny(least); p != nil {
		return c.add(ctx, nil, p, giveBack), true
	}
	if giveBack != nil {
		giveBack()
	}
	return nil, false
}

// work loads pieces until there are none.
func (c *crew) work(ctx context.Context, with *conn, p *piece) (err error) {
	c.count(with, 1)
	defer func() { c.leave(with) }()
	for p != nil {
		if with == nil {
			if with, err = c.open(ctx, p); err != nil {
				c.plan.leave(p)
				return err
			}
			c.count(with, 1)
		}
		err = c.copy(ctx, with)
		c.plan.leave(with.piece)
		if err != nil && !errors.Is(err, errDropped) {
			return err
		}
		if p = c.plan.take(with.at, with.end); p != nil && err == nil {
			with.piece = p
			continue
		}
		c.leave(with)
		with = nil
		if p == nil {
			p = c.plan.takeAny(c.least())
		}
	}
	return nil
}

// leave closes a connection; nil: there is none.
func (c *crew) leave(with *conn) {
	if with != nil {
		with.close()
		c.count(with, -1)
	}
}

func (c *crew) count(with *conn, n int) {
	if with != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.now += n
		c.most = max(c.most, c.now)
	}
}

// least is what a connection that has done its piece takes over the half of.
func (c *crew) least() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.splits || c.refused || c.most == 1 {
		return 0
	}
	return leastHalf
}

// open asks for a piece.
func (c *crew) open(ctx context.Context, p *piece) (*conn, error) {
	if c.journal.Validator == (validator{}) {
		return nil, errDropped
	}
	if c.opened.Add(1) > mostRequests {
		return nil, fmt.Errorf("the server sends the file in more than %d pieces: %w", mostRequests, io.ErrUnexpectedEOF)
	}
	want := c.plan.span(p)
	with, err := c.get(ctx, &want)
	if err != nil {
		return nil, &refusedError{err}
	}
	if err := c.suits(with, p, want); err != nil {
		with.discard()
		return nil, err
	}
	return with, nil
}

// suits says what is wrong with the answer to a request for a piece.
func (c *crew) suits(with *conn, p *piece, want span) error {
	switch code := with.resp.StatusCode; code {
	case http.StatusPartialContent:
	case http.StatusOK:
		if !c.journal.Validator.holds(with.resp.Header) {
			return unfitError("it has changed")
		}
		return &refusedError{unfitError("it sends all of it again")}
	case http.StatusRequestedRangeNotSatisfiable:
		return &refusedError{unfitError("it has no such part")}
	default:
		return &refusedError{&StatusError{code}}
	}
	r, err := c.journal.fits(with.resp, want.from)
	if err != nil {
		return err
	}
	if c.journal.Total < 0 && (r.total < 0 || !c.plan.finish(r.total)) {
		return unfitError("some of it is missing")
	}
	with.at, with.end, with.piece = r.from, r.to, p
	return nil
}
