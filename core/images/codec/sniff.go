package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
)

// Format is a kind of picture file.
type Format string

// The formats that are read and written.
const (
	JPEG Format = "JPEG"
	PNG  Format = "PNG"
	GIF  Format = "GIF"
	BMP  Format = "BMP"
	TIFF Format = "TIFF"
	WebP Format = "WebP"
)

// extensions lists the file name extensions of a format, the usual one first.
var extensions = map[Format][]string{
	JPEG: {".jpg", ".jpeg", ".jpe", ".jfif"},
	PNG:  {".png"},
	GIF:  {".gif"},
	BMP:  {".bmp", ".dib"},
	TIFF: {".tif", ".tiff"},
	WebP: {".webp"},
}

// otherPictures are extensions of pictures that are not read.
var otherPictures = []string{".heic", ".heif", ".avif", ".jxl", ".jp2", ".psd", ".ico"}

// rawPictures are extensions of camera files that are TIFF inside.
var rawPictures = []string{".cr2", ".nef", ".arw", ".dng", ".pef", ".srw"}

// Extensions are those that files of the format have, in lower case with the
// dot, the usual one first.
func (f Format) Extensions() []string { return slices.Clone(extensions[f]) }

// Named is the format that an extension stands for, "" if none.
func Named(ext string) Format {
	for format, exts := range extensions {
		if slices.Contains(exts, strings.ToLower(ext)) {
			return format
		}
	}
	return ""
}

// Sniffed is how much of a file's start Sniff looks at.
const Sniffed = 512

// Sniff tells a picture's format from the start of its file. A format that is
// known but not read has its name in refused.
func Sniff(head []byte) (f Format, refused string) {
	starts := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	switch {
	case starts("\xff\xd8\xff"):
		return JPEG, ""
	case starts("\x89PNG\r\n\x1a\n"):
		return PNG, ""
	case starts("GIF87a"), starts("GIF89a"):
		return GIF, ""
	case starts("II*\x00"), starts("MM\x00*"):
		return TIFF, ""
	case isBMP(head):
		return BMP, ""
	case starts("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return sniffWebP(head)
	}
	return "", sniffRefused(head)
}

// isBMP looks also at the size of the second header, because two letters say
// little (Microsoft, "Bitmap Header Types").
func isBMP(head []byte) bool {
	return len(head) >= 18 && string(head[:2]) == "BM" &&
		slices.Contains([]uint32{12, 16, 40, 52, 56, 64, 108, 124}, binary.LittleEndian.Uint32(head[14:]))
}

// sniffWebP looks for the animation flag of the extended header (RFC 9649,
// section 2.7).
func sniffWebP(head []byte) (f Format, refused string) {
	if len(head) > 20 && string(head[12:16]) == "VP8X" && head[20]&2 != 0 {
		return "", "animated WebP"
	}
	return WebP, ""
}

func sniffRefused(head []byte) string {
	for _, known := range []struct{ start, name string }{
		{"II+\x00", "BigTIFF"},
		{"MM\x00+", "BigTIFF"},
		{"8BPS", "Photoshop"},
		{"\xff\x0a", "JPEG XL"},
		{"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"},
		{"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"},
		{"\xff\x4f\xff\x51", "JPEG 2000"},
		{"\x00\x00\x01\x00", "icon"},
	} {
		if bytes.HasPrefix(head, []byte(known.start)) {
			return known.name
		}
	}
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	brands := head[8:max(12, min(int64(len(head)), int64(binary.BigEndian.Uint32(head))))]
	switch string(brands[:4]) { // ISO/IEC 14496-12, 4.3: the file's major brand, and those it is compatible with
	case "avif", "avis":
		return "AVIF"
	case "mif1", "msf1":
		if bytes.Contains(brands, []byte("avif")) {
			return "AVIF"
		}
		return "HEIC"
	case "heic", "heix", "hevc", "hevx", "heim", "heis":
		return "HEIC"
	}
	return ""
}

// Verdict says what a file is, from its name and the start of its content: a
// picture of a format, or what is wrong with it. One that does not claim to be
// a picture can be skipped.
func Verdict(name string, head []byte) (f Format, wrong string, skip bool) {
	ext := strings.ToLower(path.Ext(name))
	f, refused := Sniff(head)
	switch {
	case f == TIFF && slices.Contains(rawPictures, ext):
		return "", fmt.Sprintf("raw camera files (%s) are not supported yet: develop them to JPEG or TIFF first", ext), false
	case f != "":
		return f, "", false
	case refused != "":
		return "", refused + " pictures are not supported yet: convert it to JPEG or PNG first", false
	case !PictureName(name):
		return "", "not a picture", true
	case len(head) == 0:
		return "", "empty file: copy it again from where it came from", false
	}
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if kind == "application/octet-stream" {
		kind = "no picture, or a damaged one"
	}
	return "", fmt.Sprintf("named %s but is %s", ext, kind), false
}

// PictureName reports whether a file's name claims that it is a picture, also
// one of a kind that is not read.
func PictureName(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return Named(ext) != "" || slices.Contains(otherPictures, ext) || slices.Contains(rawPictures, ext)
}
