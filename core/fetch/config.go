// Package fetch sends many requests to web APIs under a rate limit and makes a
// table of the responses.
//
//	addresses ─┐                                    ┌─ 304 ◄─ cache
//	list       ├─ templates ─► item ─► queue ─► worker ─► web.Client ─► server
//	data (CSV) ┘  {1..50}              (core)    │  ▲       permits, redirects
//	              {column}                       │  └─ again later: core's retry
//	                                             ▼
//	               Response ◄─ extract ─ save ─ keep for Details
//
// The source is one goroutine that fills in templates one after the other: a
// million requests are never in a list. It settles what depends on order, the
// names of rows and of saved files. A worker sends one request at a time. What
// is to be sent again, or goes to a host that asked for a pause, is given back
// to core's retry timer, so that workers are free for other hosts.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"manyhands/core"
	"manyhands/core/safefile"
	"manyhands/core/web"
)

// Config is the settings of a run. Paths may be relative.
type Config struct {
	URLs     []string      `arg:"" optional:"" name:"url" sep:"\n" kind:"lines" label:"Addresses" help:"Addresses, one a line. {1..50}, {0..100..10} and {001..050} count, several of them make all combinations; {column} is filled from the data; \\{ is a brace." placeholder:"https://api.example.com/items?page={1..50}"`
	List     string        `type:"path" kind:"file" label:"List" help:"A text file of addresses, one a line; empty lines and those that begin with # are left out." placeholder:"FILE"`
	Rate     int           `default:"5" label:"Requests" help:"Most requests in any window of time, as the server sees it; 0: no limit."`
	Per      time.Duration `default:"1s" label:"Per" help:"The window of time for the limit: 1s, 500ms, 1m."`
	Workers  core.Workers  `default:"5" label:"Workers" help:"Requests under way at once: auto or a number."`
	Timeout  time.Duration `default:"10s" label:"Timeout" help:"Most time for one request, without waiting for the limit; 0s: any."`
	Method   string        `enum:"GET,POST,PUT,PATCH,DELETE,HEAD" default:"GET" label:"Method" help:"What is asked of the server: ${enum}."`
	Extract  []string      `sep:"\n" kind:"lines" pick:"" label:"Extract" help:"Columns made of JSON answers: PATH or NAME=PATH, where PATH is like items.0.id, items.#.id or items.# (their number)." placeholder:"NAME=PATH"`
	HostRate int           `default:"0" more:"" label:"Per host" help:"The same limit for each host by itself; 0: none."`
	Strict   bool          `more:"" label:"Strict limit" help:"A request counts until its answer begins: keeps the limit also at servers that are slow to take requests, and is slower."`
	Header   []string      `sep:"\n" kind:"lines" more:"" label:"Headers" help:"A header of every request; may hold {column}." placeholder:"NAME: VALUE"`
	Body     string        `more:"" label:"Body" help:"What POST, PUT and PATCH send: a text, or @ and a file's name; may hold {column}." placeholder:"TEXT|@FILE"`
	Data     string        `type:"path" kind:"file" more:"" label:"Data" help:"A CSV file with a line of titles: one request for each row and address. Its columns fill {column} in addresses, headers and body; without addresses, its column url is taken." placeholder:"FILE"`
	Save     string        `type:"path" kind:"newfolder" more:"" label:"Save answers to" help:"Folder for the bodies of the answers." placeholder:"FOLDER"`
	Retries  int           `default:"3" more:"" label:"Retries" help:"How often a request is sent again after a failure that may pass."`
	Robots   bool          `more:"" label:"Respect robots.txt" help:"Skip what a host's robots.txt does not allow."`
	Cache    string        `type:"path" kind:"newfolder" more:"" label:"Cache" help:"Folder that keeps answers, so that what did not change (ETag) is not sent again." placeholder:"FOLDER"`
	Proxy    string        `more:"" label:"Proxy" help:"http://host:port, socks5://host:port, or none; empty: as the system says." placeholder:"http://host:port"`
	Insecure bool          `more:"" label:"Any certificate" help:"Do not check the certificates of servers."`

	only []string // nil: all
	kept *keep    // what Details shows, of the runs that Start began
}

