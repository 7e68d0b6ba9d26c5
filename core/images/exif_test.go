package images_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"manyhands/core/images"
)

func TestOrientationOfEveryContainer(t *testing.T) {
	picture := quarters(8, 8)
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, want := range []int{1, 3, 6, 8} {
			tag := exif(order, uint16(want))
			prefixed := append([]byte("Exif\x00\x00"), tag...)
			jpg := as(t, "jpg", picture)
			for name, test := range map[string]struct {
				format  images.Format
				content []byte
			}{
				"JPEG":                {images.JPEG, withAPP1(jpg, tag)},
				"JPEG after another":  {images.JPEG, withAPP1(withAPP1(jpg, tag), []byte("no EXIF data"))},
				"PNG":                 {images.PNG, withChunk(as(t, "png", picture), "eXIf", tag)},
				"WebP":                {images.WebP, webpWith(8, tag, oneWebP(t))},
				"WebP, JPEG's prefix": {images.WebP, webpWith(8, prefixed, oneWebP(t))},
				"TIFF":                {images.TIFF, tiffFile(2, 2, map[uint16]uint32{274: uint32(want)}, make([]byte, 4))},
			} {
				if got := images.OrientationOf(test.content, test.format); got != want {
					t.Errorf("%s: %d, want %d", name, got, want)
				}
			}
		}
	}
}

func TestOrientationsThatMeanNothing(t *testing.T) {
	jpg := as(t, "jpg", quarters(8, 8))
	for name, content := range map[string][]byte{
		"none":       jpg,
		"zero":       withAPP1(jpg, exif(binary.LittleEndian, 0)),
		"nine":       withAPP1(jpg, exif(binary.LittleEndian, 9)),
		"cut":        withAPP1(jpg, exif(binary.LittleEndian, 6)[:15]),
		"far away":   withAPP1(jpg, []byte("II*\x00\xff\xff\xff\xff")),
		"not TIFF":   withAPP1(jpg, bytes.Repeat([]byte{7}, 30)),
		"empty":      nil,
		"start only": jpg[:2],
	} {
		if got := images.OrientationOf(content, images.JPEG); got != 1 {
			t.Errorf("%s: %d, want 1", name, got)
		}
	}
}

func FuzzOrientation(f *testing.F) {
	tag := exif(binary.BigEndian, 6)
	f.Add(withAPP1(as(f, "jpg", quarters(8, 8)), tag), "JPEG")
	f.Add(withChunk(as(f, "png", quarters(8, 8)), "eXIf", tag), "PNG")
	f.Add(webpWith(8, tag, oneWebP(f)), "WebP")
	f.Add(tiffFile(2, 2, nil, make([]byte, 4)), "TIFF")
	f.Fuzz(func(t *testing.T, content []byte, format string) {
		if got := images.OrientationOf(content, images.Format(format)); got < 1 || got > 8 {
			t.Errorf("orientation %d", got)
		}
	})
}
