package transfer

import (
	"context"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"manyhands/core/safefile"
	"manyhands/core/web"
)

// Options are what the transfers of a run share. Client, Folder and Existing
// are required.
type Options struct {
	Client    *web.Client // HTTP/1.1, and without retries of its own
	Folder    *safefile.Folder
	Existing  safefile.Existing
	Segments  int           // most connections for one file; 0: up to four where they pay; 1: one
	Stall     time.Duration // less than 1 KiB in so long ends the try; 0: never
	MaxSize   int64         // bytes of one file; 0: any
	KeepDates bool          // the file's date is its Last-Modified
	Sums      bool          // compute the SHA-256 of every file, also where none is wanted
	Header    http.Header   // of every request

	// Gate waits while the run is paused; nil: it never is. A connection that is
	// held up by it for more than a few seconds is dropped.
	Gate func(context.Context) error
	// Claim says which name a download gets among all of the run; nil: the one
	// that it wants. It may be asked several times.
	Claim func(name string) string
	// Another asks for one more connection to a host, and returns how to give it
	// back, nil if there is none; nil: they are not counted.
	Another func(host string) (giveBack func())

	// Later says of a small file whether somebody will give it its name later,
	// which is cheaper for many at once: see File.Unnamed. Nil: never.
	Later func() bool

	pace time.Duration // of measuring whether segments pay; 0: two seconds
}

// Request is one download.
type Request struct {
	Address  string // as a list has it: what a part in the folder is known by
	From     string // where it is loaded from; "": Address
	Name     string // that is wanted; "": what the server says
	Sum      string // SHA-256 that is wanted, hexadecimal; "": any
	Progress *Progress
}

// File is what a download came to.
type File struct {
	Name          string    // below the folder
	Size          int64     // bytes
	Resumed       int64     // of them, those that were there before this try
	Final         string    // the address after redirects, without its password
	Type          string    // Content-Type without parameters
	Sum           string    // SHA-256, hexadecimal; "": not computed
	Segments      int       // most connections at once
	Modified      time.Time // Last-Modified; zero: not known
	LengthUnknown bool      // nothing tells whether the file is whole
	StartedOver   bool      // what was there before was of no use
	Took          time.Duration
	Note          string         // what is unusual
	Unnamed       *safefile.File // whole, but still to be committed, after Later
}

// Do makes one try. Temporary says whether another may well succeed; what was
// loaded until then is kept for it if it can be used. The error is
// safefile.ErrExists for a file that is there already, under Skip; see also
// StatusError, SumError, SpaceError, web.PausedError, web.TooLargeError and
// safefile.ErrBusy. It is for web.Explain.
func (o *Options) Do(ctx context.Context, r Request) (File, error) {
	began := time.Now()
	t := &try{Options: o, Request: r, progress: r.Progress}
	t.progress.begin()
	err := t.run(ctx)
	t.end(err)
	t.file.Took = time.Since(began)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return t.file, err
}

// try is one try at one download.
type try struct {
	*Options
	Request
	progress *Progress
	file     File
	name     name

	part    *safefile.Part // nil: there is none
	journal journal        // what is known of the file
	sum     *sum           // nil: none is wanted
	plan    *plan
	began   bool // the plan is of what the part holds
	blank   bool // the part holds nothing
	fresh   bool // nothing that was there before may be used, nor segments

	fail    context.CancelCauseFunc // ends all connections
	useless atomic.Bool             // what is in the part
	unsaved atomic.Int64            // bytes that the journal does not know of
	due     chan struct{}           // it should be written
}

// run starts over where what is there turns out to be of no use: as the file
// has changed meanwhile, as the server cannot go on, or once for a checksum.
func (t *try) run(ctx context.Context) error {
	if t.Gate != nil {
		if err := t.Gate(ctx); err != nil {
			return err
		}
	}
	if err := t.alreadyThere(); err != nil {
		return err
	}
	if err := t.reopen(); err != nil {
		return err
	}
	for range mostStarts - 1 {
		err := t.load(ctx)
		if !startOver(err, t.fresh) {
			return err
		}
		t.fresh = true
		if err := t.reset(); err != nil {
			return err
		}
	}
	return t.load(ctx)
}

// mostStarts bounds how often one try asks for the file.
const mostStarts = 3

// load asks for the file, or the rest of it, and takes what comes.
func (t *try) load(ctx context.Context) error {
	ctx, t.fail = context.WithCancelCause(ctx)
	defer t.fail(nil)
	c, err := t.ask(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	if err := t.meet(c.resp); err != nil {
		return err
	}
	if t.isSmall(c.resp) {
		return t.takeSmall(ctx, c)
	}
	if err := t.begin(c.resp); err != nil {
		return err
	}
	if err := t.takeLarge(ctx, c); err != nil {
		return err
	}
	if err := t.check(ctx); err != nil {
		return err
	}
	return t.save(ctx)
}

// meet notes what an answer says of the file.
func (t *try) meet(resp *http.Response) error {
	t.file.Final = resp.Request.URL.Redacted()
	t.file.Type = mediaType(resp.Header.Get("Content-Type"))
	t.file.Modified, _ = http.ParseTime(resp.Header.Get("Last-Modified"))
	t.file.LengthUnknown = lengthUnknown(resp)
	t.file.Note = t.note(resp)
	total := t.journal.Total
	if t.MaxSize > 0 && total > t.MaxSize {
		return &web.TooLargeError{Most: t.MaxSize}
	}
	t.progress.All.Store(max(total, 0))
	return t.choose(resp, total)
}

// address is where the file is loaded from.
func (t *try) address() (*url.URL, error) {
	if t.From != "" {
		return web.Address(t.From)
	}
	return web.Address(t.Address)
}
