package records

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/tidwall/gjson"
)

// objects reads all lines of the block (jsonlines.org).
func (p *Parser) objects() {
	for at := 0; at < len(p.data) && len(p.batch.rows) < p.most; p.line++ {
		stop, next := p.lineEnd(p.data, at)
		if line := bytes.Trim(p.data[at:stop], " \t\r"); len(line) > 0 {
			first := len(p.batch.cells)
			p.fault = p.object(line, stop-len(bytes.TrimLeft(p.data[at:stop], " \t\r")), first)
			p.finish(at, stop, next, first)
		}
		at = next
	}
}

// mostNested is how deep values may be nested, as in SQLite (sqlite.org/json1,
// section 3). It bounds the stack.
const mostNested = 1000

// object reads a line, which begins at start, and says what is wrong with it.
func (p *Parser) object(line []byte, start, first int) (fault string) {
	switch {
	case line[0] != '{':
		return "no JSON object"
	case tooDeep(line):
		return fmt.Sprintf("nested more than %d deep", mostNested)
	case !gjson.ValidBytes(line):
		return "no valid JSON"
	}
	p.fault = ""
	for at, member := p.space(start+1), 0; p.data[at] != '}' && p.fault == ""; member++ {
		at = p.member(at, member)
	}
	if p.fault == "" {
		p.order(p.batch.cells[first:])
	}
	return p.fault
}

// tooDeep tells whether valid JSON nests too deep.
func tooDeep(line []byte) bool {
	if bytes.Count(line, []byte("["))+bytes.Count(line, []byte("{")) <= mostNested {
		return false
	}
	depth := 0
	for i := 0; i < len(line) && depth <= mostNested; i++ {
		switch line[i] {
		case '"':
			i = stringEnd(line, i) - 1
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
	}
	return depth > mostNested
}

// member reads "key": value of valid JSON, and a comma and space behind it.
func (p *Parser) member(at, nth int) (next int) {
	end := stringEnd(p.data, at)
	key, ok := p.unquote(p.data[at+1 : end-1])
	at = p.space(p.space(end) + 1)
	end = valueEnd(p.data, at)
	if column := p.column(key, nth); ok && column >= 0 {
		p.addValue(column, at, end)
	}
	next = p.space(end)
	if p.data[next] == ',' {
		next = p.space(next + 1)
	}
	return next
}

// column finds the column of a key. Objects tend to have all keys in the same
// order.
func (p *Parser) column(key []byte, nth int) int {
	if nth < len(p.columns) && string(key) == p.columns[nth].Key {
		return nth
	}
	column, known := p.index[string(key)]
	switch {
	case known:
		return column
	case !p.open:
		p.blame("key %q is no column", brief(key))
		return -1
	case len(p.columns) == mostColumns:
		p.blame("key %q: there are %d others, and SQLite takes no more columns", brief(key), mostColumns)
		return -1
	}
	name := string(key)
	p.index[name] = len(p.columns)
	p.columns = append(p.columns, Column{Name: name, Key: name})
	return len(p.columns) - 1
}

func (p *Parser) addValue(column, at, end int) {
	c := cell{bits: uint64(at), n: uint32(end - at), column: uint16(column), kind: Text}
	switch p.data[at] {
	case 'n':
		c.kind = Null
	case 't', 'f', '[', '{':
		c.marks = literal
	case '"':
		c = p.text(at, end)
		c.column = uint16(column)
	}
	p.convert(&c)
	p.batch.cells = append(p.batch.cells, c)
}

// text is the cell of a string.
func (p *Parser) text(at, end int) cell {
	c := cell{bits: uint64(at + 1), n: uint32(end - at - 2), kind: Text, marks: literal | quoted}
	raw := p.data[at+1 : end-1]
	value, ok := p.unquote(raw)
	if ok && len(raw) != len(value) {
		c.bits, c.n = uint64(at)<<32|uint64(len(p.batch.unsaid)), uint32(len(value))
		c.marks |= apart
		p.batch.unsaid = append(p.batch.unsaid, value...)
	}
	return c
}

// order sorts the cells of a row, and finds keys that are there twice.
func (p *Parser) order(cells []cell) {
	byColumn := func(a, b cell) int { return int(a.column) - int(b.column) }
	if !slices.IsSortedFunc(cells, byColumn) {
		slices.SortFunc(cells, byColumn)
	}
	for i := 1; i < len(cells); i++ {
		if cells[i].column == cells[i-1].column {
			p.blame("key %q is there twice", brief([]byte(p.columns[cells[i].column].Key)))
		}
	}
}

// truth makes true 1 and false 0, which only a person can want.
func (p *Parser) truth(c *cell, kind Kind) bool {
	if c.marks != literal {
		return false
	}
	value := uint64(1)
	switch p.batch.text(c)[0] {
	case 'f':
		value = 0
	case '[', '{':
		return false
	}
	c.bits, c.kind = value, kind
	if kind == Real {
		c.bits = math.Float64bits(float64(value))
	}
	return true
}
