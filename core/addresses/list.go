// Package addresses reads what a person gives as addresses: lists with one a
// line, tables with a column of them, and templates that stand for many.
//
//	file or form ── Each ──► Line ── Parse ──► Template ── Fill ──► address
//	CSV ── NewTable ── Each ──► row ─────────────────────────┘
package addresses

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// MostLine is how long a line of a list may be, in bytes.
const MostLine = 64 << 10

const byteOrderMark = "\ufeff"

// Line is an address as it was given, not filled in yet.
type Line struct {
	Text   string
	Number int
	Wrong  string // why it cannot be used; "": it can
}

// Each reads a list: without comments, empty lines, and spaces around the
// addresses. False means that yield ended it.
func Each(in io.Reader, yield func(Line) bool) (bool, error) {
	r := bufio.NewReaderSize(in, MostLine)
	for number := 1; ; number++ {
		raw, tooLong, err := r.ReadLine()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return true, err
		}
		l := Line{Text: clean(string(raw), number), Number: number}
		if tooLong {
			l = Line{Text: Brief(l.Text, 100), Number: number, Wrong: fmt.Sprintf("the line is longer than %d bytes: is this a list of addresses?", MostLine)}
		}
		for tooLong && err == nil {
			_, tooLong, err = r.ReadLine()
		}
		if l.Text != "" && !strings.HasPrefix(l.Text, "#") && !yield(l) {
			return false, nil
		}
	}
}

func clean(text string, number int) string {
	if number == 1 {
		text = strings.TrimPrefix(text, byteOrderMark)
	}
	return strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
}

// OpenFile opens a regular file to be read.
func OpenFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s does not exist; choose a file", path)
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file; choose a file", path)
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (%w); check its permissions", path, Bare(err))
	}
	return f, nil
}

// Bare is an error without the path it came with.
func Bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// Table reads a CSV file (RFC 4180), also one with semicolons or tabs.
type Table struct {
	Columns []string
	in      *csv.Reader
}

// NewTable reads the titles. Its error follows on the name of the file.
func NewTable(in io.Reader) (*Table, error) {
	r := bufio.NewReaderSize(in, MostLine)
	if start, _ := r.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		_, _ = r.Discard(len(byteOrderMark))
	}
	t := &Table{in: csv.NewReader(r)}
	t.in.Comma = separator(r)
	t.in.FieldsPerRecord, t.in.LazyQuotes = -1, true
	columns, err := t.in.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("is empty; its first line must name the columns")
	case err != nil:
		return nil, fmt.Errorf("is no CSV file: %w", err)
	}
	for i, name := range columns {
		columns[i] = strings.TrimSpace(name)
		switch {
		case !utf8.ValidString(name):
			return nil, errors.New("is not UTF-8 text; save it as CSV UTF-8")
		case columns[i] != "" && slices.Contains(columns[:i], columns[i]):
			return nil, fmt.Errorf("has two columns %q; rename one", Brief(columns[i], 100))
		}
	}
	t.Columns = columns
	return t, nil
}

// separator is the one that is most frequent in the first line.
func separator(r *bufio.Reader) rune {
	start, _ := r.Peek(MostLine)
	first, _, _ := strings.Cut(string(start), "\n")
	best := ','
	for _, other := range ";\t" {
		if strings.Count(first, string(other)) > strings.Count(first, string(best)) {
			best = other
		}
	}
	return best
}

// Each reads the rows. False means that yield ended it.
func (t *Table) Each(ctx context.Context, yield func(row []string) bool) (bool, error) {
	for ctx.Err() == nil {
		row, err := t.in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, err
		case !yield(row):
			return false, nil
		}
	}
	return false, nil
}

// Column names the column that holds whole addresses; "": none does.
func Column(columns []string) string {
	for _, usual := range []string{"url", "address", "link", "uri"} {
		for _, name := range columns {
			if strings.EqualFold(name, usual) {
				return name
			}
		}
	}
	return ""
}
