package records

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// dialect says which bytes part fields and records.
type dialect struct {
	delimiter, quote, eol byte
	quotes                bool // quote has a meaning
	longest               int  // record, in bytes
}

func (l *Layout) dialect() dialect {
	d := dialect{delimiter: l.Delimiter, quote: l.Quote, eol: l.Newline, longest: l.RecordSize}
	d.quotes = l.Format == CSV && l.Quote != NoQuote
	if d.longest == 0 {
		d.longest = defaultRecord
	}
	return d
}

// ended tells whether a field whose quote has closed ends at i, as it should.
func (d *dialect) ended(data []byte, i int) bool {
	if i >= len(data) || data[i] == d.delimiter || data[i] == d.eol {
		return true
	}
	return data[i] == '\r' && d.eol == '\n' && (i+1 == len(data) || data[i+1] == '\n')
}

// eolAt is the length of the end of line at i, if there is one.
func (d *dialect) eolAt(data []byte, i int) int {
	switch {
	case i >= len(data):
		return 0
	case data[i] == d.eol:
		return 1
	case data[i] == '\r' && d.eol == '\n' && i+1 == len(data):
		return 1 // the last line was to end with CRLF
	case data[i] == '\r' && d.eol == '\n' && data[i+1] == '\n':
		return 2
	}
	return 0
}

// lineEnd is where the line that has position i ends, and the next one begins.
func (d *dialect) lineEnd(data []byte, i int) (stop, next int) {
	stop = len(data)
	if n := bytes.IndexByte(data[i:], d.eol); n >= 0 {
		stop = i + n
	}
	next = min(stop+1, len(data))
	return d.trimCR(data, i, stop), next
}

// trimCR leaves out the CR of a CRLF. Where CR ends lines there is none left.
func (d *dialect) trimCR(data []byte, start, stop int) int {
	if stop > start && data[stop-1] == '\r' {
		return stop - 1
	}
	return stop
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// seek finds the first delimiter or end of line from i on, eight bytes at a
// time: a byte of v^pattern is zero where v has the character, and the lowest
// zero byte of x is the lowest set bit of (x-ones)&^x&highs (Hacker's Delight,
// section 6-1).
func (d *dialect) seek(data []byte, i int) int {
	delimiters, ends := ones*uint64(d.delimiter), ones*uint64(d.eol)
	for ; i+8 <= len(data); i += 8 {
		v := binary.LittleEndian.Uint64(data[i:])
		a, b := v^delimiters, v^ends
		if m := ((a-ones)&^a | (b-ones)&^b) & highs; m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for ; i < len(data); i++ {
		if data[i] == d.delimiter || data[i] == d.eol {
			break
		}
	}
	return i
}

// isASCII looks at eight bytes at a time.
func isASCII(data []byte) bool {
	i := 0
	for ; i+8 <= len(data); i += 8 {
		if binary.LittleEndian.Uint64(data[i:])&highs != 0 {
			return false
		}
	}
	for ; i < len(data); i++ {
		if data[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
