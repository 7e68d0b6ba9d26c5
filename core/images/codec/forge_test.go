package codec_test

import (
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"manyhands/core/images/codec"
)

// open is a file that is in memory.
func open(t testing.TB, content []byte) *codec.Source {
	t.Helper()
	return codec.NewSource(t.Context(), bytes.NewReader(content), int64(len(content)), nil)
}

// decode reads a file as the program does.
func decode(t testing.TB, content []byte, o codec.Options) (m image.Image, warning string, err error) {
	t.Helper()
	f, _ := codec.Sniff(content)
	s := open(t, content)
	h, err := codec.ReadHeader(s, f)
	if err != nil {
		return nil, "", err
	}
	return codec.Decode(s, h, o)
}

// whole decodes a file that is all right.
func whole(t testing.TB, content []byte) image.Image {
	t.Helper()
	m, warning, err := decode(t, content, codec.Options{})
	if err != nil || warning != "" {
		t.Fatalf("%q, %v", warning, err)
	}
	return m
}

func header(t testing.TB, content []byte) codec.Header {
	t.Helper()
	f, _ := codec.Sniff(content)
	h, err := codec.ReadHeader(open(t, content), f)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// shapes is what the pictures in testdata show.
func shapes() *image.NRGBA {
	return drawn(60, 44, func(x, y int) color.NRGBA {
		v := 128 + 80*math.Sin(float64(x)/9) + 40*math.Cos(float64(y)/6)
		return color.NRGBA{uint8(v), uint8(4 * x), uint8(5 * y), 255}
	})
}

// clearLeft is shapes, opaque from left to right.
func clearLeft() *image.NRGBA {
	m := shapes()
	for i := range m.Pix {
		if i%4 == 3 {
			m.Pix[i] = uint8(min(255, 6*(i/4%60)))
		}
	}
	return m
}

func drawn(width, height int, at func(x, y int) color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, at(x, y))
		}
	}
	return m
}

func uniform(width, height int, c color.NRGBA) *image.NRGBA {
	return drawn(width, height, func(int, int) color.NRGBA { return c })
}

// nrgba converts any picture.
func nrgba(m image.Image) *image.NRGBA {
	if m, ok := m.(*image.NRGBA); ok && m.Rect.Min == (image.Point{}) && len(m.Pix) == 4*m.Rect.Dx()*m.Rect.Dy() {
		return m
	}
	out := image.NewNRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}

// furthest is by how much two pictures differ where they differ most. Colours
// that are not seen count as equal.
func furthest(t testing.TB, a, b image.Image) (most int) {
	t.Helper()
	p, q := nrgba(a), nrgba(b)
	if p.Rect != q.Rect {
		t.Fatalf("%v, expected %v", p.Rect, q.Rect)
	}
	for i := range p.Pix {
		if alpha := i | 3; i == alpha || p.Pix[alpha] != 0 || q.Pix[alpha] != 0 {
			d := int(p.Pix[i]) - int(q.Pix[i])
			most = max(most, d, -d)
		}
	}
	return most
}

// average is by how much two pictures differ on average, of 255.
func average(t testing.TB, a, b image.Image) float64 {
	t.Helper()
	p, q := nrgba(a), nrgba(b)
	if p.Rect != q.Rect {
		t.Fatalf("%v, expected %v", p.Rect, q.Rect)
	}
	sum := 0
	for i := range p.Pix {
		d := int(p.Pix[i]) - int(q.Pix[i])
		sum += max(d, -d)
	}
	return float64(sum) / float64(len(p.Pix))
}

