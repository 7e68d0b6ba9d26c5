package gui

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"manyhands/core"
	"manyhands/core/catalog"
)

// values are lines that are all there: the first rows of a source, or what a
// SELECT brought. Each Row.Out is a []any with a value for each column.
type values struct {
	rows  [][]any
	order []int // places in rows; nil: as they came
}

// Look tells how many lines there are.
func (v *values) Look() (shown, all, failed int) { return len(v.rows), len(v.rows), 0 }

// At is the row in a line.
func (v *values) At(line int) (core.Row, bool) {
	if line < 0 || line >= len(v.rows) {
		return core.Row{}, false
	}
	if v.order != nil {
		line = v.order[line]
	}
	return core.Row{Seq: line + 1, Out: v.rows[line]}, true
}

// sort sorts by a column; -1: as they came.
func (v *values) sort(column int, descending bool) {
	v.order = nil
	if column < 0 {
		return
	}
	v.order = make([]int, len(v.rows))
	for i := range v.order {
		v.order[i] = i
	}
	slices.SortStableFunc(v.order, func(a, b int) int {
		c := compareValues(v.rows[a][column], v.rows[b][column])
		if descending {
			return -c
		}
		return c
	})
}

// compareValues orders values as SQLite does (sqlite.org/datatype3.html, 4.1):
// NULL, numbers, texts, blobs.
func compareValues(a, b any) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case []byte:
		return bytes.Compare(a, b.([]byte))
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
	}
	return cmp.Compare(numberOf(a), numberOf(b))
}

func rank(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case int64, float64:
		return 1
	case string:
		return 2
	}
	return 3
}

func numberOf(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// valueText is a value as a cell shows it: a blob by its size.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return v
	case []byte:
		return sizeOf(int64(len(v)))
	}
	return catalog.GridText(v)
}

// named is a column of values.
type named struct{ name, kind string }

const (
	mostValue = 280 // a column's width, before there is room to share
	sampled   = 40  // rows that a column's width is told from
)

// valueColumns are a table's columns for values like those of rows, the number
// of the row before them.
func valueColumns(names []named, rows [][]any) []column {
	columns := []column{{title: "#", number: true, least: 52, text: seqText, colour: faint}}
	for i, n := range names {
		c := column{title: n.name, note: n.kind, number: numeric(rows, i), least: widthOf(n, rows, i)}
		if !c.number {
			c.share = 1
		}
		c.text = func(r core.Row) string {
			if v, ok := valueAt(r, i); ok {
				return valueText(v)
			}
			return "…"
		}
		c.colour = func(r core.Row) fyne.ThemeColorName {
			if v, ok := valueAt(r, i); ok && (rank(v) == 1 || rank(v) == 2) {
				return theme.ColorNameForeground
			}
			return theme.ColorNamePlaceHolder
		}
		columns = append(columns, c)
	}
	return columns
}

func faint(core.Row) fyne.ThemeColorName { return theme.ColorNamePlaceHolder }

// valueAt is false for a row that is not there yet.
func valueAt(r core.Row, column int) (any, bool) {
	record, ok := r.Out.([]any)
	if !ok || column >= len(record) {
		return nil, false
	}
	return record[column], true
}

// numeric tells whether a column's values are numbers, or texts of numbers.
func numeric(rows [][]any, column int) bool {
	numbers := 0
	for _, row := range rows {
		if column >= len(row) || row[column] == nil || row[column] == "" {
			continue
		}
		text, isText := row[column].(string)
		if _, err := strconv.ParseFloat(text, 64); isText && err != nil || rank(row[column]) > 2 {
			return false
		}
		numbers++
	}
	return numbers > 0
}

// widthOf is the width that a column's title and its first values need.
func widthOf(n named, rows [][]any, column int) float32 {
	title := n.name + "▲"
	if n.kind != "" {
		title += "  " + n.kind
	}
	longest := ""
	for _, row := range rows[:min(len(rows), sampled)] {
		if column >= len(row) {
			continue
		}
		if text := oneCell(valueText(row[column])); len(text) > len(longest) {
			longest = text
		}
	}
	width := fyne.MeasureText(oneCell(longest), theme.TextSize(), fyne.TextStyle{}).Width
	head := fyne.MeasureText(oneCell(title), theme.TextSize(), fyne.TextStyle{Bold: true}).Width
	return min(max(width, head, 40)+2*cellPad+4, mostValue)
}

// spread is a row for the clipboard: its values whole, with tabs between them,
// quoted where a spreadsheet needs that.
func spread(texts []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = '\t'
	_ = w.Write(texts) // a Builder takes all
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

func spreadRow(r core.Row) string {
	record, _ := r.Out.([]any)
	texts := make([]string, len(record))
	for i, v := range record {
		texts[i] = catalog.GridText(v)
	}
	return spread(texts)
}
