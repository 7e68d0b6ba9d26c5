package meta_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"manyhands/core/images/codec"
	"manyhands/core/images/meta"
)

var formats = []string{"JPEG", "PNG", "TIFF", "WebP"}

// result is a small picture in a format, as an encoder writes it.
func result(t testing.TB, format string) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 8, 6))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 37)
	}
	m.Set(0, 0, color.NRGBA{9, 8, 7, 6})
	var b bytes.Buffer
	var err error
	switch format {
	case "JPEG":
		err = jpeg.Encode(&b, m, nil)
	case "PNG":
		err = png.Encode(&b, m)
	case "WebP":
		err = new(codec.Encoder).Encode(&b, m, codec.Encoding{Format: codec.WebP})
	case "TIFF":
		err = tiff.Encode(&b, m, &tiff.Options{Compression: tiff.Deflate})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(file []byte, format string) (image.Image, error) {
	r := bytes.NewReader(file)
	switch format {
	case "JPEG":
		return jpeg.Decode(r)
	case "PNG":
		return png.Decode(r)
	case "WebP":
		return webp.Decode(r)
	case "TIFF":
		return tiff.Decode(r)
	}
	return nil, errors.New("no such format")
}

func decodeConfig(file []byte, format string) (string, error) {
	m, err := decode(file, format)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%v %T", m.Bounds(), m), nil
}

// samePicture fails unless both files decode, to the same pixels.
func samePicture(t *testing.T, a, b []byte, format string) {
	t.Helper()
	one, err := decode(a, format)
	if err != nil {
		t.Fatal(err)
	}
	other, err := decode(b, format)
	if err != nil {
		t.Fatalf("the result no longer decodes: %v", err)
	}
	if one.Bounds() != other.Bounds() {
		t.Fatalf("the size became %v", other.Bounds())
	}
	for y := range one.Bounds().Dy() {
		for x := range one.Bounds().Dx() {
			if one.At(x, y) != other.At(x, y) {
				t.Fatalf("pixel %d,%d became %v, was %v", x, y, other.At(x, y), one.At(x, y))
			}
		}
	}
}

func read(file []byte, format string) meta.Data {
	return meta.Read(bytes.NewReader(file), int64(len(file)), format)
}

// source is a file of a format with EXIF data, a profile and XMP.
func source(t testing.TB, format string, order byteOrder, icc []byte) []byte {
	t.Helper()
	exif, file := camera(order), []byte(nil)
	switch format {
	case "JPEG":
		half := len(icc) / 2
		file = withSegments(result(t, format), jpegSegment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+xmp)),
			exifSegment(exif), iccSegment(2, 2, icc[half:]), iccSegment(1, 2, icc[:half]))
	case "PNG":
		file = withChunks(result(t, format), pngChunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp)), iccpChunk(icc), pngChunk("eXIf", exif))
	case "WebP":
		file = webpWith(result(t, format), 0x2c, riffChunk("ICCP", icc), slices.Concat(riffChunk("EXIF", exif), riffChunk("XMP ", []byte(xmp))))
	case "TIFF":
		file = tiffWith(order, icc)
	}
	if _, err := decode(file, format); err != nil {
		t.Fatalf("the forged %s: %v", format, err)
	}
	return file
}

// everyRoute calls a test with the data of a source and an encoded result, for
// each pair of formats and both byte orders.
func everyRoute(t *testing.T, test func(t *testing.T, from meta.Data, encoded []byte, format string)) {
	icc := profile("RGB ", "Wide", 100)
	for name, order := range orders {
		for _, from := range formats {
			for _, to := range formats {
				t.Run(fmt.Sprintf("%s %s to %s", name, from, to), func(t *testing.T) {
					data := read(source(t, from, order, icc), from)
					if !bytes.Equal(data.ICC, icc) {
						t.Fatalf("the profile read has %d bytes, want %d", len(data.ICC), len(icc))
					}
					test(t, data, result(t, to), to)
				})
			}
		}
	}
}

