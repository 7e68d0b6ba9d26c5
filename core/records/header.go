package records

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// sniffRecords finds the delimiter, the header and the columns of CSV.
func (l *Layout) sniffRecords(text []byte, whole bool) error {
	t := l.findDelimiter(firstLines(text, trialSize))
	b := t.batch
	if len(b.rows) == 0 {
		return fmt.Errorf("no record can be read; line %d: %s", b.rejects[0].Line, b.rejects[0].Reason)
	}
	first, given := b.fields(0), l.Header == HeaderYes
	damaged := len(b.rejects) > 0 && b.rejects[0].Line < b.Line(0)
	if isAuto(l.Header) {
		l.Header = HeaderNo
		if !damaged && len(first) == t.usual && isHeader(b, first) {
			l.Header = HeaderYes
		}
	}
	l.Start = Position{Line: 1}
	names := make([]string, t.usual)
	if l.Header == HeaderYes {
		if damaged {
			return fmt.Errorf("the header cannot be read: %s", b.rejects[0].Reason)
		}
		if !given && whole && t.records == 1 && len(b.block.Data) == len(text) {
			return errors.New("there is one record only, which looks like a header: set the header to yes, or to no")
		}
		names = first
		end := b.rows[0].end
		l.Start = Position{int64(end), 1 + int64(bytes.Count(text[:end], []byte{l.Newline}))}
	}
	if len(names) > mostColumns {
		return fmt.Errorf("%d columns are more than the %d that SQLite takes; is the delimiter %q?", len(names), mostColumns, l.Delimiter)
	}
	l.Columns = make([]Column, len(names))
	for i, name := range names {
		l.Columns[i].Name = name
	}
	nameColumns(l.Columns)
	for i := range l.Columns {
		l.Columns[i].Key = l.Columns[i].Name
	}
	l.preview(text)
	return nil
}

// fields are the texts of a row of a sparse batch.
func (b *Batch) fields(row int) []string {
	cells := b.cellsOf(row)
	fields := make([]string, len(cells))
	for i := range cells {
		fields[i] = string(b.text(&cells[i]))
	}
	return fields
}

// isHeader tells whether the first record names the columns. Its fields must
// differ, none may be a figure, which has digits and no letters, and only the
// first and the last may be empty. Then it is a header if some column has but
// figures below it; else if its fields look like names: a letter or underscore,
// then letters, digits, spaces and _-.()/#%, at most 64 characters, none of
// which stands once more in its column.
func isHeader(b *Batch, first []string) bool {
	if !canName(first) {
		return false
	}
	filled, figures, again := make([]int, len(first)), make([]int, len(first)), false
	for row := 1; row < b.Len(); row++ {
		cells := b.cellsOf(row)
		for i := range min(len(cells), len(first)) {
			text := string(b.text(&cells[i]))
			again = again || text != "" && text == first[i]
			if text != "" {
				filled[i]++
			}
			if hasOnlyFigures(text) {
				figures[i]++
			}
		}
	}
	for i, n := range figures {
		if n > 0 && n == filled[i] {
			return true
		}
	}
	return !again && allNames(first)
}

// canName tells whether fields could be a header at all.
func canName(fields []string) bool {
	seen := make(map[string]bool, len(fields))
	for i, field := range fields {
		field = strings.TrimSpace(field)
		inner := i > 0 && i < len(fields)-1
		if hasOnlyFigures(field) || field != "" && seen[field] || field == "" && (inner || len(fields) < 2) {
			return false
		}
		seen[field] = true
	}
	return true
}

func hasOnlyFigures(text string) bool {
	return strings.ContainsAny(text, "0123456789") && !strings.ContainsFunc(text, unicode.IsLetter)
}

func allNames(fields []string) bool {
	for _, field := range fields {
		for i, r := range strings.TrimSpace(field) {
			letter := unicode.IsLetter(r) || r == '_'
			if i >= 64 || !letter && (i == 0 || !unicode.IsDigit(r) && !strings.ContainsRune(" -.()/#%", r)) {
				return false
			}
		}
	}
	return true
}

// nameColumns makes names that a table can have: one line, not empty, and
// different without regard to case.
func nameColumns(columns []Column) {
	taken := make(map[string]bool, len(columns))
	for i := range columns {
		name := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(columns[i].Name, "?"))
		name = strings.Join(strings.Fields(name), " ")
		if name == "" {
			name = fmt.Sprintf("c%d", i+1)
		}
		unique := name
		for n := 2; taken[strings.ToLower(unique)]; n++ {
			unique = fmt.Sprintf("%s_%d", name, n)
		}
		taken[strings.ToLower(unique)] = true
		columns[i].Name = unique
	}
}
