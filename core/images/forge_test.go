package images_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// oneWebP is a WebP picture of one pixel.
func oneWebP(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exif is EXIF data that has only an orientation.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("II")
	if order.String() == "BigEndian" {
		b = []byte("MM")
	}
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, 274)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0)
}

func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// bomb is a PNG that claims to be huge.
func bomb(width, height uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, width)
	b = binary.BigEndian.AppendUint32(b, height)
	b = append(b, 8, 2, 0, 0, 0)
	return append(append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", b)...), chunk("IDAT", nil)...)
}

// tiffFile is an uncompressed TIFF with some of its tags chosen.
func tiffFile(width, height uint32, change map[uint16]uint32, pixels []byte) []byte {
	tags := []struct {
		id    uint16
		value uint32
	}{
		{256, width}, {257, height}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {274, 1}, {277, 1}, {278, height}, {279, uint32(len(pixels))},
	}
	b := []byte("II*\x00")
	b = binary.LittleEndian.AppendUint32(b, 8+uint32(len(pixels)))
	b = append(b, pixels...)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(tags)))
	for _, tag := range tags {
		if value, ok := change[tag.id]; ok {
			tag.value = value
		}
		b = binary.LittleEndian.AppendUint16(b, tag.id)
		b = binary.LittleEndian.AppendUint16(b, 4) // a long
		b = binary.LittleEndian.AppendUint32(b, 1)
		b = binary.LittleEndian.AppendUint32(b, tag.value)
	}
	return append(b, 0, 0, 0, 0)
}

// webpWith is a WebP file with the extended header and EXIF data.
func webpWith(flags byte, exif []byte, picture []byte) []byte {
	riff := func(kind string, data []byte) []byte {
		b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data)))
		return append(append(b, data...), make([]byte, len(data)%2)...)
	}
	body := append([]byte("WEBP"), riff("VP8X", append([]byte{flags}, make([]byte, 9)...))...)
	body = append(body, picture[12:]...)
	return riff("RIFF", append(body, riff("EXIF", exif)...))
}

// lossless turns a JPEG's frame header into that of a lossless one.
func lossless(file []byte) []byte {
	return bytes.Replace(file, []byte{0xff, 0xc0, 0, 17}, []byte{0xff, 0xc3, 0, 17}, 1)
}
