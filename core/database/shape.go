package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"manyhands/core/cell"
)

// shape is what a table is made of, as far as rows that come in meet it.
type shape struct {
	name     string // as the schema spells it
	columns  []field
	strict   bool
	rowid    string // what the row number is called; "": the table is WITHOUT ROWID, or all its names are taken
	alias    string // the column that is the row number (INTEGER PRIMARY KEY)
	triggers bool
	undoes   bool // a trigger says ROLLBACK
	foreign  []foreignKey
}

// field is a column of a table.
type field struct {
	name       string
	declared   string
	affinity   affinity
	notNull    bool
	hasDefault bool
	key        int // place in the primary key, from 1
	generated  bool
}

// foreignKey is columns whose values must be in another table.
type foreignKey struct {
	table    string
	from, to []string // to is empty: the primary key
}

// affinity is the type that a column would like its values to have,
// sqlite.org/datatype3 section 3.1.
type affinity uint8

const (
	noAffinity affinity = iota // BLOB, or ANY in a STRICT table
	textAffinity
	integerAffinity // also NUMERIC, which treats what we have alike
	realAffinity
)

// kind is what a new value of the column should be.
func (a affinity) kind() cell.Kind {
	return [...]cell.Kind{noAffinity: cell.Null, textAffinity: cell.Text, integerAffinity: cell.Integer, realAffinity: cell.Real}[a]
}

func affinityOf(declared string, strict bool) affinity {
	t := strings.ToUpper(declared)
	switch has := func(part string) bool { return strings.Contains(t, part) }; {
	case strict && t == "ANY":
		return noAffinity
	case has("INT"):
		return integerAffinity
	case has("CHAR"), has("CLOB"), has("TEXT"):
		return textAffinity
	case has("BLOB"), t == "":
		return noAffinity
	case has("REAL"), has("FLOA"), has("DOUB"):
		return realAffinity
	}
	return integerAffinity
}

// inspect reads what a table is made of. ErrNoTable: it is not there.
func inspect(ctx context.Context, k *link, table string) (*shape, error) {
	s := new(shape)
	var what string
	var withoutRowid bool
	err := k.one(ctx, `SELECT name, type, strict, wr FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE`,
		[]any{table}, &s.name, &what, &s.strict, &withoutRowid)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, missing(table)
	case err != nil:
		return nil, err
	case what != "table":
		return nil, fmt.Errorf("%s is %s: rows cannot be loaded into it", s.name, map[string]string{
			"view": "a view, not a table", "virtual": "a virtual table", "shadow": "part of a virtual table",
		}[what])
	}
	for _, read := range []func(context.Context, *link) error{s.readColumns, s.readTriggers, s.readForeign} {
		if err := read(ctx, k); err != nil {
			return nil, err
		}
	}
	if !withoutRowid {
		s.nameRowid(ctx, k)
	}
	return s, nil
}

func (s *shape) readColumns(ctx context.Context, k *link) error {
	return k.each(ctx, `SELECT name, type, "notnull", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?, 'main')`, []any{s.name},
		func(rows *sql.Rows) error {
			var f field
			var hidden int // 2 and 3: generated
			if err := rows.Scan(&f.name, &f.declared, &f.notNull, &f.hasDefault, &f.key, &hidden); err != nil {
				return err
			}
			f.affinity, f.generated = affinityOf(f.declared, s.strict), hidden != 0
			s.columns = append(s.columns, f)
			return nil
		})
}

func (s *shape) readTriggers(ctx context.Context, k *link) error {
	return k.each(ctx, `SELECT sql FROM main.sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE`, []any{s.name},
		func(rows *sql.Rows) error {
			var text string
			if err := rows.Scan(&text); err != nil {
				return err
			}
			s.triggers = true
			s.undoes = s.undoes || strings.Contains(strings.ToUpper(text), "ROLLBACK")
			return nil
		})
}

func (s *shape) readForeign(ctx context.Context, k *link) error {
	last := -1
	return k.each(ctx, `SELECT id, "table", "from", coalesce("to", '') FROM pragma_foreign_key_list(?, 'main') ORDER BY id, seq`, []any{s.name},
		func(rows *sql.Rows) error {
			var id int
			var table, from, to string
			if err := rows.Scan(&id, &table, &from, &to); err != nil {
				return err
			}
			if id != last {
				s.foreign, last = append(s.foreign, foreignKey{table: table}), id
			}
			f := &s.foreign[len(s.foreign)-1]
			f.from = append(f.from, from)
			if to != "" {
				f.to = append(f.to, to)
			}
			return nil
		})
}

// nameRowid finds what the row number can be called: a column may have taken
// each of its three names.
func (s *shape) nameRowid(ctx context.Context, k *link) {
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		if s.find(name) < 0 {
			s.rowid = name
			break
		}
	}
	var keys []string
	for _, f := range s.columns {
		if f.key > 0 {
			keys = append(keys, f.name)
		}
	}
	if len(keys) != 1 || !strings.EqualFold(s.columns[s.find(keys[0])].declared, "INTEGER") {
		return
	}
	var index int // INTEGER PRIMARY KEY DESC has one, and is no row number
	err := k.one(ctx, `SELECT count(*) FROM pragma_index_list(?, 'main') WHERE origin = 'pk'`, []any{s.name}, &index)
	if err == nil && index == 0 {
		s.alias, s.rowid = keys[0], keys[0]
	}
}

// find is where a column is, or -1.
func (s *shape) find(name string) int {
	return slices.IndexFunc(s.columns, func(f field) bool { return fold(f.name) == fold(name) })
}

// primaryKey is its columns, in order.
func (s *shape) primaryKey() []string {
	var keyed []field
	for _, f := range s.columns {
		if f.key > 0 {
			keyed = append(keyed, f)
		}
	}
	slices.SortFunc(keyed, func(a, b field) int { return a.key - b.key })
	var names []string
	for _, f := range keyed {
		names = append(names, f.name)
	}
	return names
}
