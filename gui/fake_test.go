package gui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/adrg/xdg"
	"go.uber.org/goleak"

	"manyhands/core"
	"manyhands/core/catalog"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	state, err := os.MkdirTemp("", "manyhands-gui-")
	if err != nil {
		panic(err)
	}
	_ = os.Setenv("XDG_STATE_HOME", state)
	xdg.Reload()
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(state)
		os.Exit(code)
	}))
}

// parcel is what the fake scenario makes of an item.
type parcel struct {
	Weight int64   `col:"Weight" unit:"B" json:"weight"`
	Cost   float64 `col:"Cost" unit:"ms" json:"cost"`
	Note   string  `col:"Note" json:"note"`
}

// fake is a scenario of a few lines: it works on the names item-001 and so on.
// Those whose number Fail divides fail.
type fake struct {
	Folder  string       `arg:"" optional:"" help:"Folder of parcels" kind:"folder"`
	To      string       `help:"Where they go" label:"Send to" kind:"newfolder"`
	List    string       `help:"A list" kind:"file" more:""`
	Items   int          `default:"12" help:"How many"`
	Fail    int          `default:"0" help:"Which fail"`
	Speed   string       `enum:"slow,fast" default:"fast" help:"How fast"`
	Colours []string     `choices:"red,green" help:"Which colours"`
	Loud    bool         `more:"" help:"Tell everyone"`
	Workers core.Workers `default:"2" help:"How many at once"`
	only    []string
	world   *world
}

// world is what tests do to the fake's work, and learn of it.
type world struct {
	gate    chan struct{} // nil: open; else an item needs a token
	refuse  error         // of Start
	broken  error         // ends the run
	healed  atomic.Bool   // nothing fails any more
	workers atomic.Int64  // at once, the most
	now     atomic.Int64
	started atomic.Int64 // runs
}

func (f *fake) Check() error {
	if f.Folder == "" {
		return errors.New("folder: choose the folder with the parcels")
	}
	return nil
}

func (f *fake) Only(items []string) { f.only = items }
func (f *fake) Place() string       { return f.To }
func (f *fake) Scratch(dir string)  { f.To = dir }
func (f *fake) Drop(p []string) error {
	if len(p) > 1 {
		return errors.New("drop one folder, not several")
	}
	f.Folder = p[0]
	return nil
}

func (f *fake) Readdress(item, address string) (string, error) {
	if address == item {
		return "", errors.New("this is the old one")
	}
	return address, nil
}

func (f *fake) names() []string {
	if f.only != nil {
		return f.only
	}
	var names []string
	for i := range f.Items {
		names = append(names, fmt.Sprintf("item-%03d", i+1))
	}
	return names
}

func (f *fake) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	if f.world.refuse != nil {
		return nil, f.world.refuse
	}
	f.world.started.Add(1)
	names := f.names()
	job := core.Job[string, parcel]{
		Source: func(_ context.Context, yield func(string) bool) error {
			for _, name := range names {
				if !yield(name) {
					return nil
				}
			}
			return f.world.broken
		},
		Total: len(names), Workers: f.Workers.Count(), Log: log, Open: core.Func(f.do),
	}
	return core.Start(ctx, job), nil
}

func (f *fake) do(ctx context.Context, name string) (parcel, error) {
	f.world.workers.Store(max(f.world.workers.Load(), f.world.now.Add(1)))
	defer f.world.now.Add(-1)
	if f.world.gate != nil {
		select {
		case <-f.world.gate:
		case <-ctx.Done():
			return parcel{}, ctx.Err()
		}
	}
	number := 0
	_, _ = fmt.Sscanf(name, "item-%d", &number)
	if f.Fail > 0 && number%f.Fail == 0 && !f.world.healed.Load() {
		return parcel{}, fmt.Errorf("weigh %s: the scales are broken\nthey show nothing\ncall someone", name)
	}
	return parcel{Weight: int64(1000 * number), Cost: 1.5, Note: strings.Repeat("n", number)}, nil
}

