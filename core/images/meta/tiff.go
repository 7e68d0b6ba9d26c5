package meta

import (
	"encoding/binary"
	"io"
	"math"
	"slices"
)

// readTIFF makes EXIF data of what the first directory says of the picture. It
// gets new places, so that maker notes which refer to them lose them.
func readTIFF(r io.ReaderAt, size int64) Data {
	s, first, ok := openStructure(r, size)
	if !ok {
		return Data{}
	}
	var d Data
	if e, ok := first.find(tagICC); ok {
		d.ICC = s.value(e, mostICC)
	}
	if fields := describe(s, first); len(fields) > 0 {
		d.EXIF = append(header(s.order), layOut(fields, 8, 0, s.order)...)
	}
	return d
}

// header is the start of a structure whose first directory follows (TIFF 6.0,
// section 2).
func header(order byteOrder) []byte {
	b := []byte("II")
	if order == byteOrder(binary.BigEndian) {
		b = []byte("MM")
	}
	return order.AppendUint32(order.AppendUint16(b, 42), 8)
}

// embedTIFF appends a new first directory: the data's entries, and of the old
// one's the others, whose values stay where they are.
func embedTIFF(encoded []byte, d Data) ([]byte, bool) {
	s, first, ok := parse(encoded)
	if !ok || s.size+int64(len(d.ICC))+4*mostEXIF > math.MaxUint32 {
		return nil, false
	}
	fields := described(d.EXIF, s.order)
	if len(d.ICC) > 0 {
		fields = append(fields, field{tag: tagICC, kind: kindUndefined, count: uint32(len(d.ICC)), data: d.ICC})
	}
	fields = merged(fields, first)
	out := append(make([]byte, 0, len(encoded)+len(d.EXIF)+len(d.ICC)+1<<10), encoded...)
	out = append(out, make([]byte, len(out)%2)...)
	s.order.PutUint32(out[4:], uint32(len(out)))
	return append(out, layOut(fields, uint32(len(out)), first.next, s.order)...), true
}

// merged adds the entries of a directory whose tags are not there yet.
func merged(fields []field, d directory) []field {
	met := map[uint16]bool{}
	for _, f := range fields {
		met[f.tag] = true
	}
	for _, e := range d.entries {
		if !met[e.tag] {
			fields = append(fields, field{tag: e.tag, kind: e.kind, count: e.count, data: e.value[:]})
		}
	}
	slices.SortFunc(fields, byTag)
	return fields
}

// described is what EXIF data says of the picture, in a byte order.
func described(exif []byte, order byteOrder) []field {
	s, first, ok := parse(exif)
	if !ok {
		return nil
	}
	fields := describe(s, first)
	if s.order != order {
		swap(fields)
	}
	return fields
}
