package database

import (
	"context"
	"fmt"
	"math"
)

// trace begins to watch the row numbers of a table that rows are added to, or
// sees whether somebody else has added some since.
func (l *Lane) trace(ctx context.Context) error {
	s := &l.pending.span
	if l.entry.Mode != Append || !s.exact {
		return nil
	}
	last, err := l.lastRow(ctx)
	switch {
	case err != nil:
		return err
	case l.plan.rowid == "" || l.plan.triggers || last == math.MaxInt64:
		s.exact = false
	case s.first == 0:
		s.first, s.last = last+1, last
	case s.last != last:
		s.exact = false
	}
	return nil
}

// extend puts the rows of the transaction into the span.
func (l *Lane) extend(ctx context.Context) (err error) {
	if l.entry.Mode == Append && l.pending.exact {
		l.pending.last, err = l.lastRow(ctx)
	}
	return err
}

func (l *Lane) lastRow(ctx context.Context) (n int64, err error) {
	if l.plan.rowid == "" {
		return 0, nil
	}
	query := fmt.Sprintf("SELECT coalesce(max(%s), 0) FROM main.%s", quote(l.plan.rowid), quote(l.plan.name))
	return n, l.link.one(ctx, query, nil, &n)
}

// Undo takes back the whole load: it drops a new table, and deletes the rows
// added to an old one. It refuses, with ErrNoUndo, where that would not be
// exact: rows were updated or replaced, triggers have run, other programs have
// written in between, or a table was replaced already.
func (l *Lane) Undo(ctx context.Context) error {
	l.abandon()
	e := l.entry
	e.state = l.saved
	err := l.link.undo(ctx, &e, l.made)
	if err != nil {
		return explain(l.options.Path, err)
	}
	l.ended = errClosed
	return nil
}

// Undo takes back an unfinished load, as Lane.Undo does.
func Undo(ctx context.Context, path string, id int64) error {
	return settleOld(ctx, path, id, func(k *link, e *entry) error { return k.undo(ctx, e, made{}) })
}

// Forget keeps the rows of an unfinished load, which then cannot be resumed.
// Those that were to replace a table are dropped.
func Forget(ctx context.Context, path string, id int64) error {
	return settleOld(ctx, path, id, func(k *link, e *entry) error {
		return k.within(ctx, func() error {
			if e.Mode == Replace {
				if err := k.exec(ctx, "DROP TABLE IF EXISTS main."+quote(e.target)); err != nil {
					return err
				}
			}
			return k.strike(ctx, e.ID)
		})
	})
}

// List is the unfinished loads of a database. One of them may be under way.
func List(ctx context.Context, path string) ([]Unfinished, error) {
	k, err := openLink(ctx, path, mustExist, nil, "query_only(on)")
	if err != nil {
		return nil, err
	}
	defer k.close()
	all, err := k.patientEntries(ctx)
	loads := make([]Unfinished, len(all))
	for i, e := range all {
		loads[i] = e.Unfinished
	}
	return loads, explain(path, err)
}

// settleOld does something about an unfinished load, by its number in List.
func settleOld(ctx context.Context, path string, id int64, do func(*link, *entry) error) error {
	k, err := openLink(ctx, path, mustExist, nil, pragmas...)
	if err != nil {
		return err
	}
	defer k.close()
	all, err := k.patientEntries(ctx)
	if err != nil {
		return explain(path, err)
	}
	for i := range all {
		if all[i].ID == id {
			return explain(path, do(k, &all[i]))
		}
	}
	return fmt.Errorf("%s: load %d: %w", path, id, ErrNoLoad)
}

// undo takes a load back in one transaction.
func (k *link) undo(ctx context.Context, e *entry, m made) error {
	if m.done && e.Mode == Replace {
		return fmt.Errorf("%w: the table it replaced is gone", ErrNoUndo)
	}
	return k.within(ctx, func() error {
		if !m.done {
			if err := k.holds(ctx, e); err != nil {
				return err
			}
		}
		if err := k.takeAway(ctx, e, m); err != nil {
			return err
		}
		if m.done {
			return nil
		}
		return k.strike(ctx, e.ID)
	})
}

// takeAway drops or empties what the load filled, if nobody else has written
// into it.
func (k *link) takeAway(ctx context.Context, e *entry, m made) error {
	if e.Mode != Append {
		var n int64
		if err := k.one(ctx, "SELECT count(*) FROM main."+quote(e.target), nil, &n); err != nil {
			return err
		}
		if n != e.state.Inserted {
			return fmt.Errorf("%w: other programs have written into %s", ErrNoUndo, e.Table)
		}
		if err := m.drop(ctx, k); err != nil {
			return err
		}
		return k.exec(ctx, "DROP TABLE main."+quote(e.target))
	}
	if err := k.takeRows(ctx, e); err != nil {
		return err
	}
	return m.drop(ctx, k)
}

// takeRows deletes the rows that the load added.
func (k *link) takeRows(ctx context.Context, e *entry) error {
	s := &e.state
	switch {
	case s.Updated > 0:
		return fmt.Errorf("%w: rows of %s were replaced or updated", ErrNoUndo, e.Table)
	case s.Inserted == 0:
		return nil
	case !s.exact:
		return fmt.Errorf("%w: it cannot be told from the row numbers of %s which rows it added", ErrNoUndo, e.Table)
	}
	shape, err := inspect(ctx, k, e.target)
	if err != nil {
		return err
	}
	if shape.triggers {
		return fmt.Errorf("%w: %s has triggers", ErrNoUndo, e.Table)
	}
	where := fmt.Sprintf(" FROM main.%s WHERE %s BETWEEN ? AND ?", quote(shape.name), quote(shape.rowid))
	var n int64
	if err := k.one(ctx, "SELECT count(*)"+where, []any{s.first, s.last}, &n); err != nil {
		return err
	}
	if n != s.Inserted {
		return fmt.Errorf("%w: other programs have written into %s", ErrNoUndo, e.Table)
	}
	return k.exec(ctx, "DELETE"+where, s.first, s.last)
}
