package download

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"manyhands/core"
	"manyhands/core/download/transfer"
	"manyhands/core/safefile"
	"manyhands/core/web"
)

// forward is how much must have come since the last failure for the tries to
// be counted anew.
const forward = 1 << 20

// littleRoom is so little that the disk counts as full.
const littleRoom = 64 << 20

// backOff is the wait before an item is tried again, by its tries.
var backOff = core.Backoff(1<<30, time.Second/2, 30*time.Second)

// againError is a failure that may pass.
type againError struct {
	err  error
	wait time.Duration
}

func (e *againError) Error() string { return e.err.Error() }
func (e *againError) Unwrap() error { return e.err }

// again is the run's core.Retry.
func again(err error, _ int) (time.Duration, bool) {
	passes, ok := errors.AsType[*againError](err)
	if !ok {
		return 0, false
	}
	return passes.wait, true
}

// do loads the item whose turn it is, or makes another try at the one that the
// ticket has. When a person pauses it, another one's turn comes.
func (r *run) do(ctx context.Context, t *ticket) (Download, error) {
	for {
		it, try, err := r.queue.take(ctx, t)
		if err != nil {
			return Download{}, err
		}
		d, err := r.load(try, it)
		d, then, err := r.judge(ctx, try, it, d, err)
		why, due := "", time.Time{}
		if passes, ok := errors.AsType[*againError](err); ok {
			why, due = web.Explain(passes.err).Error(), time.Now().Add(passes.wait)
		}
		r.queue.rest(t, then, why, due)
		if then != waits {
			return d, err
		}
	}
}

// load makes a try.
func (r *run) load(ctx context.Context, it *item) (Download, error) {
	r.queue.mu.Lock()
	from, dropped := it.from, it.dropped
	r.queue.mu.Unlock()
	switch {
	case dropped:
		return Download{}, errDropped
	case it.wrong != "":
		return Download{}, errors.New(it.wrong)
	case r.Existing == safefile.Skip && it.sure && it.sent == 0 && r.folder.Has(r.nameOf(it)):
		return Download{File: r.nameOf(it)}, safefile.ErrExists
	}
	it.sent++
	o := r.transfer
	o.Claim = func(name string) string { return r.rename(it, name) }
	file, err := o.Do(ctx, transfer.Request{
		Address: it.address, From: from, Name: r.wantedName(it), Sum: r.sumOf(it), Progress: &it.progress,
	})
	d := newDownload(file)
	if err != nil {
		d.Speed = 0
	}
	return d, err
}

// judge decides what becomes of an item after a try.
func (r *run) judge(ctx, try context.Context, it *item, d Download, err error) (Download, fate, error) {
	if err == nil {
		return d, ended, nil
	}
	if ctx.Err() != nil {
		return d, ended, context.Cause(ctx)
	}
	_, notSent := errors.AsType[*web.PausedError](err)
	switch cause := context.Cause(try); {
	case errors.Is(cause, errDropped), errors.Is(err, errDropped):
		transfer.Forget(r.folder, it.address)
		return d, ended, core.Skip(errDropped.Error())
	case errors.Is(cause, errHeld), errors.Is(cause, errReaddressed), notSent:
		it.tries = 0
		return d, waits, nil
	case errors.Is(err, safefile.ErrExists):
		return d, ended, core.Skip(safefile.ErrExists.Error())
	}
	err = r.failed(it, err)
	if _, passes := errors.AsType[*againError](err); passes {
		return d, tried, err
	}
	return d, ended, err
}

// failed says whether a failure may pass, and if not, what it was.
func (r *run) failed(it *item, err error) error {
	if full(err) {
		r.stopFull(err)
	}
	if done := it.progress.Done.Load(); done >= it.gained+forward || done < it.gained {
		it.tries, it.gained = 0, done
	}
	it.tries++
	if transfer.Temporary(err) && it.tries <= r.Retries {
		wait, _ := backOff(err, it.tries)
		return &againError{err, max(wait, r.client.Paused(it.host))}
	}
	err = web.Explain(err)
	if it.sent > 1 {
		return fmt.Errorf("%w (after %d tries)", err, it.sent)
	}
	return err
}

// stopFull ends the run: nothing more can be saved.
func (r *run) stopFull(err error) {
	r.stop(fmt.Errorf("%w. What was loaded stays: start again when there is room", err))
}

// full says that there is no room for anything, not just for one large file.
func full(err error) bool {
	large, ok := errors.AsType[*transfer.SpaceError](err)
	return safefile.Full(err) && (!ok || large.Free < littleRoom)
}

// claim gives an item the name that its address tells, in the order of the
// list, so that it is the same in every run.
func (r *run) claim(it *item) {
	if it.likely == "" {
		return
	}
	r.naming.Lock()
	defer r.naming.Unlock()
	it.claimed = [2]string{it.likely, r.names.Give(it.likely)}
}

// nameOf is the name that the address tells.
func (r *run) nameOf(it *item) string {
	r.naming.Lock()
	defer r.naming.Unlock()
	return it.claimed[1]
}

// wantedName is the name that the list gives.
func (r *run) wantedName(it *item) string {
	if it.name == "" {
		return ""
	}
	return r.nameOf(it)
}

// rename is told what name the server gives a file, and says which one it gets
// in this run.
func (r *run) rename(it *item, name string) string {
	r.naming.Lock()
	defer r.naming.Unlock()
	if name != it.claimed[0] && name != it.claimed[1] {
		it.claimed = [2]string{name, r.names.Give(name)}
	}
	return it.claimed[1]
}

// sumOf is the checksum that is wanted of an item; "": none.
func (r *run) sumOf(it *item) string {
	if it.sum != "" || r.sums == nil {
		return it.sum
	}
	for _, name := range []string{it.name, it.likely, path.Base(strings.TrimRight(it.address, "/"))} {
		if sum := r.sums[name]; sum != "" {
			return sum
		}
	}
	return ""
}
