package list

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"

	"manyhands/core/addresses"
)

// isTable reports whether a line names the columns of a table.
func isTable(l addresses.Line) bool {
	names := strings.FieldsFunc(l.Text, func(r rune) bool { return strings.ContainsRune(",;\t\"", r) })
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	return l.Wrong == "" && !strings.Contains(l.Text, "://") && addresses.Column(names) != ""
}

// readTable reads a table whose columns are named by the first line of in that
// is not empty and no comment.
func readTable(in *bufio.Reader, first addresses.Line, yield func(Entry) bool) (bool, error) {
	for range first.Number - 1 {
		_, _ = in.ReadSlice('\n') // was read before
	}
	rows := &bounded{in: in, left: mostRecord}
	t, err := addresses.NewTable(rows)
	if err != nil {
		return true, fmt.Errorf("as a table it %w", err)
	}
	address := slices.Index(t.Columns, addresses.Column(t.Columns))
	name := column(t.Columns, "name", "filename", "file", "out")
	sum := column(t.Columns, "sha256", "sha-256", "checksum")
	line := first.Number
	return t.Each(context.Background(), func(row []string) bool {
		line++
		rows.left = mostRecord
		q := &request{address: cell(row, address), name: cell(row, name), sum: cell(row, sum), line: line}
		if more := row[min(len(row), len(t.Columns)):]; strings.Join(more, "") != "" {
			q.wrong = fmt.Sprintf("its row has %d cells, the table %d columns: put cells with a separator into quotation marks", len(row), len(t.Columns))
		}
		return strings.TrimSpace(strings.Join(row, "")) == "" || q.expand(yield)
	})
}

// column finds the first of some names; -1: there is none.
func column(columns []string, names ...string) int {
	for _, name := range names {
		at := slices.IndexFunc(columns, func(c string) bool { return strings.EqualFold(c, name) })
		if at >= 0 {
			return at
		}
	}
	return -1
}

func cell(row []string, at int) string {
	if at < 0 || at >= len(row) {
		return ""
	}
	return strings.ToValidUTF8(strings.TrimSpace(row[at]), "\uFFFD")
}
