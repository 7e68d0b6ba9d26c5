package records

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// Parser reads Blocks. Each goroutine has its own.
type Parser struct {
	dialect
	layout  *Layout
	columns []Column
	index   map[string]int // JSON lines: of columns, by key
	open    bool           // JSON lines: a key that is not known is a new column
	count   bool           // CSV: records may have any number of fields
	most    int            // records

	// Of the block being read.
	batch *Batch
	data  []byte
	line  int  // ends of line before the record
	dirty bool // some record has bytes that no text has
	fault string
	value []byte // of a JSON string being read
}

// NewParser makes a parser of blocks that have the layout. Without columns it
// is for a Survey: every field is text as it stands, and objects may have any
// keys. With columns, those of the Survey, cells are typed; they are in the
// order of the layout's columns (CSV) or as given (JSON lines).
func NewParser(layout *Layout, columns []Column) *Parser {
	p := &Parser{dialect: layout.dialect(), layout: layout, most: math.MaxInt}
	if layout.Format == JSONL {
		p.columns, p.open = slices.Clone(columns), columns == nil
		p.index = make(map[string]int, len(columns))
		for i, c := range columns {
			p.index[c.Key] = i
		}
		return p
	}
	p.columns = slices.Clone(layout.Columns)
	for i, c := range p.columns {
		if at := slices.IndexFunc(columns, func(known Column) bool { return known.Key == c.Key }); at >= 0 {
			p.columns[i] = columns[at]
		}
	}
	return p
}

// Parse reads a block. The batch owns it from then on.
func (p *Parser) Parse(block *Block) *Batch {
	jsonl := p.layout.Format == JSONL
	p.batch = newBatch(block, p.columns, jsonl || p.count)
	p.data, p.line = block.Data, 0
	p.look()
	switch {
	case block.huge:
		p.huge()
	case jsonl:
		p.objects()
		p.batch.columns = p.columns
	default:
		p.csv()
	}
	return p.batch
}

// look tells whether any record has something that no text has.
func (p *Parser) look() {
	plain := isASCII(p.data)
	valid := plain || utf8.Valid(p.data)
	p.batch.beyondASCII = valid && !plain
	p.dirty = !valid || bytes.IndexByte(p.data, 0) >= 0 ||
		!plain && p.layout.replaces() && bytes.Contains(p.data, replacement)
}

// huge rejects the record of which the block has the beginning.
func (p *Parser) huge() {
	stop := p.trimCR(p.data, 0, len(bytes.TrimSuffix(p.data, []byte{p.eol})))
	p.reject(p.tooLong(), 0, stop, int(p.batch.block.To.Offset-p.batch.block.From.Offset))
}

// replacement stands for what an encoding does not have (U+FFFD).
var replacement = []byte("\uFFFD")

// garbage says what a record has that no text has.
func (p *Parser) garbage(raw []byte) string {
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return fmt.Sprintf("a NUL, as byte %d of the record", i+1)
	}
	if p.layout.replaces() {
		if before, _, found := bytes.Cut(raw, replacement); found {
			return fmt.Sprintf("bytes that are no %s, after %q", p.layout.Encoding, brief(before))
		}
		return ""
	}
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			p.batch.notUTF8 = true
			return fmt.Sprintf("byte %d of the record is %#x, which is no %s", i+1, raw[i], p.layout.Encoding)
		}
		i += n
	}
	p.batch.beyondASCII = p.batch.beyondASCII || !isASCII(raw)
	return ""
}

// finish makes a record of data[start:stop], whose cells from first on were
// added, a row or a reject.
func (p *Parser) finish(start, stop, end, first int) {
	b := p.batch
	fault := ""
	switch raw := p.data[start:stop]; {
	case len(raw) > p.longest:
		fault = p.tooLong()
	case p.dirty:
		fault = p.garbage(raw)
	}
	if fault = cmp.Or(fault, p.fault); fault != "" {
		b.cells = b.cells[:first]
		p.reject(fault, start, stop, end)
		return
	}
	if b.sparse {
		b.first = append(b.first, uint32(first))
	}
	b.rows = append(b.rows, row{uint32(start), uint32(stop), uint32(end), uint32(p.line)})
}

func (p *Parser) reject(reason string, start, stop, end int) {
	from := p.batch.block.From
	raw := p.data[start:stop]
	if len(raw) > p.longest {
		raw = raw[:min(len(raw), keptOfHuge)]
	}
	p.batch.rejects = append(p.batch.rejects, Reject{
		Line: from.Line + int64(p.line), Reason: reason, Raw: string(raw), End: from.Offset + int64(end),
	})
}

func (p *Parser) tooLong() string {
	return fmt.Sprintf("longer than %d bytes; no more than the first %d are kept", p.longest, keptOfHuge)
}

// blame keeps the first fault of a record.
func (p *Parser) blame(format string, args ...any) {
	if p.fault == "" {
		p.fault = fmt.Sprintf(format, args...)
	}
}

// convert makes a text cell a number if the column wants one.
func (p *Parser) convert(c *cell) {
	column := &p.columns[c.column]
	if c.kind != Text || column.Type == Null || column.Type == Text {
		return
	}
	text := p.batch.text(c)
	value, ok := number(text, column.Type, column.Given)
	switch {
	case ok && (column.Given || c.marks&literal == 0):
		c.bits, c.kind = value, column.Type
	case len(text) == 0 && c.marks&literal == 0:
		c.kind = Null
	case column.Given && p.truth(c, column.Type):
	case column.Loose:
	case column.Given:
		p.blame("column %s: %q is no %s", column.Name, brief(text), column.Type)
	default:
		p.blame("column %s: %q is no %s that would print as it stands", column.Name, brief(text), column.Type)
	}
}

// brief is the beginning of a text, for a message.
func brief(text []byte) string {
	const most = 40
	if len(text) <= most {
		return string(text)
	}
	return string(bytes.ToValidUTF8(text[:most], nil)) + "…"
}
