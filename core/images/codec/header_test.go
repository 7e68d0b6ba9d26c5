package codec_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"manyhands/core/images/codec"
)

func TestHeadersTellSizeAndKind(t *testing.T) {
	small := uniform(30, 20, color.NRGBA{1, 2, 3, 255})
	for name, test := range map[string]struct {
		content       []byte
		width, height int
		progressive   bool
		perPixel      float64 // bytes
	}{
		"4:2:0":       {as(t, "jpg", small), 30, 20, false, 1.5},
		"progressive": {testdata(t, "progressive.jpg"), 60, 44, true, 7.5},
		"grey":        {testdata(t, "progressive-grey.jpg"), 60, 44, true, 5},
		"CMYK":        {testdata(t, "cmyk.jpg"), 60, 44, false, 8},
		"PNG":         {as(t, "png", small), 30, 20, false, 4},
		"16 bits":     {as(t, "png", image.NewNRGBA64(small.Rect)), 30, 20, false, 8},
		"palette":     {testdata(t, "interlaced-palette.png"), 60, 44, false, 1},
		"grey PNG":    {as(t, "png", image.NewGray(small.Rect)), 30, 20, false, 1},
		"16 bit grey": {as(t, "png", image.NewGray16(small.Rect)), 30, 20, false, 2},
		"GIF":         {as(t, "gif", small), 30, 20, false, 5},
		"BMP":         {as(t, "bmp", small), 30, 20, false, 4},
		"TIFF":        {as(t, "tif", small), 30, 20, false, 8},
		"WebP":        {testdata(t, "lossy-alpha.webp"), 60, 44, false, 8},
	} {
		h := header(t, test.content)
		if h.Width != test.width || h.Height != test.height || h.Progressive != test.progressive || h.Frames != 1 || h.Loop != -1 {
			t.Errorf("%s: %+v", name, h)
		}
		if got := float64(h.Memory()) / float64(h.Width*h.Height); got != test.perPixel {
			t.Errorf("%s: %v bytes a pixel, expected %v", name, got, test.perPixel)
		}
	}
}

// pages chains directories of a TIFF of one pixel. The subfile type of each is
// given; next tells where the last one's successor is, as a number of a page.
func pages(next int, subfiles ...uint32) []byte {
	const directory = 2 + 11*12 + 4
	b := []byte("MM\x00*\x00\x00\x00\x08")
	place := func(i int) uint32 { return uint32(8 + directory*i) }
	for i, subfile := range subfiles {
		b = binary.BigEndian.AppendUint16(b, 11)
		for _, tag := range [][2]uint32{
			{254, subfile},
			{256, 1},
			{257, 1},
			{258, 8},
			{259, 1},
			{262, 1},
			{273, 0},
			{274, 1},
			{277, 1},
			{278, 1},
			{279, 1},
		} {
			b = binary.BigEndian.AppendUint16(b, uint16(tag[0]))
			b = binary.BigEndian.AppendUint16(b, 4)
			b = binary.BigEndian.AppendUint32(b, 1)
			b = binary.BigEndian.AppendUint32(b, tag[1])
		}
		after := place(i + 1)
		if i == len(subfiles)-1 {
			after = 0
			if next >= 0 {
				after = place(next)
			}
		}
		b = binary.BigEndian.AppendUint32(b, after)
	}
	return b
}

