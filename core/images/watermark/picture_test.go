package watermark

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"manyhands/core/images/codec"
)

// pngHeader is the start of a PNG file that says it is so large.
func pngHeader(width, height uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), width)
	chunk = append(binary.BigEndian.AppendUint32(chunk, height), 8, 6, 0, 0, 0)
	file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(chunk))
}

func TestFilesThatAreNoMark(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "folder.png")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		folder:                                           "is no file; choose a picture",
		file(t, "text.jpg", []byte("hello")):             "text.jpg is damaged, or of a kind that cannot be read",
		file(t, "empty.gif", nil):                        "is damaged",
		file(t, "big.png", pngHeader(10000, 5001)):       "big.png is 10000x5001 pixels, more than 50 megapixels; make it smaller first",
		file(t, "huge.png", pngHeader(1<<31-1, 1<<31-1)): "is damaged",
		filepath.Join(file(t, "a", nil), "below.png"):    "below.png ",
	} {
		err := Mark{path, Top, 0.5}.Check()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAPictureThatEndsEarlyIsRefusedWhenOpened(t *testing.T) {
	m := Mark{file(t, "short.png", pngHeader(100, 100)), Top, 0.5}
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	if s, err := m.Open(); err == nil || s != nil || !strings.Contains(err.Error(), "short.png is damaged") {
		t.Error(err)
	}
}

func TestEveryKindOfPictureIsAMark(t *testing.T) {
	m := plain(8, 6, color.NRGBA{200, 100, 50, 255})
	paletted := image.NewPaletted(m.Rect, color.Palette{color.NRGBA{200, 100, 50, 255}})
	deep := image.NewRGBA64(m.Rect)
	for i := range 8 * 6 {
		deep.Set(i%8, i/8, color.NRGBA{200, 100, 50, 255})
	}
	for name, encode := range map[string]func(io.Writer) error{
		"a.png":    func(w io.Writer) error { return png.Encode(w, m) },
		"deep.png": func(w io.Writer) error { return png.Encode(w, deep) },
		"p.png":    func(w io.Writer) error { return png.Encode(w, paletted) },
		"a.JPG":    func(w io.Writer) error { return jpeg.Encode(w, m, nil) },
		"a.jpeg":   func(w io.Writer) error { return jpeg.Encode(w, m, nil) },
		"a.gif":    func(w io.Writer) error { return gif.Encode(w, paletted, nil) },
		"a.bmp":    func(w io.Writer) error { return bmp.Encode(w, m) },
		"a.tif":    func(w io.Writer) error { return tiff.Encode(w, m, nil) },
		"a.tiff":   func(w io.Writer) error { return tiff.Encode(w, m, nil) },
		"a.webp":   func(w io.Writer) error { return new(codec.Encoder).Encode(w, m, codec.Encoding{Format: codec.WebP}) },
	} {
		var content bytes.Buffer
		if err := encode(&content); err != nil {
			t.Fatal(err)
		}
		dst := plain(40, 40, black)
		stamp(t, Mark{file(t, name, content.Bytes()), TopLeft, 1}).Draw(dst)
		c := dst.NRGBAAt(5, 5)
		if abs(int(c.R)-200) > 3 || abs(int(c.G)-100) > 3 || abs(int(c.B)-50) > 3 || c.A != 255 {
			t.Errorf("%s is drawn as %v", name, c)
		}
		if box := changed(dst, plain(40, 40, black)); box != image.Rect(1, 1, 9, 7) {
			t.Errorf("%s is at %v", name, box)
		}
	}
}

func abs(n int) int { return max(n, -n) }

func TestScaledToAQuarterAndNeverEnlarged(t *testing.T) {
	for _, test := range []struct{ mark, on, want image.Point }{
		{image.Pt(8, 6), image.Pt(800, 600), image.Pt(8, 6)},
		{image.Pt(200, 150), image.Pt(800, 600), image.Pt(200, 150)},
		{image.Pt(400, 300), image.Pt(800, 600), image.Pt(200, 150)},
		{image.Pt(400, 100), image.Pt(800, 600), image.Pt(200, 50)},
		{image.Pt(100, 400), image.Pt(800, 600), image.Pt(38, 150)},
		{image.Pt(1000, 1), image.Pt(800, 600), image.Pt(200, 1)},
		{image.Pt(5, 5), image.Pt(1, 1), image.Pt(1, 1)},
	} {
		if got := scaled(plain(test.mark.X, test.mark.Y, red), test.on); got.Rect.Size() != test.want || got.NRGBAAt(0, 0) != red {
			t.Errorf("%v on %v: %v", test.mark, test.on, got.Rect)
		}
	}
}
