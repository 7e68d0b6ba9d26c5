package codec_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"manyhands/core/images/codec"
)

var take = codec.Options{Truncated: true}

// cuts yields a file cut at every seventh place, and at the last twenty.
func cuts(content []byte) func(yield func(at int, cut []byte) bool) {
	step := 7
	if testing.Short() {
		step = 37
	}
	return func(yield func(int, []byte) bool) {
		for at := 12; at < len(content) && yield(at, content[:at:at]); at++ {
			if at < len(content)-20 {
				at += step - 1
			}
		}
	}
}

// truncated are files of every kind. From where on something of them can be
// rescued is a share of the file, 2 for those where nothing can.
func truncated(t *testing.T) map[string]struct {
	content []byte
	from    float64
} {
	tall := drawn(24, 90, func(x, y int) color.NRGBA { return color.NRGBA{uint8(9 * x), uint8(2 * y), uint8(x * y), 255} })
	flat := image.NewGray(tall.Rect)
	for i := range flat.Pix {
		flat.Pix[i] = uint8(i % 251)
	}
	var deflated, first bytes.Buffer
	if err := tiff.Encode(&deflated, tall, &tiff.Options{Compression: tiff.Deflate}); err != nil {
		t.Fatal(err)
	}
	one := image.NewPaletted(tall.Rect, color.Palette{color.White, color.Black, color.Gray{50}})
	for i := range one.Pix {
		one.Pix[i] = uint8(i*i%7) % 3
	}
	if err := gif.Encode(&first, one, nil); err != nil {
		t.Fatal(err)
	}
	return map[string]struct {
		content []byte
		from    float64
	}{
		"baseline JPEG":    {as(t, "jpg", tall), 0.6},
		"grey JPEG":        {as(t, "jpg", flat), 0.5},
		"JPEG with DRI":    {testdata(t, "restart.jpg"), 0.75},
		"CMYK JPEG":        {testdata(t, "cmyk.jpg"), 0.8},
		"progressive JPEG": {testdata(t, "progressive.jpg"), 0.35},
		"progressive grey": {testdata(t, "progressive-grey.jpg"), 0.35},
		"PNG":              {as(t, "png", tall), 0.4},
		"PNG of parts":     {inParts(as(t, "png", tall), 90), 0.5},
		"grey PNG":         {as(t, "png", flat), 0.5},
		"palette PNG":      {as(t, "png", one), 0.7},
		"interlaced PNG":   {testdata(t, "interlaced-alpha.png"), 0.2},
		"interlaced 4 bit": {testdata(t, "interlaced-palette.png"), 0.3},
		"GIF":              {first.Bytes(), 0.5},
		"interlaced GIF":   {testdata(t, "interlaced.gif"), 0.3},
		"BMP":              {as(t, "bmp", tall), 0.05},
		"palette BMP":      {as(t, "bmp", one), 0.5},
		"TIFF":             {tiffFile(24, 90, nil, flat.Pix), 0.2},
		"deflated TIFF":    {deflated.Bytes(), 2},
		"lossy WebP":       {testdata(t, "lossy-alpha.webp"), 2},
	}
}

// inParts spreads a PNG's pixels over IDAT chunks of a length, and puts text
// before them.
func inParts(file []byte, length int) []byte {
	at := bytes.Index(file, []byte("IDAT")) - 4
	n := int(binary.BigEndian.Uint32(file[at:]))
	out := append(bytes.Clone(file[:at]), chunk("tEXt", []byte("Comment\x00a text"))...)
	for part := range slices.Chunk(file[at+8:at+8+n], length) {
		out = append(append(out, chunk("IDAT", part)...), chunk("IDAT", nil)...)
	}
	return append(out, file[at+12+n:]...)
}

