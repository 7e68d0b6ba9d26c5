package database

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"manyhands/core/cell"
)

// Column is a column of the source. Its type counts for a new table only;
// cell.Null makes a column without a type.
type Column struct {
	Name string
	Type cell.Kind
}

// Filled is a column of a new table that no Batch brings: SQLite fills it, as
// with the time of insertion. Type and Default are SQL that stands in the
// definition as it is, so they are the program's, never a person's.
type Filled struct {
	Name    string
	Type    string // "": none
	Default string // what may follow DEFAULT: CURRENT_TIMESTAMP, 'text', 1, (an expression); "": NULL
}

const mostColumns = 2000 // SQLITE_MAX_COLUMN

func (o *Options) checkColumns() error {
	if len(o.Columns) == 0 {
		return errors.New("there are no columns")
	}
	names := make([]string, 0, len(o.Columns)+len(o.Filled))
	for _, c := range o.Columns {
		names = append(names, c.Name)
	}
	for _, name := range o.Key {
		if !contains(names, name) {
			return fmt.Errorf("the key %s is none of the columns", name)
		}
	}
	for _, f := range o.Filled {
		names = append(names, f.Name)
	}
	for _, list := range [][]string{o.Key, o.FTS} {
		if name, twice := repeated(list); twice {
			return fmt.Errorf("the column %s is named twice", name)
		}
	}
	return checkNames(names)
}

// checkNames is about the names of all columns.
func checkNames(names []string) error {
	if len(names) > mostColumns {
		return fmt.Errorf("%d columns: a SQLite table has at most %d", len(names), mostColumns)
	}
	for _, name := range names {
		if err := checkName("column", name); err != nil {
			return err
		}
	}
	if name, twice := repeated(names); twice {
		return fmt.Errorf("two columns are named %s: SQLite does not tell capitals from small letters", name)
	}
	return nil
}

// repeated is the first name that stood in the list before.
func repeated(names []string) (string, bool) {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[fold(name)] {
			return name, true
		}
		seen[fold(name)] = true
	}
	return "", false
}

// contains says that a name is in the list, as SQLite compares names.
func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return fold(n) == fold(name) })
}

// createTable is the statement that makes the new table.
func (o *Options) createTable(name string) string {
	parts := make([]string, 0, len(o.Columns)+len(o.Filled)+1)
	for _, c := range o.Columns {
		parts = append(parts, c.definition(o.Key))
	}
	for _, f := range o.Filled {
		parts = append(parts, f.definition())
	}
	if len(o.Key) > 1 {
		parts = append(parts, "PRIMARY KEY ("+quoteAll(o.Key)+")")
	}
	return "CREATE TABLE main." + quote(name) + "(" + strings.Join(parts, ", ") + ")"
}

// definition is the column in CREATE TABLE. A key of one INTEGER column is the
// row number.
func (c Column) definition(key []string) string {
	s := quote(c.Name)
	if c.Type != cell.Null {
		s += " " + c.Type.String()
	}
	switch isKey := contains(key, c.Name); {
	case isKey && len(key) == 1:
		s += " PRIMARY KEY NOT NULL"
	case isKey:
		s += " NOT NULL"
	}
	return s
}

func (f Filled) definition() string {
	s := quote(f.Name)
	if f.Type != "" {
		s += " " + f.Type
	}
	if f.Default != "" {
		s += " DEFAULT " + f.Default
	}
	return s
}
