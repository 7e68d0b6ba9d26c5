package meta

import (
	"bytes"
	"encoding/binary"
	"io"

	"golang.org/x/image/webp"
)

// The flags of the extended header (RFC 9649, 2.7).
const (
	webpICC  = 0x20
	webpEXIF = 0x08
)

func readWebP(r io.ReaderAt, size int64) Data {
	var d Data
	for c := range webpChunks(r, size) {
		switch {
		case c.kind == "EXIF" && d.EXIF == nil:
			d.EXIF = exifIn(c.content(r, size, mostEXIF))
		case c.kind == "ICCP" && d.ICC == nil:
			d.ICC = c.content(r, size, mostICC)
		}
	}
	return d
}

// embedWebP makes the file one with the extended header: that, the profile,
// the picture as it is, the EXIF data (RFC 9649, 2.7).
func embedWebP(encoded []byte, d Data) ([]byte, bool) {
	header, rest, ok := extended(encoded)
	if !ok {
		return nil, false
	}
	out := append(make([]byte, 0, len(encoded)+len(d.EXIF)+len(d.ICC)+64), encoded[:12]...)
	out = appendRIFF(out, "VP8X", header)
	if len(d.ICC) > 0 {
		out[20] |= webpICC
		out = appendRIFF(out, "ICCP", d.ICC)
	}
	out = append(out, rest...)
	if len(d.EXIF) > 0 {
		out[20] |= webpEXIF
		out = appendRIFF(out, "EXIF", d.EXIF)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, true
}

// extended is the content of a file's extended header, made up if it has none,
// and the chunks that follow it.
func extended(encoded []byte) (header, rest []byte, ok bool) {
	config, err := webp.DecodeConfig(bytes.NewReader(encoded))
	if err != nil {
		return nil, nil, false
	}
	end := 8 + int64(binary.LittleEndian.Uint32(encoded[4:]))
	if end > int64(len(encoded)) || end%2 != 0 {
		return nil, nil, false
	}
	header = binary.LittleEndian.AppendUint32(header, 0)
	header = binary.LittleEndian.AppendUint32(header, uint32(config.Width-1))
	header = binary.LittleEndian.AppendUint32(header[:7], uint32(config.Height-1))[:10]
	switch string(encoded[12:16]) {
	case "VP8X":
		return encoded[20:30], encoded[30:end], true
	case "VP8L": // its header is a byte, two sizes of 14 bits, and one for alpha (RFC 9649, 3.4)
		header[0] |= encoded[24] & 0x10
		return header, encoded[12:end], true
	case "VP8 ":
		return header, encoded[12:end], true
	}
	return nil, nil, false
}

func appendRIFF(out []byte, kind string, content []byte) []byte {
	out = binary.LittleEndian.AppendUint32(append(out, kind...), uint32(len(content)))
	return append(append(out, content...), make([]byte, len(content)%2)...)
}