// about describes the fake in the world given.
func about(name string, in *world) catalog.Scenario {
	made := func() *fake { return catalog.Defaults(&fake{world: in}) }
	return catalog.Scenario{
		Name: name, Title: strings.ToUpper(name[:1]) + name[1:], About: "Send parcels.", Item: "Parcel", Icon: "mailSend",
		New:     func() catalog.Config { return made() },
		Columns: catalog.ColumnsOf[parcel](),
		Sample: func(ctx context.Context, dir string) (catalog.Config, error) {
			sample := made()
			sample.Folder = filepath.Join(dir, "parcels")
			return sample, ctx.Err()
		},
	}
}

// desk is a window with a person before it: the test. All of the window's
// code runs on the test's own goroutine.
type desk struct {
	*Window
	*testing.T
	world *world
	page  *page
	jobs  chan func()
	asked *asked
}

// sit opens a window with one tab.
func sit(t *testing.T) *desk {
	in := &world{}
	return sitBefore(t, test.NewTempApp(t), in, about("parcels", in))
}

func sitBefore(t *testing.T, a fyne.App, in *world, scenarios ...catalog.Scenario) *desk {
	t.Helper()
	d := &desk{T: t, Window: New(a, scenarios, "test"), world: in, jobs: make(chan func()), asked: &asked{}}
	d.page, d.pick = d.pages[0], d.asked
	d.pulse.every = 5 * time.Millisecond
	d.pulse.do = func(job func()) {
		done := make(chan struct{})
		d.jobs <- func() { job(); close(done) }
		<-done
	}
	d.Resize(fyne.NewSize(1100, 720))
	t.Cleanup(d.leaveDesk)
	return d
}

// leaveDesk ends what is under way, and waits for it.
func (d *desk) leaveDesk() {
	for _, p := range d.busy() {
		p.cancel()
	}
	for _, p := range d.pages {
		p.rest()
	}
	ended := make(chan struct{})
	go func() { d.pulse.wg.Wait(); close(ended) }()
	for {
		select {
		case job := <-d.jobs:
			job()
		case <-ended:
			return
		}
	}
}

// until lets the window live until what is expected has come.
func (d *desk) until(what string, come func() bool) {
	d.Helper()
	late := time.After(time.Minute)
	for !come() {
		select {
		case job := <-d.jobs:
			job()
		case <-late:
			d.Fatalf("never: %s; status %q, said %q", what, d.page.bar.status.Text, d.page.bar.say.Text)
		}
	}
}

// finish waits for the end of what is under way.
func (d *desk) finish() {
	d.Helper()
	d.until("the end", func() bool { return d.page.idle() })
}

// fill puts a text into the field of this name.
func (d *desk) fill(field, text string) {
	d.Helper()
	for i, f := range d.page.form.fields {
		if f.Name == field {
			d.page.form.inputs[i].set(text)
			return
		}
	}
	d.Fatalf("no field %s", field)
}

// field is what a form's input shows.
func (d *desk) field(name string) string {
	for i, f := range d.page.form.fields {
		if f.Name == name {
			return d.page.form.inputs[i].get()
		}
	}
	return "no such field"
}

// ran is a desk where a run over some items has ended, every third failed.
func ran(t *testing.T) *desk {
	t.Helper()
	d := sit(t)
	d.fill("folder", "/parcels")
	d.fill("fail", "3")
	test.Tap(d.page.bar.start)
	d.finish()
	return d
}

// items are the names shown in the table, from the top.
func (d *desk) items() []string {
	var names []string
	for _, row := range d.page.results.rows.Shown() {
		names = append(names, row.Item)
	}
	return names
}

func (d *desk) want(what, got, want string) {
	d.Helper()
	if got != want {
		d.Errorf("%s is %q, want %q", what, got, want)
	}
}

// asked answers every question for a place with path.
type asked struct {
	title, from, path string
}

func (a *asked) folder(title, from string, then func(string)) {
	a.title, a.from = title, from
	then(a.path)
}
func (a *asked) file(title, from string, then func(string)) { a.folder(title, from, then) }
func (a *asked) save(title, name string, then func(string)) { a.folder(title, name, then) }
