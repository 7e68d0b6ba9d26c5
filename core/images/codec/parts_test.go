package codec

import (
	"bufio"
	"errors"
	"image"
	"image/color"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func source(t *testing.T, content string) *Source {
	t.Helper()
	return NewSource(t.Context(), strings.NewReader(content), int64(len(content)), nil)
}

func TestJPEGSegmentsAreFound(t *testing.T) {
	const (
		frame = "\xff\xc2\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x22\x00"
		scan  = "\xff\xda\x00\x08\x01\x01\x00\x00\x00\x01"
	)
	type found struct {
		marker byte
		at     int64
	}
	for name, test := range map[string]struct {
		content string
		want    []found
		end     int64 // -1 for the picture's
	}{
		"a short one":            {"\xff\xd8\xff\xd9", []found{{0xd8, 0}, {0xd9, 2}}, -1},
		"passed by their length": {"\xff\xd8\xff\xe0\x00\x06\xff\xc0\xff\xd9\xff\xd9", []found{{0xd8, 0}, {0xe0, 2}, {0xd9, 10}}, -1},
		"fill bytes":             {"\xff\xd8\xff\xff\xff\xe0\x00\x02\xff\xd9", []found{{0xd8, 0}, {0xe0, 4}, {0xd9, 8}}, -1},
		"a scan":                 {"\xff\xd8" + frame + scan + "ab\xff\x00c\xff\xd3d\xff\xd9", []found{{0xd8, 0}, {0xc2, 2}, {0xda, 15}, {0xd9, 33}}, -1},
		"nothing":                {"", nil, 0},
		"cut in a marker":        {"\xff\xd8\xff", []found{{0xd8, 0}}, 2},
		"cut in a length":        {"\xff\xd8\xff\xe0\x00", []found{{0xd8, 0}}, 2},
		"cut in a segment":       {"\xff\xd8\xff\xe0\x00\x09abc", []found{{0xd8, 0}}, 2},
		"cut in a frame":         {"\xff\xd8" + frame[:9], []found{{0xd8, 0}}, 2},
		"cut in a scan":          {"\xff\xd8" + scan + "abc", []found{{0xd8, 0}, {0xda, 2}}, 15},
		"cut in a stuffed byte":  {"\xff\xd8" + scan + "abc\xff", []found{{0xd8, 0}, {0xda, 2}}, 15},
		"cut after it":           {"\xff\xd8" + scan + "abc\xff\x00", []found{{0xd8, 0}, {0xda, 2}}, 17},
		"cut behind a scan":      {"\xff\xd8" + scan + "abc\xff\xc4\x00\x20", []found{{0xd8, 0}, {0xda, 2}}, 15},
	} {
		var got []found
		end, err := walkJPEG(source(t, test.content).start(), func(s segment) bool {
			got = append(got, found{s.marker, s.at})
			return true
		})
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %x, expected %x", name, got, test.want)
		}
		if cut := test.end >= 0; cut != errors.Is(err, io.ErrUnexpectedEOF) || cut && end != test.end {
			t.Errorf("%s: it ends at %d, expected %d; %v", name, end, test.end, err)
		}
	}
}

func TestAWalkThroughALongScan(t *testing.T) {
	content := "\xff\xd8" + strings.Repeat("a", 3*bufferSize) + "\xff\x00" + strings.Repeat("b", bufferSize-1) + "\xff\xd9"
	at := int64(0)
	if _, err := walkJPEG(source(t, content).start(), func(s segment) bool { at = s.at; return true }); err != nil || at != int64(len(content)-2) {
		t.Errorf("%d, %v", at, err)
	}
}

func TestADamagedSegmentEndsTheWalk(t *testing.T) {
	_, err := walkJPEG(source(t, "\xff\xd8\xff\xe0\x00\x01\xff\xd9").start(), func(segment) bool { return true })
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
}

func TestJPEGMemory(t *testing.T) {
	part := func(factors ...int) (all []component) {
		for _, f := range factors {
			all = append(all, component{0, f / 10, f % 10})
		}
		return all
	}
	for _, test := range []struct {
		marker byte
		parts  []component
		want   int64
	}{
		{0xc0, part(11), 1000},
		{0xc0, part(22), 1000}, // of one component the factors say nothing
		{0xc0, part(22, 11, 11), 1500},
		{0xc0, part(21, 11, 11), 2000},
		{0xc0, part(11, 11, 11), 3000},
		{0xc2, part(22, 11, 11), 7500},
		{0xc0, part(11, 11, 11, 11), 8000},
	} {
		if got := (frame{marker: test.marker, components: test.parts}).memory(1000); got != test.want {
			t.Errorf("%#x %v: %d, expected %d", test.marker, test.parts, got, test.want)
		}
	}
}

