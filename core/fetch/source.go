package fetch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"manyhands/core/addresses"
	"manyhands/core/web"
)

// item is one request of the run. Only one goroutine has it at a time.
type item struct {
	seq     int
	name    string // Row.Item
	address string
	row     []string // of the data
	save    string   // the name for the answer, without the extension
	wrong   string   // why it cannot be sent
	tries   []try    // so far
}

// plan makes the items of a run, one after the other.
type plan struct {
	*Config
	columns []string       // of the data
	only    map[string]int // how many of each name are still to come; nil: all
	names   *claims
	seq     int
}

func newPlan(c *Config) (*plan, error) {
	p := &plan{Config: c, names: newClaims()}
	if c.Data != "" {
		err := withTable(c.Data, func(t *addresses.Table) error {
			p.columns = t.Columns
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if c.only != nil {
		p.only = map[string]int{}
		for _, name := range c.only {
			p.only[name]++
		}
	}
	return p, nil
}

func withTable(path string, do func(*addresses.Table) error) error {
	f, err := addresses.OpenFile(path)
	if err != nil {
		return named("Data", err)
	}
	defer f.Close() //nolint:errcheck // only read
	t, err := addresses.NewTable(f)
	if err != nil {
		return named("Data", fmt.Errorf("%s %w", path, err))
	}
	if err := do(t); err != nil {
		return named("Data", fmt.Errorf("%s cannot be read further: %w", path, err))
	}
	return nil
}

// lines are the addresses as given: typed ones, then those of the list, or the
// column of the data that holds them.
func (p *plan) lines(yield func(addresses.Line) bool) (bool, error) {
	typed := strings.NewReader(strings.Join(p.URLs, "\n"))
	if going, err := addresses.Each(typed, yield); !going || err != nil {
		return going, err
	}
	if p.List == "" {
		if name := addresses.Column(p.columns); name != "" && p.noneTyped() {
			return yield(addresses.Line{Text: "{" + name + "}", Number: 1}), nil
		}
		return true, nil
	}
	f, err := addresses.OpenFile(p.List)
	if err != nil {
		return false, named("List", err)
	}
	defer f.Close() //nolint:errcheck // only read
	going, err := addresses.Each(f, yield)
	if err != nil {
		err = named("List", fmt.Errorf("%s cannot be read further: %w", p.List, addresses.Bare(err)))
	}
	return going, err
}

func (c *Config) noneTyped() bool {
	return !slices.ContainsFunc(c.URLs, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// parse reads the line as a template.
func parse(l *addresses.Line, columns []string) (t addresses.Template) {
	if l.Wrong == "" {
		var err error
		if t, err = addresses.Parse(l.Text, columns); err != nil {
			l.Wrong = err.Error()
		}
	}
	if l.Wrong != "" {
		return addresses.Literal(l.Text)
	}
	return t
}

// count is the number of items there will be.
func (p *plan) count(ctx context.Context) (int, error) {
	if p.Config.only != nil {
		return len(p.Config.only), nil
	}
	perRow, rows := 0, 1
	_, err := p.lines(func(l addresses.Line) bool {
		t := parse(&l, p.columns)
		perRow += t.Count
		return perRow <= addresses.Most && ctx.Err() == nil
	})
	if err == nil && p.Data != "" {
		rows = 0
		err = withTable(p.Data, func(t *addresses.Table) error {
			_, err := t.Each(ctx, func([]string) bool {
				rows++
				return true
			})
			return err
		})
	}
	if err == nil && rows > 0 && perRow > addresses.Most/rows {
		err = named("Addresses", fmt.Errorf("these are more than %d requests; make the ranges smaller", addresses.Most))
	}
	return perRow * rows, err
}

// each makes every item in order, wanted or not. False means that yield ended
// it.
func (p *plan) each(ctx context.Context, yield func(*item, addresses.Line) bool) (going bool, err error) {
	var rowsErr error
	going, err = p.lines(func(l addresses.Line) bool {
		t := parse(&l, p.columns)
		if p.Data == "" {
			return p.fill(ctx, l, t, nil, "", yield)
		}
		number, more := 0, false
		rowsErr = withTable(p.Data, func(rows *addresses.Table) (err error) {
			more, err = rows.Each(ctx, func(row []string) bool {
				number++
				return p.fill(ctx, l, t, row, fmt.Sprintf(" (row %d)", number), yield)
			})
			return err
		})
		return more && rowsErr == nil
	})
	if err == nil {
		err = rowsErr
	}
	return going, err
}

// fill makes the items of one address and one row. Requests that must not be
// repeated by mistake have names of their own, which tell their place.
func (p *plan) fill(ctx context.Context, l addresses.Line, t addresses.Template, row []string, place string, yield func(*item, addresses.Line) bool) bool {
	if place == "" && (p.Method == "POST" || p.Method == "PATCH") && (p.List != "" || len(p.URLs) > 1) {
		place = fmt.Sprintf(" (line %d)", l.Number)
	}
	for i := range t.Count {
		it := &item{address: t.Fill(i, row), row: row, wrong: l.Wrong}
		it.name = addresses.Brief(it.address, addresses.MostLine)
		if u, err := web.Address(it.address); it.wrong == "" && err != nil {
			it.wrong = err.Error()
		} else if err == nil && u.User != nil {
			it.name = u.Redacted()
		}
		it.name += place
		if p.Method != "GET" {
			it.name = p.Method + " " + it.name
		}
		if ctx.Err() != nil || !yield(it, l) {
			return false
		}
	}
	return true
}

// items is the run's source. What Only named and is not met comes last.
func (p *plan) items(ctx context.Context, yield func(*item) bool) error {
	going, err := p.each(ctx, func(it *item, _ addresses.Line) bool {
		if p.Save != "" {
			it.save = p.names.claim(saveStem(it.address))
		}
		if !p.wanted(it.name) {
			return true
		}
		return p.give(it, yield) && (p.only == nil || len(p.only) > 0)
	})
	if !going || err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(p.only)) {
		for range p.only[name] {
			if !p.give(&item{name: name, wrong: "is not among the addresses any more"}, yield) {
				return nil
			}
		}
	}
	return nil
}

func (p *plan) give(it *item, yield func(*item) bool) bool {
	p.seq++
	it.seq = p.seq
	return yield(it)
}

// wanted reports whether an item is part of the run, and ticks it off.
func (p *plan) wanted(name string) bool {
	if p.only == nil {
		return true
	}
	n := p.only[name]
	if n > 1 {
		p.only[name] = n - 1
	} else {
		delete(p.only, name)
	}
	return n > 0
}

// Find calls found for each request there will be, until all are found. Its
// error names the first line that is no address.
func (c *Config) Find(ctx context.Context, found func(item string, bytes int64) bool) error {
	p, err := newPlan(c.clone())
	if err != nil {
		return err
	}
	var wrong error
	_, err = p.each(ctx, func(it *item, l addresses.Line) bool {
		if it.wrong != "" {
			wrong = fmt.Errorf("line %d: %s is no address: %s", l.Number, addresses.Brief(it.address, 100), it.wrong)
		}
		return wrong == nil && found(it.name, 0)
	})
	switch {
	case err != nil:
		return err
	case wrong != nil:
		return wrong
	}
	return ctx.Err()
}
