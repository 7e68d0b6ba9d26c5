package codec_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"manyhands/core/images/codec"
)

// TestEveryKindComesOutRight compares pixels with what the file was made from.
func TestEveryKindComesOutRight(t *testing.T) {
	opaque, clear := shapes(), clearLeft()
	grey := image.NewGray(opaque.Rect)
	draw.Draw(grey, grey.Rect, opaque, image.Point{}, draw.Src)
	deep := image.NewRGBA64(clear.Rect)
	draw.Draw(deep, deep.Rect, opaque, image.Point{}, draw.Src)
	for name, test := range map[string]struct {
		content []byte
		want    image.Image
		off     float64 // on average, at most
	}{
		"baseline JPEG":          {as(t, "jpg", opaque), opaque, 3},
		"progressive JPEG":       {testdata(t, "progressive.jpg"), opaque, 3},
		"progressive grey JPEG":  {testdata(t, "progressive-grey.jpg"), grey, 3},
		"JPEG with restarts":     {testdata(t, "restart.jpg"), opaque, 3},
		"CMYK JPEG, inverted":    {testdata(t, "cmyk.jpg"), opaque, 3},
		"PNG":                    {as(t, "png", opaque), opaque, 0},
		"PNG with alpha":         {as(t, "png", clear), clear, 0},
		"PNG of 16 bits":         {as(t, "png", deep), opaque, 0},
		"grey PNG":               {as(t, "png", grey), grey, 0},
		"interlaced PNG":         {testdata(t, "interlaced-alpha.png"), clear, 0},
		"interlaced palette PNG": {testdata(t, "interlaced-palette.png"), opaque, 20},
		"interlaced GIF":         {testdata(t, "interlaced.gif"), opaque, 15},
		"BMP":                    {as(t, "bmp", opaque), opaque, 0},
		"TIFF":                   {as(t, "tif", opaque), opaque, 0},
		"TIFF with alpha":        {as(t, "tif", clear), clear, 0},
		"TIFF of 16 bits":        {as(t, "tif", deep), opaque, 0},
		"lossy WebP with alpha":  {testdata(t, "lossy-alpha.webp"), clear, 8},
	} {
		m := whole(t, test.content)
		if off := average(t, m, test.want); off > test.off {
			t.Errorf("%s: colours are off by %.2f, expected %v", name, off, test.off)
		}
		h := header(t, test.content)
		if size := m.Bounds().Size(); size != image.Pt(h.Width, h.Height) {
			t.Errorf("%s: %v, the header says %dx%d", name, size, h.Width, h.Height)
		}
	}
}

// TestCMYKWithoutTransform takes the mark for YCCK out of a CMYK JPEG, so that
// its four components are ink, inverted.
func TestCMYKWithoutTransform(t *testing.T) {
	content := testdata(t, "cmyk.jpg")
	at := bytes.Index(content, []byte("Adobe")) + 11
	if at < 11 || content[at] != 2 {
		t.Fatal("no mark for YCCK")
	}
	before, ok := whole(t, content).(*image.CMYK)
	after, ok2 := whole(t, changedAt(content, at, 0)).(*image.CMYK)
	if !ok || !ok2 {
		t.Fatal("not CMYK")
	}
	for i := 0; i < len(before.Pix); i += 4 {
		p, q := before.Pix[i:i+4], after.Pix[i:i+4]
		if bytes.ContainsAny(p[:3], "\x00\xff") {
			continue // clamped
		}
		y, cb, cr := color.RGBToYCbCr(p[0], p[1], p[2]) // as they are stored
		for c, want := range []byte{y, cb, cr} {
			if d := int(q[c]) + int(want) - 255; d < -2 || d > 2 {
				t.Fatalf("pixel %d: %v, from %v (%d, %d, %d)", i/4, q, p, y, cb, cr)
			}
		}
		if p[3] != q[3] {
			t.Fatalf("black is %d, was %d", q[3], p[3])
		}
	}
}

