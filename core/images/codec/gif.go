package codec

import (
	"bufio"
	"compress/lzw"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
)

// gifReader reads a GIF block by block (GIF89a specification, appendix A). It
// has a reader of its own because image/gif returns no frame before the last
// is read, and nothing of one that is cut.
type gifReader struct {
	r             *bufio.Reader
	width, height int
	colours       gifColours // of frames that have none of their own
	loop          int
	data          gifBlocks
	codes         *lzw.Reader
	row           []byte
}

// gifColours is a colour table, as pixels of image.NRGBA read as little-endian
// numbers.
type gifColours struct {
	pixels [256]uint32
	n      int
}

// gifFrame is what stands before a frame's pixels.
type gifFrame struct {
	bounds      image.Rectangle // no larger than the picture, but may reach out of it
	colours     *gifColours
	transparent int // index, -1 if there is none
	interlaced  bool
	delay       int // in 1/100 s
	disposal    byte
}

// What becomes of a frame when the next is drawn (GIF89a, 23.c.iv).
const (
	disposeNot      = 1
	disposeClear    = 2
	disposePrevious = 3
)

var errNoFrames = errors.New("gif: no picture in it")

// openGIF reads the header and the logical screen descriptor.
func openGIF(r *bufio.Reader) (*gifReader, error) {
	g := &gifReader{r: r, data: gifBlocks{r: r}, loop: -1}
	var b [13]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return g, fmt.Errorf("gif: header: %w", short(err))
	}
	g.width, g.height = int(binary.LittleEndian.Uint16(b[6:])), int(binary.LittleEndian.Uint16(b[8:]))
	return g, g.colours.read(r, b[10])
}

// read reads a colour table if the flags say that there is one.
func (c *gifColours) read(r io.Reader, flags byte) error {
	if flags&0x80 == 0 {
		return nil
	}
	var b [3 * 256]byte
	c.n = 2 << (flags & 7)
	if _, err := io.ReadFull(r, b[:3*c.n]); err != nil {
		return fmt.Errorf("gif: colour table: %w", short(err))
	}
	for i := range c.n {
		c.pixels[i] = 0xff000000 | uint32(b[3*i+2])<<16 | uint32(b[3*i+1])<<8 | uint32(b[3*i])
	}
	return nil
}

// next passes what stands before the next frame's pixels. At the picture's end
// it returns io.EOF, at the file's io.ErrUnexpectedEOF.
func (g *gifReader) next() (f gifFrame, err error) {
	f.transparent = -1
	for {
		introducer, err := g.r.ReadByte()
		if err != nil {
			return f, short(err)
		}
		switch introducer {
		case 0x21:
			err = g.extension(&f)
		case 0x2c:
			return f, g.descriptor(&f)
		case 0x3b:
			return f, io.EOF
		default:
			err = fmt.Errorf("gif: block of unknown type %#02x", introducer)
		}
		if err != nil {
			return f, err
		}
	}
}

// extension reads the delay and the like of the next frame, or how the
// animation repeats; others are passed.
func (g *gifReader) extension(f *gifFrame) error {
	label, err := g.r.ReadByte()
	if err != nil {
		return short(err)
	}
	var b [255]byte
	g.data.open()
	block, err := g.data.block(&b)
	if err != nil {
		return err
	}
	switch {
	case label == 0xf9 && len(block) >= 4:
		f.delay, f.disposal = int(binary.LittleEndian.Uint16(block[1:])), block[0]>>2&7
		f.transparent = -1
		if block[0]&1 != 0 {
			f.transparent = int(block[3])
		}
	case label == 0xff && string(block) == "NETSCAPE2.0":
		if block, err = g.data.block(&b); err == nil && len(block) == 3 && block[0] == 1 {
			g.loop = int(binary.LittleEndian.Uint16(block[1:]))
		}
	}
	return errors.Join(err, g.data.close())
}

// descriptor reads a frame's place and colours.
func (g *gifReader) descriptor(f *gifFrame) error {
	var b [9]byte
	if _, err := io.ReadFull(g.r, b[:]); err != nil {
		return fmt.Errorf("gif: frame: %w", short(err))
	}
	at := func(i int) int { return int(binary.LittleEndian.Uint16(b[i:])) }
	f.bounds = image.Rect(at(0), at(2), at(0)+at(4), at(2)+at(6))
	f.interlaced = b[8]&0x40 != 0
	if f.bounds.Dx() > g.width || f.bounds.Dy() > g.height {
		return errors.New("gif: a frame larger than the picture")
	}
	colours := g.colours
	if err := colours.read(g.r, b[8]); err != nil {
		return err
	}
	if colours.n == 0 {
		return errors.New("gif: no colour table")
	}
	if f.transparent >= 0 {
		colours.pixels[f.transparent] = 0
	}
	f.colours = &colours
	return nil
}

// skip passes a frame's pixels.
func (g *gifReader) skip() error {
	if _, err := g.r.ReadByte(); err != nil {
		return short(err)
	}
	g.data.open()
	return g.data.close()
}

// draw decodes a frame onto a canvas of the picture's size, row by row in the
// order of the file. If it fails, some rows may have been drawn.
func (g *gifReader) draw(f gifFrame, canvas *image.NRGBA) (rows int, err error) {
	size, err := g.r.ReadByte()
	if err != nil {
		return 0, short(err)
	}
	if size < 2 || size > 8 {
		return 0, fmt.Errorf("gif: codes of %d bits", size)
	}
	g.data.open()
	if g.codes == nil {
		g.codes = new(lzw.Reader)
	}
	g.codes.Reset(&g.data, lzw.LSB, int(size))
	g.row = append(g.row[:0], make([]byte, f.bounds.Dx())...)
	for y := range f.rows() {
		if _, err := io.ReadFull(g.codes, g.row); err != nil {
			return rows, fmt.Errorf("gif: pixels: %w", short(err))
		}
		if err := f.drawRow(canvas, f.bounds.Min.Y+y, g.row); err != nil {
			return rows, err
		}
		rows++
	}
	_ = g.data.close() // an end that is missing is met by next
	return rows, nil
}

// rows yields the numbers of a frame's rows in the order of the file (GIF89a,
// appendix E).
func (f gifFrame) rows() func(yield func(int) bool) {
	passes := []struct{ first, step int }{{0, 1}}
	if f.interlaced {
		passes = []struct{ first, step int }{{0, 8}, {4, 8}, {2, 4}, {1, 2}}
	}
	return func(yield func(int) bool) {
		for _, p := range passes {
			for y := p.first; y < f.bounds.Dy(); y += p.step {
				if !yield(y) {
					return
				}
			}
		}
	}
}

func (f gifFrame) drawRow(canvas *image.NRGBA, y int, row []byte) error {
	seen := image.Rect(f.bounds.Min.X, y, f.bounds.Max.X, y+1).Intersect(canvas.Rect).Dx()
	var line []byte
	if seen > 0 {
		line = canvas.Pix[canvas.PixOffset(f.bounds.Min.X, y):]
	}
	for x, index := range row {
		if p := f.colours.pixels[index]; p == 0 {
			if int(index) >= f.colours.n && int(index) != f.transparent {
				return fmt.Errorf("gif: colour %d of %d", index, f.colours.n)
			}
		} else if x < seen {
			binary.LittleEndian.PutUint32(line[4*x:], p)
		}
	}
	return nil
}
