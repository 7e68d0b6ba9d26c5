package meta

import (
	"bytes"
	"encoding/binary"
	"io"
	"iter"
)

const (
	exifPrefix = "Exif\x00\x00"
	iccPrefix  = "ICC_PROFILE\x00"

	// What a marker segment has room for, besides its length.
	mostSegment    = 0xffff - 2
	mostSegmentICC = mostSegment - len(iccPrefix) - 2
)

// segment is a marker segment; at is where its content is.
type segment struct {
	marker     byte
	at, length int64
}

// segments walks the marker segments (ITU-T T.81, B.1.1) up to the scan, past
// stray bytes, as image/jpeg does.
func segments(r io.ReaderAt, size int64) iter.Seq[segment] {
	return func(yield func(segment) bool) {
		var b [4]byte
		for at, n := int64(2), 0; n < mostChunks && at+4 <= size && readAt(r, b[:], at); n++ {
			marker, length := b[1], int64(binary.BigEndian.Uint16(b[2:]))
			switch {
			case b[0] != 0xff, marker == 0xff:
				at++
				continue
			case marker <= 1, marker >= 0xd0 && marker <= 0xd7: // these stand alone
				at += 2
				continue
			case marker == 0xda, marker == 0xd9, length < 2:
				return
			}
			if !yield(segment{marker, at + 4, length - 2}) {
				return
			}
			at += 2 + length
		}
	}
}

func readJPEG(r io.ReaderAt, size int64) Data {
	var d Data
	var profile pieces
	for s := range segments(r, size) {
		switch {
		case s.isFrame():
			d.Frame = s.marker
		case s.marker == 0xe1 && d.EXIF == nil:
			d.EXIF = exifIn(s.after(r, size, exifPrefix))
		case s.marker == 0xe2:
			profile.add(s.after(r, size, iccPrefix))
		}
	}
	d.ICC = profile.joined()
	return d
}

// isFrame leaves out the tables whose markers lie among the frames'.
func (s segment) isFrame() bool {
	return s.marker >= 0xc0 && s.marker <= 0xcf && s.marker != 0xc4 && s.marker != 0xc8 && s.marker != 0xcc
}

// after is the content of a segment after a prefix, nil if it has another.
func (s segment) after(r io.ReaderAt, size int64, prefix string) []byte {
	n := int64(len(prefix))
	if s.length < n || string(part(r, size, s.at, n, n)) != prefix {
		return nil
	}
	return part(r, size, s.at+n, s.length-n, mostSegment)
}

// pieces are those of a colour profile, each with its number, from 1, and how
// many there are (ICC.1:2022, annex B). As in libjpeg, all have to be there, once.
type pieces struct {
	content [256][]byte
	of      byte
	met     int
	wrong   bool
}

func (p *pieces) add(b []byte) {
	if len(b) < 2 {
		return
	}
	number, of := b[0], b[1]
	if p.met == 0 {
		p.of = of
	}
	p.wrong = p.wrong || number == 0 || number > of || of != p.of || p.content[number] != nil
	p.content[number] = b[2:]
	p.met++
}

func (p *pieces) joined() []byte {
	if p.wrong || p.met != int(p.of) {
		return nil
	}
	b := bytes.Join(p.content[:], nil)
	if len(b) == 0 || len(b) > mostICC {
		return nil
	}
	return b
}

// embedJPEG puts the segments before all others, but after JFIF's, which has to
// be the first (ITU-T T.871, 10.1).
func embedJPEG(encoded []byte, d Data) ([]byte, bool) {
	if !bytes.HasPrefix(encoded, []byte("\xff\xd8\xff")) {
		return nil, false
	}
	at := int64(2)
	r := bytes.NewReader(encoded)
	for s := range segments(r, r.Size()) {
		if end := s.at + s.length; s.marker == 0xe0 && end <= r.Size() {
			at = end
		}
		break
	}
	out := append(make([]byte, 0, len(encoded)+len(d.EXIF)+len(d.ICC)+1<<10), encoded[:at]...)
	if len(d.EXIF) > 0 {
		out = appendSegment(out, 0xe1, exifPrefix, d.EXIF)
	}
	out = appendProfile(out, d.ICC)
	return append(out, encoded[at:]...), true
}

func appendProfile(out, icc []byte) []byte {
	of := (len(icc) + mostSegmentICC - 1) / mostSegmentICC
	for i := range of {
		piece := icc[i*mostSegmentICC : min((i+1)*mostSegmentICC, len(icc))]
		out = appendSegment(out, 0xe2, iccPrefix+string([]byte{byte(i + 1), byte(of)}), piece)
	}
	return out
}

func appendSegment(out []byte, marker byte, prefix string, content []byte) []byte {
	out = binary.BigEndian.AppendUint16(append(out, 0xff, marker), uint16(2+len(prefix)+len(content)))
	return append(append(out, prefix...), content...)
}
