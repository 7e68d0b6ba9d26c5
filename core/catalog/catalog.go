// Package catalog describes every scenario once, for the window and for the
// command line. A scenario is a Config: a struct whose tags make its form and
// its flags, and whose result struct's tags make its table.
package catalog

import (
	"context"
	"image"

	"manyhands/core"
)

// Scenario is one kind of batch work.
type Scenario struct {
	Name    string        // "images": the command, the preference key
	Title   string        // "Images": the tab
	About   string        // one sentence, in the imperative
	Item    string        // what one item is called: "File"
	Icon    string        // a Fyne theme icon's name, "fileImage"
	New     func() Config // the settings with their defaults; see Defaults
	Columns []Column      // the scenario's own, of the result table; see ColumnsOf
	Presets []Preset      // that come with the program
	// Weigh tells how many bytes a result, a Row.Out, had before and after. Nil
	// where that means nothing.
	Weigh func(out any) (before, after int64)
	// Sample makes sample data below dir and returns settings that use it,
	// without the internet.
	Sample func(ctx context.Context, dir string) (Config, error)
}

// Config is a scenario's settings: a pointer to a struct whose fields and
// tags make both the form and the command's flags.
type Config interface {
	// Check names every mistake in words a person can act on.
	Check() error
	// Start begins the work. An error means that nothing was started.
	Start(ctx context.Context, log core.Log) (core.Steerable, error)
}

// Scratcher is a Config that can be tried without leaving a trace: Scratch
// sends everything it would write below dir.
type Scratcher interface {
	Scratch(dir string)
}

// Retrier is a Config that can be narrowed to some of its items, named as in
// Row.Item.
type Retrier interface {
	Only(items []string)
}

// Placer is a Config whose results lie in a folder that a person may open.
type Placer interface {
	Place() string
}

// Dropper is a Config that takes what is dropped onto the window.
type Dropper interface {
	Drop(paths []string) error
}

// Finder is a Config that can look for its items before it starts. Find calls
// found for each, with its name as in Row.Item and its size in bytes, until
// all are found, found returns false or ctx ends.
type Finder interface {
	Find(ctx context.Context, found func(item string, bytes int64) bool) error
}

// Previewer is a Config whose effect on one item can be looked at without a
// run. Nothing is written.
type Previewer interface {
	Preview(ctx context.Context, item string) (Preview, error)
}

// Preview is one item before and after.
type Preview = core.Preview

// Charter is a run, as Start returns it, with figures to be drawn while it
// goes on: the same charts in the same order each time.
type Charter interface {
	Charts() []core.Chart
}

// Readdresser is a Config whose items have addresses that may expire. Readdress
// gives one, named as in Row.Item, another address, and returns what it is
// called then; what is there of it is gone on with.
type Readdresser interface {
	Readdress(item, address string) (now string, err error)
}

// Continuer is a Config that, started again, goes on where an unfinished run
// stopped.
type Continuer interface {
	Continues() bool
}

// Queuer is a run, as Start returns it, whose items can be seen and steered
// one by one before they end. IDs are those of core.Pending; one that has ended
// is left alone.
type Queuer interface {
	// Pending lists the items in hand, then the others in the order of their
	// turn: at most so many, from a place on, and how many there are in all.
	Pending(from, most int) (items []core.Pending, all int)
	Hold(id int)                            // pause it: what it has so far stays
	Release(id int)                         // it may go on, in its place
	Drop(id int)                            // cancel it
	Move(id, to int)                        // to a place among those that wait, from 0
	Readdress(id int, address string) error // go on from another address
	Add(text string) (added int, err error) // more items, one a line, while the run goes on
}

// Adjuster is a run, as Start returns it, some of whose settings can be changed
// while it goes on: those with the tag live. Values are as a flag takes them.
type Adjuster interface {
	Adjust(setting, value string) error
}

// Noter is a run, as Start returns it, that has more to say than its Report:
// sentences, once Wait has returned.
type Noter interface{ Notes() []string }

// Weigher is a run, as Start returns it, that tells how far it is in bytes: how
// many are done, how many there are in all (0: not known), and how many come a
// second.
type Weigher interface {
	Bytes() (done, all int64, perSecond float64)
}

// Detailer is a Config whose results have more to read than their row shows.
type Detailer interface {
	Details(row core.Row) []core.Section
}

// Picker is a Config that can look what a setting may be made of, by its
// flag's name: Picks are values for its list. A setting with the tag pick has
// a button for that.
type Picker interface {
	Picks(ctx context.Context, setting string) ([]core.Pick, error)
}

// Extender is a Config whose settings add columns to its table: their titles.
// Its Row.Outs are Extended.
type Extender interface {
	Extra() []string
}

// Extended is a Row.Out with values of the columns that an Extender adds.
type Extended interface {
	ExtraValue(column int) any // a string, a number or nil
}

// Filer is a Config whose items are files. Files returns the paths of a row's
// source and of its result, "" for one that is not there.
type Filer interface {
	Files(row core.Row) (source, result string)
}

// Thumbnailer is a Config whose rows have small pictures: at most side pixels
// wide and high. It returns nil if a row has none.
type Thumbnailer interface {
	Thumbnail(ctx context.Context, row core.Row, side int) (image.Image, error)
}
