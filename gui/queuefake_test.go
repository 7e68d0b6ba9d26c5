package gui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2/test"

	"manyhands/core"
	"manyhands/core/catalog"
)

// errands is a scenario whose items can be steered one by one.
type errands struct {
	URLs    []string     `name:"url" arg:"" optional:"" sep:"\n" kind:"lines" label:"Addresses" help:"Addresses"`
	Folder  string       `kind:"folder" help:"A folder"`
	Limit   string       `live:"" label:"Speed limit" help:"At most"`
	Speed   string       `enum:"slow,fast" default:"fast" live:"" help:"How fast"`
	Other   string       `help:"Not to be changed while it goes on"`
	Workers core.Workers `default:"2" help:"How many at once"`
	errand  *errand
}

func (e *errands) Check() error              { return nil }
func (e *errands) Drop(paths []string) error { e.Folder = paths[0]; return nil }
func (e *errands) Only([]string)             {}
func (e *errands) Continues() bool           { return true }
func (e *errands) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	<-e.errand.start
	e.errand.Steerable = core.Start(ctx, core.Job[int, parcel]{
		Source: core.From(func(yield func(int) bool) {
			for i := range 10 {
				if !yield(i) {
					return
				}
			}
		}),
		Total: 10, Workers: 1, Log: log,
		Open: core.Func(func(ctx context.Context, i int) (parcel, error) {
			select {
			case <-e.errand.gate:
			case <-ctx.Done():
			}
			return parcel{Weight: int64(i)}, ctx.Err()
		}),
	})
	if e.errand.plain {
		return e.errand.Steerable, nil
	}
	return e.errand, nil
}

// errand is a run with a queue that the test arranges.
type errand struct {
	core.Steerable
	start, gate chan struct{} // of Start, and of an item; closed: open
	plain       bool          // it has no queue

	mu       sync.Mutex
	hand     int            // of list, that a worker has
	list     []core.Pending //
	unread   int            // known, but not listed yet
	most     int            // items that were asked for at once
	asked    int            // times
	adjusted []string
	refuse   error // of Readdress, Add and Adjust
	done, of int64
	rate     float64
}

func (e *errand) Pending(from, most int) ([]core.Pending, int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked++
	e.most = max(e.most, most)
	to := min(from+most, len(e.list))
	return slices.Clone(e.list[min(from, to):to]), len(e.list) + e.unread
}

func (e *errand) place(id int) int {
	return slices.IndexFunc(e.list, func(one core.Pending) bool { return one.ID == id })
}

// change does something to an item that has not ended.
func (e *errand) change(id int, do func(place int)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if i := e.place(id); i >= 0 {
		do(i)
	}
}

func (e *errand) Hold(id int) {
	e.change(id, func(i int) { e.list[i].Held, e.list[i].State = true, "paused" })
}

func (e *errand) Release(id int) {
	e.change(id, func(i int) { e.list[i].Held, e.list[i].State = false, "waiting" })
}

func (e *errand) Drop(id int) {
	e.change(id, func(i int) { e.list = slices.Delete(e.list, i, i+1) })
}

func (e *errand) Move(id, to int) {
	e.change(id, func(i int) {
		if i < e.hand {
			return
		}
		one := e.list[i]
		e.list = slices.Delete(e.list, i, i+1)
		e.list = slices.Insert(e.list, min(e.hand+max(to, 0), len(e.list)), one)
	})
}

func (e *errand) Readdress(id int, address string) error {
	e.change(id, func(i int) {
		if e.refuse == nil {
			e.list[i].Item = address
		}
	})
	return e.refuse
}

func (e *errand) Add(text string) (int, error) {
	lines := strings.Fields(text)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, line := range lines {
		if e.refuse != nil {
			return 0, e.refuse
		}
		e.list = append(e.list, core.Pending{ID: 1000 + len(e.list), Item: line, State: "waiting"})
	}
	return len(lines), nil
}

func (e *errand) Adjust(setting, value string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.adjusted = append(e.adjusted, setting+"="+value)
	return e.refuse
}

func (e *errand) Bytes() (int64, int64, float64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.done, e.of, e.rate
}

// set changes the errand as its run would.
func (e *errand) set(do func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	do()
}

// items are the names of the list, as short as a test likes them.
func (e *errand) items() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var names []string
	for _, one := range e.list {
		names = append(names, one.Item[strings.LastIndexByte(one.Item, '/')+1:])
	}
	return strings.Join(names, " ")
}

func aboutErrands(in *errand) catalog.Scenario {
	return catalog.Scenario{
		Name: "errands", Title: "Errands", About: "Run many errands.", Item: "Address", Icon: "download",
		New:     func() catalog.Config { return catalog.Defaults(&errands{errand: in}) },
		Columns: catalog.ColumnsOf[parcel](),
	}
}

// pendings are so many items, of which the first two are in hand.
func pendings(n int) []core.Pending {
	list := make([]core.Pending, n)
	for i := range list {
		list[i] = core.Pending{ID: i + 1, Item: fmt.Sprintf("https://example.org/files/%d", i+1), State: "waiting"}
		if i < 2 {
			list[i].Active, list[i].State = true, "downloading"
			list[i].Done, list[i].All, list[i].Rate = 25_000_000, 100_000_000, 5_000_000
		}
	}
	return list
}

// errandsWith is a desk before a run over so many items.
func errandsWith(t *testing.T, n int) (*desk, *errand) {
	t.Helper()
	in := &errand{start: make(chan struct{}), gate: make(chan struct{}), hand: min(n, 2), list: pendings(n)}
	close(in.start)
	return sitBefore(t, test.NewTempApp(t), &world{}, aboutErrands(in)), in
}

// queued is a desk where a run over so many items goes on.
func queued(t *testing.T, n int) (*desk, *errand) {
	t.Helper()
	d, in := errandsWith(t, n)
	test.Tap(d.page.bar.start)
	d.until("the queue", func() bool { return d.page.queue.going() })
	return d, in
}

// chosen is the short name of the item that is selected, and that of the row
// which looks so.
func (d *desk) chosen() (item, row string) {
	q := d.page.queue
	item = q.rows.chosen.Item[strings.LastIndexByte(q.rows.chosen.Item, '/')+1:]
	if list, _ := q.rows.run.Pending(max(0, q.table.selected), 1); q.table.selected >= 0 && len(list) == 1 {
		row = list[0].Item[strings.LastIndexByte(list[0].Item, '/')+1:]
	}
	return item, row
}

func (d *desk) wantChosen(item string) {
	d.Helper()
	if got, row := d.chosen(); got != item || row != item {
		d.Errorf("item %q is chosen and the row of %q selected, want %q", got, row, item)
	}
}

var errNoAddress = errors.New("the address needs a host, like https://example.org")
