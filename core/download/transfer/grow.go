package transfer

import (
	"context"
	"time"
)

// Where more connections for one file can pay: it is large, much of it is
// missing, and one connection is slow. The last excludes lines that one
// connection fills, where more of them only cost time.
const (
	worthSplitting = 16 << 20
	slow           = 64 << 20 // bytes a second
	mostAuto       = 4
	gain           = 1.2 // that one more must bring
	usualPace      = 2 * time.Second
)

// grow adds connections as long as each makes the whole faster.
func (c *crew) grow(ctx context.Context, over <-chan struct{}) {
	before, ok := c.rate(ctx, over)
	for n := 1; ok && n < mostAuto; n++ {
		if before > slow || c.plan.left() < worthSplitting || c.isRefused() {
			return
		}
		stop, added := c.more(ctx, leastHalf)
		if !added || !wait(ctx, over, c.tempo()/2) { // until it is under way
			return
		}
		after, measured := c.rate(ctx, over)
		if measured && after < gain*before {
			c.refuse()
			stop()
			return
		}
		before, ok = after, measured
	}
}

func (c *crew) refuse() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refused = true
}

func (c *crew) isRefused() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}

// rate measures how many bytes a second come, in a time in which nothing holds
// them back here.
func (c *crew) rate(ctx context.Context, over <-chan struct{}) (float64, bool) {
	for {
		from, held, began := c.progress.Done.Load(), c.first.heldBack(), time.Now()
		if !wait(ctx, over, c.tempo()) {
			return 0, false
		}
		took := time.Since(began)
		if c.first.heldBack()-held < took/10 {
			return float64(c.progress.Done.Load()-from) / took.Seconds(), true
		}
	}
}

func (c *crew) tempo() time.Duration {
	if c.pace > 0 {
		return c.pace
	}
	return usualPace
}

// wait is false if over or the end of ctx come first.
func wait(ctx context.Context, over <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-over:
	case <-ctx.Done():
	}
	return false
}