func TestDataSurvivesEveryRouteButPositionAndThumbnail(t *testing.T) {
	want := cameraTags()
	maps.Copy(want, map[string]string{"0/112": "1", "8769/a002": "8", "8769/a003": "6"})
	everyRoute(t, func(t *testing.T, from meta.Data, encoded []byte, format string) {
		out, left := from.For(8, 6, false).Embed(encoded, format)
		if left != "" {
			t.Errorf("left out: %s", left)
		}
		samePicture(t, encoded, out, format)
		for _, secret := range []string{latitude, longitude, reversed(latitude, 4), small, xmp} {
			if bytes.Contains(out, []byte(secret)) {
				t.Errorf("the result contains %q", secret)
			}
		}
		again := read(out, format)
		if got := tagsOf(t, again.EXIF); !maps.Equal(got, want) {
			t.Errorf("tags:\n%v, want\n%v", got, want)
		}
		if !bytes.Equal(again.ICC, from.ICC) {
			t.Errorf("the profile became %q", again.ICC)
		}
		if again.Orientation() != 1 || again.HasGPS() || again.Thumbnail() != nil {
			t.Errorf("orientation %d, GPS %v, thumbnail %q", again.Orientation(), again.HasGPS(), again.Thumbnail())
		}
	})
}

func TestPositionSurvivesEveryRouteWhereWanted(t *testing.T) {
	everyRoute(t, func(t *testing.T, from meta.Data, encoded []byte, format string) {
		want := tagsOf(t, from.EXIF)
		if len(want["8825/2"]) < 10 || want["8825/3"] != "E" {
			t.Fatalf("the position read is %v", want)
		}
		maps.Copy(want, map[string]string{"0/112": "1", "8769/a002": "8", "8769/a003": "6"})
		maps.DeleteFunc(want, func(key, _ string) bool { return strings.HasPrefix(key, "1/") })
		out, _ := from.For(8, 6, true).Embed(encoded, format)
		samePicture(t, encoded, out, format)
		if got := tagsOf(t, read(out, format).EXIF); !maps.Equal(got, want) {
			t.Errorf("tags:\n%v, want\n%v", got, want)
		}
	})
}

func TestSourceIsToldAsItIs(t *testing.T) {
	taken := time.Date(2026, 2, 3, 4, 5, 6, 0, time.FixedZone("", 2*60*60))
	for name, order := range orders {
		for _, format := range formats {
			data := read(source(t, format, order, profile("RGB ", "sRGB", 0)), format)
			at, ok := data.Taken()
			if data.Orientation() != 6 || !ok || !at.Equal(taken) || !data.HasGPS() {
				t.Errorf("%s %s: orientation %d, taken %v, GPS %v", name, format, data.Orientation(), at, data.HasGPS())
			}
			if got := string(data.Thumbnail()); got != small && format != "TIFF" {
				t.Errorf("%s %s: thumbnail %q", name, format, got)
			}
		}
	}
}

func TestNothingIsReadFromOthers(t *testing.T) {
	file := source(t, "JPEG", orders["II"], profile("RGB ", "sRGB", 0))
	for _, format := range []string{"GIF", "BMP", "", "PNG", "WebP", "TIFF"} {
		if got := read(file, format); got.EXIF != nil || got.ICC != nil || got.Frame != 0 {
			t.Errorf("%q: %v", format, got)
		}
	}
}

func TestReaderThatFailsHasNothing(t *testing.T) {
	for _, format := range formats {
		if got := meta.Read(failing{}, 1<<40, format); got.EXIF != nil || got.ICC != nil {
			t.Errorf("%s: %v", format, got)
		}
	}
}

type failing struct{}

func (failing) ReadAt(p []byte, _ int64) (int, error) { return len(p) / 2, io.ErrUnexpectedEOF }

func TestFileCutAnywhereIsReadWithoutHarm(t *testing.T) {
	for _, format := range formats {
		file := source(t, format, orders["MM"], profile("RGB ", "sRGB", 0))
		for n := range len(file) {
			data := read(file[:n], format)
			data.For(8, 6, false)
			if o := data.Orientation(); o != 1 && o != 6 {
				t.Fatalf("%s of %d bytes: orientation %d", format, n, o)
			}
		}
	}
}

