package gui

import (
	"strings"
	"sync"

	"manyhands/core"
)

// rows keeps every result of a page and the order in which its table shows
// them. Results come from the run's goroutines, looks from the GUI goroutine;
// any of its methods may be called from either.
//
// The order is an index. New rows are merged into it, so that a look costs
// what came since the last one, and a comparison for each row shown while
// sorted.
type rows struct {
	weigh  func(out any) (before, after int64) // nil: nothing is weighed
	mu     sync.Mutex
	all    []core.Row       // as they came
	failed int              // of all
	before int64            // bytes, of those that ended well
	after  int64            //
	redo   map[string][]int // places of the rows a retry may replace, by item
	widest string           // the longest item
	order  order
}

// Clear forgets every row, and keeps the query.
func (r *rows) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all, r.failed, r.redo, r.widest = nil, 0, nil, ""
	r.before, r.after = 0, 0
	r.order.restart()
}

// Append takes results as they come. It is a core.Log.
func (r *rows) Append(list []core.Row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, row := range list {
		if r.redo != nil {
			r.replace(row)
			continue
		}
		r.all = append(r.all, row)
		r.tally(row, 1)
		if len(row.Item) > len(r.widest) {
			r.widest = row.Item
		}
	}
}

// Redo prepares for a retry of the failed items and returns their names: each
// of their new results is to take the place of the old one.
func (r *rows) Redo() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.redo = make(map[string][]int)
	items := make([]string, 0, r.failed)
	for i, row := range r.all {
		if row.Status == core.Failed {
			r.redo[row.Item] = append(r.redo[row.Item], i)
			items = append(items, row.Item)
		}
	}
	return items
}

// RedoAs prepares for a retry of one failed item under another name.
func (r *rows) RedoAs(item, now string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.redo = make(map[string][]int)
	for i, row := range r.all {
		if row.Status == core.Failed && row.Item == item {
			r.redo[now] = append(r.redo[now], i)
		}
	}
}

// replace puts a retry's result where the failed one was. One that was
// cancelled changes nothing: its item stays failed, to be tried again.
func (r *rows) replace(row core.Row) {
	places := r.redo[row.Item]
	if len(places) == 0 || row.Status == core.Cancelled {
		return
	}
	r.redo[row.Item] = places[1:]
	old := &r.all[places[0]]
	r.tally(*old, -1)
	r.tally(row, 1)
	row.Seq = old.Seq
	*old = row
	r.order.restart()
}

func (r *rows) tally(row core.Row, n int) {
	if row.Status == core.Failed {
		r.failed += n
	}
	if row.Status == core.OK && r.weigh != nil {
		before, after := r.weigh(row.Out)
		r.before += int64(n) * before
		r.after += int64(n) * after
	}
}

// Weight is how many bytes there were, and what came of them, over all that
// ended well.
func (r *rows) Weight() (before, after int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.before, r.after
}

// Widest is the longest name of an item.
func (r *rows) Widest() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.widest
}

// Arrange changes what is shown, and in which order.
func (r *rows) Arrange(q query) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q.text = strings.ToLower(strings.TrimSpace(q.text))
	r.order = order{query: q}
	r.order.extend(r.all)
}

// Look takes what came since the last look into the order. It returns how
// many rows are shown, how many there are, and how many of those failed.
func (r *rows) Look() (shown, all, failed int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order.extend(r.all)
	return len(r.order.index), len(r.all), r.failed
}

// At returns the row shown in the given line of the table.
func (r *rows) At(line int) (core.Row, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if line < 0 || line >= len(r.order.index) {
		return core.Row{}, false
	}
	return r.all[r.order.index[line]], true
}

// Line finds the line that shows the row with this number, -1 if none does.
func (r *rows) Line(seq int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	for line, place := range r.order.index {
		if r.all[place].Seq == seq {
			return line
		}
	}
	return -1
}

// Shown copies the rows in the order of the table.
func (r *rows) Shown() []core.Row {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]core.Row, len(r.order.index))
	for i, place := range r.order.index {
		list[i] = r.all[place]
	}
	return list
}
