package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
)

// reopen finds the part that an earlier try has left, if it can be gone on
// with.
func (t *try) reopen() error {
	part, err := t.Folder.OpenPart(key(t.Address))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	t.part = part
	j, err := parseJournal(part.Journal())
	length, sizeErr := part.Size()
	if err == nil && sizeErr == nil && length >= j.done().end() && j.Validator != (validator{}) {
		t.journal = j
		t.progress.at(j.done().size())
	} else {
		t.journal = journal{Name: j.Name}
	}
	return nil
}

// ask asks for what is missing of the file, and for the whole file if that is
// not what comes.
func (t *try) ask(ctx context.Context) (*conn, error) {
	t.progress.phase.Store(connecting)
	if c, err := t.askRest(ctx); c != nil || err != nil {
		return c, err
	}
	c, err := t.get(ctx, nil)
	if err != nil {
		return nil, err
	}
	return t.whole(c)
}

// askRest asks for what is missing; nil: there is nothing to go on with, or
// the server does not.
func (t *try) askRest(ctx context.Context) (*conn, error) {
	done := t.journal.done()
	if t.fresh || len(done) == 0 {
		return nil, nil
	}
	t.plan = newPlan(t.journal.Total, done)
	want := span{t.journal.Total - 1, t.journal.Total} // all is there: the last byte tells whether it is still the same file
	if len(t.plan.free) > 0 {
		want = t.plan.free[0]
	}
	c, err := t.get(ctx, &want)
	if err != nil {
		return nil, err
	}
	switch c.resp.StatusCode {
	case http.StatusPartialContent:
		if t.goesOn(c, want) {
			t.file.Resumed = done.size()
			t.progress.at(t.file.Resumed)
			return c, nil
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if t.isAll(c.resp, done) {
			c.end = c.at
			t.file.Resumed = done.size()
			t.progress.at(t.file.Resumed)
			return c, nil
		}
	default:
		return t.whole(c)
	}
	c.discard()
	return nil, nil
}

// goesOn says that an answer brings what was asked for, and gives it its piece.
func (t *try) goesOn(c *conn, want span) bool {
	r, err := t.journal.fits(c.resp, want.from)
	if err != nil || r.total < 0 && t.journal.Total < 0 || r.total >= 0 && !t.plan.finish(r.total) {
		return false
	}
	if t.journal.Total < 0 {
		t.journal.Total = r.total
	}
	c.at, c.end = r.from, r.to
	c.piece = t.plan.take(c.at, c.end)
	return true
}

// isAll says that a range that cannot be satisfied began at the end of the file
// (RFC 9110, section 15.5.17): its length was not known.
func (t *try) isAll(resp *http.Response, done spans) bool {
	r, ok := parseContentRange(single(resp.Header, "Content-Range"))
	if !ok || r.total != done.prefix() || len(done) != 1 || t.journal.Total >= 0 || !t.journal.Validator.holds(resp.Header) {
		return false
	}
	t.journal.Total = r.total
	return t.plan.finish(r.total)
}

// whole is an answer with the file from its start on.
func (t *try) whole(c *conn) (*conn, error) {
	code := c.resp.StatusCode
	if code != http.StatusOK && code != http.StatusNonAuthoritativeInfo {
		c.discard()
		return nil, &StatusError{code}
	}
	if len(t.journal.Done) > 0 {
		t.file.StartedOver = true
	}
	t.file.Resumed = 0
	t.progress.at(0)
	t.journal.of(c.resp)
	t.plan = newPlan(t.journal.Total, nil)
	c.at = 0
	if t.journal.Total >= 0 {
		c.end = t.journal.Total
	}
	c.piece = t.plan.take(0, c.end)
	return c, nil
}

// reset forgets what is known of the file: it is asked for anew.
func (t *try) reset() error {
	t.file.StartedOver = t.file.StartedOver || t.file.Resumed > 0
	t.journal = journal{Name: t.journal.Name}
	t.useless.Store(false)
	return t.clear()
}

// clear empties the part. That it holds nothing of the file as it is now must
// be on the disk first.
func (t *try) clear() error {
	t.began = false
	if t.part == nil || t.blank {
		return nil
	}
	text, err := json.Marshal(journal{Name: t.journal.Name, Total: -1})
	if err != nil {
		return err
	}
	if err := t.part.SetJournal(text); err != nil {
		return &fileError{err}
	}
	t.blank = true
	if err := t.part.Truncate(0); err != nil {
		return &fileError{err}
	}
	return nil
}

// discard reads the little that an answer without a file has for a body, so
// that the connection can be kept, and closes it.
func (c *conn) discard() {
	defer c.close()
	if n := c.resp.ContentLength; n >= 0 && n <= 4<<10 {
		_, _ = io.CopyN(io.Discard, c.resp.Body, n)
	}
}
