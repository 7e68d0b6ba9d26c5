package codec

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
)

// png decodes the file anew, with zeros for the rows that are missing.
func (r rescue) png() (m image.Image, missing string, err error) {
	p, err := newPNGRepair(r.start())
	if err != nil {
		return nil, "", err
	}
	m, err = png.Decode(p)
	switch {
	case err != nil:
		return nil, "", err
	case p.there == p.rows():
		return m, "", nil
	case p.there == 0, !r.partly:
		return nil, "", errNothing
	case len(p.passes) == 1:
		return m, lower(m, p.there), nil
	}
	missing = percent(p.guess(m), int(r.h.pixels())) + " of the pixels are missing, and are guessed from others"
	return m, missing, nil
}

// pngRepair reads as a PNG that has the header and the rows of another, and
// empty ones after those. It makes each row when it is asked for, stored and
// not compressed, so that it holds one at a time.
type pngRepair struct {
	out    bytes.Buffer // what can be read
	stored *zlib.Writer // writes IDAT chunks into out
	raw    io.Reader    // the rows that are there
	passes []pngPass
	bits   int // of a pixel
	done   int // rows made
	there  int // rows that were there
	row    []byte
}

// pngPass is a part of an interlaced picture (PNG, 8.2), or the one pass of
// another.
type pngPass struct {
	x, y, dx, dy  int // the first pixel and the steps
	width, height int // pixels
	before        int // rows of earlier passes
}

var adam7 = []pngPass{
	{x: 0, y: 0, dx: 8, dy: 8},
	{x: 4, y: 0, dx: 8, dy: 8},
	{x: 0, y: 4, dx: 4, dy: 8},
	{x: 2, y: 0, dx: 4, dy: 4},
	{x: 0, y: 2, dx: 2, dy: 4},
	{x: 1, y: 0, dx: 2, dy: 2},
	{x: 0, y: 1, dx: 1, dy: 2},
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// newPNGRepair copies the chunks before the pixels that decoding needs.
func newPNGRepair(r *bufio.Reader) (*pngRepair, error) {
	p := new(pngRepair)
	p.out.WriteString(pngSignature)
	if _, err := r.Discard(len(pngSignature)); err != nil {
		return nil, err
	}
	for {
		kind, length, err := pngChunk(r)
		switch {
		case err != nil:
			return nil, err
		case kind == "IDAT":
			p.raw, err = zlib.NewReader(&pngData{r, length})
			p.stored, _ = zlib.NewWriterLevel(idatWriter{&p.out}, zlib.NoCompression)
			return p, err
		case kind != "IHDR" && kind != "PLTE" && kind != "tRNS":
			_, err = r.Discard(length + 4)
		case length > 3*256:
			err = errNothing
		default:
			err = p.copyChunk(r, kind, length)
		}
		if err != nil {
			return nil, err
		}
	}
}

// pngChunk reads what stands before a chunk's data.
func pngChunk(r *bufio.Reader) (kind string, length int, err error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return "", 0, short(err)
	}
	return string(b[4:]), int(binary.BigEndian.Uint32(b[:])), nil
}

func (p *pngRepair) copyChunk(r *bufio.Reader, kind string, length int) error {
	data := make([]byte, length)
	if _, err := io.ReadFull(r, data); err != nil {
		return err
	}
	if kind == "IHDR" {
		if length != 13 {
			return errNothing
		}
		p.layout(data)
	}
	writeChunk(&p.out, kind, data)
	_, err := r.Discard(4) // the checksum
	return err
}

// layout takes the passes and the pixels' size from the header (PNG, 11.2.1).
func (p *pngRepair) layout(header []byte) {
	width, height := int(binary.BigEndian.Uint32(header)), int(binary.BigEndian.Uint32(header[4:]))
	samples := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[header[9]]
	p.bits = int(header[8]) * samples
	p.passes = []pngPass{{dx: 1, dy: 1}}
	if header[12] == 1 {
		p.passes = append(p.passes[:0], adam7...)
	}
	rows := 0
	for i := range p.passes {
		q := &p.passes[i]
		q.width, q.height = (width-q.x+q.dx-1)/q.dx, (height-q.y+q.dy-1)/q.dy
		if q.width == 0 || q.height == 0 {
			q.width, q.height = 0, 0
		}
		q.before = rows
		rows += q.height
	}
}

