package database

import (
	"context"
	"errors"
	"sort"
	"time"
)

// undoneError says that a trigger has undone the whole transaction
// (RAISE(ROLLBACK)).
type undoneError struct{ cause error }

func (e *undoneError) Error() string {
	return "a trigger has undone the transaction: " + e.cause.Error()
}
func (e *undoneError) Unwrap() error { return e.cause }

// runAll writes the batch, and again without the row that undid everything, if
// there is one: it is the last row of the shortest beginning that is undone.
func (p *pour) runAll(ctx context.Context) error {
	for {
		err := p.run(ctx, 0, p.batch.Len())
		undone, ok := errors.AsType[*undoneError](err)
		if !ok || !p.plan.undoes {
			return err
		}
		row := sort.Search(p.batch.Len()-1, func(i int) bool {
			err := p.again(ctx)
			if err == nil {
				err = p.run(ctx, 0, i+1)
			}
			_, ok := errors.AsType[*undoneError](err)
			return ok
		})
		if err := p.again(ctx); err != nil {
			return err
		}
		p.leaveOut(row, p.plan.reason(undone.cause))
	}
}

// again starts the batch over, in a new transaction.
func (p *pour) again(ctx context.Context) error {
	p.abandon()
	p.done, p.outcome, p.refused = 0, Outcome{}, nil
	return p.begin(ctx)
}

// run writes the rows from lo to hi and steps over those that are refused.
// Where it cannot be told which row it was (triggers have SQLite fetch all rows
// before it writes the first, foreign keys are judged at the end), it halves.
func (p *pour) run(ctx context.Context, lo, hi int) error {
	for lo < hi {
		t := p.try(ctx, lo, hi)
		switch {
		case t.fatal != nil:
			return t.fatal
		case t.refused == nil:
			p.done = hi
			return nil
		case !t.located && hi-lo > 1:
			middle := lo + (hi-lo)/2
			if err := p.run(ctx, lo, middle); err != nil {
				return err
			}
			lo = middle
			continue
		case !t.located:
			t.row = lo
		case !t.kept && t.row > lo:
			if err := p.run(ctx, lo, t.row); err != nil {
				return err
			}
		}
		p.refuse(ctx, t.row, t.refused)
		lo = t.row + 1
	}
	return nil
}

func (p *pour) refuse(ctx context.Context, row int, err error) {
	reason := ""
	if foreign(err) {
		reason = p.plan.orphan(ctx, p.link, p.batch, row)
	}
	if reason == "" {
		reason = p.plan.reason(err)
	}
	p.refused = append(p.refused, refused{row, reason})
	p.done = row + 1
}

// trial is what came of one statement.
type trial struct {
	fatal   error // not about a row, or ctx has ended
	refused error // a row was refused; nil: all were taken
	located bool  // it was row
	row     int
	kept    bool // the rows before it are written
}

// try writes the rows from lo to hi by one statement. If one is refused, either
// those before it are written, or none are.
//
// SQLite keeps them after a constraint that OR FAIL is about. After any other
// error it undoes the statement, but not always: where it did not expect the
// error (a type in a STRICT table, a text for a row number) it leaves the rows
// there, and counts none as changed. The savepoint makes both the same.
func (p *pour) try(ctx context.Context, lo, hi int) trial {
	f := p.feed
	f.ctx, f.batch, f.out, f.lo, f.hi, f.at, f.fed = ctx, p.batch, p.out, lo, hi, -1, 0
	defer func() { f.ctx, f.batch, f.out = nil, nil, nil }()
	p.meter.reset()
	if err := p.link.wholly(ctx, "SAVEPOINT feed"); err != nil {
		return trial{fatal: err}
	}
	changed, err := p.pourOut(ctx)
	if err == nil || refusal(err) {
		if orphan := p.link.unresolved(); orphan != nil {
			err = orphan
		}
	}
	if err == nil {
		p.count(changed, f.fed)
		return trial{fatal: p.release()}
	}
	t := trial{refused: err, row: f.at, located: f.at < hi && !p.plan.triggers && !foreign(err)}
	if ctx.Err() != nil {
		t.fatal = ctx.Err()
	} else if f.at < 0 || !refusal(err) {
		t.fatal = err
	}
	return p.undo(ctx, t)
}

// undo takes back what a statement that failed has left, unless it is to be
// kept.
func (p *pour) undo(ctx context.Context, t trial) trial {
	var changed int
	if t.fatal == nil && t.located {
		if err := p.changes.QueryRowContext(ctx).Scan(&changed); err != nil {
			t.fatal = err
		}
	}
	if t.kept = changed > 0; t.kept {
		p.count(changed, p.feed.fed-1)
		t.fatal = p.release()
		return t
	}
	background := context.WithoutCancel(ctx)
	if err := p.link.exec(background, "ROLLBACK TO feed"); err != nil {
		// SQLite has undone the transaction: by a trigger, an interrupt, or
		// because the disk is full.
		if t.fatal == nil {
			t.fatal = &undoneError{t.refused}
		}
		p.abandon()
		return t
	}
	if err := p.release(); err != nil && t.fatal == nil {
		t.fatal = err
	}
	return t
}

func (p *pour) release() error { return p.link.exec(context.Background(), "RELEASE feed") }

// pourOut runs the statement. When ctx ends, the feed ends it at the next row;
// if that does not help, it is interrupted.
func (p *pour) pourOut(ctx context.Context) (int, error) {
	hard, interrupt := context.WithCancel(context.WithoutCancel(ctx))
	defer interrupt()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, interrupt) })
	defer stop()
	result, err := p.insert.ExecContext(hard)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// count adds up rows that are written: changed of fed.
func (p *pour) count(changed, fed int) {
	inserted, updated := changed, 0
	if p.meter.table != "" {
		inserted, updated = p.meter.inserted, p.meter.updated
	}
	p.outcome.Inserted += inserted
	p.outcome.Updated += updated
	p.outcome.Skipped += fed - inserted - updated
}
