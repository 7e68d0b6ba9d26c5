package codec_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"strings"
	"testing"

	"manyhands/core/images/codec"
)

var formats = []codec.Format{codec.JPEG, codec.PNG, codec.GIF, codec.BMP, codec.TIFF, codec.WebP}

// encoded writes a picture and reads it back.
func encoded(t testing.TB, e *codec.Encoder, m *image.NRGBA, how codec.Encoding) *image.NRGBA {
	t.Helper()
	var b bytes.Buffer
	if err := e.Encode(&b, m, how); err != nil {
		t.Fatal(err)
	}
	if f, _ := codec.Sniff(b.Bytes()); f != how.Format {
		t.Fatalf("%s was written as %q", how.Format, f)
	}
	return nrgba(whole(t, b.Bytes()))
}

func TestEveryFormatIsWritten(t *testing.T) {
	var e codec.Encoder
	m := shapes()
	for range 2 { // the second time with buffers in use
		for f, off := range map[codec.Format]float64{codec.JPEG: 3, codec.PNG: 0, codec.GIF: 6, codec.BMP: 0, codec.TIFF: 0, codec.WebP: 0} {
			got := encoded(t, &e, m, codec.Encoding{Format: f, Quality: 90})
			if is := average(t, got, m); is > off {
				t.Errorf("%s: off by %.2f", f, is)
			}
		}
	}
}

// TestTransparency encodes clear, half clear and full red, each a column.
func TestTransparency(t *testing.T) {
	m := drawn(24, 8, func(x, _ int) color.NRGBA { return color.NRGBA{200, 0, 0, []byte{0, 127, 255}[x/8]} })
	for x := range 8 {
		m.SetNRGBA(x, 0, color.NRGBA{1, 2, 3, 0}) // a colour that is not seen
	}
	clear, half, full := color.NRGBA{}, color.NRGBA{200, 0, 0, 127}, color.NRGBA{200, 0, 0, 255}
	white, blue := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 0, 240, 255}
	for _, test := range []struct {
		format     codec.Format
		background color.NRGBA
		want       [3]color.NRGBA
	}{
		{codec.PNG, blue, [3]color.NRGBA{clear, half, full}},
		{codec.TIFF, blue, [3]color.NRGBA{clear, half, full}},
		{codec.WebP, blue, [3]color.NRGBA{clear, half, full}},
		{codec.BMP, color.NRGBA{}, [3]color.NRGBA{white, mixed(half, white), full}},
		{codec.BMP, blue, [3]color.NRGBA{blue, mixed(half, blue), full}},
		{codec.JPEG, color.NRGBA{}, [3]color.NRGBA{white, mixed(half, white), full}},
		{codec.JPEG, blue, [3]color.NRGBA{blue, mixed(half, blue), full}},
		{codec.GIF, color.NRGBA{}, [3]color.NRGBA{clear, clear, full}},
	} {
		var e codec.Encoder
		got := encoded(t, &e, m, codec.Encoding{Format: test.format, Quality: 100, Background: test.background})
		for i, want := range test.want {
			c := got.NRGBAAt(8*i+4, 0)
			if c.A == 0 {
				c = color.NRGBA{}
			}
			if !near(c, want) {
				t.Errorf("%s on %v: column %d is %v, expected %v", test.format, test.background, i, c, want)
			}
		}
	}
}

// mixed is a half transparent colour on another.
func mixed(c, on color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(c.A) + int(b)*(255-int(c.A))) / 255) }
	return color.NRGBA{mix(c.R, on.R), mix(c.G, on.G), mix(c.B, on.B), 255}
}

func near(a, b color.NRGBA) bool {
	const most = 4 // JPEG is never exact
	d := func(x, y uint8) bool { return max(x, y)-min(x, y) <= most }
	return d(a.R, b.R) && d(a.G, b.G) && d(a.B, b.B) && d(a.A, b.A)
}

