package vp8l

import "encoding/binary"

// bitWriter appends bits, the lowest first.
type bitWriter struct {
	out  []byte
	held uint64
	n    uint
}

// write appends the n lowest bits of v, which has no others; n is at most 32.
func (w *bitWriter) write(v uint64, n uint) {
	w.held |= v << w.n
	w.n += n
	if w.n >= 32 {
		w.out = binary.LittleEndian.AppendUint32(w.out, uint32(w.held))
		w.held >>= 32
		w.n -= 32
	}
}

// flush appends what is left, to the whole byte.
func (w *bitWriter) flush() []byte {
	for ; w.n > 0; w.n -= min(w.n, 8) {
		w.out = append(w.out, byte(w.held))
		w.held >>= 8
	}
	return w.out
}
