// Package vp8l writes pictures as VP8L, the lossless half of WebP (RFC 9649,
// section 3). Reading them is golang.org/x/image/webp's part.
//
//	pixels ─ subtract green ─ predict ─┐          predict.go
//	                                   ▼
//	                    literals and copies           match.go
//	                                   ▼
//	         prefix codes of at most 15 bits ─ bits   prefix.go, bits.go
//
// All pixels are written with one group of prefix codes and without a colour
// cache: what those would save is a few percent of a photo.
//
// nativewebp (v0.9.3) writes the same format, but does not hold its codes to 15
// bits: of 1,500 pieces of photos and screenshots one came out as a file that
// cannot be read.
package vp8l

import (
	"encoding/binary"
	"fmt"
	"image"
)

// MaxSide is the longest side that WebP readers take (RFC 9649 has 16384, but
// libwebp stops one short of it, for the lossy half's sake).
const MaxSide = 16383

// mostKept is how many pixels an Encoder keeps buffers for.
const mostKept = 4 << 20

// Memory is how many bytes encoding takes, beside the picture and the result.
func Memory(width, height int) int64 { return 20 * int64(width) * int64(height) }

// Encoder keeps the buffers of one picture for the next. The zero value is
// ready; it is for one goroutine at a time.
type Encoder struct {
	pixels    []uint32
	residuals []uint32
	matcher   matcher
	bits      bitWriter
}

// Append writes a picture behind dst, as the data of a VP8L chunk, and returns
// the whole. The colours of pixels that cannot be seen are not kept.
func (e *Encoder) Append(dst []byte, m *image.NRGBA) ([]byte, error) {
	width, height := m.Rect.Dx(), m.Rect.Dy()
	if width < 1 || height < 1 || width > MaxSide || height > MaxSide {
		return dst, fmt.Errorf("webp: %dx%d pixels, of 1 to %d each way", width, height, MaxSide)
	}
	e.bits = bitWriter{out: dst}
	e.header(width, height, !m.Opaque())
	e.load(m)
	subtractGreen(e.pixels)
	e.bits.write(1|2<<1, 3)
	tiles := e.predict(width)
	e.bits.write(1|0<<1, 3)
	e.bits.write(tileBits-2, 3)
	e.entropyCoded(tiles, tilesAcross(width), false)
	e.bits.write(0, 1) // no more transforms
	e.entropyCoded(e.residuals, width, true)
	out := e.bits.flush()
	e.trim()
	return out, nil
}

// trim gives the buffers up if they are giants.
func (e *Encoder) trim() {
	if cap(e.pixels) > mostKept {
		*e = Encoder{}
	}
}

// header is the image header of section 3.4.
func (e *Encoder) header(width, height int, alpha bool) {
	e.bits.write(0x2f, 8)
	e.bits.write(uint64(width-1), 14)
	e.bits.write(uint64(height-1), 14)
	if alpha {
		e.bits.write(1, 1)
	} else {
		e.bits.write(0, 1)
	}
	e.bits.write(0, 3)
}

// load takes the pixels as 0xAARRGGBB.
func (e *Encoder) load(m *image.NRGBA) {
	width := m.Rect.Dx()
	e.pixels = sized(e.pixels, width*m.Rect.Dy())
	for y := range m.Rect.Dy() {
		line := m.Pix[y*m.Stride:][:4*width]
		to := e.pixels[y*width:][:width]
		for x := range to {
			p := binary.LittleEndian.Uint32(line[4*x:]) // 0xAABBGGRR
			if p>>24 == 0 {
				p = 0
			}
			to[x] = p&0xff00ff00 | p<<16&0xff0000 | p>>16&0xff
		}
	}
}

func sized(s []uint32, n int) []uint32 {
	if cap(s) < n {
		return make([]uint32, n)
	}
	return s[:n]
}

// entropyCoded writes an entropy-coded image (section 3.7.3 for the main one,
// 3.7.2.3 for those that transforms bring).
func (e *Encoder) entropyCoded(pixels []uint32, width int, main bool) {
	e.bits.write(0, 1) // no colour cache
	if main {
		e.bits.write(0, 1) // no groups of prefix codes
	}
	tokens := e.matcher.tokens(pixels, width)
	codes := codesFor(tokens)
	for i := range codes {
		codes[i].define(&e.bits)
	}
	for _, t := range tokens {
		codes.write(&e.bits, t)
	}
}
