package codec

import (
	"bufio"
	"context"
	"io"
)

const bufferSize = 64 << 10

// Source is an open picture file. Reading ends with its context, so that a
// large picture does not hold up a cancelled run.
type Source struct {
	ctx    context.Context //nolint:containedctx // of the one picture being read
	file   io.ReaderAt
	size   int64
	buffer *bufio.Reader
}

// NewSource is a file of a size. The buffer is the caller's, to be used again
// for the next file; nil makes one.
func NewSource(ctx context.Context, file io.ReaderAt, size int64, buffer *bufio.Reader) *Source {
	if buffer == nil {
		buffer = bufio.NewReaderSize(nil, bufferSize)
	}
	return &Source{ctx: ctx, file: file, size: size, buffer: buffer}
}

// Size is the file's size in bytes.
func (s *Source) Size() int64 { return s.size }

// ReadAt reads as io.ReaderAt has it, until the context ends.
func (s *Source) ReadAt(p []byte, at int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.file.ReadAt(p, at)
}

// part is the file between two places.
func (s *Source) part(from, to int64) *io.SectionReader {
	return io.NewSectionReader(s, from, to-from)
}

// whole is the file.
func (s *Source) whole() *io.SectionReader { return s.part(0, s.size) }

// start buffers the file from its start.
func (s *Source) start() *bufio.Reader { return s.buffered(s.whole()) }

// buffered makes the one buffer read something else: what was buffered before
// cannot be read any more.
func (s *Source) buffered(r io.Reader) *bufio.Reader {
	s.buffer.Reset(r)
	return s.buffer
}