// TestACutFileIsAnErrorUnlessThePictureIsWhole holds for every place.
func TestACutFileIsAnErrorUnlessThePictureIsWhole(t *testing.T) {
	for name, test := range truncated(t) {
		t.Run(name, func(t *testing.T) {
			f, _ := codec.Sniff(test.content)
			want := nrgba(whole(t, test.content))
			lastError := 0
			for at, cut := range cuts(test.content) {
				s := open(t, cut)
				h, err := codec.ReadHeader(s, f)
				var m image.Image
				if err == nil {
					m, _, err = codec.Decode(s, h, codec.Options{})
				}
				switch {
				case err != nil:
					lastError = at
					if got := codec.Explain(err, f).Error(); !strings.HasPrefix(got, "the file ends too early") {
						t.Fatalf("at %d: %s", at, got)
					}
				case furthest(t, m, want) != 0:
					t.Fatalf("at %d of %d: another picture", at, len(test.content))
				}
			}
			if lastError < len(test.content)/2 {
				t.Errorf("%d of %d bytes were enough", lastError+1, len(test.content))
			}
		})
	}
}

// TestThePartThatIsThereIsAsItWas holds for every place, too: the size is
// right, the warning tells how many rows are missing, and the others are
// those of the whole picture.
func TestThePartThatIsThereIsAsItWas(t *testing.T) {
	for name, test := range truncated(t) {
		t.Run(name, func(t *testing.T) {
			f, _ := codec.Sniff(test.content)
			want := nrgba(whole(t, test.content))
			rescued, last := 0, ""
			for at, cut := range cuts(test.content) {
				s := open(t, cut)
				h, err := codec.ReadHeader(s, f)
				if err != nil {
					continue
				}
				m, warning, err := codec.Decode(s, h, take)
				switch {
				case err == nil && warning == "":
					if furthest(t, m, want) != 0 {
						t.Fatalf("at %d: another picture, and no warning", at)
					}
				case err == nil:
					rescued, last = rescued+1, warning
					checkPart(t, m, want, warning)
				case float64(at) > test.from*float64(len(test.content)):
					t.Errorf("at %d of %d: %v", at, len(test.content), err)
				}
				if t.Failed() {
					t.Fatalf("at %d of %d: %s", at, len(test.content), warning)
				}
			}
			if (rescued > 0) != (test.from < 1) {
				t.Errorf("%d were rescued", rescued)
			}
			if words := missing.FindStringSubmatch(last); words != nil && len(test.content) > 300 && len(words[2]) > 1 && words[2] > "60" {
				t.Errorf("of nearly all of the file: %s", last)
			}
		})
	}
}

var missing = regexp.MustCompile(`^the file ends too early: (?:(?:the (lower|upper) )?(\d+) % (are missing|of the pixels|of the rows).*|the whole picture is there, but not at its full quality)$`)

// checkPart compares a picture with the whole one, by what its warning says.
func checkPart(t *testing.T, got, want image.Image, warning string) {
	t.Helper()
	p, q := nrgba(got), nrgba(want)
	if p.Rect != q.Rect {
		t.Fatalf("%v, want %v", p.Rect, q.Rect)
	}
	words := missing.FindStringSubmatch(warning)
	height := q.Rect.Dy()
	percent, _ := strconv.Atoi(words[2])
	switch {
	case words == nil:
		t.Fatalf("warning %q", warning)
	case words[2] == "", strings.HasSuffix(warning, "quality"):
		if words[1] == "lower" {
			checkBlank(t, p, true, 0)
			break
		}
		if off := average(t, got, want); off > 30 {
			t.Errorf("off by %.1f", off)
		}
	case words[1] == "":
		if share := equalPixels(p, q); share < 99-float64(percent) {
			t.Errorf("%.1f %% of the pixels are right", share)
		}
	default:
		rows := height * (100 - percent) / 100 // rounded
		first, last := 0, rows-1
		if words[1] == "upper" {
			first, last = height-rows+1, height
		}
		for y := first; y < last; y++ {
			if !bytes.Equal(p.Pix[y*p.Stride:][:p.Stride], q.Pix[y*q.Stride:][:q.Stride]) {
				t.Errorf("row %d is another", y)
			}
		}
		checkBlank(t, p, words[1] == "lower", rows)
	}
}

