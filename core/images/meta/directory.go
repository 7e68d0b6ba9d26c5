package meta

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
)

// The tags that this package knows (TIFF 6.0, section 8; CIPA DC-008, 4.6).
const (
	tagWidth           = 256
	tagHeight          = 257
	tagStripOffsets    = 273
	tagOrientation     = 274
	tagStripByteCounts = 279
	tagDateTime        = 306
	tagThumbnail       = 513
	tagThumbnailLength = 514
	tagXMP             = 700
	tagIPTC            = 33723
	tagPhotoshop       = 34377
	tagICC             = 34675

	tagEXIF                = 0x8769
	tagGPS                 = 0x8825
	tagDateTimeOriginal    = 0x9003
	tagDateTimeDigitized   = 0x9004
	tagOffsetTime          = 0x9010
	tagOffsetTimeOriginal  = 0x9011
	tagOffsetTimeDigitized = 0x9012
	tagPixelXDimension     = 0xa002
	tagPixelYDimension     = 0xa003
	tagInterop             = 0xa005
)

// pointers are the tags whose value is where another directory is.
var pointers = []uint16{tagEXIF, tagGPS, tagInterop}

// The types of values (TIFF 6.0, section 2) that are also written.
const (
	kindShort     = 3
	kindLong      = 4
	kindUndefined = 7
)

// widths are the bytes that a value of a type takes; 13 is a directory's
// offset (TIFF Technical Note 1).
var widths = [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// structure is a header and the directories that hang on it (TIFF 6.0, section
// 2): a TIFF file, or EXIF data.
type structure struct {
	r     io.ReaderAt
	size  int64
	order byteOrder
}

// directory is a list of entries, each tag once.
type directory struct {
	at, end int64 // next is beyond the end: some writers leave it out
	entries []entry
	next    uint32 // where the following directory is, 0 if there is none
}

type entry struct {
	tag, kind uint16
	count     uint32
	value     [4]byte // or where it is, in the structure's byte order
}

// openStructure also reads the first directory.
func openStructure(r io.ReaderAt, size int64) (s structure, first directory, ok bool) {
	var b [8]byte
	if !readAt(r, b[:], 0) {
		return s, first, false
	}
	s = structure{r, size, binary.LittleEndian}
	switch string(b[:4]) {
	case "II*\x00":
	case "MM\x00*":
		s.order = binary.BigEndian
	default:
		return s, first, false
	}
	first, ok = s.directory(s.order.Uint32(b[4:]))
	return s, first, ok
}

// parse is openStructure for what is in memory.
func parse(b []byte) (structure, directory, bool) {
	return openStructure(bytes.NewReader(b), int64(len(b)))
}

// directory reads one, as far as the file goes. Of entries with the same tag
// the first counts.
func (s structure) directory(offset uint32) (directory, bool) {
	var b [4]byte
	at := int64(offset)
	if at < 8 || !readAt(s.r, b[:2], at) {
		return directory{}, false
	}
	n := min(int64(s.order.Uint16(b[:])), (s.size-at-2)/12)
	d := directory{at: at, end: at + 2 + 12*n}
	raw := make([]byte, 12*n)
	if !readAt(s.r, raw, at+2) {
		return directory{}, false
	}
	met := map[uint16]bool{}
	for e := range slices.Chunk(raw, 12) {
		if tag := s.order.Uint16(e); !met[tag] {
			met[tag] = true
			d.entries = append(d.entries, entry{tag, s.order.Uint16(e[2:]), s.order.Uint32(e[4:]), [4]byte(e[8:])})
		}
	}
	if readAt(s.r, b[:], d.end) {
		d.next = s.order.Uint32(b[:])
	}
	return d, true
}

// find is a directory's entry of a tag.
func (d directory) find(tag uint16) (entry, bool) {
	i := slices.IndexFunc(d.entries, func(e entry) bool { return e.tag == tag })
	if i < 0 {
		return entry{}, false
	}
	return d.entries[i], true
}

// sub is the directory that an entry points to.
func (s structure) sub(d directory, tag uint16) (directory, bool) {
	offset, ok := s.number(d, tag)
	if !ok {
		return directory{}, false
	}
	return s.directory(offset)
}

// number is the value of an entry that has one number.
func (s structure) number(d directory, tag uint16) (uint32, bool) {
	e, ok := d.find(tag)
	if !ok || e.count != 1 {
		return 0, false
	}
	numbers := s.numbers(e)
	if len(numbers) == 0 {
		return 0, false
	}
	return numbers[0], true
}

// numbers are the values of an entry that has whole numbers.
func (s structure) numbers(e entry) (values []uint32) {
	switch b := s.value(e, mostEXIF); e.kind {
	case kindShort:
		for v := range slices.Chunk(b, 2) {
			values = append(values, uint32(s.order.Uint16(v)))
		}
	case kindLong, 13:
		for v := range slices.Chunk(b, 4) {
			values = append(values, s.order.Uint32(v))
		}
	}
	return values
}

// value is an entry's value as it is stored, nil if it is longer than most.
func (s structure) value(e entry, most int64) []byte {
	if n := e.length(); n <= 4 {
		return e.value[:n]
	}
	from, to := s.outside(e)
	return part(s.r, s.size, from, to-from, most)
}

// length is how many bytes an entry's value takes, 0 if its type is unknown.
func (e entry) length() int64 {
	if int(e.kind) >= len(widths) {
		return 0
	}
	return widths[e.kind] * int64(e.count)
}

// outside is where the value lies of an entry that does not hold it itself:
// the same place twice if there is none, or it goes beyond the end.
func (s structure) outside(e entry) (from, to int64) {
	from = int64(s.order.Uint32(e.value[:]))
	to = from + e.length()
	if to-from <= 4 || to > s.size {
		return 0, 0
	}
	return from, to
}

func (e entry) bytes(order byteOrder) []byte {
	b := order.AppendUint16(nil, e.tag)
	b = order.AppendUint16(b, e.kind)
	b = order.AppendUint32(b, e.count)
	return append(b, e.value[:]...)
}
