package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// swap puts the table that was loaded in the place of the old one, with the
// indexes and triggers of that as far as they fit.
func (l *Lane) swap(ctx context.Context) (notes []string, err error) {
	k, table := l.link, l.options.Table
	old, err := inspect(ctx, k, table)
	switch {
	case errors.Is(err, ErrNoTable):
		return nil, k.rename(ctx, l.entry.target, table)
	case err != nil:
		return nil, err
	}
	parts, err := k.partsOf(ctx, old.name)
	if err != nil {
		return nil, err
	}
	if err := k.exec(ctx, "DROP TABLE main."+quote(old.name)); err != nil {
		return nil, err
	}
	if err := k.rename(ctx, l.entry.target, old.name); err != nil {
		return nil, err
	}
	for _, p := range parts {
		if err := k.attempt(ctx, p.definition); err != nil {
			if !refusal(err) {
				return nil, err
			}
			notes = append(notes, fmt.Sprintf("the %s of the old table was not kept: %s", p.name, message(err)))
		}
	}
	return notes, k.orphans(ctx, old.name)
}

// part is an index or a trigger.
type part struct{ name, definition string }

func (k *link) partsOf(ctx context.Context, table string) (parts []part, err error) {
	err = k.each(ctx, `SELECT type || ' ' || name, sql FROM main.sqlite_schema
		WHERE type IN ('index', 'trigger') AND tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL ORDER BY type, rowid`, []any{table},
		func(rows *sql.Rows) error {
			var p part
			err := rows.Scan(&p.name, &p.definition)
			parts = append(parts, p)
			return err
		})
	return parts, err
}

// attempt runs a statement that may fail.
func (k *link) attempt(ctx context.Context, statement string) error {
	if err := k.exec(ctx, "SAVEPOINT attempt"); err != nil {
		return err
	}
	err := k.exec(ctx, statement)
	if err != nil {
		if undo := k.exec(ctx, "ROLLBACK TO attempt"); undo != nil {
			return undo
		}
	}
	return errors.Join(err, k.exec(ctx, "RELEASE attempt"))
}

func (k *link) rename(ctx context.Context, from, to string) error {
	return k.exec(ctx, "ALTER TABLE main."+quote(from)+" RENAME TO "+quote(to))
}

// orphans makes sure that the rows of other tables that refer to the replaced
// one find their rows in the new one.
func (k *link) orphans(ctx context.Context, table string) error {
	var children []string
	err := k.each(ctx, `SELECT DISTINCT t.name FROM main.sqlite_schema t JOIN pragma_foreign_key_list(t.name, 'main') f
		WHERE t.type = 'table' AND f."table" = ? COLLATE NOCASE`, []any{table}, func(rows *sql.Rows) error {
		children = append(children, "")
		return rows.Scan(&children[len(children)-1])
	})
	if err != nil {
		return err
	}
	for _, child := range slices.DeleteFunc(children, func(c string) bool { return fold(c) == fold(table) }) {
		var bad bool
		err := k.one(ctx, `SELECT EXISTS (SELECT 1 FROM pragma_foreign_key_check(?, 'main') WHERE parent = ? COLLATE NOCASE)`, []any{child, table}, &bad)
		if err != nil {
			return fmt.Errorf("the table %s refers to %s, and the new one does not fit: %w", child, table, err)
		}
		if bad {
			return fmt.Errorf("rows of %s refer to rows of %s that the new table does not have: the old one stays", child, table)
		}
	}
	return nil
}