// checkBlank looks at the row that is surely missing.
func checkBlank(t *testing.T, p *image.NRGBA, lower bool, rows int) {
	t.Helper()
	y := p.Rect.Dy() - 1
	if !lower {
		y = 0
	}
	for x := range p.Rect.Dx() {
		c := p.NRGBAAt(x, y)
		near := func(v uint8) bool { return v >= 50 && v <= 130 }
		if c.A != 0 && (!near(c.R) || !near(c.G) || !near(c.B)) {
			t.Errorf("%d,%d is %v, with %d rows there", x, y, c, rows)
			return
		}
	}
}

func equalPixels(p, q *image.NRGBA) float64 {
	n := 0
	for i := 0; i < len(p.Pix); i += 4 {
		if bytes.Equal(p.Pix[i:i+4], q.Pix[i:i+4]) {
			n++
		}
	}
	return float64(400*n) / float64(len(p.Pix))
}

// TestProgressivePicturesGetSharper cuts one after each of its scans.
func TestProgressivePicturesGetSharper(t *testing.T) {
	content := testdata(t, "progressive.jpg")
	want := whole(t, content)
	before, scans := 255.0, 0
	for at := range content {
		if at < 300 || !bytes.HasPrefix(content[at:], []byte{0xff, 0xda}) {
			continue
		}
		m, warning, err := decode(t, content[:at], take)
		if err != nil || warning != "the file ends too early: the whole picture is there, but not at its full quality" {
			t.Fatalf("%q, %v", warning, err)
		}
		off := average(t, m, want)
		if off > before {
			t.Errorf("scan %d made it worse: %.2f, then %.2f", scans, before, off)
		}
		before, scans = off, scans+1
	}
	if scans < 5 || before > 5 {
		t.Errorf("%d scans, then off by %.2f", scans, before)
	}
}

// TestColoursThatAreMissingAreGrey makes a JPEG that has a scan for brightness
// and announces two more components.
func TestColoursThatAreMissingAreGrey(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 16, 16))
	content := as(t, "jpg", grey)
	at := bytes.Index(content, []byte{0xff, 0xc0})
	frame := bytes.Clone(content[at : at+13])
	frame[3], frame[9] = 17, 3
	content = bytes.Join([][]byte{content[:at], frame, {2, 0x11, 0, 3, 0x11, 0}, content[at+13 : len(content)-2]}, nil)
	if _, _, err := decode(t, content, codec.Options{}); err == nil {
		t.Error("it is taken for whole")
	}
	m, warning, err := decode(t, content, take)
	if err != nil || !strings.HasSuffix(warning, "full quality") {
		t.Fatalf("%q, %v", warning, err)
	}
	if _, ok := m.(*image.YCbCr); !ok || furthest(t, m, grey) > 1 {
		t.Errorf("%T, off by %d", m, furthest(t, m, grey))
	}
}

// TestWhatFollowsThePictureIsNotMissed cuts into an end that no picture needs.
func TestWhatFollowsThePictureIsNotMissed(t *testing.T) {
	jpg, png := as(t, "jpg", shapes()), as(t, "png", shapes())
	for name, content := range map[string][]byte{
		"JPEG without its end":      jpg[:len(jpg)-2],
		"JPEG with half of its end": jpg[:len(jpg)-1],
		"PNG without IEND":          png[:len(png)-12],
		"PNG with half of IEND":     png[:len(png)-5],
		"PNG without a checksum":    png[:len(png)-16],
		"JPEG with more behind it":  append(bytes.Clone(jpg), "and more"...),
	} {
		want := whole(t, jpg)
		if strings.HasPrefix(name, "PNG") {
			want = shapes()
		}
		for _, o := range []codec.Options{{}, take} {
			m, warning, err := decode(t, content, o)
			if err != nil || warning != "" || furthest(t, m, want) != 0 {
				t.Errorf("%s: %q, %v", name, warning, err)
			}
		}
	}
}

