package transfer

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"

	"manyhands/core/web"
)

const (
	reserve      = 64 << 20 // bytes that stay free on the disk
	journalEvery = time.Second
	journalBytes = 64 << 20 // or when so much has come, if that is earlier
)

// begin makes the part ready for what an answer brings.
func (t *try) begin(resp *http.Response) error {
	if err := t.space(); err != nil {
		return err
	}
	t.journal.Address = redacted(t.Address)
	t.sum = t.newSum()
	err := t.ready()
	t.began, t.blank = err == nil, false
	return err
}

// ready opens the part, and empties it unless it is gone on with.
func (t *try) ready() (err error) {
	switch {
	case t.part == nil:
		t.part, err = t.Folder.NewPart(t.name.text, key(t.Address))
	case t.file.Resumed == 0:
		err = t.clear()
	}
	return err
}

// space says before anything is written that it would not fit.
func (t *try) space() error {
	free, known := t.Folder.Free()
	missing := t.plan.left()
	if known && missing != endless && free < missing+reserve {
		return &SpaceError{free, missing}
	}
	return nil
}

// takeLarge loads all that is missing, over one connection or several.
func (t *try) takeLarge(ctx context.Context, first *conn) error {
	t.progress.phase.Store(downloading)
	stop := t.keepJournal(ctx)
	crew := &crew{try: t, splits: t.mayStartSplit(first.resp)}
	err := crew.load(ctx, first)
	stop()
	t.file.Segments = crew.most
	if err == nil {
		t.journal.Total = t.plan.end
		t.progress.All.Store(t.plan.end)
		t.progress.Done.Store(t.plan.end)
	}
	return err
}

// copy loads the piece of a connection into the part.
func (t *try) copy(ctx context.Context, c *conn) error {
	b := borrow(largeBuffer)
	defer giveBack(b)
	for {
		if err := c.hold(ctx); err != nil {
			return err
		}
		room := t.plan.room(c.piece)
		if room == 0 {
			return nil
		}
		n, err := c.fill((*b)[:min(room, int64(len(*b)))])
		if writeErr := t.write(c.piece, (*b)[:n]); writeErr != nil {
			return writeErr
		}
		if err == io.EOF { //nolint:errorlint // a wrapped one is not the end of the body
			return t.ended(c)
		}
		if err != nil {
			return err
		}
	}
}

// ended judges the end of a body.
func (t *try) ended(c *conn) error {
	if c.end == endless { // where the body ends, the file does
		t.plan.finish(c.at)
		return nil
	}
	if c.at < c.end {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func (t *try) write(p *piece, b []byte) error {
	at := p.at
	if t.MaxSize > 0 && at+int64(len(b)) > t.MaxSize {
		t.useless.Store(true)
		return &web.TooLargeError{Most: t.MaxSize}
	}
	if len(b) == 0 {
		return nil
	}
	if _, err := t.part.WriteAt(b, at); err != nil {
		return &fileError{err}
	}
	t.plan.wrote(p, len(b))
	t.sum.add(b, at)
	if t.unsaved.Add(int64(len(b))) >= journalBytes {
		select {
		case t.due <- struct{}{}:
		default:
		}
	}
	return nil
}

// keepJournal writes the journal now and then until it is told to stop, beside
// the loading: making sure that the data is on the disk takes its time.
func (t *try) keepJournal(ctx context.Context) (stop func()) {
	t.due = make(chan struct{}, 1)
	over := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { // until over
		ticker := time.NewTicker(journalEvery)
		defer ticker.Stop()
		for {
			select {
			case <-over:
				return
			case <-ticker.C:
			case <-t.due:
			}
			if t.unsaved.Swap(0) == 0 {
				continue
			}
			if err := t.writeJournal(); err != nil {
				t.fail(&fileError{err})
				return
			}
		}
	})
	return func() {
		close(over)
		running.Wait()
	}
}

// writeJournal says in the journal what is in the part by now.
func (t *try) writeJournal() error {
	j := t.journal
	j.setDone(t.plan.done())
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return t.part.SetJournal(text)
}

// end keeps what can be gone on with after a failure.
func (t *try) end(err error) {
	if t.began && t.part != nil {
		done := t.plan.done().size()
		if done > 0 && t.journal.Validator != (validator{}) && !t.useless.Load() {
			t.progress.Done.Store(done)
			_ = t.writeJournal() // else the last one counts
		} else {
			t.drop()
		}
	}
	if t.blank {
		t.drop()
	}
	if t.part != nil {
		_ = t.part.Close()
	} else if err != nil {
		t.progress.Done.Store(0)
	}
}
