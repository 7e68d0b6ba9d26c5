package codec

import (
	"bufio"
	"errors"
	"io"
)

// gifBlocks reads the bytes of data sub-blocks, up to the empty one that ends
// them (GIF89a, 15 and 16).
type gifBlocks struct {
	r    *bufio.Reader
	left int
	done bool
}

func (b *gifBlocks) open() { b.left, b.done = 0, false }

// start reads a block's size, if the last is used up.
func (b *gifBlocks) start() error {
	if b.done {
		return io.EOF
	}
	if b.left > 0 {
		return nil
	}
	size, err := b.r.ReadByte()
	if err != nil {
		return short(err)
	}
	b.left = int(size)
	if b.done = size == 0; b.done {
		return io.EOF
	}
	return nil
}

// ReadByte returns the next byte of all blocks, io.EOF after the last.
func (b *gifBlocks) ReadByte() (byte, error) {
	if err := b.start(); err != nil {
		return 0, err
	}
	b.left--
	c, err := b.r.ReadByte()
	return c, short(err)
}

// Read reads from one block. package lzw asks for it, but does not use it.
func (b *gifBlocks) Read(p []byte) (int, error) {
	if err := b.start(); err != nil {
		return 0, err
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, short(err)
}

// block returns the next block whole, nothing after the last.
func (b *gifBlocks) block(buffer *[255]byte) ([]byte, error) {
	if err := b.start(); err != nil {
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return nil, err
	}
	block := buffer[:b.left]
	b.left = 0
	_, err := io.ReadFull(b.r, block)
	return block, short(err)
}

// close passes the blocks that are left.
func (b *gifBlocks) close() error {
	for {
		if err := b.start(); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return err
		}
		n, err := b.r.Discard(b.left)
		b.left -= n
		if err != nil {
			return short(err)
		}
	}
}
