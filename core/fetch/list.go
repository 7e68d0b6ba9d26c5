package fetch

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

// mostLine is how long a line of a list may be, in bytes.
const mostLine = 64 << 10

const byteOrderMark = "\ufeff"

// line is an address as it was given, not filled in yet.
type line struct {
	text   string
	number int
	wrong  string
}

// eachLine reads a list: without comments, empty lines, and spaces around the
// addresses. False means that yield ended it.
func eachLine(in io.Reader, yield func(line) bool) (bool, error) {
	r := bufio.NewReaderSize(in, mostLine)
	for number := 1; ; number++ {
		raw, tooLong, err := r.ReadLine()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return true, err
		}
		l := line{text: clean(string(raw), number), number: number}
		if tooLong {
			l = line{text: brief(l.text, 100), number: number, wrong: fmt.Sprintf("the line is longer than %d bytes: is this a list of addresses?", mostLine)}
		}
		for tooLong && err == nil {
			_, tooLong, err = r.ReadLine()
		}
		if l.text != "" && !strings.HasPrefix(l.text, "#") && !yield(l) {
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

// openFile opens a regular file to be read.
func openFile(path string) (*os.File, error) {
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
		return nil, fmt.Errorf("%s cannot be read (%w); check its permissions", path, bare(err))
	}
	return f, nil
}

func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// table reads a CSV file (RFC 4180), also one with semicolons or tabs.
type table struct {
	columns []string
	in      *csv.Reader
}

func newTable(in io.Reader) (*table, error) {
	r := bufio.NewReaderSize(in, mostLine)
	if start, _ := r.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		_, _ = r.Discard(len(byteOrderMark))
	}
	t := &table{in: csv.NewReader(r)}
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
			return nil, fmt.Errorf("has two columns %q; rename one", brief(columns[i], 100))
		}
	}
	t.columns = columns
	return t, nil
}

// separator is the one that is most frequent in the first line.
func separator(r *bufio.Reader) rune {
	start, _ := r.Peek(mostLine)
	first, _, _ := strings.Cut(string(start), "\n")
	best := ','
	for _, other := range ";\t" {
		if strings.Count(first, string(other)) > strings.Count(first, string(best)) {
			best = other
		}
	}
	return best
}

// each reads the rows. False means that yield ended it.
func (t *table) each(ctx context.Context, yield func(row []string) bool) (bool, error) {
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

// addressColumn names the column that holds whole addresses; "": none does.
func addressColumn(columns []string) string {
	for _, usual := range []string{"url", "address", "link", "uri"} {
		for _, name := range columns {
			if strings.EqualFold(name, usual) {
				return name
			}
		}
	}
	return ""
}
