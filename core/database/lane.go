package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Lane is a load under way: the one connection that writes it.
type Lane struct {
	options Options
	link    *link
	entry   entry
	plan    *plan
	schema  int // version of the schema that the plan is of
	feed    *feed
	insert  *sql.Stmt // writes what is in the feed
	changes *sql.Stmt // asks how many rows the last statement changed
	meter   meter

	open      bool // a transaction is
	begun     time.Time
	rows      int   // in the transaction
	pending   state // as of the open transaction
	saved     state // as committed
	committed atomic.Pointer[Progress]
	stopped   error // a context ended: what is written can still be committed
	ended     error // why nothing more can be done
	closed    bool
	made      made // by Finish
}

// pragmas of the connection that loads. The cache (8 MB) holds what a transaction
// of 100,000 short rows changes, so that it is written once, at the commit.
var pragmas = []string{"synchronous(extra)", "foreign_keys(on)", "cache_size(-8000)"}

// Open begins a load, or goes on with one. What it makes, such as the new
// table, is committed.
func Open(ctx context.Context, o Options) (*Lane, error) {
	o = o.settled()
	if err := o.check(); err != nil {
		return nil, err
	}
	mode := mustExist
	if o.Mode == Create && !o.Resume {
		mode = mayCreate
	}
	k, err := openLink(ctx, o.Path, mode, o.Waits, pragmas...)
	if err != nil {
		return nil, err
	}
	l := &Lane{options: o, link: k, feed: newFeed()}
	if err := l.prepare(ctx); err != nil {
		return nil, errors.Join(explain(o.Path, err), l.Close())
	}
	return l, nil
}

func (l *Lane) prepare(ctx context.Context) error {
	if err := l.link.writable(); err != nil {
		return err
	}
	err := l.link.within(ctx, func() error {
		if err := l.enter(ctx); err != nil {
			return err
		}
		return l.arrange(ctx)
	})
	if err != nil {
		return err
	}
	l.saved, l.pending = l.entry.state, l.entry.state
	l.publish()
	return nil
}

// enter finds or makes the place of the load in the ledger, and its table.
func (l *Lane) enter(ctx context.Context) error {
	o := &l.options
	if o.Source.Name != "" {
		old, err := l.link.found(ctx, o.Table, o.Source.Name)
		switch {
		case err != nil:
			return err
		case old != nil && o.Resume:
			return l.resume(ctx, old)
		case old != nil:
			return &UnfinishedError{old.Unfinished}
		case o.Resume:
			return fmt.Errorf("resume %s into %s: %w", o.Source.Name, o.Table, ErrNoLoad)
		}
	}
	return l.start(ctx)
}

// start enters a new load and makes its table.
func (l *Lane) start(ctx context.Context) error {
	o := &l.options
	l.entry = entry{Unfinished: Unfinished{Table: o.Table, Mode: o.Mode, Source: o.Source}, state: state{span: span{exact: true}}}
	l.entry.state.Line = 1
	shape, err := inspect(ctx, l.link, o.Table)
	switch there := err == nil; {
	case err != nil && !errors.Is(err, ErrNoTable):
		return err
	case o.Mode == Append && !there:
		return err
	case o.Mode == Create && there:
		return fmt.Errorf("table %s: %w", shape.name, ErrExists)
	case o.Mode == Append:
		l.entry.target = shape.name
	case o.Mode == Create:
		l.entry.target = o.Table
	}
	if err := l.link.enter(ctx, &l.entry); err != nil || o.Mode == Append {
		return err
	}
	return l.link.exec(ctx, o.createTable(l.entry.target))
}

// resume takes over a load that stopped.
func (l *Lane) resume(ctx context.Context, old *entry) error {
	o := &l.options
	switch {
	case old.Source.Identity != o.Source.Identity:
		return fmt.Errorf("resume %s: %w", o.Source.Name, ErrChanged)
	case old.Mode != o.Mode:
		return fmt.Errorf("resume %s: the load began with %s, not %s", o.Source.Name, old.Mode, o.Mode)
	}
	l.entry = *old
	return l.link.takeOver(ctx, &l.entry)
}

// arrange looks at the table and prepares the statements for it: at the start,
// and when another program has changed the schema.
func (l *Lane) arrange(ctx context.Context) error {
	shape, err := inspect(ctx, l.link, l.entry.target)
	if err != nil {
		return err
	}
	if l.plan, err = newPlan(shape, &l.options); err != nil {
		return err
	}
	if l.insert == nil {
		l.feed.fields = l.plan.fields
		if err := l.link.exec(ctx, l.feed.create()); err != nil {
			return err
		}
	}
	l.feed.fields = l.plan.fields
	if err := l.restate(ctx); err != nil {
		return err
	}
	if err := l.checkSearch(ctx); err != nil {
		return err
	}
	return l.link.one(ctx, "PRAGMA main.schema_version", nil, &l.schema)
}

// restate prepares the statements.
func (l *Lane) restate(ctx context.Context) (err error) {
	l.closeStatements()
	from := "SELECT * FROM temp.feed"
	if l.plan.conflict() != "" {
		from += " WHERE true" // or ON CONFLICT would be read as a join
	}
	if l.insert, err = l.link.conn.PrepareContext(ctx, l.plan.insert(from)); err != nil {
		return l.plan.unfit(err)
	}
	if l.changes, err = l.link.conn.PrepareContext(ctx, "SELECT changes()"); err != nil {
		return err
	}
	return l.meter.install(l.link, l.plan)
}

func (l *Lane) closeStatements() {
	for _, s := range []*sql.Stmt{l.insert, l.changes} {
		if s != nil {
			_ = s.Close()
		}
	}
}

// Progress is what was committed, and where to go on.
func (l *Lane) Progress() Progress { return *l.committed.Load() }

func (l *Lane) publish() { p := l.saved.Progress; l.committed.Store(&p) }

// Waiting says that another program holds the database.
func (l *Lane) Waiting() bool { return l.link.waiting.Load() }

// Close ends the lane and drops what was not committed.
func (l *Lane) Close() error {
	if l.closed {
		return nil
	}
	l.closed = true
	l.abandon()
	l.closeStatements()
	l.meter.remove(l.link)
	err := l.link.close()
	l.feed.close()
	l.ended = cmp.Or(l.ended, errClosed)
	return err
}

var errClosed = errors.New("the load is closed")

// writable says in words if the database can only be read.
func (k *link) writable() error {
	return k.conn.Raw(func(c any) error {
		db, ok := c.(interface{ IsReadOnly(string) (bool, error) })
		if !ok {
			return errors.New("the driver cannot tell whether the database is read-only")
		}
		readOnly, err := db.IsReadOnly("main")
		if err == nil && readOnly {
			return fmt.Errorf("%s can only be read: nothing can be loaded into it", k.path)
		}
		return err
	})
}
