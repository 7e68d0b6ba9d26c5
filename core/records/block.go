package records

import "sync"

// Position is a place in the decoded text where a record begins.
type Position struct {
	Offset int64 // bytes before it, without a byte order mark
	Line   int64 // its line, from 1; 0 if unknown
}

// Block is a piece of the text that begins and ends with a record.
type Block struct {
	Seq      int      // from 0, in the order of the file
	From, To Position // its first byte, and the one after its last
	Consumed int64    // bytes of the file, still packed, that were read for all blocks up to this
	Data     []byte   // until Release

	huge bool // one record longer than allowed, of which Data is the beginning
}

var blocks = sync.Pool{New: func() any { return new(Block) }}

// newBlock is an empty block with room for size bytes.
func newBlock(size int) *Block {
	b := blocks.Get().(*Block)
	data := b.Data[:0]
	if cap(data) < size {
		data = make([]byte, 0, size)
	}
	*b = Block{Data: data}
	return b
}

// mostPooled is the largest buffer that is kept.
const mostPooled = 4 << 20

// Release gives the block's memory back. A Batch does so for its Block.
func (b *Block) Release() {
	if cap(b.Data) <= mostPooled {
		blocks.Put(b)
	}
}
