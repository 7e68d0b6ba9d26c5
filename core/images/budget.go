package images

import (
	"context"

	"golang.org/x/sync/semaphore"
)

const (
	mostPixels   = 200_000_000 // of one picture
	budgetPixels = 256_000_000 // of all that are in hand at once
)

// budget bounds the pixels in memory, over all workers of a run.
type budget struct {
	total int64
	free  *semaphore.Weighted
}

func newBudget(total int64) *budget {
	return &budget{total: total, free: semaphore.NewWeighted(total)}
}

// take waits until there is room for some pixels, and returns what gives the
// room back. A picture larger than the whole budget has it alone.
func (b *budget) take(ctx context.Context, pixels int64) (giveBack func(), err error) {
	pixels = min(pixels, b.total)
	if err := b.free.Acquire(ctx, pixels); err != nil {
		return nil, err
	}
	return func() { b.free.Release(pixels) }, nil
}
