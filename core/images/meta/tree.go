package meta

import "slices"

// field is an entry taken out of its structure, so that it can be put into
// another.
type field struct {
	tag, kind uint16
	count     uint32
	data      []byte  // the value; up to four bytes go into the entry as they are
	sub       []field // the directory that it points to, if it does
}

// descriptive are the tags of a TIFF's first directory that speak of the
// picture, not of how its pixels are stored (TIFF 6.0, section 8; CIPA DC-008,
// 4.6.5; Windows' ratings and texts).
var descriptive = map[uint16]bool{
	269: true, 270: true, 271: true, 272: true, tagOrientation: true, 282: true, 283: true, 296: true, 305: true,
	tagDateTime: true, 315: true, 316: true, 18246: true, 18249: true, 33432: true,
	40091: true, 40092: true, 40093: true, 40094: true, 40095: true, tagEXIF: true, tagGPS: true,
}

// tree takes a structure apart, from a directory down, as far as it can be
// read, each directory once, and not more than left bytes of it.
type tree struct {
	structure

	met  map[int64]bool
	left int64
}

// describe is what a first directory says of the picture.
func describe(s structure, first directory) []field {
	first.entries = slices.DeleteFunc(slices.Clone(first.entries), func(e entry) bool { return !descriptive[e.tag] })
	t := tree{structure: s, met: map[int64]bool{}, left: mostEXIF - 64} // with the header and the directories' ends
	return t.fields(first)
}

func (t *tree) fields(d directory) (fields []field) {
	if t.met[d.at] || len(t.met) == mostDirectories {
		return nil
	}
	t.met[d.at] = true
	for _, e := range d.entries {
		if f, ok := t.field(d, e); ok {
			fields = append(fields, f)
		}
	}
	slices.SortFunc(fields, byTag)
	return fields
}

func byTag(a, b field) int { return int(a.tag) - int(b.tag) }

func (t *tree) field(d directory, e entry) (field, bool) {
	f := field{tag: e.tag, kind: e.kind, count: e.count}
	cost := 14 + e.length() // with what makes its place even
	if e.length() == 0 || cost > t.left {
		return f, false
	}
	t.left -= cost
	if slices.Contains(pointers, e.tag) {
		sub, ok := t.sub(d, e.tag)
		if ok {
			f.sub = t.fields(sub)
		}
		f.kind, f.count = kindLong, 1
		return f, len(f.sub) > 0
	}
	f.data = t.value(e, mostEXIF)
	return f, f.data != nil
}

// swap turns values around, in place, for the other byte order. What is
// UNDEFINED stays.
func swap(fields []field) {
	for _, f := range fields {
		swap(f.sub)
		if width := unit(f.kind); width > 1 {
			for v := range slices.Chunk(f.data, width) {
				slices.Reverse(v)
			}
		}
	}
}

// unit is the width of the numbers in values of a type: a rational has two.
func unit(kind uint16) int {
	switch kind {
	case 5, 10:
		return 4
	}
	return int(widths[kind])
}

// layOut writes a directory that is to stand at an even offset, and all that it
// points to after it.
func layOut(fields []field, at, next uint32, order byteOrder) []byte {
	b := order.AppendUint16(nil, uint16(len(fields)))
	b = append(b, make([]byte, 12*len(fields))...)
	b = order.AppendUint32(b, next)
	for i, f := range fields {
		b = append(b, make([]byte, len(b)%2)...)
		data, here := f.data, at+uint32(len(b))
		if f.sub != nil {
			data = layOut(f.sub, here, 0, order)
		}
		e := entry{tag: f.tag, kind: f.kind, count: f.count}
		if len(data) > len(e.value) {
			order.PutUint32(e.value[:], here)
			b = append(b, data...)
		} else {
			copy(e.value[:], data)
		}
		copy(b[2+12*i:], e.bytes(order))
	}
	return b
}
