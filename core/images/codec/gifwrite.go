package codec

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"
	"math/bits"
	"slices"
)

// gifEncoder writes GIFs, frame by frame (GIF89a specification). It has a
// writer of its own because image/gif wants all frames at once.
//
//	picture ─ canvas ─ pixels that changed ─ palette, indexes ─ LZW
//
// Only stills are dithered. In an animation dithering would change pixels all
// over the part in which one has changed: it flickers, and takes up to 1.4
// times the bytes.
type gifEncoder struct {
	palette
	pixels  canvas // of the frame in hand: opaque, or 0 for a hole
	indexes []byte
	data    bytes.Buffer // the compressed indexes
	file    bytes.Buffer // what is still to be written
}

// gifEncoder makes the buffers at the first use: they are a few megabytes.
func (e *Encoder) gifEncoder() *gifEncoder {
	if e.gif == nil {
		e.gif = new(gifEncoder)
	}
	return e.gif
}

// still writes a picture that does not move.
func (e *Encoder) still(w io.Writer, m *image.NRGBA, how Encoding) error {
	g := e.gifEncoder()
	g.pixels = g.pixels.load(m)
	g.pixels.harden(how.Background)
	size := m.Rect.Size()
	if !g.quantize() {
		g.dither(g.indexes, g.pixels, size.X)
	}
	defer e.trimGIF()
	g.header(size, -1)
	if err := g.frame(image.Rectangle{Max: size}, 0, 0, false); err != nil {
		return err
	}
	return g.end(w)
}

// trimGIF gives the buffers up if they are giants.
func (e *Encoder) trimGIF() {
	if 4*cap(e.gif.pixels) > mostKept {
		e.gif = nil
	}
}

// harden makes pixels opaque, on the background, or holes.
func (c canvas) harden(background color.NRGBA) {
	on := opaque(background)
	for i, p := range c {
		switch alpha := p >> 24; {
		case alpha < 128:
			c[i] = 0
		case alpha < 255:
			r, g, b := over(byte(p), on.R, alpha), over(byte(p>>8), on.G, alpha), over(byte(p>>16), on.B, alpha)
			c[i] = 0xff000000 | uint32(b)<<16 | uint32(g)<<8 | uint32(r)
		}
	}
}

// quantize makes a palette for the pixels. If they have few colours, it makes
// the indexes, too.
func (g *gifEncoder) quantize() (done bool) {
	g.indexes = kept(g.indexes, len(g.pixels))
	if !g.exact(g.pixels) {
		g.adapt(g.pixels)
		return false
	}
	for i, c := range g.pixels {
		g.indexes[i] = g.index(c)
	}
	return true
}

// colourBits is how many bits an index takes, 1 at least.
func (g *gifEncoder) colourBits() int { return max(1, bits.Len(uint(len(g.colours)-1))) }

// header begins the file, with the palette as the one for all frames, which
// some readers want to be there.
func (g *gifEncoder) header(size image.Point, loop int) {
	g.file.Reset()
	g.file.WriteString("GIF89a")
	g.numbers(size.X, size.Y)
	g.file.Write([]byte{0x80 | 0x70 | byte(g.colourBits()-1), 0, 0})
	g.table()
	if loop >= 0 {
		g.file.WriteString("\x21\xff\x0bNETSCAPE2.0\x03\x01")
		g.numbers(loop)
		g.file.WriteByte(0)
	}
}

// numbers writes some of 16 bits each.
func (g *gifEncoder) numbers(ns ...int) {
	for _, n := range ns {
		g.file.Write(binary.LittleEndian.AppendUint16(nil, uint16(n)))
	}
}

// table writes the palette, filled up to a power of two.
func (g *gifEncoder) table() {
	for _, c := range g.colours {
		g.file.Write([]byte{byte(c), byte(c >> 8), byte(c >> 16)})
	}
	g.file.Write(make([]byte, 3*(1<<g.colourBits()-len(g.colours))))
}

// frame writes the indexes as a part of the picture, with the palette or with
// that of the file.
func (g *gifEncoder) frame(part image.Rectangle, delay int, disposal byte, local bool) error {
	hole := slices.Index(g.colours, 0)
	flags := disposal << 2
	if hole >= 0 {
		flags |= 1
	}
	g.file.Write([]byte{0x21, 0xf9, 4, flags})
	g.numbers(min(delay, 0xffff))
	g.file.Write([]byte{byte(max(hole, 0)), 0, 0x2c})
	g.numbers(part.Min.X, part.Min.Y, part.Dx(), part.Dy())
	if local {
		g.file.WriteByte(0x80 | byte(g.colourBits()-1))
		g.table()
	} else {
		g.file.WriteByte(0)
	}
	return g.compress()
}

// compress writes the indexes by LZW, in blocks (GIF89a, 22 and appendix F).
func (g *gifEncoder) compress() error {
	size := max(2, g.colourBits())
	g.data.Reset()
	codes := lzw.NewWriter(&g.data, lzw.LSB, size)
	_, err := codes.Write(g.indexes)
	if err := errors.Join(err, codes.Close()); err != nil {
		return err
	}
	g.file.WriteByte(byte(size))
	for g.data.Len() > 0 {
		block := g.data.Next(255)
		g.file.WriteByte(byte(len(block)))
		g.file.Write(block)
	}
	g.file.WriteByte(0)
	return nil
}

// flush writes what there is of the file.
func (g *gifEncoder) flush(w io.Writer) error {
	_, err := g.file.WriteTo(w)
	return err
}

// end writes the rest of the file.
func (g *gifEncoder) end(w io.Writer) error {
	g.file.WriteByte(0x3b)
	return g.flush(w)
}
