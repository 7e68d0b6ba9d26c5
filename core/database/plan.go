package database

import (
	"fmt"
	"slices"
	"strings"
)

// plan is how the columns of a source meet those of a table.
type plan struct {
	*shape
	policy Policy
	source []string // the table's names of the source's columns, in the order of a Batch
	fields []field  // the same, whole
	key    []string // what Skip and Update compare; nil: any unique key
	guards []guard
}

// newPlan maps the columns by name.
func newPlan(s *shape, o *Options) (*plan, error) {
	p := &plan{shape: s, policy: o.OnConflict}
	for _, c := range o.Columns {
		i := s.find(c.Name)
		switch {
		case i < 0:
			return nil, fmt.Errorf("the table %s has no column %s; it has %s", s.name, c.Name, s.list())
		case s.columns[i].generated:
			return nil, fmt.Errorf("the column %s of %s is generated: SQLite computes it, nothing can be loaded into it", c.Name, s.name)
		}
		p.source = append(p.source, s.columns[i].name)
		p.fields = append(p.fields, s.columns[i])
	}
	if err := p.needed(); err != nil {
		return nil, err
	}
	if err := p.settleKey(o.Key); err != nil {
		return nil, err
	}
	p.guard(o.Key)
	return p, nil
}

func (s *shape) list() string {
	var names []string
	for _, f := range s.columns {
		if !f.generated {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ", ")
}

// needed looks for columns that must have a value and would get none.
func (p *plan) needed() error {
	for _, f := range p.columns {
		if f.notNull && !f.hasDefault && !f.generated && f.name != p.alias && !slices.Contains(p.source, f.name) {
			return fmt.Errorf("the column %s of %s needs a value (NOT NULL without a default), and the source has none for it", f.name, p.name)
		}
	}
	return nil
}

func (p *plan) settleKey(key []string) error {
	for _, name := range key {
		p.key = append(p.key, p.columns[p.find(name)].name)
	}
	if p.policy != Update || p.key != nil {
		return nil
	}
	if p.key = p.primaryKey(); p.key == nil {
		return fmt.Errorf("to update rows of %s, name the key: the table has no primary key", p.name)
	}
	for _, name := range p.key {
		if !slices.Contains(p.source, name) {
			return fmt.Errorf("to update rows of %s, the source needs its key %s", p.name, name)
		}
	}
	return nil
}

// insert is the statement that writes rows. from is where they come from:
// a SELECT, or VALUES.
//
// Only Skip and Update have a conflict clause, which is about keys alone; OR
// IGNORE would also drop rows that break NOT NULL and CHECK. OR FAIL stops at
// a refused row and keeps those before it.
func (p *plan) insert(from string) string {
	verb := "INSERT OR FAIL INTO"
	if p.policy == ReplaceRow {
		verb = "INSERT OR REPLACE INTO"
	}
	return fmt.Sprintf("%s main.%s(%s) %s%s", verb, quote(p.name), quoteAll(p.source), from, p.conflict())
}

func (p *plan) conflict() string {
	if p.policy != Skip && p.policy != Update {
		return ""
	}
	target := ""
	if p.key != nil {
		target = "(" + quoteAll(p.key) + ")"
	}
	var set []string
	for _, name := range p.source {
		if !slices.Contains(p.key, name) {
			set = append(set, quote(name)+" = excluded."+quote(name))
		}
	}
	if p.policy == Skip || set == nil {
		return " ON CONFLICT" + target + " DO NOTHING"
	}
	return " ON CONFLICT" + target + " DO UPDATE SET " + strings.Join(set, ", ")
}

// unfit explains why the statement cannot be prepared.
func (p *plan) unfit(err error) error {
	if strings.Contains(message(err), "does not match any PRIMARY KEY or UNIQUE constraint") {
		return fmt.Errorf("%s has no primary key or unique index on %s, which to %s needs", p.name, strings.Join(p.key, ", "), p.policy)
	}
	if refusal(err) {
		return fmt.Errorf("nothing can be loaded into %s: %s", p.name, message(err))
	}
	return err
}
