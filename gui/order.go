package gui

import (
	"cmp"
	"slices"
	"strings"

	"manyhands/core"
)

// query is what a person asked of the table.
type query struct {
	text       string             // part of the item's name or of the reason
	onlyFailed bool               //
	by         func(core.Row) key // nil: as they came
	descending bool
}

// key is what rows are sorted by: numbers come first, then texts.
type key struct {
	number float64
	text   string
}

func (k key) compare(other key) int {
	if c := cmp.Compare(k.number, other.number); c != 0 {
		return c
	}
	return strings.Compare(k.text, other.text)
}

// order is the index of the rows that match a query, in its order. It is kept
// in step with a list of rows that grows at its end.
type order struct {
	query query
	index []int32 // places in the list
	keys  []key   // of the whole list, by place; only while sorted
	seen  int     // how much of the list is in the index
}

// restart has the next extend begin anew: rows were changed or removed.
func (o *order) restart() { *o = order{query: o.query} }

// extend takes the rows beyond those seen into the index.
func (o *order) extend(list []core.Row) {
	from := len(o.index)
	for place := o.seen; place < len(list); place++ {
		if o.query.by != nil {
			o.keys = append(o.keys, o.query.by(list[place]))
		}
		if o.query.matches(list[place]) {
			o.index = append(o.index, int32(place)) //nolint:gosec // two billion rows do not fit in memory
		}
	}
	o.seen = len(list)
	if o.query.by != nil && from < len(o.index) {
		slices.SortFunc(o.index[from:], o.compare)
		o.merge(from)
	}
}

// compare orders two places; equal keys stay as they came, in both directions.
func (o *order) compare(a, b int32) int {
	c := o.keys[a].compare(o.keys[b])
	if o.query.descending {
		c = -c
	}
	if c == 0 {
		c = cmp.Compare(a, b)
	}
	return c
}

// merge joins the two sorted parts of the index, before and after from, from
// the end backwards, so that only the new part needs a copy.
func (o *order) merge(from int) {
	added := slices.Clone(o.index[from:])
	old, at := from-1, len(o.index)-1
	for i := len(added) - 1; i >= 0; at-- {
		if old >= 0 && o.compare(o.index[old], added[i]) > 0 {
			o.index[at] = o.index[old]
			old--
			continue
		}
		o.index[at] = added[i]
		i--
	}
}

func (q query) matches(row core.Row) bool {
	if q.onlyFailed && row.Status != core.Failed {
		return false
	}
	if q.text == "" || strings.Contains(strings.ToLower(row.Item), q.text) {
		return true
	}
	if row.Err == nil {
		return strings.Contains(row.Status.String(), q.text)
	}
	return strings.Contains(strings.ToLower(row.Err.Error()), q.text)
}
