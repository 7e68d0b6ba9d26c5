package database

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// searchName is what the full-text search of a table is named.
func searchName(table string) string { return table + "_fts" }

// checkSearch refuses, before anything is loaded, indexes and a full-text
// search that could not be made afterwards.
func (l *Lane) checkSearch(ctx context.Context) error {
	o := &l.options
	for _, name := range slices.Concat(o.Index, o.FTS) {
		if l.plan.find(name) < 0 {
			return fmt.Errorf("the table %s has no column %s to index; it has %s", o.Table, name, l.plan.list())
		}
	}
	if len(o.FTS) == 0 {
		return nil
	}
	for _, name := range o.FTS {
		if slices.Contains([]string{"rowid", "rank", fold(searchName(o.Table))}, fold(name)) {
			return fmt.Errorf("a column named %s cannot be searched: FTS5 uses the name", name)
		}
	}
	if l.plan.rowid == "" {
		return fmt.Errorf("%s has no row numbers, which the full-text search needs", o.Table)
	}
	_, err := l.link.searchable(ctx, o)
	return err
}

// searchable says whether the full-text search is there already, and refuses
// something else of its name.
func (k *link) searchable(ctx context.Context, o *Options) (bool, error) {
	name := searchName(o.Table)
	var definition string
	err := k.one(ctx, "SELECT coalesce((SELECT sql FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE), '')", []any{name}, &definition)
	if err != nil || definition == "" {
		return false, err
	}
	s := new(shape)
	s.name = name
	if err := s.readColumns(ctx, k); err != nil {
		return false, err
	}
	same := strings.Contains(fold(definition), "using fts5") && len(s.columns) >= len(o.FTS)
	for i, column := range o.FTS {
		same = same && fold(s.columns[i].name) == fold(column)
	}
	if !same {
		return false, fmt.Errorf("%s is there already, and is no full-text search of %s", name, strings.Join(o.FTS, ", "))
	}
	return true, nil
}

// makeSearch makes the full-text search, or brings it up to date. It keeps no
// copy of the text (FTS5 external content, sqlite.org/fts5 section 4.4.4) and
// is not changed by what other programs write later.
func (l *Lane) makeSearch(ctx context.Context) error {
	o := &l.options
	if len(o.FTS) == 0 {
		return nil
	}
	name := searchName(o.Table)
	there, err := l.link.searchable(ctx, o)
	if err != nil {
		return err
	}
	if !there {
		if err := l.link.exec(ctx, fmt.Sprintf("CREATE VIRTUAL TABLE main.%s USING fts5(%s, content=%s, content_rowid=%s)",
			quote(name), quoteAll(o.FTS), quote(o.Table), quote(l.plan.rowid))); err != nil {
			return fmt.Errorf("make the full-text search of %s: %w", o.Table, err)
		}
	}
	if err := l.link.rebuild(ctx, name); err != nil {
		return err
	}
	if l.made.search = name; there {
		l.made.search, l.made.stale = "", name
	}
	return nil
}

func (k *link) rebuild(ctx context.Context, search string) error {
	if err := k.exec(ctx, fmt.Sprintf("INSERT INTO main.%s(%s) VALUES ('rebuild')", quote(search), quote(search))); err != nil {
		return fmt.Errorf("fill the full-text search %s: %w", search, err)
	}
	return nil
}
