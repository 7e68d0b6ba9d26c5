package meta_test

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
)

// The files in the tests are put together here, by hand and not by what is
// tested.

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

var orders = map[string]byteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian}

// Bytes that must not be found where the position, the small picture and XMP
// are left out.
const (
	latitude  = "latitude, three rations."
	longitude = "longitud, three rations."
	small     = "\xff\xd8\xffthe small picture"
	xmp       = "<x:xmpmeta with the position>"
	makerNote = "maker note, whose bytes mean nothing to others"
)

// tag is an entry of a directory.
type tag struct {
	id, kind uint16
	count    uint32
	data     []byte
}

func ascii(id uint16, text string) tag {
	return tag{id, 2, uint32(len(text) + 1), append([]byte(text), 0)}
}

func opaque(id uint16, content string) tag {
	return tag{id, 7, uint32(len(content)), []byte(content)}
}

func short(order byteOrder, id, value uint16) tag {
	return tag{id, 3, 1, order.AppendUint16(nil, value)}
}

func long(order byteOrder, id uint16, value uint32) tag {
	return tag{id, 4, 1, order.AppendUint32(nil, value)}
}

func rational(order byteOrder, id uint16, a, b uint32) tag {
	return tag{id, 5, 1, order.AppendUint32(order.AppendUint32(nil, a), b)}
}

// ifd is a directory that is to stand at an offset, and then its values.
func ifd(order byteOrder, at int, next uint32, tags ...tag) []byte {
	slices.SortStableFunc(tags, func(a, b tag) int { return cmp.Compare(a.id, b.id) })
	b := order.AppendUint16(nil, uint16(len(tags)))
	var values []byte
	for _, t := range tags {
		b = order.AppendUint16(order.AppendUint16(b, t.id), t.kind)
		b = order.AppendUint32(b, t.count)
		if len(t.data) <= 4 {
			b = append(append(b, t.data...), make([]byte, 4-len(t.data))...)
			continue
		}
		b = order.AppendUint32(b, uint32(at+2+12*len(tags)+4+len(values)))
		values = append(append(values, t.data...), make([]byte, len(t.data)%2)...)
	}
	return append(order.AppendUint32(b, next), values...)
}

// head is the start of a structure.
func head(order byteOrder, first uint32) []byte {
	b := []byte("II")
	if order.String() == "BigEndian" {
		b = []byte("MM")
	}
	return order.AppendUint32(order.AppendUint16(b, 42), first)
}

// camera is EXIF data as a camera writes it, of a picture of 4000x3000 pixels.
func camera(order byteOrder) []byte {
	return cameraAfter(order, nil, nil)
}

// cameraAfter puts bytes between the header and the directories, and more tags
// into the first one.
func cameraAfter(order byteOrder, before []byte, more []tag) []byte {
	b := append(head(order, uint32(8+len(before))), before...)
	first := func(exif, gps, next int) []byte {
		return ifd(order, 8+len(before), uint32(next), append([]tag{
			ascii(270, "a picture of a lake"), ascii(271, "Maker"), ascii(272, "Mk1"), short(order, 274, 6),
			rational(order, 282, 300, 1), rational(order, 283, 300, 1), short(order, 296, 2),
			ascii(306, "2026:03:01 10:00:00"), long(order, 0x8769, uint32(exif)), long(order, 0x8825, uint32(gps)),
		}, more...)...)
	}
	exif := len(b) + len(first(0, 0, 0))
	taken := func(interop int) []byte {
		return ifd(order, exif, 0, rational(order, 0x829a, 1, 250), ascii(0x9003, "2026:02:03 04:05:06"), ascii(0x9011, "+02:00"),
			opaque(0x927c, makerNote), short(order, 0xa002, 4000), long(order, 0xa003, 3000), long(order, 0xa005, uint32(interop)))
	}
	interop := exif + len(taken(0))
	R98 := ifd(order, interop, 0, ascii(1, "R98"))
	gps := interop + len(R98)
	position := ifd(order, gps, 0, ascii(1, "N"), tag{2, 5, 3, []byte(latitude)}, ascii(3, "E"), tag{4, 5, 3, []byte(longitude)})
	second := gps + len(position)
	thumb := func(at int) []byte {
		return ifd(order, second, 0, short(order, 259, 6), long(order, 513, uint32(at)), long(order, 514, uint32(len(small))))
	}
	return slices.Concat(b, first(exif, gps, second), taken(interop), R98, position, thumb(second+len(thumb(0))), []byte(small))
}

