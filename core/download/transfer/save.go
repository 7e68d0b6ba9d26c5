package transfer

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"manyhands/core/safefile"
)

// isSmall says that an answer brings a whole file that is known to be small.
func (t *try) isSmall(resp *http.Response) bool {
	return resp.StatusCode != http.StatusPartialContent && t.file.Resumed == 0 && t.journal.Total >= 0 && t.journal.Total <= smallFile
}

// takeSmall reads the file as a whole, and writes it at once.
func (t *try) takeSmall(ctx context.Context, c *conn) error {
	t.progress.phase.Store(downloading)
	b := borrow(smallFile)
	defer giveBack(b)
	content := (*b)[:t.journal.Total]
	for n := 0; n < len(content); {
		m, err := c.fill(content[n:])
		n += m
		if err == io.EOF && n == len(content) { //nolint:errorlint // a wrapped one is not the end of the body
			break
		}
		if err != nil {
			return short(err)
		}
	}
	t.file.Segments = 1
	if t.sum = t.newSum(); t.sum != nil {
		t.sum.add(content, 0)
		if err := t.compare(); err != nil {
			return err
		}
	}
	t.progress.phase.Store(saving)
	return t.saveSmall(ctx, content)
}

func (t *try) saveSmall(ctx context.Context, content []byte) error {
	f, err := t.Folder.Create(t.name.text, t.name.existing)
	if err != nil {
		return err
	}
	if _, err := f.Write(content); err != nil {
		f.Abort()
		return err
	}
	f.SetModified(t.date())
	t.file.Name, t.file.Size = t.name.text, int64(len(content))
	if t.Later != nil && t.Later() {
		t.file.Unnamed = f
	} else if t.file.Name, err = f.Commit(ctx); err != nil {
		return err
	}
	t.drop()
	return nil
}

// save puts the part under its name.
func (t *try) save(ctx context.Context) error {
	t.progress.phase.Store(saving)
	size := t.journal.Total
	name, err := t.part.Commit(ctx, t.name.text, t.name.existing, size, t.date())
	if err != nil {
		if errors.Is(err, safefile.ErrExists) {
			t.drop()
			_ = t.skip(t.name.text)
		}
		return err
	}
	t.part = nil
	t.file.Name, t.file.Size = name, size
	return nil
}

// date is the one that the file gets; zero: now.
func (t *try) date() time.Time {
	if !t.KeepDates || t.file.Modified.After(time.Now()) {
		return time.Time{}
	}
	return t.file.Modified
}

func (t *try) newSum() *sum {
	if t.Sum == "" && !t.Sums {
		return nil
	}
	return newSum()
}

// short is the error of an answer that ended too early.
func short(err error) error {
	if err == io.EOF { //nolint:errorlint // a wrapped one is not the end of the body
		return io.ErrUnexpectedEOF
	}
	return err
}

// drop leaves nothing of the part.
func (t *try) drop() {
	if t.part != nil {
		t.part.Remove()
		t.part = nil
	}
}