func TestPNGKinds(t *testing.T) {
	clear, red, half := color.NRGBA{}, color.NRGBA{200, 0, 0, 255}, color.NRGBA{0, 0, 100, 128}
	for name, test := range map[string]struct {
		content []byte
		want    []color.NRGBA // of a row
	}{
		"palette with transparency": {
			pngFile(3, 1, 8, 3, []byte{0, 1, 0, 2}, chunk("PLTE", []byte{200, 0, 0, 1, 2, 3, 0, 0, 100}), chunk("tRNS", []byte{255, 0, 128})),
			[]color.NRGBA{clear, red, half},
		},
		"two bit palette": {
			pngFile(3, 1, 2, 3, []byte{0, 0b00_01_10_00}, chunk("PLTE", []byte{200, 0, 0, 1, 2, 3, 0, 0, 100}), chunk("tRNS", []byte{255, 0, 128})),
			[]color.NRGBA{red, clear, half},
		},
		"beyond the palette": {
			pngFile(3, 1, 8, 3, []byte{0, 0, 1, 9}, chunk("PLTE", []byte{200, 0, 0})),
			[]color.NRGBA{red, {A: 255}, {A: 255}},
		},
		"one grey transparent": {
			pngFile(3, 1, 8, 0, []byte{0, 7, 8, 9}, chunk("tRNS", []byte{0, 8})),
			[]color.NRGBA{{7, 7, 7, 255}, clear, {9, 9, 9, 255}},
		},
		"one colour transparent": {
			pngFile(2, 1, 8, 2, []byte{0, 1, 2, 3, 200, 0, 0}, chunk("tRNS", []byte{0, 1, 0, 2, 0, 3})),
			[]color.NRGBA{clear, red},
		},
		"grey with alpha": {
			pngFile(2, 1, 8, 4, []byte{0, 50, 128, 60, 255}),
			[]color.NRGBA{{50, 50, 50, 128}, {60, 60, 60, 255}},
		},
		"16 bit grey with alpha": {
			pngFile(2, 1, 16, 4, []byte{0, 50, 50, 128, 128, 60, 0, 255, 255}),
			[]color.NRGBA{{50, 50, 50, 128}, {60, 60, 60, 255}},
		},
		"black and white": {
			pngFile(3, 1, 1, 0, []byte{0, 0b101_00000}),
			[]color.NRGBA{{255, 255, 255, 255}, {A: 255}, {255, 255, 255, 255}},
		},
	} {
		m := nrgba(whole(t, test.content))
		for x, want := range test.want {
			if got := m.NRGBAAt(x, 0); got != want && (got.A != 0 || want.A != 0) {
				t.Errorf("%s: pixel %d is %v, expected %v", name, x, got, want)
			}
		}
	}
	grey := testdata(t, "grey-alpha.png")
	for x, a := range []int{0, 6, 12} {
		if got := nrgba(whole(t, grey)).NRGBAAt(x, 0); int(got.A) != a || got.R != got.G || got.G != got.B {
			t.Errorf("grey-alpha.png: pixel %d is %v", x, got)
		}
	}
}

// TestPalettesAreLongEnough asks for what makes a shorter palette panic.
func TestPalettesAreLongEnough(t *testing.T) {
	paletted := image.NewPaletted(image.Rect(0, 0, 5, 5), color.Palette{color.White, color.Black})
	for _, ext := range []string{"png", "bmp"} {
		m := whole(t, as(t, ext, paletted))
		p, ok := m.(*image.Paletted)
		if !ok || len(p.Palette) != 256 {
			t.Fatalf("%s: %T", ext, m)
		}
		p.SetColorIndex(0, 0, 255)
		if furthest(t, uniform(1, 1, color.NRGBA{A: 255}), p.SubImage(image.Rect(0, 0, 1, 1))) != 0 || p.At(1, 1) != color.RGBAModel.Convert(color.White) {
			t.Errorf("%s: %v, %v", ext, p.At(0, 0), p.At(1, 1))
		}
	}
}

func TestIndexesBeyondATIFFsPaletteAreRefused(t *testing.T) {
	content := testdata(t, "invalid-palette-ref.tiff")
	if f, _ := codec.Sniff(content); f != codec.TIFF {
		t.Fatalf("it is %q", f)
	}
	m, _, err := decode(t, content, codec.Options{})
	if err == nil {
		t.Errorf("%T was decoded", m)
	}
	short := tiffFile(2, 2, map[uint16]uint32{262: 3}, []byte{0, 1, 2, 3})
	if m, _, err = decode(t, short, codec.Options{}); err == nil {
		t.Errorf("without a palette, %T was decoded", m)
	}
}

func TestGIFsComeOutRight(t *testing.T) {
	all := image.Rect(0, 0, 2, 2)
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"plain":                   {gifFile(2, 2, gifFrame(all, 0, 0, 1, 2, 3)), "kw rb"},
		"a hole":                  {gifFile(2, 2, gifControl(0, 0, 2), gifFrame(all, 0, 0, 1, 2, 3)), "kw .b"},
		"a part":                  {gifFile(3, 3, gifFrame(image.Rect(1, 1, 3, 2), 0, 1, 2)), "... .wr ..."},
		"interlaced":              {gifFile(1, 9, gifFrame(image.Rect(0, 0, 1, 9), 0x40, 0, 1, 2, 3, 0, 3, 2, 1, 0)), "k b b r r w k k w"},
		"own colours":             {gifFile(1, 1, append(append(gifFrame(image.Rect(0, 0, 1, 1), 0x80)[:10], 0, 0, 255, 9, 9, 9), gifFrame(all, 0, 0)[10:]...)), "b"},
		"no trailer":              {bytes.TrimSuffix(gifFile(2, 2, gifFrame(all, 0, 0, 1, 2, 3)), []byte{0x3b}), "kw rb"},
		"no end of the frame":     {bytes.TrimSuffix(gifFile(2, 2, gifFrame(all, 0, 0, 1, 2, 3)), []byte{0, 0x3b}), "kw rb"},
		"too many pixels":         {gifFile(2, 2, gifFrame(all, 0, 0, 1, 2, 3, 3, 3, 3, 3)), "kw rb"},
		"a frame that sticks out": {gifFile(2, 2, gifFrame(image.Rect(1, 1, 3, 3), 0, 2, 3, 1, 1)), ".. .r"},
		"a frame outside":         {gifFile(2, 2, gifFrame(image.Rect(5, 0, 7, 2), 0, 2, 3, 1, 1)), ".. .."},
		"a hole beyond palette":   {gifFile(2, 2, gifControl(0, 0, 9), gifFrame(all, 0, 0, 1, 9, 9)), "kw .."},
		"an unknown extension":    {gifFile(2, 2, []byte("!\x77\x03abc\x00"), gifFrame(all, 0, 0, 1, 2, 3)), "kw rb"},
		"a comment":               {gifFile(2, 2, []byte("!\xfe\x03abc\x02de\x00"), gifFrame(all, 0, 0, 1, 2, 3)), "kw rb"},
		"the first of two":        {gifFile(2, 2, gifFrame(all, 0, 0, 1, 2, 3), gifFrame(all, 0, 1, 1, 1, 1)), "kw rb"},
	} {
		if got := letters(whole(t, test.content)); got != test.want {
			t.Errorf("%s: %s, expected %s", name, got, test.want)
		}
	}
}

