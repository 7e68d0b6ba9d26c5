package load

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/dustin/go-humanize"

	"manyhands/core"
	"manyhands/core/database"
	"manyhands/core/records"
)

// rowsRun is a load with a commit for each row: every worker has a connection
// of its own.
//
//	file ─► Parser ─► row ─► queue ─┬─► worker ─► Rows.Insert ─► COMMIT
//	        (source)                └─► worker ─► Rows.Insert ─► COMMIT
type rowsRun struct {
	core.Steerable
	*source
	meter   *meter
	options database.Options // of the workers, once the source has made the table
	end     func() error

	mu      sync.Mutex // the sink's, and the end's
	rejects *rejects
}

// single is one row to be written.
type single struct {
	batch database.Batch
	row   int
	name  string // of its file
	wrong error
}

func (s *single) String() string {
	if s.batch == nil {
		return s.name
	}
	return s.name + " line " + humanize.Comma(s.batch.Line(s.row))
}

// startRows begins the run of a load with a commit for each row.
func (c *Config) startRows(ctx context.Context, log core.Log) core.Steerable {
	r := &rowsRun{source: &source{Config: c}, meter: newMeter(), rejects: newRejects(c)}
	r.end = sync.OnceValue(func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		return errors.Join(r.rejects.close(), r.closeFiles())
	})
	r.Steerable = core.Start(ctx, core.Job[*single, Batch]{
		Source:  r.items,
		Total:   c.Generate,
		Open:    r.connect,
		Sink:    r.sink,
		Log:     log,
		Name:    (*single).String,
		Workers: c.Workers.Count(),
	})
	return r
}

// items makes the table and hands out its rows.
func (r *rowsRun) items(ctx context.Context, yield func(*single) bool) error {
	err := r.rows(ctx, yield)
	if ctx.Err() != nil {
		return nil
	}
	return r.advise(err)
}

func (r *rowsRun) rows(ctx context.Context, yield func(*single) bool) error {
	_, mode, err := r.standing(ctx)
	if err != nil {
		return err
	}
	var reader worker // of this goroutine
	columns, err := r.table(ctx, mode, func(p *piece) bool {
		if p.wrong != nil {
			return yield(&single{name: p.name, wrong: p.wrong})
		}
		_, _ = reader.Do(ctx, p) // fails only for what is wrong
		r.unlooked.add(-1)
		return true
	})
	if err != nil || ctx.Err() != nil {
		return err
	}
	r.options = r.laneOptions(mode, columns, "", "")
	table, err := database.OpenRows(ctx, r.options)
	if err != nil {
		return err
	}
	r.options.Mode = database.Append
	if err := table.Close(); err != nil {
		return err
	}
	var writing error // of the rejects
	err = r.read(ctx, 0, 0, func(p *piece) (more bool) {
		var b Batch
		if b, writing = reader.Do(ctx, p); writing == nil {
			more, writing = r.each(b, yield)
		}
		return more
	})
	return errors.Join(err, writing)
}

// each hands out the rows of a piece. Its memory is not used again, since rows
// end in any order.
func (r *rowsRun) each(b Batch, yield func(*single) bool) (more bool, err error) {
	name := "users"
	if b.in != nil {
		name = b.in.name
	}
	if err := r.reject(name, b.rejects, len(b.rejects)); err != nil {
		return false, err
	}
	return r.hand(b.rows, name, yield), nil
}

func (r *rowsRun) hand(b database.Batch, name string, yield func(*single) bool) bool {
	for row := range b.Len() {
		if !yield(&single{batch: b, row: row, name: name}) {
			return false
		}
	}
	return true
}

func (r *rowsRun) reject(name string, list []records.Reject, unread int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rejects.add(name, list, unread)
}

// connect is a worker's Open.
func (r *rowsRun) connect(context.Context) (core.Worker[*single, Batch], error) {
	return &connection{run: r}, nil
}

// connection writes one row after the other. It is made for the worker's first
// row: a file that cannot be read is an item before there is a table.
type connection struct {
	run   *rowsRun
	table *database.Rows
}

// Do writes a row and commits it.
func (c *connection) Do(ctx context.Context, s *single) (_ Batch, err error) {
	if s.wrong != nil {
		return Batch{}, s.wrong
	}
	if c.table == nil {
		if c.table, err = database.OpenRows(ctx, c.run.options); err != nil {
			return Batch{}, err
		}
	}
	o, err := c.table.Insert(ctx, s.batch, s.row)
	out := Batch{Step: stepWrite, Rows: 1, Inserted: o.Inserted, Updated: o.Updated, Skipped: o.Skipped}
	if err == nil && o.Skipped > 0 {
		err = core.Skip("another row has its key")
	}
	return out, err
}

// Close ends the connection, if there is one.
func (c *connection) Close() error {
	if c.table == nil {
		return nil
	}
	return c.table.Close()
}

// sink counts, and notes what the database refused.
func (r *rowsRun) sink(results []core.Result[*single, Batch]) error {
	for i := range results {
		res := &results[i]
		refused, ok := errors.AsType[*database.RefusedError](res.Err)
		switch s := res.In; {
		case res.Status == core.OK || res.Status == core.Skipped:
			r.meter.wrote(&res.Out, 0, 0)
		case ok:
			list := []records.Reject{{Line: s.batch.Line(s.row), Reason: refused.Reason, Raw: string(s.batch.Raw(s.row))}}
			if err := r.reject(s.name, list, 0); err != nil {
				return err
			}
		}
		if n := r.rejects.count(); r.MaxRejects.exceeded(n) {
			return fmt.Errorf("%s rejected, and no more than %d are allowed: see %s", rows(int64(n)), r.MaxRejects.n, r.rejects.path)
		}
	}
	return nil
}

// Wait waits for the end and closes what the run used.
func (r *rowsRun) Wait() (core.Report, error) {
	report, err := r.Steerable.Wait()
	return report, errors.Join(err, r.end())
}

// Charts are the rows written by time.
func (r *rowsRun) Charts() []core.Chart { return r.meter.charts()[:1] }

// Tell says how the load stands.
func (r *rowsRun) Tell() string {
	f := r.meter.figures()
	return rows(f.inserted+f.updated) + " written, each with a commit"
}

// Notes are what rows came to.
func (r *rowsRun) Notes() []string {
	return append([]string{r.meter.figures().String()}, r.rejects.notes()...)
}

// Rejects are some of the rows that were not loaded, of which the first 10,000
// are kept, and how many there are.
func (r *rowsRun) Rejects(from, most int) ([]core.Reject, int) { return r.rejects.list(from, most) }
