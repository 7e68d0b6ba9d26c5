package meta

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
)

// RGB reports whether a colour profile is one for RGB pictures (ICC.1:2022,
// 7.2).
func RGB(icc []byte) bool {
	return len(icc) >= 128 && string(icc[16:20]) == "RGB " && string(icc[36:40]) == "acsp"
}

// SRGB reports whether a profile's description says that it is sRGB, with
// sRGB's curve.
func SRGB(icc []byte) bool {
	text := strings.ToLower(profileName(icc))
	return RGB(icc) && strings.Contains(text, "srgb") && !strings.Contains(text, "linear")
}

// profileName is the text of the profileDescriptionTag (ICC.1:2022, 7.3 and
// 9.2), "" if there is none.
func profileName(icc []byte) string {
	const table = 128
	if len(icc) < table+4 {
		return ""
	}
	tags := icc[table+4:]
	n := min(int64(binary.BigEndian.Uint32(icc[table:])), int64(len(tags)/12))
	for tag := range slices.Chunk(tags[:12*n], 12) {
		if string(tag[:4]) == "desc" {
			return iccText(cut(icc, binary.BigEndian.Uint32(tag[4:]), binary.BigEndian.Uint32(tag[8:])))
		}
	}
	return ""
}

// iccText is the ASCII text of a textDescriptionType (ICC.1:2001, 6.5.17), or
// the first of a multiLocalizedUnicodeType (ICC.1:2022, 10), which is UTF-16.
func iccText(b []byte) string {
	switch {
	case len(b) > 12 && string(b[:4]) == "desc":
		return string(cut(b, 12, binary.BigEndian.Uint32(b[8:])))
	case len(b) > 28 && string(b[:4]) == "mluc":
		var units []uint16
		for pair := range slices.Chunk(cut(b, binary.BigEndian.Uint32(b[24:]), binary.BigEndian.Uint32(b[20:])), 2) {
			units = append(units, uint16(pair[0])<<8|uint16(pair[len(pair)-1]))
		}
		return string(utf16.Decode(units))
	}
	return ""
}

// cut is a stretch of bytes, as far as there are any.
func cut(b []byte, from, length uint32) []byte {
	b = b[min(int64(from), int64(len(b))):]
	return b[:min(int64(length), int64(len(b)))]
}