// moving is a GIF of several frames, alike.
func moving(t testing.TB, frames, loop int) []byte {
	t.Helper()
	frame := image.NewPaletted(image.Rect(0, 0, 300, 200), color.Palette{color.Black, color.White})
	g := &gif.GIF{LoopCount: loop}
	for range frames {
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 7)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFramesAndPagesAreCounted(t *testing.T) {
	still := as(t, "png", image.NewGray(image.Rect(0, 0, 3, 3)))
	film := moving(t, 12, 0)
	for name, test := range map[string]struct {
		content []byte
		frames  int
		loop    int
	}{
		"one":             {moving(t, 1, 0), 1, -1},
		"two":             {moving(t, 2, 5), 2, 5},
		"twelve":          {film, 12, 0},
		"shown once":      {moving(t, 2, -1), 2, -1},
		"cut in a frame":  {film[:len(film)/2], 6, 0},
		"APNG":            {withChunk(still, chunk("acTL", []byte{0, 0, 0, 9, 0, 0, 0, 0})), 9, -1},
		"damaged APNG":    {withChunk(still, chunk("acTL", []byte{0, 0, 0, 9})), 1, -1},
		"one page":        {pages(-1, 0), 1, -1},
		"three pages":     {pages(-1, 0, 2, 0), 3, -1},
		"thumbnails":      {pages(-1, 0, 1, 3), 1, -1},
		"a ring of pages": {pages(0, 0, 0), 2, -1},
		"pages nowhere":   {pages(1000, 0, 0), 2, -1},
	} {
		if h := header(t, test.content); h.Frames != test.frames || h.Loop != test.loop {
			t.Errorf("%s: %d frames, loop %d, expected %d and %d", name, h.Frames, h.Loop, test.frames, test.loop)
		}
	}
	if one, many := header(t, moving(t, 1, 0)).Memory(), header(t, film).Memory(); one != 60000*5 || many != 60000*9 {
		t.Errorf("a still takes %d bytes, an animation %d", one, many)
	}
}

func TestHeadersThatAreNone(t *testing.T) {
	for name, content := range map[string][]byte{
		"no pixels":     pngFile(0, 0, 8, 0, nil),
		"GIF of 0x5":    []byte("GIF89a\x00\x00\x05\x00\x00\x00\x00;"),
		"a JPEG's mark": []byte("\xff\xd8\xff"),
		"another":       []byte("\x00\x00\x01\x00"),
	} {
		f, _ := codec.Sniff(content)
		if h, err := codec.ReadHeader(open(t, content), f); err == nil {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

func TestReadingEndsWithTheContext(t *testing.T) {
	for _, content := range [][]byte{moving(t, 2, 0), as(t, "jpg", shapes()), as(t, "png", shapes()), as(t, "tif", shapes()), as(t, "bmp", shapes())} {
		ctx, cancel := context.WithCancel(t.Context())
		f, _ := codec.Sniff(content)
		s := codec.NewSource(ctx, bytes.NewReader(content), int64(len(content)), nil)
		h, err := codec.ReadHeader(s, f)
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := codec.ReadHeader(s, f); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: header: %v", f, err)
		}
		_, _, err = codec.Decode(s, h, codec.Options{Truncated: true})
		if !errors.Is(err, context.Canceled) || codec.Explain(err, f) != err { //nolint:errorlint // as it is
			t.Errorf("%s: %v", f, err)
		}
	}
}

func TestACancelledAnimationStops(t *testing.T) {
	content := moving(t, 30, 0)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := codec.NewSource(ctx, bytes.NewReader(content), int64(len(content)), nil)
	h, _ := codec.ReadHeader(s, codec.GIF)
	frames, _ := codec.Frames(s, h, codec.Options{})
	n := 0
	var last error
	for _, err := range frames {
		n++
		last = err
		cancel()
	}
	if n != 2 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d frames, then %v", n, last)
	}
}

// brokenDisk fails as the system does.
type brokenDisk struct{}

func (brokenDisk) ReadAt([]byte, int64) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: "a", Err: syscall.EIO}
}

func TestADiskThatFailsIsNotADamagedPicture(t *testing.T) {
	for _, f := range []codec.Format{codec.JPEG, codec.PNG, codec.GIF, codec.BMP, codec.TIFF, codec.WebP} {
		_, err := codec.ReadHeader(codec.NewSource(t.Context(), brokenDisk{}, 1000, nil), f)
		if got := codec.Explain(err, f); !strings.Contains(got.Error(), "cannot be read: check the disk (input/output error)") {
			t.Errorf("%s: %v", f, got)
		}
	}
}
