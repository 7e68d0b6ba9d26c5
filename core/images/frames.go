package images

import (
	"bufio"
	"io"
)

// gifFrames counts a GIF's pictures by its blocks (GIF89a specification,
// appendix A), without decoding any. A file that ends early has those met.
func gifFrames(r *bufio.Reader) int {
	var header [13]byte
	if _, err := io.ReadFull(r, header[:]); err != nil || !skipTable(r, header[10]) {
		return 0
	}
	for frames := 0; ; {
		introducer, err := r.ReadByte()
		if err != nil {
			return frames
		}
		switch introducer {
		case 0x21: // an extension: its label, then blocks
			if _, err := r.Discard(1); err != nil || !skipBlocks(r) {
				return frames
			}
		case 0x2c:
			frames++
			if !skipFrame(r) {
				return frames
			}
		default:
			return frames
		}
	}
}

// skipFrame passes a picture's place, colours, code size and blocks.
func skipFrame(r *bufio.Reader) bool {
	var descriptor [9]byte
	if _, err := io.ReadFull(r, descriptor[:]); err != nil || !skipTable(r, descriptor[8]) {
		return false
	}
	_, err := r.Discard(1)
	return err == nil && skipBlocks(r)
}

// skipTable passes a colour table if the flags say that there is one.
func skipTable(r *bufio.Reader, flags byte) bool {
	if flags&0x80 == 0 {
		return true
	}
	_, err := r.Discard(3 << (1 + flags&7))
	return err == nil
}

func skipBlocks(r *bufio.Reader) bool {
	for {
		size, err := r.ReadByte()
		if err != nil || size == 0 {
			return err == nil
		}
		if _, err := r.Discard(int(size)); err != nil {
			return false
		}
	}
}
