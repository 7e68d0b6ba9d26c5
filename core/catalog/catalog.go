// Package catalog describes every scenario once, for the window and for the
// command line. A scenario is a Config: a struct whose tags make its form and
// its flags, and whose result struct's tags make its table.
package catalog

import (
	"context"

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
