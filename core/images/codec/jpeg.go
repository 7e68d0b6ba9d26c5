package codec

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// JPEG markers (ITU-T T.81, table B.1).
const (
	markerSOI = 0xd8 // the picture's start
	markerEOI = 0xd9 // and end
	markerSOS = 0xda // a scan
)

// segment is a marker of a JPEG file with what belongs to it.
type segment struct {
	marker byte
	at     int64  // of the marker's 0xff
	body   []byte // of frame and scan headers only
}

// walkJPEG visits a file's marker segments in order, until visit returns false
// or the picture ends. It passes scans by looking for the next marker. If the
// file ends first, the error is io.ErrUnexpectedEOF, and end is the place up to
// which all segments are whole.
func walkJPEG(r *bufio.Reader, visit func(segment) bool) (end int64, err error) {
	for at := int64(0); ; {
		skipped, marker, err := nextMarker(r)
		at += skipped
		if err != nil {
			return at, short(err)
		}
		s, length := segment{marker: marker, at: at}, int64(2)
		if !standsAlone(marker) {
			n, err := s.read(r)
			if err != nil {
				return at, short(err)
			}
			length += n
		}
		if !visit(s) || marker == markerEOI {
			return at, nil
		}
		at += length
	}
}

// nextMarker passes the bytes before a marker, which are a scan's, and the
// marker. Restart markers and stuffed zeros belong to the scan. If there is
// none, what was passed is without a last 0xff, which is half of something.
func nextMarker(r *bufio.Reader) (passed int64, marker byte, err error) {
	for {
		skipped, err := r.ReadSlice(0xff)
		passed += int64(len(skipped))
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return passed, 0, err
		}
		passed--
		if marker, err = r.ReadByte(); err != nil {
			return passed, 0, err
		}
		switch {
		case marker == 0xff: // fill
			err = r.UnreadByte()
			passed++
		case marker == 0, marker >= 0xd0 && marker <= 0xd7:
			passed += 2
		default:
			return passed, marker, nil
		}
		if err != nil {
			return passed, 0, err
		}
	}
}

func standsAlone(marker byte) bool {
	return marker == markerSOI || marker == markerEOI || marker == 0x01
}

func isFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

// read passes the rest of a segment, and keeps it if it is of use.
func (s *segment) read(r *bufio.Reader) (length int64, err error) {
	var b [2]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, err
	}
	length = int64(binary.BigEndian.Uint16(b[:]))
	if length < 2 {
		return 0, errors.New("jpeg: a segment shorter than its length")
	}
	if !isFrame(s.marker) && s.marker != markerSOS {
		_, err = r.Discard(int(length - 2))
		return length, err
	}
	s.body = make([]byte, length-2)
	_, err = io.ReadFull(r, s.body)
	return length, err
}

// short is an error of reading, as that of a file that should go on.
func short(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// frame is a JPEG's frame header (ITU-T T.81, B.2.2).
type frame struct {
	at            int64 // of the marker; the height is 5 bytes on
	marker        byte
	width, height int
	components    []component
}

type component struct {
	id                   byte
	horizontal, vertical int // sampling factors
}

const heightInFrame = 5 // bytes from the marker to the height

// newFrame reads a frame header. Of a damaged one only the marker is known.
func newFrame(s segment) frame {
	f := frame{at: s.at, marker: s.marker}
	b := s.body
	if len(b) < 6 || len(b) < 6+3*int(b[5]) {
		return f
	}
	f.height, f.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	for c := b[6:]; len(f.components) < int(b[5]); c = c[3:] {
		f.components = append(f.components, component{id: c[0], horizontal: int(c[1] >> 4), vertical: int(c[1] & 15)})
	}
	return f
}

func (f frame) progressive() bool { return f.marker == 0xc2 }

// most is the largest sampling factor each way, at least 1.
func (f frame) most() (horizontal, vertical int) {
	horizontal, vertical = 1, 1
	if len(f.components) == 1 {
		return 1, 1 // of one component the factors say nothing (A.2.2)
	}
	for _, c := range f.components {
		horizontal, vertical = max(horizontal, c.horizontal), max(vertical, c.vertical)
	}
	return horizontal, vertical
}

// rowHeight is how many rows of pixels are coded together: those of a minimum
// coded unit, which has 8x8 samples of the coarsest component (A.2).
func (f frame) rowHeight() int {
	_, vertical := f.most()
	return 8 * vertical
}

// memory is what decoding so many pixels takes: a byte for each sample, for a
// progressive picture also its coefficient as an int32, and for four
// components, which are put together in the end, four bytes a pixel.
func (f frame) memory(pixels int64) int64 {
	each := f.components
	if len(each) < 2 {
		each = []component{{horizontal: 1, vertical: 1}}
	}
	h, v := f.most()
	samples := int64(0)
	for _, c := range each {
		samples += pixels * int64(c.horizontal*c.vertical) / int64(h*v)
	}
	if f.progressive() {
		samples *= 5
	}
	if len(each) == 4 {
		samples += 4 * pixels
	}
	return samples
}

// frameOf is the frame header, or nothing if there is none before the scans.
func frameOf(s *Source) (f frame) {
	_, _ = walkJPEG(s.start(), func(seg segment) bool {
		if isFrame(seg.marker) {
			f = newFrame(seg)
		}
		return f.marker == 0 && seg.marker != markerSOS
	})
	return f
}