// as encodes a picture by its format's extension, with encoders that are not
// ours.
func as(t testing.TB, ext string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch ext {
	case "jpg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 90})
	case "png":
		err = png.Encode(&b, m)
	case "gif":
		err = gif.Encode(&b, m, nil)
	case "bmp":
		err = bmp.Encode(&b, m)
	case "tif":
		err = tiff.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// oneWebP is a WebP picture of one pixel.
func oneWebP(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// animated is a WebP file with the animation flag.
func animated(picture []byte) []byte {
	b := append([]byte{}, picture[:12]...)
	b = append(b, "VP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	return append(b, picture[12:]...)
}

// chunk is one of a PNG.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngFile is a PNG of some raw rows, each with its filter type, and with other
// chunks before them.
func pngFile(width, height, depth, colour int, raw []byte, chunks ...[]byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(width))
	b = binary.BigEndian.AppendUint32(b, uint32(height))
	b = append(b, byte(depth), byte(colour), 0, 0, 0)
	file := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", b)...)
	for _, c := range chunks {
		file = append(file, c...)
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(raw)
	_ = z.Close()
	return append(append(file, chunk("IDAT", packed.Bytes())...), chunk("IEND", nil)...)
}

// withChunk puts a chunk after a PNG's first.
func withChunk(file []byte, c []byte) []byte {
	const first = 8 + 12 + 13
	return bytes.Join([][]byte{file[:first], c, file[first:]}, nil)
}

// tiffFile is an uncompressed grey TIFF, one byte a pixel, with some of its
// tags chosen; its directory is before the pixels.
func tiffFile(width, height uint32, change map[uint16]uint32, pixels []byte) []byte {
	tags := []struct {
		id    uint16
		value uint32
	}{
		{256, width},
		{257, height},
		{258, 8},
		{259, 1},
		{262, 1},
		{273, 8 + 2 + 10*12 + 4},
		{274, 1},
		{277, 1},
		{278, height},
		{279, uint32(len(pixels))},
	}
	b := []byte("II*\x00\x08\x00\x00\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(tags)))
	for _, tag := range tags {
		if value, ok := change[tag.id]; ok {
			tag.value = value
		}
		b = binary.LittleEndian.AppendUint16(b, tag.id)
		b = binary.LittleEndian.AppendUint16(b, 4) // a long
		b = binary.LittleEndian.AppendUint32(b, 1)
		b = binary.LittleEndian.AppendUint32(b, tag.value)
	}
	return append(append(b, 0, 0, 0, 0), pixels...)
}

// ofProcess makes a JPEG's frame header that of another process.
func ofProcess(file []byte, marker byte) []byte {
	return bytes.Replace(file, []byte{0xff, 0xc0, 0, 17}, []byte{0xff, marker, 0, 17}, 1)
}

// changedAt is a file with a few bytes of it replaced.
func changedAt(file []byte, at int, with ...byte) []byte {
	b := bytes.Clone(file)
	copy(b[at:], with)
	return b
}

// gifFile is a GIF of some blocks, with a palette of black, white, red, blue.
func gifFile(width, height int, blocks ...[]byte) []byte {
	b := []byte("GIF89a")
	b = binary.LittleEndian.AppendUint16(b, uint16(width))
	b = binary.LittleEndian.AppendUint16(b, uint16(height))
	b = append(b, 0x81, 0, 0)
	b = append(b, "\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x00\xff"...)
	return append(append(b, bytes.Join(blocks, nil)...), 0x3b)
}

// gifFrame is a frame's block.
func gifFrame(r image.Rectangle, flags byte, indexes ...byte) []byte {
	b := []byte{0x2c}
	for _, n := range []int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
	}
	var packed bytes.Buffer
	codes := lzw.NewWriter(&packed, lzw.LSB, 4)
	_, _ = codes.Write(indexes)
	_ = codes.Close()
	b = append(b, flags, 4)
	for packed.Len() > 0 {
		block := packed.Next(255)
		b = append(append(b, byte(len(block))), block...)
	}
	return append(b, 0)
}

// gifControl is the block before a frame. A hole below 0 is none.
func gifControl(disposal byte, delay, hole int) []byte {
	flags := disposal << 2
	if hole >= 0 {
		flags |= 1
	}
	b := binary.LittleEndian.AppendUint16([]byte{0x21, 0xf9, 4, flags}, uint16(delay))
	return append(b, byte(max(hole, 0)), 0)
}

// letters names the pixels of a picture in the colours of gifFile, row by row.
func letters(m image.Image) string {
	names := map[color.NRGBA]byte{
		{0, 0, 0, 255}: 'k', {255, 255, 255, 255}: 'w', {255, 0, 0, 255}: 'r', {0, 0, 255, 255}: 'b', {}: '.',
	}
	var s []byte
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			name, ok := names[nrgba(m).NRGBAAt(x, y)]
			if !ok {
				name = '?'
			}
			s = append(s, name)
		}
		s = append(s, ' ')
	}
	return string(bytes.TrimSpace(s))
}

// bmpFile is a BMP; with a height below 0 its rows are from the top.
func bmpFile(width, height, bits int, palette, pixels []byte) []byte {
	const header = 14 + 40
	b := []byte("BM\x00\x00\x00\x00\x00\x00\x00\x00")
	b = binary.LittleEndian.AppendUint32(b, uint32(header+len(palette)))
	b = binary.LittleEndian.AppendUint32(b, 40)
	b = binary.LittleEndian.AppendUint32(b, uint32(width))
	b = binary.LittleEndian.AppendUint32(b, uint32(height))
	b = append(b, 1, 0, byte(bits), 0)
	b = append(b, make([]byte, 16)...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(palette)/4))
	b = append(b, 0, 0, 0, 0)
	return append(append(b, palette...), pixels...)
}
