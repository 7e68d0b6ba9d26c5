package records

import "bytes"

// scanner finds where records begin, without finding their fields: it goes
// from quote to quote. It agrees with Parser on every record, also on damaged
// ones.
type scanner struct {
	dialect
	data   []byte
	pos    int // all before it is seen
	record int // the last place known to begin a record; not after pos
	enough int // the first record that begins here or later is the last to be found
	state  scanState
	eof    bool // no more data comes
}

type scanState uint8

const (
	between scanState = iota // not within quotes
	within
	broken // in a line whose quotes are wrong, or that is too long
)

// scan goes on in data, which is what it has seen and more, and tells where it
// can be cut: 0 is nowhere.
func (s *scanner) scan(data []byte, eof bool) int {
	s.data, s.eof = data, eof
	if !s.quotes {
		s.note(len(data))
		s.pos = len(data)
	}
	for s.quotes && s.record < s.enough && s.step() {
	}
	if eof && s.record < s.enough {
		return len(data)
	}
	return s.record
}

// step goes to the next quote, and tells whether there was one.
func (s *scanner) step() bool {
	switch s.state {
	case between:
		return s.toOpening()
	case within:
		return s.toClosing()
	default:
		s.nextLine(s.pos)
		return s.state != broken
	}
}

// note takes ends of line from pos to end for ends of records.
func (s *scanner) note(end int) {
	if from := max(s.pos, s.enough-1); from < end {
		if i := bytes.IndexByte(s.data[from:end], s.eol); i >= 0 {
			s.record = from + i + 1
			return
		}
	}
	if i := bytes.LastIndexByte(s.data[s.pos:end], s.eol); i >= 0 {
		s.record = s.pos + i + 1
	}
}

func (s *scanner) toOpening() bool {
	i := bytes.IndexByte(s.data[s.pos:], s.quote)
	if i < 0 {
		s.note(len(s.data))
		s.pos = len(s.data)
		return false
	}
	i += s.pos
	s.note(i)
	s.pos = i + 1
	switch {
	case i > s.record && s.data[i-1] != s.delimiter: // not at the start of a field
	case i-s.record > s.longest:
		s.nextLine(i)
	default:
		s.state = within
	}
	return true
}

func (s *scanner) toClosing() bool {
	i := bytes.IndexByte(s.data[s.pos:], s.quote)
	switch {
	case i >= 0 && s.pos+i-s.record <= s.longest:
		return s.closeAt(s.pos + i)
	case i >= 0 || s.eof || len(s.data)-s.record > s.longest:
		s.nextLine(s.record) // it is not closed
		return true
	}
	s.pos = len(s.data)
	return false
}

// closeAt takes the quote at i for the closing one, unless it is doubled.
func (s *scanner) closeAt(i int) bool {
	s.pos = i
	after := s.data[i+1:]
	switch {
	case !s.eof && (len(after) == 0 || len(after) == 1 && after[0] == '\r'):
		return false // what follows will tell
	case len(after) > 0 && after[0] == s.quote:
		s.pos = i + 2
	case s.ended(s.data, i+1):
		s.pos, s.state = i+1, between
	default:
		s.nextLine(s.record)
	}
	return true
}

// nextLine goes on behind the line that has position i.
func (s *scanner) nextLine(i int) {
	end := bytes.IndexByte(s.data[i:], s.eol)
	if end < 0 {
		s.pos, s.state = len(s.data), broken
		return
	}
	s.pos, s.record, s.state = i+end+1, i+end+1, between
}

// tooLong tells that the record at the end of the data is longer than allowed,
// even if CRLF is to end it, and not for want of a closing quote.
func (s *scanner) tooLong() bool {
	return len(s.data)-s.record > s.longest+1 && s.state != within
}