func TestWhatCannotBePutInIsNamed(t *testing.T) {
	exif, icc := camera(orders["II"]), profile("RGB ", "sRGB", 0)
	large := append(camera(orders["II"]), make([]byte, 0xffff)...)
	for name, test := range map[string]struct {
		data    meta.Data
		encoded []byte
		format  string
		want    string
	}{
		"all, in GIF":                {meta.Data{EXIF: exif, ICC: icc}, []byte("GIF89a"), "GIF", "EXIF and colour profile"},
		"EXIF, in BMP":               {meta.Data{EXIF: exif}, []byte("BM"), "BMP", "EXIF"},
		"profile, in BMP":            {meta.Data{ICC: icc}, []byte("BM"), "BMP", "colour profile"},
		"nothing, in BMP":            {meta.Data{Frame: 0xc0}, []byte("BM"), "BMP", ""},
		"too large for a segment":    {meta.Data{EXIF: large, ICC: icc}, result(t, "JPEG"), "JPEG", "EXIF"},
		"large enough for a segment": {meta.Data{EXIF: large[:65527]}, result(t, "JPEG"), "JPEG", ""},
		"a byte too large":           {meta.Data{EXIF: large[:65528]}, result(t, "JPEG"), "JPEG", "EXIF"},
		"not too large for PNG":      {meta.Data{EXIF: large, ICC: icc}, result(t, "PNG"), "PNG", ""},
		"too large for 255 segments": {meta.Data{EXIF: exif, ICC: make([]byte, 17<<20)}, result(t, "JPEG"), "JPEG", "colour profile"},
		"no EXIF data":               {meta.Data{EXIF: []byte("no TIFF header")}, result(t, "WebP"), "WebP", "EXIF"},
		"not a JPEG":                 {meta.Data{EXIF: exif}, []byte("GIF89a"), "JPEG", "EXIF"},
		"not a PNG":                  {meta.Data{EXIF: exif}, result(t, "JPEG"), "PNG", "EXIF"},
		"a PNG cut":                  {meta.Data{EXIF: exif}, result(t, "PNG")[:30], "PNG", "EXIF"},
		"not a WebP":                 {meta.Data{EXIF: exif}, result(t, "JPEG"), "WebP", "EXIF"},
		"a WebP cut":                 {meta.Data{EXIF: exif}, result(t, "WebP")[:30], "WebP", "EXIF"},
		"a WebP of odd size":         {meta.Data{EXIF: exif}, oddWebP(t), "WebP", "EXIF"},
		"not a TIFF":                 {meta.Data{ICC: icc}, result(t, "JPEG"), "TIFF", "colour profile"},
		"empty":                      {meta.Data{EXIF: exif, ICC: icc}, nil, "PNG", "EXIF and colour profile"},
	} {
		before := bytes.Clone(test.encoded)
		out, left := test.data.Embed(test.encoded, test.format)
		if left != test.want {
			t.Errorf("%s: left out %q, want %q", name, left, test.want)
		}
		if !bytes.Equal(test.encoded, before) {
			t.Errorf("%s: the encoded picture was changed", name)
		}
		data := read(out, test.format)
		if got := missing(test.data, data); got != test.want {
			t.Errorf("%s: the result lacks %q, want %q", name, got, test.want)
		}
	}
}

// oddWebP is a file whose chunks an appended one would not be found after.
func oddWebP(t *testing.T) []byte {
	file := append(result(t, "WebP"), 0)
	binary.LittleEndian.PutUint32(file[4:], uint32(len(file)-8))
	return file
}

// missing names what was given and is not in the result.
func missing(given, got meta.Data) string {
	var names []string
	if given.EXIF != nil && got.EXIF == nil {
		names = append(names, "EXIF")
	}
	if given.ICC != nil && got.ICC == nil {
		names = append(names, "colour profile")
	}
	return strings.Join(names, " and ")
}
