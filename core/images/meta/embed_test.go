package meta_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/color/palette"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"manyhands/core/images/meta"
)

func both(order byteOrder) meta.Data {
	return meta.Data{EXIF: camera(order), ICC: profile("RGB ", "Wide", 1)}
}

// markers are those of a JPEG's segments up to the scan.
func markers(file []byte) (markers []byte) {
	for at := 2; file[at+1] != 0xda; at += 2 + int(binary.BigEndian.Uint16(file[at+2:])) {
		markers = append(markers, file[at+1])
	}
	return markers
}

func TestSegmentsComeRightAfterJFIF(t *testing.T) {
	plain := result(t, "JPEG")
	jfif := jpegSegment(0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
	for name, test := range map[string]struct {
		encoded []byte
		want    []byte
	}{
		"without JFIF":     {plain, []byte{0xe1, 0xe2}},
		"with JFIF":        {withSegments(plain, jfif), []byte{0xe0, 0xe1, 0xe2}},
		"with Adobe's own": {withSegments(plain, jpegSegment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x01"))), []byte{0xe1, 0xe2, 0xee}},
	} {
		out, _ := both(orders["II"]).Embed(test.encoded, "JPEG")
		samePicture(t, test.encoded, out, "JPEG")
		if got := markers(out); !bytes.HasPrefix(got, test.want) {
			t.Errorf("%s: %x, want %x", name, got, test.want)
		}
	}
}

func TestFrameIsFoundOnTheWay(t *testing.T) {
	plain := result(t, "JPEG")
	frame := func(marker byte) []byte {
		return bytes.Replace(plain, []byte{0xff, 0xc0, 0, 17}, []byte{0xff, marker, 0, 17}, 1)
	}
	for name, test := range map[string]struct {
		file []byte
		want byte
	}{
		"baseline":           {plain, 0xc0},
		"progressive":        {frame(0xc2), 0xc2},
		"lossless":           {frame(0xc3), 0xc3},
		"arithmetic":         {frame(0xc9), 0xc9},
		"not a frame's":      {frame(0xcc), 0},
		"after EXIF data":    {withSegments(plain, exifSegment(camera(orders["II"]))), 0xc0},
		"cut before it":      {plain[:30], 0},
		"after the scan":     {slices.Concat(plain[:2], []byte{0xff, 0xda, 0, 2}, plain[2:]), 0},
		"after the end":      {slices.Concat(plain[:2], []byte{0xff, 0xd9, 0, 2}, plain[2:]), 0},
		"nothing but fill":   {bytes.Repeat([]byte{0xff}, 200_000), 0},
		"after endless fill": {slices.Concat(plain[:2], bytes.Repeat([]byte{0xff}, 200_000), plain[2:]), 0},
	} {
		if got := read(test.file, "JPEG").Frame; got != test.want {
			t.Errorf("%s: %x, want %x", name, got, test.want)
		}
	}
}

// kinds are those of a PNG's chunks.
func kinds(file []byte) (kinds []string) {
	for at := 8; at < len(file); at += 12 + int(binary.BigEndian.Uint32(file[at:])) {
		kinds = append(kinds, string(file[at+4:at+8]))
	}
	return kinds
}

func TestChunksComeBeforeThePixels(t *testing.T) {
	coloured := withChunks(result(t, "PNG"), pngChunk("sRGB", []byte{0}), pngChunk("gAMA", []byte{0, 0, 0xb1, 0x8f}),
		pngChunk("cHRM", make([]byte, 32)), pngChunk("cICP", []byte{1, 13, 0, 1}), pngChunk("pHYs", make([]byte, 9)))
	all := both(orders["II"])
	for name, test := range map[string]struct {
		data meta.Data
		want string
	}{
		"both":    {all, "IHDR iCCP eXIf pHYs IDAT IEND"},
		"profile": {meta.Data{ICC: all.ICC}, "IHDR iCCP pHYs IDAT IEND"},
		"EXIF":    {meta.Data{EXIF: all.EXIF}, "IHDR eXIf sRGB gAMA cHRM cICP pHYs IDAT IEND"},
		"nothing": {meta.Data{}, "IHDR sRGB gAMA cHRM cICP pHYs IDAT IEND"},
	} {
		out, _ := test.data.Embed(coloured, "PNG")
		samePicture(t, coloured, out, "PNG")
		if got := strings.Join(kinds(out), " "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// lossy is a lossy WebP of one pixel.
func lossy(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// riffKinds are those of a WebP's chunks.
func riffKinds(file []byte) string {
	var kinds []string
	for at := 12; at < len(file); {
		kinds = append(kinds, string(file[at:at+4]))
		length := int(binary.LittleEndian.Uint32(file[at+4:]))
		at += 8 + length + length%2
	}
	return strings.Join(kinds, " ")
}

func TestWebPGetsItsExtendedHeader(t *testing.T) {
	all, seeThrough := both(orders["MM"]), result(t, "WebP")
	extended := webpWith(seeThrough, 0x10, nil, nil)
	for name, test := range map[string]struct {
		data    meta.Data
		encoded []byte
		flags   byte
		want    string
	}{
		"both":               {all, seeThrough, 0x38, "VP8X ICCP VP8L EXIF"},
		"EXIF":               {meta.Data{EXIF: all.EXIF}, seeThrough, 0x18, "VP8X VP8L EXIF"},
		"profile":            {meta.Data{ICC: all.ICC}, seeThrough, 0x30, "VP8X ICCP VP8L"},
		"odd profile":        {meta.Data{ICC: append(bytes.Clone(all.ICC), 1)}, seeThrough, 0x30, "VP8X ICCP VP8L"},
		"into lossy":         {all, lossy(t), 0x28, "VP8X ICCP VP8  EXIF"},
		"into extended":      {all, extended, 0x38, "VP8X ICCP VP8L EXIF"},
		"bytes after it all": {all, append(bytes.Clone(seeThrough), 1, 2, 3), 0x38, "VP8X ICCP VP8L EXIF"},
	} {
		out, left := test.data.Embed(test.encoded, "WebP")
		samePicture(t, test.encoded, out, "WebP")
		if got := riffKinds(out); got != test.want || out[20] != test.flags || left != "" {
			t.Errorf("%s: %s, flags %x, left %q", name, got, out[20], left)
		}
		if size := binary.LittleEndian.Uint32(out[4:]); int(size) != len(out)-8 || size%2 != 0 {
			t.Errorf("%s: its size is said to be %d, of %d", name, size, len(out))
		}
	}
}

func TestOpaqueWebPHasNoAlphaFlag(t *testing.T) {
	encoded := result(t, "WebP")
	encoded[24] &^= 0x10
	if out, _ := both(orders["MM"]).Embed(encoded, "WebP"); out[20] != 0x28 {
		t.Errorf("flags %x", out[20])
	}
}

func TestEveryKindOfTIFFKeepsItsPixels(t *testing.T) {
	bounds := image.Rect(0, 0, 7, 5)
	for name, m := range map[string]interface {
		image.Image
		Set(x, y int, c color.Color)
	}{
		"grey": image.NewGray(bounds), "grey, 16 bit": image.NewGray16(bounds), "colours": image.NewRGBA(bounds),
		"palette": image.NewPaletted(bounds, palette.Plan9), "16 bit": image.NewNRGBA64(bounds),
	} {
		m.Set(1, 1, color.White)
		for _, compression := range []tiff.CompressionType{tiff.Uncompressed, tiff.Deflate} {
			var b bytes.Buffer
			if err := tiff.Encode(&b, m, &tiff.Options{Compression: compression}); err != nil {
				t.Fatal(err)
			}
			for _, order := range orders {
				out, left := both(order).Embed(b.Bytes(), "TIFF")
				samePicture(t, b.Bytes(), out, "TIFF")
				if odd := oddPlaces(out, len(b.Bytes())); len(odd) > 0 {
					t.Errorf("%s: values at %d", name, odd)
				}
				if tags := tagsOf(t, out); left != "" || tags["0/10f"] != "Maker" || tags["0/11a"] != "300 1" {
					t.Errorf("%s: left %q, %v", name, left, tags)
				}
			}
		}
	}
}

// oddPlaces are those that the first directory of a little-endian TIFF names
// from an offset on, and its own: TIFF wants them even.
func oddPlaces(file []byte, from int) (odd []uint32) {
	at := binary.LittleEndian.Uint32(file[4:])
	places := []uint32{at}
	n := int(binary.LittleEndian.Uint16(file[at:]))
	for e := range slices.Chunk(file[at+2:][:12*n], 12) {
		places = append(places, binary.LittleEndian.Uint32(e[8:]))
	}
	return slices.DeleteFunc(places, func(at uint32) bool { return at%2 == 0 || int(at) < from || int(at) > len(file) })
}

func TestTIFFKeepsItsOwnTagsWhereTheDataHasNone(t *testing.T) {
	encoded := result(t, "TIFF")
	want := tagsOf(t, encoded)
	want["0/10f"] = "Maker"
	out, _ := meta.Data{EXIF: simple(orders["MM"], ascii(271, "Maker"), short(orders["MM"], 256, 9), opaque(700, xmp))}.Embed(encoded, "TIFF")
	if got := tagsOf(t, out); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTIFFOfTheOtherByteOrderIsWrittenInIts(t *testing.T) {
	for name, order := range orders {
		encoded := slices.Concat(head(order, 56), make([]byte, 48), ifd(order, 56, 0, short(order, 256, 8), short(order, 257, 6),
			short(order, 258, 8), short(order, 259, 1), short(order, 262, 1), long(order, 273, 8), short(order, 277, 1), long(order, 279, 48)))
		for _, from := range orders {
			out, _ := both(from).Embed(encoded, "TIFF")
			samePicture(t, encoded, out, "TIFF")
			data := read(out, "TIFF")
			if got := tagsOf(t, data.EXIF); got["8769/829a"] != "1 250" || got["8769/927c"] != makerNote || string(data.EXIF[:2]) != name {
				t.Errorf("%s: %v", name, got)
			}
		}
	}
}

func TestEveryTypeIsTurnedAround(t *testing.T) {
	const text = "abcdefghijklmnop"
	for name, test := range map[string]struct {
		kind uint16
		unit int
	}{
		"byte": {1, 1}, "ascii": {2, 1}, "short": {3, 2}, "long": {4, 4}, "rational": {5, 4}, "sbyte": {6, 1}, "undefined": {7, 1},
		"sshort": {8, 2}, "slong": {9, 4}, "srational": {10, 4}, "float": {11, 4}, "double": {12, 8}, "ifd": {13, 4},
	} {
		width := map[uint16]int{5: 8, 10: 8}[test.kind]
		exif := simple(orders["MM"], tag{270, test.kind, uint32(len(text) / max(width, test.unit)), []byte(text)})
		out, _ := meta.Data{EXIF: exif}.Embed(result(t, "TIFF"), "TIFF")
		if want := reversed(text, test.unit); !bytes.Contains(out, []byte(want)) {
			t.Errorf("%s: it does not contain %q", name, want)
		}
	}
}

// TestValuesThatShareBytesDoNotMultiply has many entries with the same large
// value: taken out one by one they would be a gigabyte.
func TestValuesThatShareBytesDoNotMultiply(t *testing.T) {
	order := orders["II"]
	value := make([]byte, 100_000)
	tags := make([]tag, 10_000)
	for i := range tags {
		tags[i] = tag{uint16(i + 1), 7, uint32(len(value)), nil}
	}
	exif := append(ifd(order, 26, 0, tags...), value...)
	for e := range slices.Chunk(exif[2:2+12*len(tags)], 12) {
		order.PutUint32(e[8:], uint32(26+2+12*len(tags)+4))
	}
	b := slices.Concat(head(order, 8), ifd(order, 8, 0, long(order, 0x8769, 26)), exif)
	if got := read(b, "TIFF").EXIF; len(got) > 1<<20 || len(got) < 900_000 {
		t.Errorf("%d bytes of EXIF data", len(got))
	}
	encoded := result(t, "TIFF")
	out, _ := meta.Data{EXIF: b}.Embed(encoded, "TIFF")
	samePicture(t, encoded, out, "TIFF")
	if grown := len(out) - len(encoded); grown > 1<<20 {
		t.Errorf("the file grew by %d bytes", grown)
	}
}

func TestDataBeyondTheLimitIsNotRead(t *testing.T) {
	exif := append(camera(orders["II"]), make([]byte, 1<<20)...)
	for _, format := range []string{"PNG", "WebP"} {
		out, left := meta.Data{EXIF: exif}.Embed(result(t, format), format)
		if got := read(out, format).EXIF; got != nil || left != "" {
			t.Errorf("%s: %d bytes, %q left", format, len(got), left)
		}
	}
}
