package meta

import (
	"bytes"
	"strings"
	"time"
)

// exifIn is the EXIF data in a part of a file, nil if it is none. JPEG has a
// prefix before it, which some writers also put into other formats.
func exifIn(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte(exifPrefix))
	if _, _, ok := parse(b); !ok {
		return nil
	}
	return b
}

// Orientation is how the picture has to be turned to stand upright, 1 to 8
// (CIPA DC-008, 4.6.5); 1, upright, if that is not known.
func (d Data) Orientation() int {
	if s, first, ok := parse(d.EXIF); ok {
		if v, ok := s.number(first, tagOrientation); ok && v >= 1 && v <= 8 {
			return int(v)
		}
	}
	return 1
}

// Taken is when the picture was taken, or else digitised, or else changed. It
// is local time unless the data says how far that is from UTC.
func (d Data) Taken() (time.Time, bool) {
	s, first, ok := parse(d.EXIF)
	if !ok {
		return time.Time{}, false
	}
	exif, _ := s.sub(first, tagEXIF)
	for _, date := range []struct {
		in          directory
		tag, offset uint16
	}{
		{exif, tagDateTimeOriginal, tagOffsetTimeOriginal},
		{exif, tagDateTimeDigitized, tagOffsetTimeDigitized},
		{first, tagDateTime, tagOffsetTime},
	} {
		if at, ok := parseDate(s.text(date.in, date.tag), s.text(exif, date.offset)); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// parseDate reads a date and an offset from UTC, which may be missing (CIPA
// DC-008, 4.6.6, "Tags Relating to Date and Time").
func parseDate(date, offset string) (time.Time, bool) {
	const layout = "2006:01:02 15:04:05"
	if at, err := time.Parse(layout+"-07:00", date+offset); err == nil {
		return at, true
	}
	at, err := time.ParseInLocation(layout, date, time.Local)
	return at, err == nil
}

// text is a short text, "" if there is none.
func (s structure) text(d directory, tag uint16) string {
	e, ok := d.find(tag)
	if !ok {
		return ""
	}
	text, _, _ := strings.Cut(string(s.value(e, 64)), "\x00")
	return strings.TrimSpace(text)
}

// span is a stretch of bytes.
type span struct{ from, to int64 }

// thumbnails is where a directory's pictures lie: one JPEG, or strips of
// pixels. One that goes beyond the end is cut there.
func (s structure) thumbnails(d directory) (spans []span) {
	for _, tags := range [][2]uint16{{tagThumbnail, tagThumbnailLength}, {tagStripOffsets, tagStripByteCounts}} {
		at, _ := d.find(tags[0])
		length, _ := d.find(tags[1])
		offsets, lengths := s.numbers(at), s.numbers(length)
		for i := range min(len(offsets), len(lengths)) {
			from := min(int64(offsets[i]), s.size)
			spans = append(spans, span{from, min(from+int64(lengths[i]), s.size)})
		}
	}
	return spans
}
