package transfer

import "sync"

const (
	smallFile   = 256 << 10 // at most so much is read as a whole
	largeBuffer = 512 << 10 // fits a processor cache: larger ones cost time
)

// buffers are kept for the next download, by their size.
var buffers = map[int]*sync.Pool{smallFile: newPool(smallFile), largeBuffer: newPool(largeBuffer)}

func newPool(size int) *sync.Pool {
	return &sync.Pool{New: func() any { b := make([]byte, size); return &b }}
}

func borrow(size int) *[]byte { return buffers[size].Get().(*[]byte) }

func giveBack(b *[]byte) { buffers[len(*b)].Put(b) }
