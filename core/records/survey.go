package records

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Survey collects what the values of a whole file are. Each goroutine has its
// own, and one merges them. The zero value is ready.
type Survey struct {
	Records  int64
	Rejected int64

	columns     map[string]*evidence // by key
	beyondASCII bool
	notUTF8     bool
}

// evidence is where in a column each kind of value is for the first time.
type evidence struct {
	column Column
	line   int64 // of the first record with the column
	nth    int   // orders the columns of that record
	kinds  [Text + 1]witness
}

type witness struct {
	line  int64 // 0 if there is none
	value string
}

// Add takes the records of a batch that was parsed without columns.
func (s *Survey) Add(b *Batch) {
	s.Records += int64(b.Len())
	s.Rejected += int64(len(b.rejects))
	s.beyondASCII = s.beyondASCII || b.beyondASCII
	s.notUTF8 = s.notUTF8 || b.notUTF8
	if b.Len() == 0 {
		return
	}
	columns := s.of(b)
	if b.sparse {
		s.addSparse(b, columns)
		return
	}
	for col, e := range columns {
		e.first(b.Line(0), col)
		for row := 0; row < b.Len() && !e.isText(b.Line(row)); row++ {
			e.add(b, &b.cells[row*len(columns)+col], row)
		}
	}
}

func (s *Survey) addSparse(b *Batch, columns []*evidence) {
	for row := range b.rows {
		cells := b.cellsOf(row)
		for i := range cells {
			e := columns[cells[i].column]
			e.first(b.Line(row), cells[i].place())
			e.add(b, &cells[i], row)
		}
	}
}

// of is the evidence for the columns of a batch.
func (s *Survey) of(b *Batch) []*evidence {
	if s.columns == nil {
		s.columns = make(map[string]*evidence)
	}
	columns := make([]*evidence, len(b.columns))
	for i, c := range b.columns {
		if columns[i] = s.columns[c.Key]; columns[i] == nil {
			columns[i] = &evidence{column: c}
			s.columns[c.Key] = columns[i]
		}
	}
	return columns
}

func (e *evidence) first(line int64, nth int) {
	if e.line == 0 || line < e.line {
		e.line, e.nth = line, nth
	}
}

// isText tells whether nothing in line and after it can say more.
func (e *evidence) isText(line int64) bool {
	first := e.kinds[Text].line
	return first > 0 && first <= line
}

func (e *evidence) add(b *Batch, c *cell, row int) {
	if c.kind == Null || c.n == 0 && c.marks&literal == 0 {
		return
	}
	text, kind := b.text(c), Text
	if c.marks&literal == 0 {
		if _, ok := wholeNumber(text); ok {
			kind = Integer
		} else if _, ok := decimalNumber(text); ok {
			kind = Real
		}
	}
	if w := &e.kinds[kind]; w.line == 0 || b.Line(row) < w.line {
		*w = witness{b.Line(row), brief(text)}
	}
}

// Merge adds what another survey has seen.
func (s *Survey) Merge(other *Survey) {
	s.Records += other.Records
	s.Rejected += other.Rejected
	s.beyondASCII = s.beyondASCII || other.beyondASCII
	s.notUTF8 = s.notUTF8 || other.notUTF8
	if s.columns == nil {
		s.columns = make(map[string]*evidence)
	}
	for key, e := range other.columns {
		if mine := s.columns[key]; mine != nil {
			mine.merge(e)
		} else {
			s.columns[key] = e
		}
	}
}

func (e *evidence) merge(other *evidence) {
	if other.line > 0 {
		e.first(other.line, other.nth)
	}
	for kind, w := range other.kinds {
		if mine := &e.kinds[kind]; w.line > 0 && (mine.line == 0 || w.line < mine.line) {
			*mine = w
		}
	}
}

// NotUTF8 tells that the file was taken for UTF-8 because its beginning is
// ASCII, and has only other bytes beyond that: it is windows-1252 then.
func (s *Survey) NotUTF8() bool { return s.notUTF8 && !s.beyondASCII }

// Columns are those of the table, in the order of their first appearance, with
// their types: given ones, by name without regard to case, and found ones.
func (s *Survey) Columns(given map[string]Kind) ([]Column, error) {
	seen := slices.DeleteFunc(slices.Collect(maps.Values(s.columns)), func(e *evidence) bool { return e.line == 0 })
	slices.SortFunc(seen, func(a, b *evidence) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.nth, b.nth), cmp.Compare(a.column.Key, b.column.Key))
	})
	switch {
	case len(seen) == 0:
		return nil, errors.New("no record can be read, so there are no columns")
	case len(seen) > mostColumns:
		return nil, fmt.Errorf("%d different keys are more than the %d columns that SQLite takes", len(seen), mostColumns)
	}
	columns := make([]Column, len(seen))
	for i, e := range seen {
		columns[i] = e.column
		columns[i].Type, columns[i].Why = e.verdict()
	}
	nameColumns(columns)
	return columns, giveTypes(columns, given)
}

func giveTypes(columns []Column, given map[string]Kind) error {
	for name, kind := range given {
		i := slices.IndexFunc(columns, func(c Column) bool { return strings.EqualFold(c.Name, name) })
		if i < 0 {
			return fmt.Errorf("there is no column %s to give the type %s", name, kind)
		}
		if kind != Null {
			columns[i].Type, columns[i].Given, columns[i].Why = kind, true, ""
		}
	}
	return nil
}

// verdict is the type that every value allows, and why it is no number.
func (e *evidence) verdict() (kind Kind, why string) {
	whole, decimal, text := e.kinds[Integer], e.kinds[Real], e.kinds[Text]
	switch {
	case text.line > 0:
		return Text, fmt.Sprintf("line %d: %q %s", text.line, text.value, objection(text.value))
	case whole.line > 0 && decimal.line > 0:
		return Text, fmt.Sprintf("line %d: %q, but line %d: %q", whole.line, whole.value, decimal.line, decimal.value)
	case whole.line > 0:
		return Integer, ""
	case decimal.line > 0:
		return Real, ""
	}
	return Text, "it is empty"
}

// objection says why a value is text.
func objection(value string) string {
	if n, ok := anyWhole([]byte(value)); ok {
		return "would come back as " + strconv.FormatInt(n, 10)
	}
	f, ok := anyDecimal([]byte(value))
	if !ok {
		return "is no number"
	}
	back := strconv.FormatFloat(f, 'f', -1, 64)
	if len(back) > 24 {
		back = strconv.FormatFloat(f, 'e', -1, 64)
	}
	if back != value {
		return "would come back as " + back
	}
	return "may come back with other digits"
}
