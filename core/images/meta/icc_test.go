package meta_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf16"

	"manyhands/core/images/meta"
)

// multilingual is a profile whose name is a multiLocalizedUnicodeType.
func multilingual(name string) []byte {
	b := profile("RGB ", "", 0)[:144]
	b = append(b, "mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS"...)
	b = binary.BigEndian.AppendUint32(b, uint32(2*len(name)))
	b = binary.BigEndian.AppendUint32(b, 28)
	for _, unit := range utf16.Encode([]rune(name)) {
		b = binary.BigEndian.AppendUint16(b, unit)
	}
	binary.BigEndian.PutUint32(b[140:], uint32(len(b)-144))
	return b
}

func TestProfileIsTold(t *testing.T) {
	named := profile("RGB ", "sRGB IEC61966-2.1", 9)
	for name, test := range map[string]struct {
		icc       []byte
		rgb, srgb bool
	}{
		"none":              {nil, false, false},
		"sRGB":              {named, true, true},
		"sRGB, version 4":   {multilingual("sRGB v4 ICC preference"), true, true},
		"another":           {profile("RGB ", "Display P3", 9), true, false},
		"another, 4":        {multilingual("Display P3"), true, false},
		"sRGB but linear":   {profile("RGB ", "Linear sRGB", 9), true, false},
		"grey":              {profile("GRAY", "Dot Gain 20%, not sRGB", 9), false, false},
		"CMYK":              {profile("CMYK", "FOGRA39", 9), false, false},
		"header only":       {named[:128], true, false},
		"cut in the header": {named[:127], false, false},
		"cut in the tags":   {named[:140], true, false},
		"cut in the name":   {named[:158], true, false},
		"no signature":      {make([]byte, 500), false, false},
	} {
		if rgb, srgb := meta.RGB(test.icc), meta.SRGB(test.icc); rgb != test.rgb || srgb != test.srgb {
			t.Errorf("%s: RGB %v, sRGB %v", name, rgb, srgb)
		}
	}
}

// noise is a profile that does not compress.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(b)
	copy(b, profile("RGB ", "noise", 0))
	return b
}

func TestLargeProfileGoesIntoEveryFormat(t *testing.T) {
	for _, icc := range [][]byte{noise(65519), noise(65520), noise(300_001), make([]byte, 4<<20)} {
		for _, format := range formats {
			encoded := result(t, format)
			out, left := meta.Data{ICC: icc}.Embed(encoded, format)
			samePicture(t, encoded, out, format)
			if got := read(out, format).ICC; left != "" || !bytes.Equal(got, icc) {
				t.Errorf("%s: %q left, %d bytes of %d", format, left, len(got), len(icc))
			}
		}
	}
}

func TestProfileBeyondTheLimitIsNotRead(t *testing.T) {
	large := make([]byte, 4<<20+1)
	for _, format := range formats {
		out, left := meta.Data{ICC: large}.Embed(result(t, format), format)
		if got := read(out, format).ICC; left != "" || got != nil {
			t.Errorf("%s: %q left, %d bytes", format, left, len(got))
		}
	}
}

func TestProfileThatInflatesIsNotRead(t *testing.T) {
	bomb := iccpChunk(make([]byte, 8<<20))
	file := withChunks(result(t, "PNG"), slices.Repeat([][]byte{bomb}, 20)...)
	if got := read(file, "PNG").ICC; got != nil {
		t.Errorf("%d bytes", len(got))
	}
}

func TestPiecesMakeAProfileOnlyIfAllAreThere(t *testing.T) {
	piece := func(number, of byte) []byte { return iccSegment(number, of, []byte{'a' + number - 1}) }
	for name, test := range map[string]struct {
		segments [][]byte
		want     string
	}{
		"in order":           {[][]byte{piece(1, 3), piece(2, 3), piece(3, 3)}, "abc"},
		"out of order":       {[][]byte{piece(3, 3), piece(1, 3), piece(2, 3)}, "abc"},
		"between others":     {[][]byte{piece(1, 2), jpegSegment(0xe2, []byte("MPF\x00")), exifSegment(camera(orders["II"])), piece(2, 2)}, "ab"},
		"one missing":        {[][]byte{piece(1, 3), piece(3, 3)}, ""},
		"one twice":          {[][]byte{piece(1, 2), piece(1, 2)}, ""},
		"one too many":       {[][]byte{piece(1, 2), piece(2, 2), piece(2, 2)}, ""},
		"numbers disagree":   {[][]byte{piece(1, 2), piece(2, 3)}, ""},
		"number zero":        {[][]byte{piece(0, 1)}, ""},
		"more than there is": {[][]byte{piece(2, 1)}, ""},
		"empty":              {[][]byte{iccSegment(1, 1, nil)}, ""},
		"no number":          {[][]byte{jpegSegment(0xe2, []byte("ICC_PROFILE\x00\x01"))}, ""},
		"none":               {nil, ""},
	} {
		if got := string(read(withSegments(result(t, "JPEG"), test.segments...), "JPEG").ICC); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestBadProfileChunksAreNotRead(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "name only": "name", "no method": "name\x00", "another method": "name\x00\x01x", "no zlib": "name\x00\x00text", "cut": "name\x00\x00\x78\x9c",
	} {
		sound := iccpChunk(profile("RGB ", "a second one", 0))
		if got := read(withChunks(result(t, "PNG"), pngChunk("iCCP", []byte(content)), sound), "PNG").ICC; got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}
