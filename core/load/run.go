package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"manyhands/core"
	"manyhands/core/database"
	"manyhands/core/records"
)

// run is a load: many rows a transaction, written by one writer.
type run struct {
	core.Steerable
	*source
	ctx    context.Context //nolint:containedctx // of what is written: it ends with Cancel
	cancel context.CancelFunc
	waits  atomic.Bool // for another program
	meter  *meter
	end    func() error // once

	mu      sync.Mutex // one goroutine at a time is at the database
	writer  database.Writer
	rejects *rejects
	broken  bool // a piece is missing: nothing behind it may be written
	written time.Time
	ended   bool     // all is in the table
	notes   []string // of the end
}

// startLoad begins the run of a load.
func (c *Config) startLoad(ctx context.Context, log core.Log) core.Steerable {
	r := &run{source: &source{Config: c}, meter: newMeter(), rejects: newRejects(c)}
	r.ctx, r.cancel = context.WithCancel(ctx)
	r.end = sync.OnceValue(r.finishUp)
	workers := c.Workers.Count()
	r.Steerable = core.Start(ctx, core.Job[*piece, Batch]{
		Source:  r.items,
		Open:    func(context.Context) (core.Worker[*piece, Batch], error) { return new(worker), nil },
		Sink:    r.sink,
		Log:     log,
		Name:    func(p *piece) string { return p.name },
		Workers: workers,
		Window:  2*workers + 2, // about 1 MiB each
		Ordered: true,
	})
	r.keepCommitted()
	return r
}

// items hands out the pieces: those to be looked at, those to be written, and
// the finish.
func (r *run) items(ctx context.Context, yield func(*piece) bool) error {
	err := r.prepare(ctx, yield)
	if ctx.Err() != nil { // no more is to be read
		return nil
	}
	if err != nil {
		return r.advise(err)
	}
	p := r.writer.Progress()
	if err := r.read(ctx, p.Offset, p.Line, yield); err != nil || ctx.Err() != nil {
		return err
	}
	yield(&piece{step: stepFinish, name: "table " + r.Table})
	return nil
}

// prepare opens the files and the database.
func (r *run) prepare(ctx context.Context, yield func(*piece) bool) error {
	before, mode, err := r.standing(ctx)
	if err != nil {
		return err
	}
	columns, err := r.table(ctx, mode, yield)
	if err != nil || ctx.Err() != nil {
		return err
	}
	identity, err := r.identity(r.inputs)
	if err != nil {
		return err
	}
	o := r.laneOptions(mode, columns, r.called(), identity)
	o.Resume, o.Mark, o.Waits = r.Mode == modeResume, r.rejects.mark, &r.waits
	lane, err := database.Open(ctx, o)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writer = lane
	if before == nil {
		return nil
	}
	before.Progress = lane.Progress()
	r.meter.committed(before.Progress)
	if err := r.rejects.resume(*before); err != nil {
		return err
	}
	if r.MaxRejects.exceeded(r.rejects.count()) {
		return r.tooMany()
	}
	return nil
}

// laneOptions are those that all ways of writing have.
func (c *Config) laneOptions(mode database.Mode, columns []records.Column, called, identity string) database.Options {
	o := database.Options{
		Path: c.DB, Table: c.Table, Columns: laneColumns(columns), Mode: mode,
		OnConflict: database.Policy(c.Conflict), Key: c.Key, Index: c.Index, FTS: c.FTS,
		Source: database.Source{Name: called, Identity: identity}, CommitRows: c.commitRows,
	}
	if c.Generate > 0 && mode != database.Append {
		o.Filled = createdAt
		if len(o.Key) == 0 {
			o.Key = []string{"id"}
		}
	}
	return o
}

// standing tells how the database stands before the load: what was begun, if
// that is to be gone on with, and how rows get into the table. What cannot work
// shows itself here, before files are read.
func (c *Config) standing(ctx context.Context) (before *database.Unfinished, mode database.Mode, err error) {
	mode = database.Mode(c.Mode)
	if _, err := os.Stat(c.DB); err != nil {
		switch missing := errors.Is(err, os.ErrNotExist); {
		case missing && mode == database.Create:
			return nil, mode, nil
		case missing:
			return nil, mode, fmt.Errorf("there is no database %s, which to %s needs: give the name of one that is there, or make it (--create)", c.DB, c.Mode)
		}
		return nil, mode, fmt.Errorf("open the database: %w", err)
	}
	if c.Mode == modeResume {
		if before, err = c.unfinished(ctx); err != nil {
			return nil, mode, err
		}
		return before, before.Mode, nil
	}
	b, err := database.Browse(ctx, c.DB)
	if err != nil {
		return nil, mode, err
	}
	defer b.Close() //nolint:errcheck // only read
	_, err = b.Columns(ctx, c.Table)
	switch {
	case err == nil && mode == database.Create:
		return nil, mode, c.thereAlready(ctx)
	case mode != database.Append && errors.Is(err, database.ErrNoTable):
		err = nil
	}
	return nil, mode, err
}

// thereAlready says why a table is there that was to be made.
func (c *Config) thereAlready(ctx context.Context) error {
	if before, err := c.unfinished(ctx); err == nil {
		return &database.UnfinishedError{Load: *before}
	}
	return fmt.Errorf("table %s: %w", c.Table, database.ErrExists)
}

