// Package meta carries what a picture's file has besides its pixels over to the
// file of a result: EXIF data and a colour profile, nothing else. XMP and IPTC
// are never carried, because they may repeat the position.
//
//	source ── Read ──▶ Data{EXIF, ICC} ── For ──▶ Data ── Embed ──▶ result
//	                        │            upright, of the new size,
//	       Orientation, Taken            without thumbnail and position
//
// EXIF data stays the block of bytes that the camera wrote, and is changed in
// place: maker notes refer to offsets in it. Only TIFF, whose first directory
// mixes it with the layout of the pixels, needs it taken apart (tree.go).
package meta

import (
	"io"
	"strings"
)

// Limits on what is read: real data stays far below them.
const (
	mostEXIF        = 1 << 20
	mostICC         = 4 << 20
	mostChunks      = 100_000 // of a file
	mostDirectories = 8       // of EXIF data: it knows five
)

// Data is what a picture's file carries besides its pixels. Its bytes are not
// to be changed.
type Data struct {
	EXIF []byte // a TIFF structure (CIPA DC-008, 4.5) without any prefix; nil: none
	ICC  []byte // a colour profile (ICC.1), decompressed and joined; nil: none
	// Frame is the start-of-frame marker of a JPEG (ITU-T T.81, table B.1), met
	// on the way; 0 if there was none before the scan. Embed has no use for it.
	Frame byte
}

// Read finds the data in a file of a format: "JPEG", "PNG", "WebP" or "TIFF";
// others have none. What cannot be read counts as not there: bad metadata is
// no reason to refuse a picture.
func Read(r io.ReaderAt, size int64, format string) Data {
	switch format {
	case "JPEG":
		return readJPEG(r, size)
	case "PNG":
		return readPNG(r, size)
	case "WebP":
		return readWebP(r, size)
	case "TIFF":
		return readTIFF(r, size)
	}
	return Data{}
}

var embedders = map[string]func(encoded []byte, d Data) ([]byte, bool){
	"JPEG": embedJPEG, "PNG": embedPNG, "WebP": embedWebP, "TIFF": embedTIFF,
}

// Embed puts the data into a picture as it comes from an encoder, with none of
// its own, and names in words what had to be left out: "EXIF", "colour
// profile", both, or "" for nothing. encoded itself is not changed.
func (d Data) Embed(encoded []byte, format string) (out []byte, left string) {
	fits := d.fitting(format)
	if embed := embedders[format]; embed != nil && len(fits.EXIF)+len(fits.ICC) > 0 {
		if out, ok := embed(encoded, fits); ok {
			return out, d.without(fits)
		}
	}
	return encoded, d.without(Data{})
}

// fitting is the part of the data that is what it should be, and not too large
// for a format.
func (d Data) fitting(format string) Data {
	_, _, ok := parse(d.EXIF)
	if !ok || format == "JPEG" && len(d.EXIF) > mostSegment-len(exifPrefix) {
		d.EXIF = nil
	}
	if format == "JPEG" && len(d.ICC) > 255*mostSegmentICC {
		d.ICC = nil
	}
	return d
}

// without names what d has and other has not.
func (d Data) without(other Data) string {
	var names []string
	if len(d.EXIF) > 0 && len(other.EXIF) == 0 {
		names = append(names, "EXIF")
	}
	if len(d.ICC) > 0 && len(other.ICC) == 0 {
		names = append(names, "colour profile")
	}
	return strings.Join(names, " and ")
}

// readAt reads all of p, or says that it could not.
func readAt(r io.ReaderAt, p []byte, at int64) bool {
	n, _ := r.ReadAt(p, at) // at the end of a file all of p may come with io.EOF
	return n == len(p)
}

// part reads length bytes of a file. It is nil if they are more than most, or
// beyond the end.
func part(r io.ReaderAt, size, at, length, most int64) []byte {
	if at < 0 || length <= 0 || length > min(most, size-at) {
		return nil
	}
	b := make([]byte, length)
	if !readAt(r, b, at) {
		return nil
	}
	return b
}
