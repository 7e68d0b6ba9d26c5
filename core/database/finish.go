package database

import (
	"context"
	"errors"
	"fmt"
)

// made is what Finish has added to the database, for Undo.
type made struct {
	done    bool
	indexes []string
	search  string // the table for the full-text search
	stale   string // the same, where it was there before
}

// drop takes it away again; what is in the search is brought up to date.
func (m made) drop(ctx context.Context, k *link) error {
	for _, name := range m.indexes {
		if err := k.exec(ctx, "DROP INDEX IF EXISTS main."+quote(name)); err != nil {
			return err
		}
	}
	if m.search != "" {
		return k.exec(ctx, "DROP TABLE IF EXISTS main."+quote(m.search))
	}
	if m.stale != "" {
		return k.rebuild(ctx, m.stale)
	}
	return nil
}

// Finish commits, and then in one transaction puts a replacing table in its
// place, makes the indexes and the full-text search, and takes the load off
// the ledger. If it fails, what was loaded stays and the load can be resumed;
// if only ctx has ended, Finish can be called again.
func (l *Lane) Finish(ctx context.Context) (Finished, error) {
	if err := l.Commit(ctx); err != nil {
		return Finished{}, err
	}
	var f Finished
	err := l.loosely(ctx, func() error {
		return l.link.within(ctx, func() (err error) {
			f, err = l.complete(ctx)
			return err
		})
	})
	if err != nil {
		l.made = made{}
		return Finished{}, explain(l.options.Path, err)
	}
	l.made.done, l.ended = true, errClosed
	return f, nil
}

// loosely runs f, which drops a table and gives its name to another, so that
// neither touches the rows and the definitions of tables that refer to it.
func (l *Lane) loosely(ctx context.Context, f func() error) error {
	if l.entry.Mode != Replace {
		return f()
	}
	if err := l.link.exec(ctx, "PRAGMA foreign_keys = off; PRAGMA legacy_alter_table = on"); err != nil {
		return err
	}
	err := f()
	return errors.Join(err, l.link.exec(context.WithoutCancel(ctx), "PRAGMA foreign_keys = on; PRAGMA legacy_alter_table = off"))
}

// sortLess has an index made from smaller pieces: SQLite sorts as much at once as
// the cache may hold, and cannot be interrupted meanwhile.
const sortLess = "PRAGMA main.cache_size = -4000"

func (l *Lane) complete(ctx context.Context) (f Finished, err error) {
	if err := l.link.holds(ctx, &l.entry); err != nil {
		return f, err
	}
	if l.entry.Mode == Replace {
		if f.Notes, err = l.swap(ctx); err != nil {
			return f, err
		}
	}
	if err := l.link.exec(ctx, sortLess); err != nil {
		return f, err
	}
	if err := l.index(ctx); err != nil {
		return f, err
	}
	if err := l.makeSearch(ctx); err != nil {
		return f, err
	}
	return f, l.link.strike(ctx, l.entry.ID)
}

// index makes the indexes that are not there yet.
func (l *Lane) index(ctx context.Context) error {
	table := l.options.Table
	for _, column := range l.options.Index {
		there, err := l.link.indexed(ctx, table, column)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		name, err := l.link.freeName(ctx, table+"_"+column+"_idx")
		if err != nil {
			return err
		}
		if err := l.link.exec(ctx, fmt.Sprintf("CREATE INDEX main.%s ON %s(%s)", quote(name), quote(table), quote(column))); err != nil {
			return fmt.Errorf("index %s by %s: %w", table, column, err)
		}
		l.made.indexes = append(l.made.indexes, name)
	}
	return nil
}

// indexed says that a column has an index of its own, over all rows.
func (k *link) indexed(ctx context.Context, table, column string) (there bool, err error) {
	err = k.one(ctx, `SELECT EXISTS (SELECT 1 FROM pragma_index_list(?1, 'main') l WHERE NOT l.partial
		AND (SELECT count(*) FROM pragma_index_info(l.name, 'main')) = 1
		AND (SELECT name FROM pragma_index_info(l.name, 'main')) = ?2 COLLATE NOCASE)`, []any{table, column}, &there)
	return there, err
}

// freeName is the name, or the name with a number, that nothing has.
func (k *link) freeName(ctx context.Context, name string) (string, error) {
	for n := 1; ; n++ {
		try := name
		if n > 1 {
			try = fmt.Sprintf("%s_%d", name, n)
		}
		var taken bool
		if err := k.one(ctx, "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE)", []any{try}, &taken); err != nil || !taken {
			return try, err
		}
	}
}
