package database

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
)

// Mark is what the caller keeps beside the database, as of a commit.
type Mark struct {
	Bytes int64  // length of the file of rejects
	Note  string // whatever else it wants back when it resumes
}

// Progress is how far a load is, as committed.
type Progress struct {
	Offset, Line               int64 // where to go on in the source: the byte, and the line of the record there
	Inserted, Updated, Skipped int64
	Converted, Rejected        int64
	Mark                       Mark
}

// state is what a transaction changes: the progress, and what Undo needs.
type state struct {
	Progress
	span
}

// span is the row numbers that the load gave out.
type span struct {
	first, last int64
	exact       bool // no row within is of anybody else
}

// Unfinished is a load that was begun and has not ended, or that another
// program is at.
type Unfinished struct {
	ID       int64
	Table    string
	Mode     Mode
	Source   Source
	Progress Progress
	Changed  time.Time // of the last commit
}

// UnfinishedError says that a load without Resume meets an unfinished one of
// the same source into the same table.
type UnfinishedError struct{ Load Unfinished }

func (e *UnfinishedError) Error() string {
	return fmt.Sprintf("an earlier load of %s into %s has not ended, or another program is at it (line %s, on %s): resume it, undo it or forget it",
		e.Load.Source.Name, e.Load.Table, humanize.Comma(e.Load.Progress.Line), e.Load.Changed.Local().Format(time.DateTime))
}

// entry is a row of the ledger.
type entry struct {
	Unfinished
	target string // the table that the rows are in
	owner  string // who may go on with it
	state  state
}

const (
	ledgerTable  = ours + "load"
	createLedger = `CREATE TABLE IF NOT EXISTS main.` + ledgerTable + `(
	id INTEGER PRIMARY KEY, into_table TEXT, mode TEXT, source TEXT, identity TEXT, target TEXT, owner TEXT, changed INTEGER,
	byte INTEGER, line INTEGER, inserted INTEGER, updated INTEGER, skipped INTEGER, converted INTEGER, rejected INTEGER,
	mark INTEGER, note TEXT, first_row INTEGER, last_row INTEGER, exact INTEGER)`
	readLedger = `SELECT id, into_table, mode, source, identity, target, owner, changed,
	byte, line, inserted, updated, skipped, converted, rejected, mark, note, first_row, last_row, exact FROM main.` + ledgerTable
)

// patientEntries reads the ledger, and waits for other programs outside of a
// transaction.
func (k *link) patientEntries(ctx context.Context) (all []entry, err error) {
	err = k.patiently(ctx, func() (err error) {
		all, err = k.entries(ctx)
		return err
	})
	return all, err
}

// entries reads the ledger; there is none in most databases.
func (k *link) entries(ctx context.Context) ([]entry, error) {
	var n int
	if err := k.one(ctx, "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = ?", []any{ledgerTable}, &n); err != nil || n == 0 {
		return nil, err
	}
	var all []entry
	err := k.each(ctx, readLedger, nil, func(rows *sql.Rows) error {
		var e entry
		var changed int64
		s := &e.state
		if err := rows.Scan(&e.ID, &e.Table, &e.Mode, &e.Source.Name, &e.Source.Identity, &e.target, &e.owner, &changed,
			&s.Offset, &s.Line, &s.Inserted, &s.Updated, &s.Skipped, &s.Converted, &s.Rejected, &s.Mark.Bytes, &s.Mark.Note,
			&s.first, &s.last, &s.exact); err != nil {
			return err
		}
		e.Changed, e.Progress = time.UnixMilli(changed), s.Progress
		all = append(all, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the unfinished loads: %w", err)
	}
	return all, nil
}

// found is the unfinished load of a source into a table, or nil.
func (k *link) found(ctx context.Context, table, source string) (*entry, error) {
	all, err := k.entries(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if fold(all[i].Table) == fold(table) && all[i].Source.Name == source {
			return &all[i], nil
		}
	}
	return nil, nil
}

// enter adds a load to the ledger.
func (k *link) enter(ctx context.Context, e *entry) error {
	if err := k.exec(ctx, createLedger); err != nil {
		return err
	}
	e.owner = rand.Text()
	if e.target == "" {
		e.target = ours + "new_" + e.owner
	}
	return k.one(ctx, `INSERT INTO main.`+ledgerTable+` VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, 0, 1, 0, 0, 0, 0, 0, 0, '', 0, 0, ?) RETURNING id`,
		[]any{e.Table, e.Mode, e.Source.Name, e.Source.Identity, e.target, e.owner, time.Now().UnixMilli(), e.state.exact}, &e.ID)
}

// takeOver makes the load this program's: whoever else is at it finds out
// when its next transaction begins.
func (k *link) takeOver(ctx context.Context, e *entry) error {
	e.owner = rand.Text()
	return k.exec(ctx, `UPDATE main.`+ledgerTable+` SET owner = ? WHERE id = ?`, e.owner, e.ID)
}

// holds makes sure that nobody has taken the load over.
func (k *link) holds(ctx context.Context, e *entry) error {
	var n int
	err := k.one(ctx, `SELECT count(*) FROM main.`+ledgerTable+` WHERE id = ? AND owner = ?`, []any{e.ID, e.owner}, &n)
	switch {
	case code(err) == 1: // no such table: the last load in it was forgotten
		return ErrTakenOver
	case err == nil && n == 0:
		return ErrTakenOver
	}
	return err
}

// save puts down how far the load is.
func (k *link) save(ctx context.Context, e *entry, s state) error {
	return k.exec(ctx, `UPDATE main.`+ledgerTable+` SET changed = ?, byte = ?, line = ?, inserted = ?, updated = ?, skipped = ?, converted = ?,
	rejected = ?, mark = ?, note = ?, first_row = ?, last_row = ?, exact = ? WHERE id = ?`,
		time.Now().UnixMilli(), s.Offset, s.Line, s.Inserted, s.Updated, s.Skipped, s.Converted,
		s.Rejected, s.Mark.Bytes, s.Mark.Note, s.first, s.last, s.exact, e.ID)
}

// strike takes a load off the ledger, and the ledger away with the last one.
func (k *link) strike(ctx context.Context, id int64) error {
	if err := k.exec(ctx, `DELETE FROM main.`+ledgerTable+` WHERE id = ?`, id); err != nil {
		return err
	}
	var left bool
	if err := k.one(ctx, `SELECT EXISTS (SELECT 1 FROM main.`+ledgerTable+`)`, nil, &left); err != nil || left {
		return err
	}
	return k.exec(ctx, `DROP TABLE main.`+ledgerTable)
}
