package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
)

// Column is one value of a scenario's results, told from the tags of its
// result struct: col (the title) and json (the key) are required, unit is the
// value's unit: "px", "B" and "B/s" (shown as kB, MB), "ms", "dB". A title "-" keeps a
// value out of the table, by names a field that is shown beside this one:
// "800x600".
type Column struct {
	Key    string // in JSON and CSV
	Title  string // "": only there
	Unit   string
	Number bool // aligned to the right, sorted by value
	Pair   bool // shown as two numbers
	field  int
	by     []int // the index of the other field
	extra  int   // which of the columns that settings add, from 1
}

// ColumnsOf lists the columns of a result struct: its fields with a col tag.
func ColumnsOf[Out any]() []Column {
	var columns []Column
	for i, t := 0, reflect.TypeFor[Out](); i < t.NumField(); i++ {
		field := t.Field(i)
		title, ok := field.Tag.Lookup("col")
		if !ok {
			continue
		}
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		other, _ := t.FieldByName(field.Tag.Get("by"))
		columns = append(columns, Column{
			Key: key, Title: strings.TrimPrefix(title, "-"), Unit: field.Tag.Get("unit"), field: i, by: other.Index, Pair: other.Index != nil,
			Number: field.Type.Kind() >= reflect.Int && field.Type.Kind() <= reflect.Float64,
		})
	}
	return columns
}

// ColumnsFor are a scenario's columns and those that settings add.
func ColumnsFor(s Scenario, c Config) []Column {
	extender, ok := c.(Extender)
	if !ok {
		return s.Columns
	}
	columns := slices.Clone(s.Columns)
	for i, title := range extender.Extra() {
		columns = append(columns, Column{Key: title, Title: title, extra: i + 1})
	}
	return columns
}

// Value is the column's value in a row's Out, nil where there is none.
func (c Column) Value(out any) any {
	if out == nil {
		return nil
	}
	if c.extra > 0 {
		extended, ok := out.(Extended)
		if !ok {
			return nil
		}
		return extended.ExtraValue(c.extra - 1)
	}
	return reflect.ValueOf(out).Field(c.field).Interface()
}

// Text is the value as a person reads it, without its unit except for bytes.
// A number that is zero is not known, and shown as nothing.
func (c Column) Text(out any) string {
	if out == nil {
		return ""
	}
	if c.extra > 0 {
		if v := c.Value(out); v != nil {
			return fmt.Sprint(v)
		}
		return ""
	}
	v := reflect.ValueOf(out).Field(c.field)
	switch {
	case c.Number && v.IsZero():
		return ""
	case c.Pair:
		return fmt.Sprintf("%vx%v", v.Interface(), reflect.ValueOf(out).FieldByIndex(c.by).Interface())
	case c.Unit == "B" && v.CanInt():
		return humanize.Bytes(uint64(max(0, v.Int())))
	case c.Unit == "B/s" && v.CanFloat():
		return humanize.Bytes(uint64(max(0, v.Float()))) + "/s"
	case v.CanFloat():
		return fmt.Sprintf("%.3g", v.Float())
	}
	return fmt.Sprint(v.Interface())
}
