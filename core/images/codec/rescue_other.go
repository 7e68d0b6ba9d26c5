package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// gif takes the rows of the first frame that are there.
func (r rescue) gif() (m image.Image, missing string, err error) {
	canvas, f, rows, err := decodeGIF(r.Source)
	if rows == 0 {
		return nil, "", errors.Join(errNothing, err)
	}
	share := percent(f.bounds.Dy()-rows, f.bounds.Dy())
	if !f.interlaced {
		return canvas, "the lower " + share + " are missing", nil
	}
	fillRows(canvas, f, rows)
	return canvas, share + " of the rows are missing, and are guessed from those above", nil
}

// fillRows gives the missing rows of an interlaced frame what is in the row
// above.
func fillRows(canvas *image.NRGBA, f gifFrame, there int) {
	known := make([]bool, f.bounds.Dy())
	n := 0
	for y := range f.rows() {
		known[y] = n < there
		n++
	}
	pixels := rasterOf(canvas)
	for y, is := range known {
		if at := f.bounds.Min.Y + y; !is && at < canvas.Rect.Dy() {
			copy(pixels.row(at, canvas.Rect.Dx()), pixels.row(at-1, canvas.Rect.Dx()))
		}
	}
}

// bmp adds the rows that are missing, which are the upper ones in most files.
func (r rescue) bmp() (m image.Image, missing string, err error) {
	var b [30]byte
	if _, err := r.ReadAt(b[:], 0); err != nil {
		return nil, "", err
	}
	pixels, bits := int64(binary.LittleEndian.Uint32(b[10:])), int(binary.LittleEndian.Uint16(b[28:]))
	row := int64((r.h.Width*bits + 31) / 32 * 4)
	if row == 0 || r.size < pixels+row {
		return nil, "", errNothing
	}
	rows := int(min((r.size-pixels)/row, int64(r.h.Height)))
	m, err = bmp.Decode(r.buffered(io.MultiReader(r.part(0, pixels+int64(rows)*row), zeros{})))
	switch topDown := b[25]&0x80 != 0; { // a negative height
	case err != nil:
		return nil, "", err
	case topDown:
		missing = lower(m, rows)
	default:
		missing = upper(m, rows)
	}
	return m, missing, nil
}

// zeros is a reader of as many as are wanted.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// tiff decodes the file twice, lengthened with different bytes. The rows that
// come out alike are there. That works only if pixels are not compressed, and
// if the directory is before them.
func (r rescue) tiff() (m image.Image, missing string, err error) {
	if tiffCompression(r.Source) > 1 {
		return nil, "", errNothing
	}
	var both [2]image.Image
	for i, b := range []byte{0, 255} {
		longer := longerFile{r.Source, b, r.size + 8*r.h.pixels()}
		if both[i], err = tiff.Decode(io.NewSectionReader(longer, 0, longer.size)); err != nil {
			return nil, "", err
		}
	}
	rows := alike(both[0], both[1])
	if rows == 0 {
		return nil, "", errNothing
	}
	return both[0], lower(both[0], rows), nil
}

// alike counts the first rows that two pictures have in common.
func alike(a, b image.Image) (rows int) {
	p, q, size := rasterOf(a), rasterOf(b), a.Bounds().Size()
	for rows < size.Y && bytes.Equal(p.row(rows, size.X), q.row(rows, size.X)) {
		rows++
	}
	return rows
}

// longerFile is a file that goes on, with one byte repeated, to a size.
type longerFile struct {
	*Source
	with byte
	size int64
}

// ReadAt reads as io.ReaderAt has it.
func (l longerFile) ReadAt(p []byte, at int64) (n int, err error) {
	n, err = l.Source.ReadAt(p, at)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	rest := p[n:min(int64(len(p)), max(l.size-at, int64(n)))]
	copy(rest, bytes.Repeat([]byte{l.with}, len(rest)))
	if n += len(rest); n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