// cameraTags are the data's tags as tagsOf tells them.
func cameraTags() map[string]string {
	return map[string]string{
		"0/10e": "a picture of a lake", "0/10f": "Maker", "0/110": "Mk1", "0/112": "6", "0/11a": "300 1", "0/11b": "300 1", "0/128": "2",
		"0/132": "2026:03:01 10:00:00", "8769/829a": "1 250", "8769/9003": "2026:02:03 04:05:06", "8769/9011": "+02:00",
		"8769/927c": makerNote, "8769/a002": "4000", "8769/a003": "3000", "a005/1": "R98",
	}
}

// profile is a colour profile that has a name and is otherwise empty.
func profile(space, name string, filler int) []byte {
	b := make([]byte, 128)
	copy(b[16:], space)
	copy(b[36:], "acsp")
	b = binary.BigEndian.AppendUint32(b, 1)
	b = append(b, "desc"...)
	b = binary.BigEndian.AppendUint32(b, 144)
	b = binary.BigEndian.AppendUint32(b, uint32(13+len(name)))
	b = append(b, "desc\x00\x00\x00\x00"...)
	b = binary.BigEndian.AppendUint32(b, uint32(1+len(name)))
	b = append(append(b, name...), 0)
	b = append(b, strings.Repeat("curve", filler)...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

// jpegSegment is a marker segment.
func jpegSegment(marker byte, content ...[]byte) []byte {
	joined := bytes.Join(content, nil)
	b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(joined)+2))
	return append(b, joined...)
}

// exifSegment is EXIF data as a JPEG has it, iccSegment a piece of a profile.
func exifSegment(exif []byte) []byte {
	return jpegSegment(0xe1, []byte("Exif\x00\x00"), exif)
}

func iccSegment(number, of byte, piece []byte) []byte {
	return jpegSegment(0xe2, []byte("ICC_PROFILE\x00"), []byte{number, of}, piece)
}

// withSegments puts segments at a JPEG's start.
func withSegments(file []byte, segments ...[]byte) []byte {
	return slices.Concat(file[:2], slices.Concat(segments...), file[2:])
}

func pngChunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withChunks puts chunks after a PNG's first.
func withChunks(file []byte, chunks ...[]byte) []byte {
	const first = 8 + 12 + 13
	return slices.Concat(file[:first], slices.Concat(chunks...), file[first:])
}

func iccpChunk(icc []byte) []byte {
	content := bytes.NewBufferString("any name\x00\x00")
	z := zlib.NewWriter(content)
	z.Write(icc)
	z.Close()
	return pngChunk("iCCP", content.Bytes())
}

func riffChunk(kind string, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data)))
	return append(append(b, data...), make([]byte, len(data)%2)...)
}

// webpWith is a WebP file with the extended header of a picture of 8x6 pixels.
func webpWith(picture []byte, flags byte, before, after []byte) []byte {
	header := riffChunk("VP8X", []byte{flags, 0, 0, 0, 7, 0, 0, 5, 0, 0})
	return riffChunk("RIFF", slices.Concat([]byte("WEBP"), header, before, picture[12:], after))
}

// tiffWith is a TIFF file of 8x6 grey pixels that has the camera's tags.
func tiffWith(order byteOrder, icc []byte) []byte {
	more := []tag{
		short(order, 256, 8), short(order, 257, 6), short(order, 258, 8), short(order, 259, 1), short(order, 262, 1),
		long(order, 273, 8), short(order, 277, 1), short(order, 278, 6), long(order, 279, 48),
	}
	if icc != nil {
		more = append(more, opaque(34675, string(icc)))
	}
	return cameraAfter(order, make([]byte, 48), append(more, opaque(700, xmp)))
}
