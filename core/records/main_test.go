package records

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// item is a row or a reject, as a test wants to see it.
type item struct {
	line   int64
	end    int64
	raw    string
	fields string // joined by |, or empty
	reason string
}

// items are the rows and rejects of a batch in the order of the file.
func items(b *Batch) []item {
	var all []item
	for row := range b.Len() {
		all = append(all, item{b.Line(row), b.End(row), string(b.Raw(row)), strings.Join(cells(b, row), "|"), ""})
	}
	for _, r := range b.Rejects() {
		all = append(all, item{r.Line, r.End, r.Raw, "", r.Reason})
	}
	slices.SortFunc(all, func(a, b item) int { return cmp.Compare(a.end, b.end) })
	return all
}

// cells shows the kind of what is no text.
func cells(b *Batch, row int) []string {
	width := b.Columns()
	if b.sparse && width == 0 { // any number of fields
		return b.fields(row)
	}
	shown := make([]string, width)
	for col := range width {
		switch b.Kind(row, col) {
		case Null:
			shown[col] = "NULL"
		case Integer:
			shown[col] = fmt.Sprintf("int(%d)", b.Int(row, col))
		case Real:
			shown[col] = fmt.Sprintf("real(%v)", b.Real(row, col))
		case Text:
			shown[col] = strings.Clone(b.Text(row, col))
		}
	}
	return shown
}

// rows shows items shortly: fields, or line and reason.
func rows(all []item) []string {
	var shown []string
	for _, i := range all {
		if i.reason != "" {
			shown = append(shown, fmt.Sprintf("line %d: %s: %s", i.line, i.reason, i.raw))
		} else {
			shown = append(shown, i.fields)
		}
	}
	return shown
}

// plainCSV is the layout of ordinary CSV with columns a, b, c …
func plainCSV(columns int) *Layout {
	l := &Layout{Newline: '\n', Start: Position{Line: 1}}
	l.Format, l.Delimiter, l.Quote, l.Encoding, l.Header = CSV, ',', '"', utf8Name, HeaderYes
	for i := range columns {
		name := string(rune('a' + i))
		l.Columns = append(l.Columns, Column{Name: name, Key: name})
	}
	return l
}

func typed(l *Layout, kinds ...Kind) []Column {
	columns := slices.Clone(l.Columns)
	for i, kind := range kinds {
		columns[i].Type = kind
	}
	return columns
}

// parseText parses all text as one block.
func parseText(l *Layout, columns []Column, text string) *Batch {
	return NewParser(l, columns).Parse(&Block{From: Position{Line: 1}, Data: []byte(text)})
}

func write(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "records")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, content string, o Options) *File {
	t.Helper()
	f, err := Open(write(t, content), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// readAll reads a file from a position on.
func readAll(t testing.TB, f *File, columns []Column, from Position) []item {
	t.Helper()
	var all []item
	p := NewParser(f.Layout, columns)
	err := f.Blocks(from)(context.Background(), func(b *Block) bool {
		batch := p.Parse(b)
		all = append(all, items(batch)...)
		batch.Release()
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// load reads a file twice, as a load does.
func load(t testing.TB, f *File) (columns []Column, all []item) {
	t.Helper()
	var s Survey
	p := NewParser(f.Layout, nil)
	err := f.Blocks(Position{})(context.Background(), func(b *Block) bool {
		batch := p.Parse(b)
		s.Add(batch)
		batch.Release()
		return true
	})
	if err == nil {
		columns, err = s.Columns(f.Types)
	}
	if err != nil {
		t.Fatal(err)
	}
	return columns, readAll(t, f, columns, Position{})
}

func equal(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}
