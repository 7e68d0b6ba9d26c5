package safefile

import (
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostName is how long a name may be, in bytes: the limit of ext4, APFS, XFS
// and Btrfs; NTFS counts 255 UTF-16 units, which are never more.
const mostName = 255

// Name makes a text, one that came from elsewhere, into a file name that is
// good on every system: no path separators, control characters, direction
// marks or <>:"|?*, valid UTF-8, no dot or space at the end, none of the names
// that Windows keeps for devices (also with an extension), not empty, at most
// 255 bytes with the extension kept. A good name stays as it is.
func Name(s string) string {
	s = trimEnd(strings.Map(safeRune, strings.ToValidUTF8(s, "_")))
	if s == "" {
		return "_"
	}
	if isDevice(s) || isTemporary(s) {
		s = "_" + s
	}
	return trimEnd(shorten(s, ""))
}

// Numbered is a name with a number before its extension, "photo-2.jpg", for
// when the name itself is taken. The first is the name itself.
func Numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	dir, base := path.Split(name)
	return dir + shorten(base, number(n))
}

func number(n int) string {
	if n == 1 {
		return ""
	}
	return "-" + strconv.Itoa(n)
}

func safeRune(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune(`<>:"/\|?*`, r) {
		return '_'
	}
	return r
}

func trimEnd(s string) string { return strings.TrimRight(s, ". ") }

var devices = map[string]bool{"CON": true, "PRN": true, "AUX": true, "NUL": true, "CONIN$": true, "CONOUT$": true}

// isDevice tells the names that open a device on Windows ("Naming Files,
// Paths, and Namespaces"), whatever follows their first dot.
func isDevice(s string) bool {
	stem, _, _ := strings.Cut(s, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	if devices[stem] {
		return true
	}
	port, ok := strings.CutPrefix(stem, "COM")
	if !ok {
		port, ok = strings.CutPrefix(stem, "LPT")
	}
	return ok && utf8.RuneCountInString(port) == 1 && strings.Contains("0123456789¹²³", port)
}

// shorten adds a text to the stem of a name, and cuts the stem so that the
// whole is not too long.
func shorten(base, add string) string { return cut(base, add, mostName) }

func cut(base, add string, most int) string {
	ext := path.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	if stem == "" || len(ext) > most/4 { // ".profile", or no extension at all
		stem, ext = base, ""
	}
	if over := len(stem) + len(add) + len(ext) - most; over > 0 {
		end := len(stem) - over
		for end > 0 && !utf8.RuneStart(stem[end]) {
			end--
		}
		stem = stem[:end]
	}
	return stem + add + ext
}