// TestScansTellWhenAPictureIsWhole adds scans one by one.
func TestScansTellWhenAPictureIsWhole(t *testing.T) {
	both := []component{{id: 1}, {id: 2}}
	// Components, first and last coefficient, and bits left out.
	scan := func(first, last, low byte, ids ...byte) segment {
		b := []byte{byte(len(ids))}
		for _, id := range ids {
			b = append(b, id, 0)
		}
		return segment{body: append(b, first, last, low)}
	}
	for name, test := range map[string]struct {
		marker byte
		scans  []segment
	}{
		"baseline":              {0xc0, []segment{scan(0, 63, 0, 1, 2)}},
		"baseline, one by one":  {0xc0, []segment{scan(0, 63, 0, 1), scan(0, 63, 0, 2)}},
		"baseline, zeros":       {0xc0, []segment{scan(0, 0, 0, 1, 2)}},
		"spectral selection":    {0xc2, []segment{scan(0, 0, 0, 1, 2), scan(1, 63, 0, 1), scan(1, 5, 0, 2), scan(6, 63, 0, 2)}},
		"successive precisions": {0xc2, []segment{scan(0, 0, 1, 1, 2), scan(1, 63, 2, 1), scan(1, 63, 0, 2), scan(0, 0, 0x10, 1, 2), scan(1, 63, 0x21, 1), scan(1, 63, 0x10, 1)}},
	} {
		sc := scans{frame: frame{marker: test.marker, components: both}}
		for i, s := range test.scans {
			if sc.whole() {
				t.Errorf("%s: whole after %d scans", name, i)
			}
			sc.add(s)
		}
		if !sc.whole() || sc.n != len(test.scans) || !sc.seen[1] || !sc.seen[2] || sc.seen[3] {
			t.Errorf("%s: not whole in the end, of %d scans", name, sc.n)
		}
	}
	sc := scans{frame: frame{components: both}}
	sc.add(segment{body: []byte{4, 1, 0}})
	sc.add(segment{})
	if sc.n != 0 {
		t.Error("a damaged scan header was counted")
	}
}

func TestALongerFile(t *testing.T) {
	l := longerFile{source(t, "abcd"), 'x', 8}
	for _, test := range []struct {
		at   int64
		n    int
		want string
		err  error
	}{
		{0, 3, "abc", nil},
		{2, 5, "cdxxx", nil},
		{6, 2, "xx", nil},
		{6, 5, "xx", io.EOF},
		{8, 1, "", io.EOF},
		{100, 1, "", io.EOF},
	} {
		p := make([]byte, test.n)
		n, err := l.ReadAt(p, test.at)
		if string(p[:n]) != test.want || !errors.Is(err, test.err) {
			t.Errorf("%d bytes at %d: %q, %v", test.n, test.at, p[:n], err)
		}
	}
}

// TestPassesOfAPNG counts each pixel of every small size.
func TestPassesOfAPNG(t *testing.T) {
	for width := 1; width <= 17; width++ {
		for height := 1; height <= 17; height++ {
			for interlaced := range byte(2) {
				var p pngRepair
				p.layout([]byte{0, 0, 0, byte(width), 0, 0, 0, byte(height), 4, 2, 0, 0, interlaced})
				pixels, rows := 0, 0
				for _, q := range p.passes {
					if q.before != rows {
						t.Fatalf("%dx%d: %+v starts after %d rows", width, height, q, rows)
					}
					pixels, rows = pixels+q.width*q.height, rows+q.height
				}
				if pixels != width*height || rows != p.rows() || p.bits != 12 {
					t.Fatalf("%dx%d: %d pixels, %d rows of %d, %d bits", width, height, pixels, rows, p.rows(), p.bits)
				}
				known := 0
				for p.there = 0; p.there < rows; p.there++ {
					n := 0
					for i := range width * height {
						if p.known(i%width, i/width) {
							n++
						}
					}
					if n < known {
						t.Fatalf("%dx%d: with row %d, fewer are known", width, height, p.there)
					}
					known = n
				}
				if known == width*height {
					t.Fatalf("%dx%d: all is known without the last row", width, height)
				}
			}
		}
	}
}

func TestWhereNothingIsKnown(t *testing.T) {
	for _, m := range []image.Image{
		image.NewGray(image.Rect(0, 0, 3, 4)), image.NewGray16(image.Rect(0, 0, 3, 4)),
		image.NewRGBA(image.Rect(0, 0, 3, 4)), image.NewRGBA64(image.Rect(0, 0, 3, 4)),
		image.NewNRGBA(image.Rect(0, 0, 3, 4)), image.NewNRGBA64(image.Rect(0, 0, 3, 4)),
		image.NewCMYK(image.Rect(0, 0, 3, 4)), image.NewYCbCr(image.Rect(0, 0, 3, 4), image.YCbCrSubsampleRatio420),
		image.NewPaletted(image.Rect(0, 0, 3, 4), color.Palette{color.White, color.Gray{120}, color.Black}),
		image.NewPaletted(image.Rect(0, 0, 3, 4), color.Palette{color.Gray{128}, color.Transparent}),
	} {
		before := m.At(1, 1)
		blank(m, 2, 4)
		c := color.NRGBAModel.Convert(m.At(2, 3)).(color.NRGBA)
		if grey := c.R >= 120 && c.R <= 129 && c.R == c.G && c.G == c.B && c.A == 255; !grey && c.A != 0 {
			t.Errorf("%T: %v", m, c)
		}
		if m.At(1, 1) != before {
			t.Errorf("%T: the rows above have changed", m)
		}
	}
}