func TestGIFBlendsWhatIsMoreOpaqueThanNot(t *testing.T) {
	var e codec.Encoder
	m := uniform(2, 2, color.NRGBA{200, 0, 0, 200})
	got := encoded(t, &e, m, codec.Encoding{Format: codec.GIF, Background: color.NRGBA{0, 0, 250, 255}}).NRGBAAt(0, 0)
	if !near(got, mixed(m.NRGBAAt(0, 0), color.NRGBA{0, 0, 250, 255})) {
		t.Errorf("%v", got)
	}
}

func TestPartsOfPicturesAreWritten(t *testing.T) {
	part := clearLeft().SubImage(image.Rect(7, 5, 50, 30)).(*image.NRGBA)
	var e codec.Encoder
	for _, f := range []codec.Format{codec.PNG, codec.TIFF, codec.WebP} {
		if off := furthest(t, encoded(t, &e, part, codec.Encoding{Format: f}), part); off != 0 {
			t.Errorf("%s: off by %d", f, off)
		}
	}
	for _, f := range []codec.Format{codec.JPEG, codec.BMP, codec.GIF} {
		if size := encoded(t, &e, part, codec.Encoding{Format: f}).Rect.Size(); size != part.Rect.Size() {
			t.Errorf("%s: %v", f, size)
		}
	}
}

func TestQualityOfJPEG(t *testing.T) {
	size := func(quality int) (n int) {
		var b bytes.Buffer
		var e codec.Encoder
		if err := e.Encode(&b, shapes(), codec.Encoding{Format: codec.JPEG, Quality: quality}); err != nil {
			t.Fatal(err)
		}
		return b.Len()
	}
	if low, high := size(10), size(95); low >= high {
		t.Errorf("%d bytes at 10, %d at 95", low, high)
	}
	if zero, usual := size(0), size(jpeg.DefaultQuality); zero != usual {
		t.Errorf("%d bytes by default, expected %d", zero, usual)
	}
}

func TestPicturesThatAFormatCannotHold(t *testing.T) {
	var e codec.Encoder
	for _, test := range []struct {
		format codec.Format
		m      *image.NRGBA
		want   string
	}{
		{codec.WebP, image.NewNRGBA(image.Rect(0, 0, 16384, 1)), "16384x1 pixels are too many for WebP, which takes 16383 each way: choose a smaller size, or PNG"},
		{codec.JPEG, image.NewNRGBA(image.Rect(0, 0, 1, 65536)), "1x65536 pixels are too many for JPEG"},
		{codec.GIF, image.NewNRGBA(image.Rect(0, 0, 65536, 1)), "65536x1 pixels are too many for GIF"},
		{codec.PNG, image.NewNRGBA(image.Rect(0, 0, 0, 1)), "it has no pixels (0x1)"},
		{"AVIF", shapes(), `no encoder for "AVIF"`},
	} {
		if err := e.Encode(io.Discard, test.m, codec.Encoding{Format: test.format}); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v", test.format, err)
		}
	}
	for f, longest := range map[codec.Format]int{codec.JPEG: 65535, codec.GIF: 65535, codec.WebP: 16383} {
		m := image.NewNRGBA(image.Rect(0, 0, longest, 1))
		if got := encoded(t, &e, m, codec.Encoding{Format: f}); got.Rect != m.Rect {
			t.Errorf("%s: %v", f, got.Rect)
		}
	}
}

// full is a disk with room for a few bytes.
type full struct{ left int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAFullDiskIsNoticed(t *testing.T) {
	for _, f := range formats {
		for left := 0; left < 200; left += 9 {
			if err := new(codec.Encoder).Encode(&full{left}, shapes(), codec.Encoding{Format: f}); !errors.Is(err, errFull) {
				t.Fatalf("%s, after %d bytes: %v", f, left, err)
			}
		}
	}
}

func TestMemoryIsTold(t *testing.T) {
	for _, f := range formats {
		one, four := codec.Encoding{Format: f}.Memory(100, 50), codec.Encoding{Format: f}.Memory(200, 100)
		if four != 4*one || (one == 0) != (f == codec.PNG) {
			t.Errorf("%s: %d, %d", f, one, four)
		}
	}
}
