package images

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

// The formats that are read. The first name is the format's own.
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

// sniffed is how much of a file's start is looked at.
const sniffed = 512

// sniff tells a picture's format from the start of its file. A format that is
// known but not read has its name in refused.
func sniff(head []byte) (format Format, refused string) {
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
func sniffWebP(head []byte) (format Format, refused string) {
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
		{"\x00\x00\x01\x00", "icon"},
	} {
		if bytes.HasPrefix(head, []byte(known.start)) {
			return known.name
		}
	}
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	switch string(head[8:12]) { // ISO/IEC 14496-12: the file's major brand
	case "avif", "avis":
		return "AVIF"
	case "heic", "heix", "hevc", "heim", "heis", "mif1", "msf1":
		return "HEIC"
	}
	return ""
}

// verdict says what a file is: a picture of a format, or why it is none, or
// that it claims to be none.
func verdict(name string, head []byte) (format Format, wrong string, skip bool) {
	ext := strings.ToLower(path.Ext(name))
	format, refused := sniff(head)
	switch {
	case format == TIFF && slices.Contains(rawPictures, ext):
		return "", fmt.Sprintf("raw camera files (%s) are not supported yet: develop them to JPEG or TIFF first", ext), false
	case format != "":
		return format, "", false
	case refused != "":
		return "", refused + " pictures are not supported yet: convert it to JPEG or PNG first", false
	case !isPictureName(ext):
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

func isPictureName(ext string) bool {
	return formatNamed(ext) != "" || slices.Contains(otherPictures, ext) || slices.Contains(rawPictures, ext)
}

// formatNamed is the format that an extension stands for, "" if none.
func formatNamed(ext string) Format {
	for format, exts := range extensions {
		if slices.Contains(exts, strings.ToLower(ext)) {
			return format
		}
	}
	return ""
}

// target is the format of the result, and why it is not the one asked for.
func target(asked string, source Format) (format Format, note string) {
	switch {
	case asked == "jpeg":
		return JPEG, ""
	case asked == "png":
		return PNG, ""
	case source == WebP:
		return PNG, "WebP kept as PNG"
	}
	return source, ""
}

// saveName is the name of a result: the source's, with an extension that is
// right for the format.
func saveName(name string, format Format) string {
	ext := path.Ext(name)
	switch formatNamed(ext) {
	case format:
		return name
	case "":
		return name + extensions[format][0]
	}
	return strings.TrimSuffix(name, ext) + extensions[format][0]
}
