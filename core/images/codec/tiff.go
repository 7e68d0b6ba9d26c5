package codec

import "encoding/binary"

// tiffFile finds its way in a TIFF's directories (TIFF 6.0, section 2).
type tiffFile struct {
	*Source
	order binary.ByteOrder
	first int64 // place of the first directory
}

func openTIFF(s *Source) (t tiffFile, ok bool) {
	var b [8]byte
	if _, err := s.ReadAt(b[:], 0); err != nil {
		return t, false
	}
	t = tiffFile{Source: s, order: binary.LittleEndian}
	if b[0] == 'M' {
		t.order = binary.BigEndian
	}
	t.first = int64(t.order.Uint32(b[4:]))
	return t, true
}

const (
	tagSubfile     = 254
	tagCompression = 259
)

// entry is one value of a directory, the first of several.
func (t tiffFile) entry(directory int64, i int) (tag int, value uint32, ok bool) {
	var b [12]byte
	if _, err := t.ReadAt(b[:], directory+2+12*int64(i)); err != nil {
		return 0, 0, false
	}
	value = t.order.Uint32(b[8:])
	if short := t.order.Uint16(b[2:]) == 3; short {
		value = uint32(t.order.Uint16(b[8:]))
	}
	return int(t.order.Uint16(b[:])), value, true
}

// entries is how many values a directory has.
func (t tiffFile) entries(directory int64) int {
	var b [2]byte
	if _, err := t.ReadAt(b[:], directory); err != nil {
		return 0
	}
	return int(t.order.Uint16(b[:]))
}

// mostPages bounds the pages of a TIFF.
const mostPages = 10_000

// tiffPages counts the pictures, without the smaller copies that some cameras
// and scanners add. Their mark is the lowest tag there is, so it is first.
func tiffPages(s *Source) (pages int) {
	t, ok := openTIFF(s)
	seen := map[int64]bool{0: true} // the last one's next is 0
	for at := t.first; ok && !seen[at] && len(seen) <= mostPages; {
		seen[at] = true
		n := t.entries(at)
		tag, kind, there := t.entry(at, 0)
		if n == 0 || !there {
			break
		}
		if tag != tagSubfile || kind&1 == 0 {
			pages++
		}
		var next [4]byte
		_, err := s.ReadAt(next[:], at+2+12*int64(n))
		at, ok = int64(t.order.Uint32(next[:])), err == nil
	}
	return max(pages, 1)
}

// tiffCompression is how the first picture is compressed: 1 is not at all.
func tiffCompression(s *Source) uint32 {
	t, ok := openTIFF(s)
	if !ok {
		return 0
	}
	for i := range t.entries(t.first) {
		if tag, value, ok := t.entry(t.first, i); ok && tag == tagCompression {
			return value
		}
	}
	return 1
}