func TestBlocksOfAGIF(t *testing.T) {
	b := gifBlocks{r: bufio.NewReader(strings.NewReader("\x03abc\x02de\x00rest"))}
	if first, err := b.ReadByte(); first != 'a' || err != nil {
		t.Fatalf("%q, %v", first, err)
	}
	if all, err := io.ReadAll(&b); string(all) != "bcde" || err != nil {
		t.Fatalf("%q, %v", all, err)
	}
	if _, err := b.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v", err)
	}
	if rest, _ := io.ReadAll(b.r); string(rest) != "rest" {
		t.Errorf("left is %q", rest)
	}
	var buffer [255]byte
	b = gifBlocks{r: bufio.NewReader(strings.NewReader("\x03abc\x02de\x00\x05f"))}
	one, _ := b.block(&buffer)
	if string(one) != "abc" || b.close() != nil {
		t.Errorf("%q", one)
	}
	b.open()
	if err := b.close(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut: %v", err)
	}
}

func TestChangedIsTheSmallestRectangle(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		width, height := 1+r.IntN(9), 1+r.IntN(9)
		a := make(canvas, width*height)
		b := slices.Clone(a)
		want := image.Rectangle{}
		for range r.IntN(4) {
			x, y := r.IntN(width), r.IntN(height)
			b[y*width+x] = 1
			want = want.Union(image.Rect(x, y, x+1, y+1))
		}
		if got := changed(a, b, width); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestPaletteIsOfTheColoursMet(t *testing.T) {
	var p palette
	pixels := make(canvas, 3000)
	for i := range pixels {
		pixels[i] = 0xff000000 | uint32(i*8191)
	}
	if p.exact(pixels) {
		t.Error("3000 colours are few")
	}
	p.adapt(pixels)
	distinct := slices.Compact(slices.Sorted(slices.Values(p.colours)))
	if len(p.colours) != mostColours || len(distinct) != mostColours {
		t.Errorf("%d colours, %d of them different", len(p.colours), len(distinct))
	}
	pixels[7] = 0
	p.adapt(pixels)
	if len(p.colours) != mostColours || p.colours[p.hole()] != 0 || slices.Contains(p.colours[:p.hole()], 0) {
		t.Errorf("%d colours, the last is %x", len(p.colours), p.colours[p.hole()])
	}
	p.adapt(slices.Repeat(canvas{0xff102030, 0xff102031}, 9)) // in one cell
	if len(p.colours) != 1 {
		t.Errorf("%x", p.colours)
	}
}

// TestHashesThatCollide takes colours that share a slot.
func TestHashesThatCollide(t *testing.T) {
	var p palette
	var pixels canvas
	first := p.slot(0xff000000)
	for c := uint32(0xff000000); len(pixels) < 200; c++ {
		if p.slot(c) == first {
			pixels = append(pixels, c)
		}
	}
	if !p.exact(pixels) || len(p.colours) != 200 {
		t.Fatalf("%d colours", len(p.colours))
	}
	for i, c := range pixels {
		if int(p.index(c)) != i {
			t.Fatalf("colour %d has index %d", i, p.index(c))
		}
	}
}

func TestBuffersAreKeptUnlessGiant(t *testing.T) {
	var e Encoder
	m := image.NewNRGBA(image.Rect(0, 0, 9, 9))
	for _, f := range []Format{PNG, JPEG, GIF, WebP} {
		if err := e.Encode(io.Discard, m, Encoding{Format: f}); err != nil {
			t.Fatal(err)
		}
	}
	if e.png.kept == nil || e.flat == nil || e.gif == nil || e.out == nil {
		t.Error("a buffer is missing")
	}
	if b := kept(make([]byte, 5), 3); len(b) != 3 || cap(b) != 5 {
		t.Errorf("%d of %d bytes", len(b), cap(b))
	}
	if b := kept(make([]byte, mostKept+1), 3); cap(b) > 100 {
		t.Errorf("%d bytes are kept", cap(b))
	}
	e.gif.pixels = make(canvas, mostKept/4+1)
	if e.trimGIF(); e.gif != nil {
		t.Error("a giant is kept")
	}
	e.out = make([]byte, mostKept+1)
	if err := e.writeRIFF(io.Discard); err != nil || e.out != nil {
		t.Errorf("%d bytes are kept, %v", cap(e.out), err)
	}
}

func TestPNGsThatCannotBeRepaired(t *testing.T) {
	for name, content := range map[string]string{
		"only a signature": pngSignature,
		"a giant header":   pngSignature + "\x00\x10\x00\x00IHDR",
		"a small header":   pngSignature + "\x00\x00\x00\x02IHDRabcccc",
		"no data":          pngSignature + "\x00\x00\x00\x00IDAT",
	} {
		if _, err := newPNGRepair(source(t, content).start()); err == nil {
			t.Errorf("%s: it can be repaired", name)
		}
	}
}