// unfinished is the load of these files into this table that was begun and has
// not ended; without files, the only one into this table.
func (c *Config) unfinished(ctx context.Context) (*database.Unfinished, error) {
	all, err := database.List(ctx, c.DB)
	if err != nil {
		return nil, err
	}
	called := c.called()
	all = slices.DeleteFunc(all, func(u database.Unfinished) bool {
		return !strings.EqualFold(u.Table, c.Table) || called != "" && u.Source.Name != called
	})
	switch len(all) {
	case 0:
		return nil, fmt.Errorf("%s the load of %s into table %s: %w", c.Mode, cmp.Or(called, "anything"), c.Table, database.ErrNoLoad)
	case 1:
		return &all[0], nil
	}
	return nil, fmt.Errorf("%d unfinished loads into table %s: name the files of the one that is meant", len(all), c.Table)
}

// sink writes what the workers have read, in the order of the source.
func (r *run) sink(results []core.Result[*piece, Batch]) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range results {
		err := r.take(&results[i])
		results[i].Out.forget()
		if err != nil {
			return r.advise(err)
		}
	}
	return nil
}

// forget lets go of what is not shown.
func (b *Batch) forget() {
	b.rows, b.parsed, b.in, b.rejects = nil, nil, nil, nil
}

func (r *run) take(res *core.Result[*piece, Batch]) error {
	p := res.In
	if p.step == stepTypes && p.block != nil {
		r.unlooked.add(-1)
	}
	switch {
	case p.wrong != nil:
		return nil
	case res.Status == core.Failed:
		return fmt.Errorf("%s: %w", p.name, res.Err)
	case res.Status != core.OK:
		r.broken = true
		return nil
	case p.step == stepTypes:
		r.meter.looked(res.Out.read)
		return nil
	case r.broken:
		res.Err = context.Canceled
		return nil
	case p.step == stepFinish:
		return r.finish(res)
	}
	return r.write(res)
}

// write writes the rows of a piece, and notes those that were rejected.
func (r *run) write(res *core.Result[*piece, Batch]) error {
	out := &res.Out
	outcome, err := r.writer.Write(r.ctx, out.rows)
	base, refused := int64(0), outcome.Rejects
	if out.in != nil {
		base = out.in.base
	}
	done := outcome.Inserted + outcome.Updated + outcome.Skipped + len(refused)
	if err == nil {
		r.writer.Reached(base+out.to.Offset, out.to.Line)
	} else {
		out.cut(done)
	}
	out.Inserted, out.Updated, out.Skipped, out.Rejected = outcome.Inserted, outcome.Updated, outcome.Skipped, len(refused)+len(out.rejects)
	r.meter.wrote(out, outcome.Converted, out.read)
	r.written = time.Now()
	if writing := r.reject(out, refused); writing != nil {
		return errors.Join(err, writing)
	}
	if out.parsed != nil {
		out.parsed.Release()
	}
	switch {
	case err != nil && r.ctx.Err() != nil:
		r.broken, res.Err = true, err
		return nil
	case err != nil:
		return err
	case r.MaxRejects.exceeded(r.rejects.count()):
		return r.tooMany()
	}
	return nil
}

// cut leaves out what is behind the first so many rows: they were not written.
func (b *Batch) cut(rows int) {
	reached := int64(-1)
	if rows > 0 && b.parsed != nil {
		reached = b.parsed.End(rows - 1)
	}
	b.rejects = slices.DeleteFunc(b.rejects, func(r records.Reject) bool { return r.End > reached })
	b.Rows = rows
}

// reject notes what could not be read and what the database refused, in the
// order of the lines.
func (r *run) reject(b *Batch, refused []database.Reject) error {
	list, name := slices.Clone(b.rejects), r.called()
	for _, x := range refused {
		list = append(list, records.Reject{Line: x.Line, Reason: x.Reason, Raw: string(x.Raw)})
	}
	slices.SortStableFunc(list, func(a, b records.Reject) int { return cmp.Compare(a.Line, b.Line) })
	if b.in != nil {
		name = b.in.name
	}
	return r.rejects.add(name, list, len(b.rejects))
}

// finish makes the indexes and puts the table in its place.
func (r *run) finish(res *core.Result[*piece, Batch]) error {
	r.meter.finishing()
	finished, err := r.writer.Finish(r.ctx)
	switch {
	case err != nil && r.ctx.Err() != nil:
		res.Err = err
		return nil
	case err != nil:
		return err
	}
	r.ended, r.notes = true, finished.Notes
	return nil
}

// keepCommitted commits when nothing has come for a while, as in a pause: what
// is not committed keeps other programs from the database.
func (r *run) keepCommitted() {
	const often = 250 * time.Millisecond
	// Ends with the run.
	go func() {
		ticker := time.NewTicker(often)
		defer ticker.Stop()
		for {
			select {
			case <-r.Done():
				return
			case <-ticker.C:
				r.commitIdle(2 * often)
			}
		}
	}()
}

func (r *run) commitIdle(idle time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.writer != nil && !r.written.IsZero() && time.Since(r.written) > idle {
		_ = r.writer.Commit(r.ctx) // an error shows at the next write
		r.written = time.Time{}
	}
}

// Cancel ends the run and what is being written.
func (r *run) Cancel() {
	r.Steerable.Cancel()
	r.cancel()
}

// Wait waits for the end. What was written by then is committed.
func (r *run) Wait() (core.Report, error) {
	report, err := r.Steerable.Wait()
	return report, errors.Join(err, r.end())
}

// patience is how long the last commit waits for other programs that read.
const patience = 5 * time.Second

// finishUp commits what was written, if the run ended before its time, and
// closes everything.
func (r *run) finishUp() (err error) {
	defer r.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.writer != nil {
		if !r.ended {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), patience)
			defer cancel()
			_ = r.writer.Commit(ctx) // what is lost is read again by a resume
		}
		p := r.writer.Progress()
		r.meter.committed(p)
		err = errors.Join(r.rejects.cut(p), r.writer.Close())
	}
	return errors.Join(err, r.rejects.close(), r.closeFiles())
}
