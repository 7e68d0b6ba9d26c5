package meta

import (
	"encoding/binary"
	"io"
	"iter"
)

// chunk is a part of a PNG or WebP; at is where its content is.
type chunk struct {
	kind       string
	at, length int64
}

// content is nil if it is longer than most.
func (c chunk) content(r io.ReaderAt, size, most int64) []byte {
	return part(r, size, c.at, c.length, most)
}

// pngChunks walks the chunks of a PNG (PNG, 5.3).
func pngChunks(r io.ReaderAt, size int64) iter.Seq[chunk] {
	return chunks(r, size, 8, func(b []byte) (c chunk, after int64) {
		return chunk{kind: string(b[4:]), length: int64(binary.BigEndian.Uint32(b))}, 4
	})
}

// webpChunks walks the chunks of a WebP (RFC 9649, 2.3).
func webpChunks(r io.ReaderAt, size int64) iter.Seq[chunk] {
	return chunks(r, size, 12, func(b []byte) (c chunk, after int64) {
		length := int64(binary.LittleEndian.Uint32(b[4:]))
		return chunk{kind: string(b[:4]), length: length}, length % 2
	})
}

// chunks walks through a file; head reads a chunk's first eight bytes, and says
// how many follow its content.
func chunks(r io.ReaderAt, size, at int64, head func([]byte) (c chunk, after int64)) iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		var b [8]byte
		for n := 0; n < mostChunks && at+8 <= size && readAt(r, b[:], at); n++ {
			c, after := head(b[:])
			c.at = at + 8
			if !yield(c) {
				return
			}
			at = c.at + c.length + after
		}
	}
}
