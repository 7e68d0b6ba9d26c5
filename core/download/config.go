// Package download loads many addresses into files.
//
//	addresses ─┐                     person: hold, move, drop, another address
//	list       ├─► queue of items ◄──┘
//	Add        ┘      │ take: whose host has room and is not paused
//	                  ▼
//	       ticket ─► worker ─► transfer.Do ─► web.Client ─► server
//	       (core)      ▲          │  NAME.part and its journal
//	                   │ again    ▼
//	            core's retry   safefile ─► NAME
//
// The core's items are tickets: one for each download, without saying which.
// The worker that gets a ticket takes the download whose turn it is then, so
// what a person does to the queue counts until the last moment. From then on
// the ticket stands for that download, also when it is tried again.
package download

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"manyhands/core"
	"manyhands/core/safefile"
)

// longestSync is how long a disk may take to keep what was loaded of a file
// that is cancelled.
const longestSync = 15 * time.Second

// Config is the settings of a run. Paths may be relative.
type Config struct {
	URLs      []string          `arg:"" optional:"" name:"url" sep:"\n" kind:"lines" label:"Addresses" help:"Addresses, one a line; a name for the file may follow. img{001..100}.jpg stands for a hundred." placeholder:"https://example.com/img{001..100}.jpg"`
	List      string            `type:"path" kind:"file" label:"List" help:"A file of addresses: text with one a line, CSV, sha256sum lines, aria2 input, Metalink." placeholder:"FILE"`
	To        string            `type:"path" kind:"newfolder" label:"Save to" help:"Folder for the files." placeholder:"FOLDER"`
	Workers   core.Workers      `default:"5" label:"Workers" help:"Files loaded at once: auto or a number."`
	PerHost   int               `default:"6" label:"Per host" help:"Most files loaded from one host at once; 0: as many as there are workers."`
	LimitRate Bytes             `default:"none" live:"" label:"Speed limit" help:"Most bytes a second over all files, like 5MB; none: no limit."`
	Existing  safefile.Existing `enum:"skip,rename,replace" default:"skip" label:"If a file exists" help:"What to do if a file is already there: ${enum}."`
	Segments  Segments          `default:"auto" more:"" label:"Segments" help:"Connections for one large file: auto adds some where that makes it faster, 1 never does."`
	Retries   int               `default:"5" more:"" label:"Retries" help:"How often a file is tried again after a failure that may pass; counted anew when a MiB has come."`
	SHA256    string            `name:"sha256" type:"path" kind:"file" more:"" label:"Checksums" help:"A file with SHA-256 checksums by file name, as sha256sum writes it: files are compared with it." placeholder:"FILE"`
	Header    []string          `sep:"\n" kind:"lines" more:"" label:"Headers" help:"A header of every request." placeholder:"NAME: VALUE"`
	Stall     time.Duration     `default:"30s" more:"" label:"Stall" help:"A connection over which nothing comes for so long is given up, and the file tried again."`
	MaxSize   Bytes             `default:"none" more:"" label:"Largest size" help:"Files larger than this are not loaded, like 2GB; none: any size."`
	KeepDates bool              `more:"" label:"Keep file dates" help:"Files get the date of their last change on the server."`
	Proxy     string            `more:"" label:"Proxy" help:"http://host:port, socks5://host:port, or none; empty: as the system says." placeholder:"http://host:port"`
	Insecure  bool              `more:"" label:"Any certificate" help:"Do not check the certificates of servers."`

	only []string // nil: all
}

// Start begins the run. Its Row.Item are addresses without passwords, its
// Row.Out are Downloads.
func (c *Config) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	settings := c.clone()
	w := newWant(settings)
	total, err := w.count(ctx)
	if err != nil {
		return nil, err
	}
	r, err := open(settings, w, total)
	if err != nil {
		return nil, err
	}
	ctx, r.stop = context.WithCancelCause(ctx)
	r.watch(ctx)
	r.Steerable = core.Start(ctx, core.Job[*ticket, Download]{
		Source:  r.tickets,
		Total:   total,
		Open:    core.Func(r.do),
		Sink:    r.deliver,
		Log:     log,
		Name:    r.queue.name,
		Workers: int(c.Workers),
		Retry:   again,
		Grace:   longestSync,
	})
	return r, nil
}

// clone is a copy that later changes do not reach.
func (c *Config) clone() *Config {
	settings := *c
	settings.URLs, settings.Header, settings.only = slices.Clone(c.URLs), slices.Clone(c.Header), slices.Clone(c.only)
	return &settings
}

// Scratch sends the files below dir, whatever is there.
func (c *Config) Scratch(dir string) { c.To, c.Existing = dir, safefile.Rename }

// Only narrows the run to some of its items. Their files keep the names that
// they have in the whole run.
func (c *Config) Only(items []string) { c.only = append([]string{}, items...) }

// Place is the folder of the files.
func (c *Config) Place() string { return c.To }

// Continues says that files which are there are not loaded again.
func (c *Config) Continues() bool { return c.Existing == safefile.Skip }

// Files are the files of a row: of the result, if there is one.
func (c *Config) Files(row core.Row) (source, result string) {
	if d, ok := row.Out.(Download); ok && d.File != "" {
		result = filepath.Join(c.To, filepath.FromSlash(d.File))
	}
	return "", result
}

// Find calls found for each download there will be. Its error names the first
// line that is no address.
func (c *Config) Find(ctx context.Context, found func(item string, bytes int64) bool) error {
	var wrong error
	_, err := newWant(c.clone()).each(ctx, func(it *item) bool {
		if it.wrong != "" {
			wrong = fmt.Errorf("line %d: %s", it.line, it.wrong)
		}
		return wrong == nil && found(it.shown, 0)
	})
	return errors.Join(err, wrong, ctx.Err())
}