func TestBMPKinds(t *testing.T) {
	white, black, red := color.NRGBA{255, 255, 255, 255}, color.NRGBA{A: 255}, color.NRGBA{255, 0, 0, 255}
	palette := []byte{255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 255, 0} // blue, green, red
	for name, test := range map[string]struct {
		content []byte
		want    []color.NRGBA // row by row
	}{
		"one bit":       {bmpFile(3, 2, 1, palette[:8], []byte{0b010_00000, 0, 0, 0, 0b101_00000, 0, 0, 0}), []color.NRGBA{black, white, black, white, black, white}},
		"four bits":     {bmpFile(3, 1, 4, palette, []byte{0x01, 0x20, 0, 0}), []color.NRGBA{white, black, red}},
		"eight bits":    {bmpFile(3, 1, 8, palette, []byte{2, 1, 0, 0}), []color.NRGBA{red, black, white}},
		"24 bits":       {bmpFile(1, 2, 24, nil, []byte{0, 0, 255, 0, 255, 255, 255, 0}), []color.NRGBA{white, red}},
		"from the top":  {bmpFile(1, -2, 24, nil, []byte{0, 0, 255, 0, 255, 255, 255, 0}), []color.NRGBA{red, white}},
		"32 bits":       {bmpFile(2, 1, 32, nil, []byte{0, 0, 255, 0, 0, 0, 0, 7}), []color.NRGBA{red, black}}, // the fourth byte says nothing
		"a short table": {bmpFile(2, 1, 8, palette[:4], []byte{0, 0, 0, 0}), []color.NRGBA{white, white}},
	} {
		m := nrgba(whole(t, test.content))
		for i, want := range test.want {
			if got := m.NRGBAAt(i%m.Rect.Dx(), i/m.Rect.Dx()); got != want {
				t.Errorf("%s: pixel %d is %v, expected %v", name, i, got, want)
			}
		}
	}
}

func TestTIFFKinds(t *testing.T) {
	grey := func(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }
	const rows, counts = 278, 279
	for name, test := range map[string]struct {
		content []byte
		want    []color.NRGBA // row by row
	}{
		"grey":          {tiffFile(2, 2, nil, []byte{1, 2, 3, 4}), []color.NRGBA{grey(1), grey(2), grey(3), grey(4)}},
		"white is zero": {tiffFile(2, 1, map[uint16]uint32{262: 0}, []byte{0, 255}), []color.NRGBA{grey(255), grey(0)}},
		"one bit":       {tiffFile(3, 1, map[uint16]uint32{258: 1}, []byte{0b101_00000}), []color.NRGBA{grey(255), grey(0), grey(255)}},
		"16 bits":       {tiffFile(2, 1, map[uint16]uint32{258: 16}, []byte{0, 7, 0, 9}), []color.NRGBA{grey(7), grey(9)}},
		"PackBits":      {tiffFile(4, 1, map[uint16]uint32{259: 32773, counts: 2}, []byte{0xfd, 6}), []color.NRGBA{grey(6), grey(6), grey(6), grey(6)}},
		"more rows":     {tiffFile(1, 2, map[uint16]uint32{rows: 1 << 31}, []byte{8, 9}), []color.NRGBA{grey(8), grey(9)}},
	} {
		m := nrgba(whole(t, test.content))
		for i, want := range test.want {
			if got := m.NRGBAAt(i%m.Rect.Dx(), i/m.Rect.Dx()); got != want {
				t.Errorf("%s: pixel %d is %v, expected %v", name, i, got, want)
			}
		}
	}
	if _, ok := whole(t, pages(-1, 0)).(*image.Gray); !ok {
		t.Error("a big-endian one was not decoded")
	}
}

func TestAFormatWithoutADecoder(t *testing.T) {
	s := open(t, []byte("x"))
	if _, _, err := codec.Decode(s, codec.Header{Format: "AVIF"}, take); err == nil {
		t.Error("AVIF was decoded")
	}
	if _, err := codec.ReadHeader(s, "AVIF"); err == nil {
		t.Error("AVIF has a header")
	}
}
