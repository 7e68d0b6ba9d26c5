package meta

import (
	"bytes"
	"cmp"
	"slices"
)

// For is the data as it goes into a result of a size: upright, with the new
// size where one is told, without the thumbnail, which would show the old
// picture, and without the position unless gps is set. The bytes of what is
// left out are gone too. The rest keeps its place, so that maker notes still
// find theirs.
func (d Data) For(width, height int, gps bool) Data {
	s, first, ok := parse(d.EXIF)
	if !ok {
		return Data{ICC: d.ICC}
	}
	r := revision{structure: s, width: uint32(width), height: uint32(height), gps: gps}
	r.keep(first)
	if len(r.kept[0].entries) == 0 {
		return Data{ICC: d.ICC}
	}
	r.eraseThumbnails(first.next)
	return Data{EXIF: r.apply(bytes.Clone(d.EXIF)), ICC: d.ICC}
}

// revision is a change to EXIF data. Directories that are kept do not lie over
// each other, and are put down after the rest is erased: so they are whole
// whatever a damaged file claims.
type revision struct {
	structure

	width, height uint32
	gps           bool
	kept          []directory // beginning with the structure's first
	erased        []span
}

// keep takes over a directory and those that it points to. It reports whether
// it could.
func (r *revision) keep(d directory) bool {
	i := len(r.kept)
	if i == mostDirectories || slices.ContainsFunc(r.kept, d.overlaps) {
		return false
	}
	if i == 0 {
		d.end += 4 // where next is to become 0
	}
	r.kept = append(r.kept, d)
	var entries []entry
	for _, e := range d.entries {
		if r.keepEntry(d, e) {
			entries = append(entries, r.amended(e))
		}
	}
	r.kept[i].entries = entries
	return true
}

func (d directory) overlaps(other directory) bool {
	return d.at < other.end && other.at < d.end
}

// keepEntry reports whether an entry stays: not if its value is beyond the end,
// or unwanted, which erases what it refers to.
func (r *revision) keepEntry(d directory, e entry) bool {
	switch {
	case slices.Contains([]uint16{tagXMP, tagIPTC, tagPhotoshop}, e.tag):
		r.eraseValue(e)
		return false
	case e.tag == tagGPS && !r.gps:
		if position, ok := r.sub(d, tagGPS); ok {
			r.eraseDirectory(position)
		}
		return false
	case slices.Contains(pointers, e.tag):
		sub, ok := r.sub(d, e.tag)
		return ok && r.keep(sub)
	}
	_, to := r.outside(e)
	return e.length() <= 4 || to > 0
}

// amended is an entry as the result needs it.
func (r *revision) amended(e entry) entry {
	switch e.tag {
	case tagOrientation:
		return r.short(e.tag, 1)
	case tagWidth, tagPixelXDimension:
		return r.sized(e, r.width)
	case tagHeight, tagPixelYDimension:
		return r.sized(e, r.height)
	}
	return e
}

// sized keeps the entry's type, unless the size does not fit in it.
func (r *revision) sized(e entry, v uint32) entry {
	if e.kind == kindShort && v <= 0xffff {
		return r.short(e.tag, uint16(v))
	}
	e = entry{tag: e.tag, kind: kindLong, count: 1}
	r.order.PutUint32(e.value[:], v)
	return e
}

func (r *revision) short(tag, v uint16) entry {
	e := entry{tag: tag, kind: kindShort, count: 1}
	r.order.PutUint16(e.value[:], v)
	return e
}

func (r *revision) eraseValue(e entry) {
	from, to := r.outside(e)
	r.erased = append(r.erased, span{from, to})
}

func (r *revision) eraseDirectory(d directory) {
	r.erased = append(r.erased, span{d.at, d.end})
	for _, e := range d.entries {
		r.eraseValue(e)
	}
}

// eraseThumbnails erases the directories that follow the first, and what they
// show. One that shows nothing is not touched: its offset may be wrong, and
// the bytes another's.
func (r *revision) eraseThumbnails(next uint32) {
	for range mostDirectories {
		d, ok := r.directory(next)
		if !ok || slices.ContainsFunc(r.kept, d.overlaps) {
			return
		}
		if spans := r.thumbnails(d); len(spans) > 0 {
			r.erased = append(append(r.erased, spans...), span{d.at, d.end})
		}
		next = d.next
	}
}

// apply changes the data and cuts off the end that is no longer used.
func (r *revision) apply(b []byte) []byte {
	r.erase(b)
	used := int64(0)
	for _, d := range r.kept {
		used = max(used, r.put(b, d))
		for _, e := range d.entries {
			_, to := r.outside(e)
			used = max(used, to)
		}
	}
	return b[:max(int(used), len(bytes.TrimRight(b, "\x00")))]
}

// erase clears each byte once, however often it was named, but no header.
func (r *revision) erase(b []byte) {
	slices.SortFunc(r.erased, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	done := int64(8)
	for _, s := range r.erased {
		if s.to > done {
			clear(b[max(s.from, done):s.to])
			done = s.to
		}
	}
}

// put writes a directory where it was, and returns its end with the place of
// next. Where entries have gone, zeros follow.
func (r *revision) put(b []byte, d directory) int64 {
	clear(b[d.at:min(d.end, int64(len(b)))])
	out := r.order.AppendUint16(nil, uint16(len(d.entries)))
	for _, e := range d.entries {
		out = append(out, e.bytes(r.order)...)
	}
	copy(b[d.at:], out)
	return min(d.at+int64(len(out))+4, int64(len(b)))
}
