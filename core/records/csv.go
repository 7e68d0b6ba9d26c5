package records

import (
	"bytes"
	"fmt"
	"math"
)

// csv reads all records of the block (RFC 4180).
func (p *Parser) csv() {
	for at := 0; at < len(p.data) && len(p.batch.rows) < p.most; {
		if blank := p.eolAt(p.data, at); blank > 0 {
			at += blank
			p.line++
			continue
		}
		at = p.record(at)
	}
}

// record reads the record that begins at start, and tells where the next one
// does.
func (p *Parser) record(start int) (next int) {
	first, fields, lines := len(p.batch.cells), 0, 0
	open := 0 // the last quoted field that begins in the first line
	p.fault = ""
	at := start
	for ; ; at++ { // at is behind a delimiter
		if p.quotes && at < len(p.data) && p.data[at] == p.quote {
			if at-start > p.longest {
				return p.giveUp(start, at, first)
			}
			if lines == 0 {
				open = fields
			}
			end, doubled, ok := p.closing(start, at+1)
			if !ok {
				return p.damaged(start, end, first, open)
			}
			p.addQuoted(fields, at+1, end, doubled)
			lines += bytes.Count(p.data[at+1:end], []byte{p.eol})
			at = end + 1
		} else {
			at = p.addPlain(fields, at)
		}
		fields++
		if at >= len(p.data) || p.data[at] != p.delimiter {
			break
		}
	}
	next = at + p.eolAt(p.data, at)
	if fields != len(p.columns) && !p.count {
		p.fault = p.ragged(fields)
	}
	p.finish(start, at, next, first)
	p.line += lines + 1
	return next
}

// addPlain reads a field without quotes, and tells where it ends.
func (p *Parser) addPlain(field, at int) (end int) {
	end = p.seek(p.data, at)
	if end == len(p.data) || p.data[end] == p.eol {
		end = p.trimCR(p.data, at, end)
	}
	c := cell{bits: uint64(at), n: uint32(end - at), kind: Text}
	if p.isNull(p.data[at:end]) {
		c.kind = Null
	}
	p.add(field, c)
	return end
}

// addQuoted takes data[start:end] for a field, in which quotes may be doubled.
func (p *Parser) addQuoted(field, start, end int, doubled bool) {
	c := cell{bits: uint64(start), n: uint32(end - start), kind: Text, marks: quoted}
	if doubled {
		b := p.batch
		c.bits, c.marks = uint64(start)<<32|uint64(len(b.unsaid)), quoted|apart
		begin := len(b.unsaid)
		for text := p.data[start:end]; len(text) > 0; {
			n := bytes.IndexByte(text, p.quote) + 1 // one quote of two
			if n == 0 {
				n = len(text)
			}
			b.unsaid = append(b.unsaid, text[:n]...)
			text = text[min(n+1, len(text)):]
		}
		c.n = uint32(len(b.unsaid) - begin)
	}
	p.add(field, c)
}

func (p *Parser) add(field int, c cell) {
	switch {
	case field < len(p.columns):
		c.column = uint16(field)
		p.convert(&c)
	case !p.count || field > math.MaxUint16:
		return
	}
	p.batch.cells = append(p.batch.cells, c)
}

// isNull tells whether a field without quotes means NULL.
func (p *Parser) isNull(text []byte) bool {
	if len(text) == 0 && p.layout.EmptyNull {
		return true
	}
	for _, word := range p.layout.Null { //nolint:modernize // slices.Contains would copy the text
		if string(text) == word {
			return true
		}
	}
	return false
}

// closing finds the quote that closes the field whose text begins at from, and
// tells whether there is one and the field ends there.
func (p *Parser) closing(start, from int) (end int, doubled, ok bool) {
	for at := from; ; {
		i := bytes.IndexByte(p.data[at:], p.quote)
		end = at + i
		switch {
		case i < 0 || end-start > p.longest:
			return len(p.data), doubled, false
		case end+1 < len(p.data) && p.data[end+1] == p.quote:
			at, doubled = end+2, true
		default:
			return end, doubled, p.ended(p.data, end+1)
		}
	}
}

// damaged rejects the first line of a record, where the field opens a quote, as
// that closes at closed, or one behind it does, with text behind it, or not at
// all. It looks at that line only, so that what it says does not depend on
// where the block ends.
func (p *Parser) damaged(start, closed, first, field int) (next int) {
	stop, next := p.lineEnd(p.data, start)
	p.fault = fmt.Sprintf("field %d has a quote that is not closed", field+1)
	if closed < stop {
		p.fault = fmt.Sprintf("field %d has text after its closing quote", field+1)
	}
	p.finish(start, stop, next, first)
	p.line++
	return next
}

// giveUp rejects a record that is too long at position at. Its end is that of
// the line, whatever quotes there are.
func (p *Parser) giveUp(start, at, first int) (next int) {
	stop, next := p.lineEnd(p.data, at)
	p.finish(start, stop, next, first)
	p.line += bytes.Count(p.data[start:next], []byte{p.eol})
	return next
}

func (p *Parser) ragged(fields int) string {
	return fmt.Sprintf("%s, %s %d", plural(fields, "field"), p.layout.norm(), len(p.columns))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