func (p *pngRepair) rows() int {
	last := p.passes[len(p.passes)-1]
	return last.before + last.height
}

// Read returns the file.
func (p *pngRepair) Read(b []byte) (int, error) {
	for p.out.Len() == 0 {
		switch {
		case p.done < p.rows():
			if _, err := p.stored.Write(p.next()); err != nil {
				return 0, err
			}
		case p.done == p.rows():
			if err := p.stored.Close(); err != nil {
				return 0, err
			}
			writeChunk(&p.out, "IEND", nil)
		default:
			return 0, io.EOF
		}
		p.done++
	}
	return p.out.Read(b)
}

// next is a row with its filter type before it, all zeros if it is not there.
func (p *pngRepair) next() []byte {
	i := 0
	for p.done >= p.passes[i].before+p.passes[i].height {
		i++
	}
	n := 1 + (p.passes[i].width*p.bits+7)/8
	p.row = append(p.row[:0], make([]byte, n)...)
	if p.there == p.done {
		if _, err := io.ReadFull(p.raw, p.row); err == nil {
			p.there++
		} else {
			clear(p.row)
		}
	}
	return p.row
}

// pngData reads the data of IDAT chunks that follow each other.
type pngData struct {
	r    *bufio.Reader
	left int
}

func (d *pngData) Read(b []byte) (int, error) {
	for d.left == 0 {
		if _, err := d.r.Discard(4); err != nil { // the checksum
			return 0, short(err)
		}
		kind, length, err := pngChunk(d.r)
		if err != nil {
			return 0, err
		}
		if kind != "IDAT" {
			return 0, io.EOF
		}
		d.left = length
	}
	n, err := d.r.Read(b[:min(len(b), d.left)])
	d.left -= n
	return n, short(err)
}

// idatWriter makes an IDAT chunk of each write.
type idatWriter struct{ out *bytes.Buffer }

func (w idatWriter) Write(b []byte) (int, error) {
	writeChunk(w.out, "IDAT", b)
	return len(b), nil
}

func writeChunk(out *bytes.Buffer, kind string, data []byte) {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), kind...)
	sum := crc32.Update(crc32.ChecksumIEEE(b[4:]), crc32.IEEETable, data)
	out.Write(b)
	out.Write(data)
	out.Write(binary.BigEndian.AppendUint32(nil, sum))
}

// guess gives the missing pixels of an interlaced picture the colour of one
// nearby, up or left, that is there, so that it looks coarser. It returns how
// many they are.
func (p *pngRepair) guess(m image.Image) (missing int) {
	r, size := rasterOf(m), m.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			if p.known(x, y) {
				continue
			}
			missing++
			from := r.nobody
			for _, grid := range adam7Grids {
				if gx, gy := x-x%grid.X, y-y%grid.Y; p.known(gx, gy) {
					from = r.pixel(gx, gy)
					break
				}
			}
			copy(r.pixel(x, y), from)
		}
	}
	return missing
}

// adam7Grids are the distances between the pixels of all passes up to one,
// finest first.
var adam7Grids = []image.Point{{1, 2}, {2, 2}, {2, 4}, {4, 4}, {4, 8}, {8, 8}}

// known tells whether a pixel's row was there. A pixel is in one pass only.
func (p *pngRepair) known(x, y int) bool {
	for _, q := range p.passes {
		if x >= q.x && y >= q.y && (x-q.x)%q.dx == 0 && (y-q.y)%q.dy == 0 {
			return q.before+(y-q.y)/q.dy < p.there
		}
	}
	return false
}
