package meta

import "bytes"

// What tests look for in EXIF data.

// HasGPS reports whether there is a directory with a position, in the first
// one, where it belongs, or in EXIF's own.
func (d Data) HasGPS() bool {
	s, first, ok := parse(d.EXIF)
	if !ok {
		return false
	}
	exif, _ := s.sub(first, tagEXIF)
	_, here := first.find(tagGPS)
	_, there := exif.find(tagGPS)
	return here || there
}

// Thumbnail is the small JPEG that goes with the picture, nil if there is none
// (CIPA DC-008, 4.5.5).
func (d Data) Thumbnail() []byte {
	s, first, ok := parse(d.EXIF)
	if !ok {
		return nil
	}
	second, _ := s.directory(first.next)
	for _, span := range s.thumbnails(second) {
		if b := d.EXIF[span.from:span.to]; bytes.HasPrefix(b, []byte("\xff\xd8\xff")) {
			return b
		}
	}
	return nil
}
