package meta_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"manyhands/core/images/meta"
)

func TestOrientationOfEveryFormat(t *testing.T) {
	for name, order := range orders {
		for _, want := range []int{1, 3, 6, 8} {
			exif := simple(order, short(order, 274, uint16(want)))
			prefixed := append([]byte("Exif\x00\x00"), exif...)
			jpg, png, webp := result(t, "JPEG"), result(t, "PNG"), result(t, "WebP")
			for what, test := range map[string]struct {
				format string
				file   []byte
			}{
				"JPEG":                 {"JPEG", withSegments(jpg, exifSegment(exif))},
				"JPEG, after another":  {"JPEG", withSegments(jpg, jpegSegment(0xe1, []byte("no EXIF data")), exifSegment(exif))},
				"JPEG, after bad data": {"JPEG", withSegments(jpg, exifSegment([]byte("no TIFF header")), exifSegment(exif))},
				"JPEG, before another": {"JPEG", withSegments(jpg, exifSegment(exif), exifSegment(simple(order, short(order, 274, 2))))},
				"JPEG, after fill":     {"JPEG", withSegments(jpg, []byte{0xff, 0xff, 0xff}, exifSegment(exif))},
				"JPEG, after garbage":  {"JPEG", withSegments(jpg, []byte{1, 2, 3, 0xff, 0, 0xff, 0xd0}, exifSegment(exif))},
				"PNG":                  {"PNG", withChunks(png, pngChunk("eXIf", exif))},
				"PNG, JPEG's prefix":   {"PNG", withChunks(png, pngChunk("eXIf", prefixed))},
				"PNG, at the end":      {"PNG", slices.Insert(bytes.Clone(png), len(png)-12, pngChunk("eXIf", exif)...)},
				"WebP":                 {"WebP", webpWith(webp, 8, nil, riffChunk("EXIF", exif))},
				"WebP, JPEG's prefix":  {"WebP", webpWith(webp, 8, nil, riffChunk("EXIF", prefixed))},
				"TIFF":                 {"TIFF", exif},
				"TIFF, a long":         {"TIFF", simple(order, long(order, 274, uint32(want)))},
			} {
				if got := read(test.file, test.format).Orientation(); got != want {
					t.Errorf("%s %s: %d, want %d", name, what, got, want)
				}
			}
		}
	}
}

func TestOrientationsThatMeanNothing(t *testing.T) {
	order := orders["II"]
	six := simple(order, short(order, 274, 6))
	for name, exif := range map[string][]byte{
		"none":          nil,
		"zero":          simple(order, short(order, 274, 0)),
		"nine":          simple(order, short(order, 274, 9)),
		"two":           simple(order, tag{274, 3, 2, []byte{6, 0, 6, 0}}),
		"a text":        simple(order, ascii(274, "6")),
		"unknown type":  simple(order, tag{274, 99, 1, []byte{6}}),
		"cut":           six[:20],
		"far away":      []byte("II*\x00\xff\xff\xff\xff"),
		"not TIFF":      bytes.Repeat([]byte{7}, 30),
		"half a header": []byte("II*"),
		"BigTIFF":       append([]byte("II+\x00"), six[4:]...),
	} {
		if got := (meta.Data{EXIF: exif}).Orientation(); got != 1 {
			t.Errorf("%s: %d, want 1", name, got)
		}
	}
}

func TestDataPastTheEndIsNotRead(t *testing.T) {
	chunk := pngChunk("eXIf", simple(orders["II"], short(orders["II"], 274, 6)))
	png := result(t, "PNG")
	for name, file := range map[string][]byte{
		"after the last chunk": append(bytes.Clone(png), chunk...),
		"after endless chunks": withChunks(png, bytes.Repeat(pngChunk("none", nil), 100_000), chunk),
	} {
		if got := read(file, "PNG"); got.EXIF != nil {
			t.Errorf("%s: %q", name, got.EXIF)
		}
	}
}

