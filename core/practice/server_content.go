package practice

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"io"
)

// content is a file of pseudo-random bytes that is nowhere: they are calculated
// from their place, so a file of any size costs nothing, and a reader can begin
// anywhere. Size and seed tell files apart.
//
// The bytes are what AES in counter mode (NIST SP 800-38A, 6.5) makes of zeros,
// with size and seed as the key. Processors have instructions for that, so the
// server is not what a download waits for.
type content struct {
	size, at int64
	block    cipher.Block
	stream   cipher.Stream // stands at at; nil after a Seek
}

func newContent(size int64, seed uint64) *content {
	var key [16]byte
	binary.LittleEndian.PutUint64(key[:8], uint64(size))
	binary.LittleEndian.PutUint64(key[8:], seed)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // only for a key of another length
	}
	return &content{size: size, block: block}
}

// Read is for io.Reader.
func (c *content) Read(p []byte) (int, error) {
	if c.at >= c.size {
		return 0, io.EOF
	}
	if c.stream == nil {
		c.stream = c.streamHere()
	}
	p = p[:min(int64(len(p)), c.size-c.at)]
	clear(p)
	c.stream.XORKeyStream(p, p)
	c.at += int64(len(p))
	return len(p), nil
}

func (c *content) streamHere() cipher.Stream {
	var counter, skipped [aes.BlockSize]byte
	binary.BigEndian.PutUint64(counter[8:], uint64(c.at)/aes.BlockSize)
	stream := cipher.NewCTR(c.block, counter[:])
	skip := skipped[:c.at%aes.BlockSize]
	stream.XORKeyStream(skip, skip)
	return stream
}

// Seek is for io.Seeker.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 {
		return 0, errors.New("seek: before the first byte")
	}
	c.at, c.stream = offset, nil
	return offset, nil
}
