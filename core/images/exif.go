package images

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Orientation is how a picture has to be turned to stand upright: 1 to 8, as
// EXIF's tag 274 has it (CIPA DC-008, 4.6.5). Whatever cannot be read counts
// as 1, upright: a wrong tag is no reason to refuse a picture.

const tagOrientation = 274

// mostChunks bounds the walk through a file's chunks.
const mostChunks = 100_000

// orientation finds the tag in a file: JPEG's APP1 segment, PNG's eXIf chunk,
// WebP's EXIF chunk, TIFF's own first directory.
func orientation(r io.ReaderAt, size int64, format Format) int {
	switch format {
	case JPEG:
		return jpegSegments(r, size).orientation
	case PNG:
		return pngOrientation(r, size)
	case WebP:
		return webpOrientation(r, size)
	case TIFF:
		return tiffOrientation(io.NewSectionReader(r, 0, size))
	}
	return 1
}

// segments is what the markers before a JPEG's scan say.
type segments struct {
	orientation int
	frame       byte // the start-of-frame marker, 0 if none was met
}

// jpegSegments walks the marker segments (ITU-T T.81, B.1.1) up to the scan.
func jpegSegments(r io.ReaderAt, size int64) segments {
	found := segments{orientation: 1}
	var b [10]byte
	for at, n := int64(2), 0; n < mostChunks && at+4 <= size; n++ {
		if _, err := r.ReadAt(b[:4], at); err != nil || b[0] != 0xff {
			break
		}
		marker, length := b[1], int64(binary.BigEndian.Uint16(b[2:]))
		switch {
		case marker == 0xff: // fill
			at++
			continue
		case marker == 0xda, marker == 0xd9, length < 2:
			return found
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			found.frame = marker
		case marker == 0xe1 && length > 8 && found.orientation == 1:
			if _, err := r.ReadAt(b[:6], at+4); err == nil && string(b[:6]) == "Exif\x00\x00" {
				found.orientation = tiffOrientation(io.NewSectionReader(r, at+10, length-8))
			}
		}
		at += 2 + length
	}
	return found
}

// pngOrientation walks the chunks (PNG, 5.3), which may have eXIf at the end.
func pngOrientation(r io.ReaderAt, size int64) int {
	var b [8]byte
	for at, n := int64(8), 0; n < mostChunks && at+8 <= size; n++ {
		if _, err := r.ReadAt(b[:], at); err != nil {
			break
		}
		length := int64(binary.BigEndian.Uint32(b[:]))
		if string(b[4:]) == "eXIf" {
			return tiffOrientation(io.NewSectionReader(r, at+8, length))
		}
		at += 12 + length
	}
	return 1
}

// webpOrientation walks the RIFF chunks (RFC 9649, 2.3). Some writers put
// JPEG's prefix before the EXIF data.
func webpOrientation(r io.ReaderAt, size int64) int {
	var b [8]byte
	for at, n := int64(12), 0; n < mostChunks && at+8 <= size; n++ {
		if _, err := r.ReadAt(b[:], at); err != nil {
			break
		}
		length := int64(binary.LittleEndian.Uint32(b[4:]))
		if string(b[:4]) == "EXIF" {
			skip := int64(0)
			if _, err := r.ReadAt(b[:6], at+8); err == nil && bytes.HasPrefix(b[:], []byte("Exif\x00\x00")) {
				skip = 6
			}
			return tiffOrientation(io.NewSectionReader(r, at+8+skip, length-skip))
		}
		at += 8 + length + length&1
	}
	return 1
}

// tiffOrientation reads the first directory (TIFF 6.0, section 2).
func tiffOrientation(r *io.SectionReader) int {
	var b [12]byte
	if _, err := r.ReadAt(b[:8], 0); err != nil {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(b[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if _, err := r.ReadAt(b[:2], at); err != nil {
		return 1
	}
	for n := int64(order.Uint16(b[:])); n > 0; n-- {
		if _, err := r.ReadAt(b[:], at+2+12*(n-1)); err != nil {
			continue // a directory longer than the file
		}
		if order.Uint16(b[:]) != tagOrientation {
			continue
		}
		if value := int(order.Uint16(b[8:])); value >= 1 && value <= 8 {
			return value
		}
	}
	return 1
}
