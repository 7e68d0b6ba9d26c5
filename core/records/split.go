package records

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// splitter cuts text into blocks.
type splitter struct {
	scanner
	text     io.Reader
	consumed func() int64
	size     int

	block *Block // being filled
	next  Position
	seq   int
	atEnd bool
}

// run yields blocks until yield returns false, the text ends or ctx does.
func (s *splitter) run(ctx context.Context, yield func(*Block) bool) error {
	s.block = newBlock(s.size)
	defer func() { s.block.Release() }()
	s.enough = s.size
	for want := s.size; ctx.Err() == nil; {
		if err := s.fill(want); err != nil {
			return err
		}
		cut := s.scan(s.block.Data, s.atEnd)
		want = s.size
		switch {
		case cut > 0:
			if !s.emit(cut, yield) {
				return nil
			}
		case s.atEnd:
			return nil
		case s.tooLong():
			if more, err := s.skip(yield); !more {
				return err
			}
		default:
			want = max(len(s.block.Data)+s.size, min(2*len(s.block.Data), s.longest+s.size))
		}
	}
	return nil
}

// fill reads until the block has as much text as wanted.
func (s *splitter) fill(want int) error {
	data := s.block.Data
	if want > cap(data) {
		data = append(make([]byte, 0, want), data...)
	}
	for len(data) < want && !s.atEnd {
		n, err := s.text.Read(data[len(data):want])
		data = data[:len(data)+n]
		switch {
		case errors.Is(err, io.EOF):
			s.atEnd = true
		case err != nil:
			return err
		}
	}
	s.block.Data = data
	return nil
}

// emit yields the first cut bytes as a block; the rest begins the next one. The
// smaller part is copied.
func (s *splitter) emit(cut int, yield func(*Block) bool) bool {
	b, other := s.block, newBlock(s.size)
	if first, rest := b.Data[:cut], b.Data[cut:]; len(rest) > cut {
		other.Data = append(other.Data, first...)
		b.Data = append(b.Data[:0], rest...)
		b, s.block = other, b
	} else {
		other.Data = append(other.Data, rest...)
		b.Data = first
		s.block = other
	}
	s.scanner = scanner{dialect: s.dialect, enough: s.size}
	return s.yield(b, int64(cut), int64(bytes.Count(b.Data, []byte{s.eol})), yield)
}

func (s *splitter) yield(b *Block, length, lines int64, yield func(*Block) bool) bool {
	b.Seq, b.From, b.Consumed = s.seq, s.next, s.consumed()
	b.To = Position{b.From.Offset + length, b.From.Line + lines}
	s.seq, s.next = s.seq+1, b.To
	if !yield(b) {
		b.Release()
		return false
	}
	return true
}

// keptOfHuge is how much is kept of a record that is too long, in bytes.
const keptOfHuge = 64 << 10

// skip reads over the record at the beginning of the block, which is too long
// to be kept, and yields a block that stands for it.
func (s *splitter) skip(yield func(*Block) bool) (more bool, err error) {
	huge := newBlock(keptOfHuge)
	huge.huge = true
	length, lines := 0, 0
	for {
		data, end := s.block.Data, len(s.block.Data)
		i := bytes.IndexByte(data[s.pos:], s.eol) // the scanner saw none before
		if i >= 0 {
			end = s.pos + i + 1
		}
		huge.Data = append(huge.Data, data[:min(end, keptOfHuge-len(huge.Data))]...)
		length, lines = length+end, lines+bytes.Count(data[:end], []byte{s.eol})
		s.block.Data = append(data[:0], data[end:]...)
		s.scanner = scanner{dialect: s.dialect, enough: s.size}
		if i >= 0 || s.atEnd {
			return s.yield(huge, int64(length), int64(lines), yield), nil
		}
		if err := s.fill(s.size); err != nil {
			huge.Release()
			return false, err
		}
	}
}