func TestBottomUpAndTopDownBMP(t *testing.T) {
	content := as(t, "bmp", drawn(8, 10, func(x, y int) color.NRGBA { return color.NRGBA{uint8(20 * x), uint8(20 * y), 255, 255} }))
	half := content[:54+24*5+3]
	_, warning, err := decode(t, half, take)
	if err != nil || warning != "the file ends too early: the upper 50 % are missing" {
		t.Errorf("%q, %v", warning, err)
	}
	topDown := changedAt(half, 22, 0xf6, 0xff, 0xff, 0xff)
	m, warning, err := decode(t, topDown, take)
	if err != nil || warning != "the file ends too early: the lower 50 % are missing" {
		t.Fatalf("%q, %v", warning, err)
	}
	if top, bottom := m.At(3, 4), m.At(3, 5); top != (color.RGBA{60, 100, 255, 255}) || bottom != (color.RGBA{128, 128, 128, 255}) {
		t.Errorf("%v, %v", top, bottom)
	}
}

func TestWhatCannotBeSavedIsSaid(t *testing.T) {
	webp := testdata(t, "lossy-alpha.webp")
	for name, content := range map[string][]byte{
		"WebP":            webp[:len(webp)/2],
		"JPEG, no scan":   testdata(t, "progressive.jpg")[:230],
		"PNG, no row":     as(t, "png", shapes())[:50],
		"GIF, no row":     gifFile(2, 2, gifFrame(image.Rect(0, 0, 2, 2), 0))[:40],
		"BMP, no row":     as(t, "bmp", shapes())[:60],
		"deflated TIFF":   tiffFile(2, 2, map[uint16]uint32{259: 8}, []byte{0x78, 0x9c}),
		"TIFF, not a row": tiffFile(2, 2, map[uint16]uint32{279: 4}, []byte{1}),
	} {
		m, warning, err := decode(t, content, take)
		if err == nil || !strings.Contains(err.Error(), "can be saved") || warning != "" || m != nil {
			t.Errorf("%s: %T, %q, %v", name, m, warning, err)
		}
		f, _ := codec.Sniff(content)
		if got := codec.Explain(err, f).Error(); !strings.HasPrefix(got, "the file ends too early") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestDamageIsNotTakenForAnEarlyEnd(t *testing.T) {
	png := as(t, "png", shapes())
	damaged := changedAt(png, len(png)/2, ^png[len(png)/2])
	if _, warning, err := decode(t, damaged, take); err == nil {
		t.Errorf("it was decoded, with %q", warning)
	}
}

// TestACancelledRescueStops cancels while a file that ends early is read, and
// while it is read again.
func TestACancelledRescueStops(t *testing.T) {
	for _, ext := range []string{"jpg", "png", "gif"} {
		for ends := 1; ends <= 2; ends++ {
			content := as(t, ext, shapes())
			content = content[:len(content)*3/4]
			f, _ := codec.Sniff(content)
			h, err := codec.ReadHeader(open(t, content), f)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			file := &cancels{bytes.NewReader(content), int64(len(content)), ends, cancel}
			s := codec.NewSource(ctx, file, file.size, nil)
			if m, _, err := codec.Decode(s, h, take); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, cancelled at end %d: %T, %v", ext, ends, m, err)
			}
		}
	}
}

// cancels is a file that cancels the run when its end was met some times.
type cancels struct {
	io.ReaderAt
	size   int64
	ends   int
	cancel func()
}

func (c *cancels) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) >= c.size {
		if c.ends--; c.ends == 0 {
			defer c.cancel()
		}
	}
	return c.ReaderAt.ReadAt(p, at)
}