// Start begins the run. Its Row.Item are addresses, with the method if that is
// not GET; its Row.Out are Responses.
func (c *Config) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.only == nil || c.kept == nil { // else they are of the same items
		c.kept = newKeep()
	}
	settings := c.clone()
	work, err := newPlan(settings)
	if err != nil {
		return nil, err
	}
	total, err := work.count(ctx)
	if err != nil {
		return nil, err
	}
	r := &run{began: time.Now()}
	shared, err := r.open(settings, work)
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	r.Steerable = core.Start(ctx, core.Job[*item, Response]{
		Source:  work.items,
		Total:   total,
		Open:    core.Func(shared.Do),
		Sink:    func([]core.Result[*item, Response]) error { return r.sync() },
		Log:     log,
		Name:    func(it *item) string { return it.name },
		Workers: int(c.Workers),
		Retry:   sendAgain,
	})
	return r, nil
}

func (c *Config) options() web.Options {
	return web.Options{
		Rate: c.Rate, HostRate: c.HostRate, Per: c.Per, Strict: c.Strict, Timeout: c.Timeout,
		Connections: c.Workers.Count(), Proxy: c.Proxy, Insecure: c.Insecure,
		GiveBack: true, // so that no worker waits for a host while there is work for others
	}
}

// clone is a copy that later changes do not reach.
func (c *Config) clone() *Config {
	settings := *c
	settings.URLs, settings.Header, settings.Extract = slices.Clone(c.URLs), slices.Clone(c.Header), slices.Clone(c.Extract)
	settings.only = slices.Clone(c.only)
	return &settings
}

// run owns what all workers share, and closes it at its end.
type run struct {
	core.Steerable
	began  time.Time
	client *web.Client
	meter  *meter
	tally  *tally
	saved  *safefile.Folder // nil: nothing is saved
	cached *safefile.Folder // nil: there is no cache
}

// open opens what the settings ask for.
func (r *run) open(c *Config, p *plan) (*worker, error) {
	form, err := c.newForm(p.columns)
	if err != nil {
		return nil, err
	}
	if r.client, err = web.New(c.options()); err != nil {
		return nil, err
	}
	if c.Save != "" {
		if r.saved, err = safefile.Open(c.Save); err != nil {
			return nil, err
		}
	}
	w := &worker{Config: c, form: form, paths: c.paths(), client: r.client, saved: r.saved, large: make(chan struct{}, mostLarge)}
	if c.Cache != "" {
		if r.cached, err = safefile.Open(c.Cache); err != nil {
			return nil, err
		}
		w.cache = &cache{dir: c.Cache, folder: r.cached}
	}
	r.meter, r.tally = newMeter(r.began, c.Rate, c.Per), newTally()
	w.meter, w.tally, w.robots = r.meter, r.tally, newRobots(r.client, r.meter)
	return w, nil
}

// Charts are the requests per second and the latency.
func (r *run) Charts() []core.Chart { return r.meter.charts(time.Now()) }

// Notes are what rows came to, the latency of the answers, what was sent again,
// and how much was received.
func (r *run) Notes() []string { return r.tally.notes(r.client.Stats()) }

// Wait waits for the end, and closes what the run used. Work that was given up
// and goes on after that finds it closed.
func (r *run) Wait() (core.Report, error) {
	report, err := r.Steerable.Wait()
	if closeErr := r.close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close the folder for the answers: %w", closeErr)
	}
	return report, err
}

func (r *run) folders() []*safefile.Folder {
	return slices.DeleteFunc([]*safefile.Folder{r.saved, r.cached}, func(f *safefile.Folder) bool { return f == nil })
}

func (r *run) sync() (err error) {
	for _, f := range r.folders() {
		err = errors.Join(err, f.Sync())
	}
	return err
}

func (r *run) close() (err error) {
	if r.client != nil {
		r.client.Close()
	}
	for _, f := range r.folders() {
		err = errors.Join(err, f.Close())
	}
	return err
}

// Scratch sends everything that is written below dir.
func (c *Config) Scratch(dir string) {
	if c.Save != "" {
		c.Save = filepath.Join(dir, "answers")
	}
	if c.Cache != "" {
		c.Cache = filepath.Join(dir, "cache")
	}
}

// Only narrows the run to some of its items. Their answers are saved under the
// names that they have in the whole run.
func (c *Config) Only(items []string) { c.only = append([]string{}, items...) }

// Place is the folder with the bodies of the answers.
func (c *Config) Place() string { return c.Save }

// Files are the files of a row: of the answer, if it was saved.
func (c *Config) Files(row core.Row) (source, result string) {
	if r, ok := row.Out.(Response); ok && r.Saved != "" {
		result = filepath.Join(c.Save, filepath.FromSlash(r.Saved))
	}
	return "", result
}
