package gui

import (
	"slices"

	"manyhands/core"
	"manyhands/core/catalog"
)

// queueRows are the items of a run that have not ended, as a table shows them:
// however many there are, only those that can be seen are asked for. One of
// them is chosen. It stays so wherever it moves, until it has ended.
type queueRows struct {
	run    catalog.Queuer // nil: there is none
	window func() (from, most int)
	from   int            // line of the first of items
	items  []core.Pending // as last seen
	all    int            // lines

	chosen core.Pending
	line   int // where chosen was last found; -1: none is chosen
	behind int // how many lines there were then
}

// follow begins with the items of a run; nil: there are none any more.
func (q *queueRows) follow(run catalog.Queuer) {
	*q = queueRows{run: run, window: q.window, line: -1}
	q.see()
}

// see looks at what can be seen now.
func (q *queueRows) see() {
	if q.run == nil {
		return
	}
	from, most := q.window()
	q.items, q.all = q.run.Pending(from, most)
	q.from = from
}

// Look tells how many lines there are.
func (q *queueRows) Look() (shown, all, failed int) { return q.all, q.all, 0 }

// At is the item in a line. A run may know of more items than it can list yet.
func (q *queueRows) At(line int) (core.Row, bool) {
	if line < 0 || line >= q.all {
		return core.Row{}, false
	}
	if line < q.from || line >= q.from+len(q.items) {
		q.see()
	}
	if line < q.from || line >= q.from+len(q.items) {
		return core.Row{Item: "…"}, true
	}
	one := q.items[line-q.from]
	return core.Row{Item: one.Item, Out: one}, true
}

// choose changes the chosen item.
func (q *queueRows) choose(one core.Pending, line int) {
	q.chosen, q.line, q.behind = one, line, q.all
}

// find looks where the chosen item is now: among those that can be seen, else
// where those that ended before it have brought it, else in front. One that is
// in none of these places has ended.
func (q *queueRows) find() {
	if q.line < 0 || q.chosenIn(q.from, q.items) {
		return
	}
	_, most := q.window()
	for _, from := range []int{max(0, q.line+q.all-q.behind-most/2), 0} {
		items, _ := q.run.Pending(from, most)
		if q.chosenIn(from, items) {
			return
		}
	}
	q.choose(core.Pending{}, -1)
}

func (q *queueRows) chosenIn(from int, items []core.Pending) bool {
	i := slices.IndexFunc(items, func(one core.Pending) bool { return one.ID == q.chosen.ID })
	if i >= 0 {
		q.choose(items[i], from+i)
	}
	return i >= 0
}

// follows tells whether the chosen item waits behind another that does: if not
// it cannot come forward.
func (q *queueRows) follows() bool {
	if q.line < 1 {
		return false
	}
	before := q.line - 1
	if before >= q.from && before < q.from+len(q.items) {
		return !q.items[before-q.from].Active
	}
	items, _ := q.run.Pending(before, 1)
	return len(items) == 1 && !items[0].Active
}

// inHand is the number of lines up to the last item that a worker has in hand.
func (q *queueRows) inHand() int {
	_, most := q.window()
	hand := 0
	for from := 0; ; from += most {
		items, _ := q.run.Pending(from, most)
		before := hand
		for i, one := range items {
			if one.Active {
				hand = from + i + 1
			}
		}
		if hand == before {
			return hand
		}
	}
}

// move brings the chosen item to a line. Which place that is among those that
// wait depends on the lines of those that do not, such as one that is to be
// tried again: where the item comes to tells how many they are.
func (q *queueRows) move(line int) {
	hand, id := q.inHand(), q.chosen.ID
	for range 2 {
		to := max(0, line-hand)
		q.run.Move(id, to)
		q.line = hand + to
		q.see()
		q.behind = q.all
		q.find()
		if q.line == line || q.line < 0 {
			return
		}
		hand = q.line - to
	}
}
