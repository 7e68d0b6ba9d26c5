package gui

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"manyhands/core"
	"manyhands/core/catalog"
)

// column is one column of the result table.
type column struct {
	title  string
	note   string // after the title, less bright: a type
	number bool   // aligned to the right
	least  float32
	share  float32                                                // of the width that is left over
	middle bool                                                   // too long a text is shortened in its middle, not at its end
	thumb  bool                                                   // the row's small picture stands before the text
	colour func(core.Row) fyne.ThemeColorName                     // nil: as usual
	bar    func(core.Row) (fill fyne.ThemeColorName, percent int) // before the text; nil: none
	text   func(core.Row) string
	key    func(core.Row) key
}

// columnsOf lists a table's columns: the number, the item, what came of it,
// who did it and how long it took, which is all that is needed of a failed
// one; then the scenario's own values, which are as many as it likes.
func columnsOf(item string, owned []catalog.Column) []column {
	columns := []column{
		{title: "#", number: true, least: 58, text: seqText, key: seqKey},
		{title: item, least: 160, share: 4, middle: true, thumb: true, text: itemText, key: itemKey, colour: itemColour},
		{title: "Result", least: 180, share: 4, text: resultText, key: resultKey, colour: resultColour},
		{title: "Worker", number: true, least: 62, text: workerText, key: workerKey},
		{title: "Time", number: true, least: 74, text: tookText, key: tookKey},
	}
	for _, c := range owned {
		if c.Title != "" {
			columns = append(columns, own(c))
		}
	}
	return columns
}

// itemColour makes a failed row's item stand out.
func itemColour(r core.Row) fyne.ThemeColorName {
	if r.Status == core.Failed {
		return theme.ColorNameError
	}
	return theme.ColorNameForeground
}

// resultColour makes the reason stand out, and what was not done less so.
func resultColour(r core.Row) fyne.ThemeColorName {
	if r.Status == core.Skipped || r.Status == core.Cancelled {
		return theme.ColorNamePlaceHolder
	}
	return itemColour(r)
}

func seqText(r core.Row) string  { return count(r.Seq) }
func seqKey(r core.Row) key      { return key{number: float64(r.Seq)} }
func itemText(r core.Row) string { return r.Item }
func itemKey(r core.Row) key     { return key{text: strings.ToLower(r.Item)} }
func workerKey(r core.Row) key   { return key{number: float64(r.Worker)} }
func tookText(r core.Row) string { return duration(r.Took) }
func tookKey(r core.Row) key     { return key{number: float64(r.Took)} }

func workerText(r core.Row) string {
	if r.Worker == 0 {
		return ""
	}
	return strconv.Itoa(r.Worker)
}

// resultText is "ok", or how else the item ended and why.
func resultText(r core.Row) string {
	switch {
	case r.Err == nil:
		return r.Status.String()
	case r.Status == core.Failed:
		return oneLine(r.Err.Error())
	}
	return r.Status.String() + ": " + oneLine(r.Err.Error())
}

func resultKey(r core.Row) key {
	return key{number: float64(r.Status), text: strings.ToLower(resultText(r))}
}

// own makes a table column of a scenario's.
func own(c catalog.Column) column {
	title := c.Title
	if c.Unit != "" && c.Unit != "B" && c.Unit != "B/s" { // bytes carry their unit in the cell
		title += " (" + c.Unit + ")"
	}
	made := column{
		title: title, number: c.Number, least: max(76, 30+7*float32(len(title))), middle: !c.Number,
		text: func(r core.Row) string { return c.Text(r.Out) },
		key:  func(r core.Row) key { return keyOf(c.Value(r.Out)) },
	}
	if c.Pair {
		made.least = max(made.least, 100)
	}
	if !c.Number {
		made.least, made.share = max(made.least, 120), 1
	}
	return made
}

// keyOf sorts numbers by value and everything else by its text, nothing first.
func keyOf(value any) key {
	v := reflect.ValueOf(value)
	switch {
	case !v.IsValid():
		return key{number: -1e308}
	case v.CanInt():
		return key{number: float64(v.Int())}
	case v.CanUint():
		return key{number: float64(v.Uint())}
	case v.CanFloat():
		return key{number: v.Float()}
	}
	return key{text: strings.ToLower(fmt.Sprint(value))}
}

// widths shares out the width of a table among its columns: each its least,
// and what is left over by share. Too narrow a table scrolls.
func widths(columns []column, total float32) []float32 {
	var least, shares float32
	for _, c := range columns {
		least += c.least
		shares += c.share
	}
	spare := max(0, total-least)
	list := make([]float32, len(columns))
	for i, c := range columns {
		list[i] = c.least + spare*c.share/max(1, shares)
	}
	return list
}
