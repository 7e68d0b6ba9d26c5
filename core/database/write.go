package database

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// grace is how long a statement may go on after its context has ended before
// it is interrupted, which undoes the whole transaction. The feed stops it
// sooner, at a row, unless SQLite has fetched all rows before (triggers).
const grace = 100 * time.Millisecond

// Write adds a batch to the open transaction; the ones before are committed
// first if it is time. After an error the Outcome says what of the batch is in
// the transaction, and so will be committed by Commit: with ctx ended that can
// be a part. Any other error ends the load: what was not committed is lost.
func (l *Lane) Write(ctx context.Context, b Batch) (Outcome, error) {
	if err := cmp.Or(l.ended, l.stopped); err != nil {
		return Outcome{}, err
	}
	if b.Len() == 0 {
		return Outcome{}, nil
	}
	if l.due() {
		if err := l.Commit(ctx); err != nil {
			return Outcome{}, err
		}
	}
	if err := l.begin(ctx); err != nil {
		return Outcome{}, l.fail(err)
	}
	p := l.newPour(b)
	err := p.runAll(ctx)
	return p.end(), l.fail(err)
}

// due says that the open transaction is to be committed before more is
// written: also where a trigger might undo all that is in it.
func (l *Lane) due() bool {
	return l.open && (l.rows >= l.options.CommitRows || time.Since(l.begun) >= l.options.CommitEvery || l.plan.undoes)
}

// begin opens a transaction, unless one is open, and sees what other programs
// have done since the last.
func (l *Lane) begin(ctx context.Context) error {
	if l.open {
		return nil
	}
	if err := l.link.begin(ctx); err != nil {
		return err
	}
	l.open, l.begun, l.rows = true, time.Now(), 0
	err := l.link.holds(ctx, &l.entry)
	if err == nil {
		err = l.look(ctx)
	}
	if err == nil {
		err = l.trace(ctx)
	}
	if err != nil {
		l.abandon()
	}
	return err
}

// look arranges everything anew if the schema is another.
func (l *Lane) look(ctx context.Context) error {
	var version int
	if err := l.link.one(ctx, "PRAGMA main.schema_version", nil, &version); err != nil || version == l.schema {
		return err
	}
	return l.arrange(ctx)
}

// abandon drops the open transaction.
func (l *Lane) abandon() {
	if l.open {
		l.link.rollback()
	}
	l.open, l.pending = false, l.saved
}

// fail treats an error of the lane. After the end of ctx nothing can be
// written, but what was can be committed; any other error ends the load and
// takes what was not committed with it.
func (l *Lane) fail(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		l.stopped = err
		return err
	}
	l.abandon()
	l.ended = explain(l.options.Path, err)
	return l.ended
}

// Reached moves the place in the source past what is no row. line is that of
// the next record.
func (l *Lane) Reached(offset, line int64) { l.pending.Offset, l.pending.Line = offset, line }

// Commit makes durable what was written. If ctx ends while it waits for other
// programs, nothing is lost, and it can be called again.
func (l *Lane) Commit(ctx context.Context) error {
	if l.ended != nil {
		return l.ended
	}
	if l.pending == l.saved && !l.open {
		return nil
	}
	err := l.begin(ctx)
	if err == nil {
		err = l.settle(ctx)
	}
	if err == nil {
		err = l.link.commit(ctx)
	}
	if err != nil {
		return l.fail(err)
	}
	l.open, l.saved = false, l.pending
	l.publish()
	time.Sleep(max(time.Millisecond, min(time.Since(l.begun)/50, grace))) // the turn of others
	return nil
}

// settle puts into the transaction how far it brings the load.
func (l *Lane) settle(ctx context.Context) error {
	if l.options.Mark != nil {
		mark, err := l.options.Mark()
		if err != nil {
			return err
		}
		l.pending.Mark = mark
	}
	if err := l.extend(ctx); err != nil {
		return err
	}
	return l.link.save(ctx, &l.entry, l.pending)
}

// refused is a row of a batch that is not written.
type refused struct {
	row    int
	reason string
}

// pour is a batch on its way into the table.
type pour struct {
	*Lane
	batch     Batch
	out       []bool // rows that the screen keeps out
	converted int
	screened  []refused
	done      int // rows that are in the table, or refused
	outcome   Outcome
	refused   []refused
}

// newPour screens a batch.
func (l *Lane) newPour(b Batch) *pour {
	p := &pour{Lane: l, batch: b}
	if len(l.plan.guards) == 0 {
		return p
	}
	for row := range b.Len() {
		f := l.plan.screen(b, row)
		p.converted += f.converted
		if f.reason != "" {
			p.leaveOut(row, f.reason)
		} else if f.odd || f.numbered && f.number <= l.pending.last {
			l.pending.exact = false // it may land among the rows of others
		}
	}
	return p
}

func (p *pour) leaveOut(row int, reason string) {
	if p.out == nil {
		p.out = make([]bool, p.batch.Len())
	}
	p.out[row] = true
	p.screened = append(p.screened, refused{row, reason})
}

// end adds up what became of the rows, and moves the place in the source past
// them.
func (p *pour) end() Outcome {
	if !p.open { // nothing is left of them
		return Outcome{}
	}
	o := &p.outcome
	o.Converted = p.converted
	for _, r := range p.screened {
		if r.row < p.done {
			p.refused = append(p.refused, r)
		}
	}
	slices.SortFunc(p.refused, func(a, b refused) int { return a.row - b.row })
	for _, r := range p.refused {
		o.Rejects = append(o.Rejects, Reject{Line: p.batch.Line(r.row), Reason: r.reason, Raw: bytes.Clone(p.batch.Raw(r.row))})
	}
	if p.done == 0 {
		return *o
	}
	s := &p.pending
	s.Inserted += int64(o.Inserted)
	s.Updated += int64(o.Updated)
	s.Skipped += int64(o.Skipped)
	s.Converted += int64(o.Converted)
	s.Rejected += int64(len(o.Rejects))
	s.Offset, s.Line = p.batch.End(p.done-1), p.nextLine()
	p.rows += p.done
	return *o
}

// nextLine is the line behind the last record that is done. What begins there
// may be one that could not be read, which the batch does not have.
func (p *pour) nextLine() int64 {
	last := p.done - 1
	record := bytes.TrimRight(p.batch.Raw(last), "\r\n")
	return p.batch.Line(last) + 1 + int64(bytes.Count(record, []byte("\n")))
}
