package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
)

// Rows writes one row at a time, each in a durable commit of its own: the slow
// way, to be seen. It may be shared by goroutines, which then take turns, or
// each may open its own on the same table: the first with Create, the others
// with Append.
type Rows struct {
	path   string
	link   *link
	plan   *plan
	meter  meter
	turn   chan struct{} // full while one of this program's goroutines writes
	insert *sql.Stmt
	values []any
}

// turns has the turn of each database file: SQLite's lock is polled with
// pauses, so those who wait for one of their own program would wait too long.
var turns sync.Map // of absolute path to chan struct{}

func turnOf(path string) chan struct{} {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	turn, _ := turns.LoadOrStore(path, make(chan struct{}, 1))
	return turn.(chan struct{})
}

// RefusedError says why a row was refused: the reason of a Reject.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

// OpenRows opens a table, or makes it with Create. Source, Resume, Mark,
// Index and FTS do not count here; a table cannot be replaced.
//
// A rollback journal is overwritten again and again rather than removed at each
// commit, which costs less and is as durable. When the last connection closes,
// it is removed.
func OpenRows(ctx context.Context, o Options) (*Rows, error) {
	o = o.settled()
	if err := o.check(); err != nil {
		return nil, err
	}
	mode := mustExist
	switch o.Mode {
	case Create:
		mode = mayCreate
	case Replace:
		return nil, errors.New("a table cannot be replaced with a commit for each row")
	}
	k, err := openLink(ctx, o.Path, mode, o.Waits, "synchronous(full)", "foreign_keys(on)")
	if err != nil {
		return nil, err
	}
	r := &Rows{path: o.Path, link: k, turn: turnOf(o.Path), values: make([]any, len(o.Columns))}
	if err := r.prepare(ctx, &o); err != nil {
		return nil, errors.Join(explain(o.Path, err), r.Close())
	}
	return r, nil
}

func (r *Rows) prepare(ctx context.Context, o *Options) error {
	if err := r.link.writable(); err != nil {
		return err
	}
	if err := r.keepJournal(ctx); err != nil {
		return err
	}
	return r.link.within(ctx, func() error {
		shape, err := inspect(ctx, r.link, o.Table)
		switch {
		case err == nil && o.Mode == Create:
			return fmt.Errorf("table %s: %w", shape.name, ErrExists)
		case errors.Is(err, ErrNoTable) && o.Mode == Create:
			if err := r.link.exec(ctx, o.createTable(o.Table)); err != nil {
				return err
			}
			shape, err = inspect(ctx, r.link, o.Table)
		}
		if err != nil {
			return err
		}
		if r.plan, err = newPlan(shape, o); err != nil {
			return err
		}
		if r.insert, err = r.link.conn.PrepareContext(ctx, r.plan.insert("VALUES ("+places(len(o.Columns))+")")); err != nil {
			return r.plan.unfit(err)
		}
		return r.meter.install(r.link, r.plan)
	})
}

// keepJournal has the journal kept at a commit, unless it is a WAL.
func (r *Rows) keepJournal(ctx context.Context) error {
	return r.link.patiently(ctx, func() error {
		var mode string
		err := r.link.one(ctx, "PRAGMA main.journal_mode", nil, &mode)
		if err == nil && !strings.EqualFold(mode, "wal") {
			err = r.link.one(ctx, "PRAGMA main.journal_mode = persist", nil, &mode)
		}
		return err
	})
}

// Insert writes one row of a batch and says what became of it: its Outcome
// has no Rejects, a row that the database refuses is a *RefusedError. It waits
// for other programs as long as ctx lives.
func (r *Rows) Insert(ctx context.Context, b Batch, row int) (Outcome, error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return Outcome{}, ctx.Err()
	}
	f := r.plan.screen(b, row)
	if f.reason != "" {
		return Outcome{}, &RefusedError{f.reason}
	}
	for col, field := range r.plan.fields {
		r.values[col] = valueOf(b, row, col, field.affinity)
	}
	var changed int64
	err := r.link.within(ctx, func() error {
		r.meter.reset()
		result, err := r.insert.ExecContext(ctx, r.values...)
		if err == nil {
			changed, err = result.RowsAffected()
		}
		return err
	})
	switch {
	case refusal(err):
		reason := r.plan.reason(err)
		if foreign(err) {
			if orphan := r.plan.orphan(ctx, r.link, b, row); orphan != "" {
				reason = orphan
			}
		}
		return Outcome{}, &RefusedError{reason}
	case err != nil:
		return Outcome{}, explain(r.path, err)
	}
	return r.outcome(int(changed), f.converted), nil
}

func (r *Rows) outcome(changed, converted int) Outcome {
	o := Outcome{Inserted: changed, Converted: converted}
	if r.meter.table != "" {
		o.Inserted, o.Updated = r.meter.inserted, r.meter.updated
	}
	o.Skipped = 1 - o.Inserted - o.Updated
	return o
}

// Waiting says that another program, or another Rows, holds the database.
func (r *Rows) Waiting() bool { return r.link.waiting.Load() }

// Close ends the connection.
func (r *Rows) Close() error {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if r.insert != nil {
		_ = r.insert.Close()
	}
	r.meter.remove(r.link)
	var mode string
	err := r.link.one(context.Background(), "PRAGMA main.journal_mode", nil, &mode)
	if err == nil && mode == "persist" { // removes the journal, unless others use it
		_ = r.link.exec(context.Background(), "PRAGMA main.journal_mode = delete")
	}
	return r.link.close()
}
