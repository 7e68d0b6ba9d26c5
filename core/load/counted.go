package load

import (
	"context"
	"sync"
)

// counted waits until as many have come out as have gone in.
type counted struct {
	mu   sync.Mutex
	n    int
	zero chan struct{} // closed when n is 0; nil: nobody waits
}

// add counts n in, or out if it is negative.
func (c *counted) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n += n; c.n == 0 && c.zero != nil {
		close(c.zero)
		c.zero = nil
	}
}

// wait waits until all have come out, or ctx ends. Nothing goes in meanwhile.
func (c *counted) wait(ctx context.Context) error {
	c.mu.Lock()
	if c.n == 0 {
		c.mu.Unlock()
		return ctx.Err()
	}
	zero := make(chan struct{})
	c.zero = zero
	c.mu.Unlock()
	select {
	case <-zero:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
