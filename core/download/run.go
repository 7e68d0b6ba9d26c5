package download

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dustin/go-humanize"
	"golang.org/x/net/publicsuffix"

	"manyhands/core"
	"manyhands/core/addresses"
	"manyhands/core/download/list"
	"manyhands/core/download/transfer"
	"manyhands/core/safefile"
	"manyhands/core/web"
)

// mostHeader is how long a server may take to begin its answer.
const mostHeader = 2 * time.Minute

// mostUnnamed is how many small files may be open to be committed together.
const mostUnnamed = 512

var errOver = errors.New("the run has ended: press Start for these")

// run owns what all workers share, and closes it at its end.
type run struct {
	core.Steerable
	*Config
	want     *want
	queue    *queue
	client   *web.Client
	folder   *safefile.Folder
	transfer transfer.Options
	sums     map[string]string // by file name; nil: none are known
	speed    *speed
	stop     context.CancelCauseFunc

	total  int          // downloads when it began
	added  atomic.Int64 // since
	unread atomic.Int64 // of the list

	loaded, resumed int64 // bytes of what was delivered: those of this run, and from before

	unnamed atomic.Int64 // small files that wait to be committed

	naming sync.Mutex
	names  safefile.Names

	ended    sync.Once
	watching sync.WaitGroup
}

// open opens what the settings ask for.
func open(c *Config, w *want, total int) (r *run, err error) {
	r = &run{Config: c, want: w, total: total, stop: func(error) {}}
	r.unread.Store(int64(total))
	if r.sums, err = c.readSums(); err != nil {
		return nil, err
	}
	header, err := c.header()
	if err != nil {
		return nil, err
	}
	if r.client, err = web.New(c.options()); err != nil {
		return nil, err
	}
	if r.folder, err = safefile.Open(c.To); err != nil {
		r.client.Close()
		return nil, err
	}
	perHost := c.PerHost
	if perHost == 0 {
		perHost = core.MostWorkers
	}
	r.queue = newQueue(perHost, r.client.Paused)
	r.speed = newSpeed(float64(c.LimitRate))
	r.transfer = transfer.Options{
		Client: r.client, Folder: r.folder, Existing: c.Existing, Segments: int(c.Segments),
		Stall: c.Stall, MaxSize: int64(c.MaxSize), KeepDates: c.KeepDates, Header: header, Gate: r.queue.gate, Another: r.queue.another, Later: r.later,
	}
	return r, nil
}

func (c *Config) options() web.Options {
	jar, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
	return web.Options{
		HeaderTimeout: min(mostHeader, 4*c.Stall), GiveBack: true, Bandwidth: int64(c.LimitRate), Jar: jar, HTTP1: true,
		Connections: c.Workers.Count(), Proxy: c.Proxy, Insecure: c.Insecure,
	}
}

func (c *Config) header() (http.Header, error) {
	h := http.Header{}
	for _, text := range c.Header {
		name, value, err := web.ParseHeader(text)
		if err != nil {
			return nil, named("Headers", err)
		}
		h.Add(name, value)
	}
	return h, nil
}

func (c *Config) readSums() (map[string]string, error) {
	if c.SHA256 == "" {
		return nil, nil
	}
	f, err := addresses.OpenFile(c.SHA256)
	if err != nil {
		return nil, named("Checksums", err)
	}
	defer f.Close() //nolint:errcheck // only read
	sums, err := list.Sums(f)
	if err != nil {
		return nil, named("Checksums", fmt.Errorf("%s: %w", c.SHA256, err))
	}
	return sums, nil
}

// tickets is the run's source: one for each download of the list, then one for
// each that is added while there are others.
func (r *run) tickets(ctx context.Context, yield func(*ticket) bool) error {
	going, err := r.want.each(ctx, func(it *item) bool {
		r.claim(it)
		if !it.wanted {
			return true
		}
		r.unread.Add(-1)
		r.queue.push(it, false)
		return yield(new(ticket))
	})
	if !going || err != nil {
		return err
	}
	for r.queue.more(ctx) {
		if !yield(new(ticket)) {
			return nil
		}
	}
	return nil
}

// Pause stops what is in hand, too: a download may take hours.
func (r *run) Pause() {
	r.Steerable.Pause()
	r.queue.setResting(true)
}

// Resume lets everything go on.
func (r *run) Resume() {
	r.queue.setResting(false)
	r.Steerable.Resume()
}

// Drain finishes what waits, also if the run is paused.
func (r *run) Drain() {
	r.Steerable.Drain()
	r.queue.setResting(false)
}

// Progress counts what was added, too.
func (r *run) Progress() core.Progress {
	p := r.Steerable.Progress()
	if p.Total > 0 {
		p.Total += int(r.added.Load())
	}
	return p
}

// Adjust changes the speed limit while the run goes on.
func (r *run) Adjust(setting, value string) error {
	if setting != "limit-rate" {
		return fmt.Errorf("%s cannot be changed while files are loaded", setting)
	}
	var limit Bytes
	if err := limit.UnmarshalText([]byte(value)); err != nil {
		return err
	}
	r.client.SetBandwidth(int64(limit))
	r.speed.setLimit(float64(limit))
	return nil
}

// later says whether a small file may wait for others to be committed with.
// Each that waits is open.
func (r *run) later() bool {
	if r.unnamed.Add(1) > mostUnnamed {
		r.unnamed.Add(-1)
		return false
	}
	return true
}

// deliver gives small files their names, all that there are at once, and makes
// the names of all files last.
func (r *run) deliver(results []core.Result[*ticket, Download]) error {
	var files []*safefile.File
	var of []*core.Result[*ticket, Download]
	for i := range results {
		if file := results[i].Out.unnamed; file != nil {
			files, of = append(files, file), append(of, &results[i])
		}
	}
	names, errs := r.folder.CommitAll(context.Background(), files)
	for i := range results {
		r.loaded += results[i].Out.Size - results[i].Out.Resumed
		r.resumed += results[i].Out.Resumed
	}
	for i, res := range of {
		res.Out.File, res.Out.unnamed, res.Err = names[i], nil, errs[i]
		switch {
		case errors.Is(errs[i], safefile.ErrExists):
			res.Err = core.Skip(safefile.ErrExists.Error())
		case full(errs[i]):
			r.stopFull(errs[i])
		}
	}
	r.unnamed.Add(-int64(len(files)))
	return r.folder.Sync()
}

// Notes say how much was loaded, and how fast.
func (r *run) Notes() []string {
	report, _ := r.Steerable.Wait()
	working := (report.Wall - report.Paused).Seconds()
	if r.loaded <= 0 || working <= 0 {
		return nil
	}
	notes := []string{fmt.Sprintf("%s at %s/s", humanize.Bytes(uint64(r.loaded)), humanize.Bytes(uint64(float64(r.loaded)/working)))}
	if r.resumed > 0 {
		notes = append(notes, humanize.Bytes(uint64(r.resumed))+" were there from before")
	}
	return notes
}

// Wait waits for the end, and closes what the run used. Work that was given up
// and goes on after that finds it closed.
func (r *run) Wait() (core.Report, error) {
	report, err := r.Steerable.Wait()
	r.ended.Do(func() {
		r.stop(nil)
		r.watching.Wait()
		r.client.Close()
		if closeErr := r.folder.Close(); err == nil && closeErr != nil && !errors.Is(closeErr, os.ErrClosed) {
			err = fmt.Errorf("close the folder for the files: %w", closeErr)
		}
	})
	return report, err
}