func TestDirectoryLongerThanItsFileIsReadAsFarAsItGoes(t *testing.T) {
	order := orders["II"]
	exif := simple(order, short(order, 274, 6))
	binary.LittleEndian.PutUint16(exif[8:], 500)
	data := meta.Data{EXIF: exif[:22]}
	if got := data.Orientation(); got != 6 {
		t.Errorf("%d, want 6", got)
	}
	if got := data.For(8, 6, false).EXIF; !bytes.Equal(got, append(head(order, 8), 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0)) {
		t.Errorf("%q", got)
	}
}

func TestDateIsTheBestThatIsThere(t *testing.T) {
	order := orders["MM"]
	with := func(changed string, tags ...tag) []byte {
		first := func(at uint32) []byte { return ifd(order, 8, 0, ascii(306, changed), long(order, 0x8769, at)) }
		at := 8 + len(first(0))
		return slices.Concat(head(order, 8), first(uint32(at)), ifd(order, at, 0, tags...))
	}
	local := func(day int) time.Time { return time.Date(2026, 1, day, 4, 5, 6, 0, time.Local) }
	const one, two, three, none = "2026:01:01 04:05:06", "2026:01:02 04:05:06", "2026:01:03 04:05:06", "    :  :     :  :  "
	for name, test := range map[string]struct {
		exif []byte
		want time.Time
	}{
		"none":              {nil, time.Time{}},
		"taken":             {with(one, ascii(0x9003, three), ascii(0x9004, two)), local(3)},
		"taken, with zone":  {with(one, ascii(0x9003, three), ascii(0x9011, "-03:30")), time.Date(2026, 1, 3, 7, 35, 6, 0, time.UTC)},
		"taken, zone blank": {with(one, ascii(0x9003, three), ascii(0x9011, "   :  ")), local(3)},
		"digitised":         {with(one, ascii(0x9003, none), ascii(0x9004, two)), local(2)},
		"digitised, zone":   {with(one, ascii(0x9004, two), ascii(0x9011, "+09:00"), ascii(0x9012, "+01:00")), time.Date(2026, 1, 2, 3, 5, 6, 0, time.UTC)},
		"changed":           {with(one, ascii(0x9003, "2026:13:01 04:05:06")), local(1)},
		"changed, zone":     {with(one, ascii(0x9010, "+00:00")), time.Date(2026, 1, 1, 4, 5, 6, 0, time.UTC)},
		"no EXIF directory": {simple(order, ascii(306, one)), local(1)},
		"blank":             {with(none, ascii(0x9003, "0000:00:00 00:00:00")), time.Time{}},
		"far too long":      {simple(order, ascii(306, one+string(make([]byte, 5000)))), time.Time{}},
	} {
		got, ok := meta.Data{EXIF: test.exif}.Taken()
		if ok == test.want.IsZero() || ok && !got.Equal(test.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, ok, test.want)
		}
	}
}

func TestThumbnailIsAJPEGInside(t *testing.T) {
	order := orders["II"]
	with := func(at, length uint32) []byte {
		first := ifd(order, 8, 26, short(order, 274, 1))
		return slices.Concat(head(order, 8), first, ifd(order, 26, 0, long(order, 513, at), long(order, 514, length)), []byte(small))
	}
	for name, test := range map[string]struct {
		exif []byte
		want string
	}{
		"there":             {with(56, uint32(len(small))), small},
		"cut by the end":    {with(56, 1<<31), small},
		"beyond the end":    {with(1000, 10), ""},
		"no JPEG":           {with(57, 10), ""},
		"of no length":      {with(56, 0), ""},
		"no second":         {simple(order, short(order, 274, 1)), ""},
		"none":              {nil, ""},
		"in the first only": {append(simple(order, long(order, 513, 38), long(order, 514, 10)), small...), ""},
	} {
		if got := string(meta.Data{EXIF: test.exif}.Thumbnail()); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
