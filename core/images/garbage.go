package images

import (
	"runtime"
	"runtime/metrics"
	"sync/atomic"
)

// The decoders make new pixels for every picture, so with few large pictures
// in hand the heap is mostly pixels that nobody needs any more. The collector
// would let as many gather as there are live ones, and counts those that die
// while it looks as alive: a run would take twice its memory. A run knows when
// pixels have died and asks for a collection after every few, unless the rest
// of the program is so large that the collector's own rhythm is no worse.

// mostGarbage is how many bytes of dead pixels may gather.
const mostGarbage = 12 << 20

// garbage counts dead pixels over all workers of a run.
type garbage struct{ bytes atomic.Int64 }

// add counts the pixels of a picture that was just dropped.
func (g *garbage) add(bytes int64) {
	if sum := g.bytes.Add(bytes); sum < mostGarbage || sum < liveHeap()/2 {
		return
	}
	if g.bytes.Swap(0) > 0 {
		runtime.GC()
	}
}

// liveHeap is what the last collection left.
func liveHeap() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64()) //nolint:gosec // no heap is that large
}
