package fetch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"manyhands/core/addresses"
	"manyhands/core/web"
)

// item is one request of the run. Only one goroutine has it at a time.
type item struct {
	seq     int    // its place among all there are, from 1
	name    string // Row.Item
	address string
	row     []string // of the data
	save    string   // the name for the answer, without the extension
	wrong   error    // why it cannot be sent
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

// line is an address as it was given.
type line struct {
	addresses.Line
	place string // "line 4 of list.txt"; "": a column of the data
}

// mistake says what is wrong with the line, or with it and a row of the data.
func (l line) mistake(row int, why string) error {
	place := l.place
	switch {
	case row > 0 && place == "":
		place = fmt.Sprintf("row %d", row)
	case row > 0:
		place += fmt.Sprintf(", row %d", row)
	}
	return &badAddress{place, why}
}

// badAddress is an address that cannot be sent to, and where it stands.
type badAddress struct{ place, why string }

func (e *badAddress) Error() string { return e.place + ": " + e.why }

// lines are the addresses as given: typed ones, then those of the list, or the
// column of the data that holds them.
func (p *plan) lines(yield func(line) bool) (bool, error) {
	typed := strings.NewReader(strings.Join(p.URLs, "\n"))
	going, err := addresses.Each(typed, func(l addresses.Line) bool {
		return yield(line{l, fmt.Sprintf("line %d", l.Number)})
	})
	if !going || err != nil {
		return going, err
	}
	if p.List == "" {
		if name := addresses.Column(p.columns); name != "" && p.noneTyped() {
			return yield(line{Line: addresses.Line{Text: "{" + name + "}", Number: 1}}), nil
		}
		return true, nil
	}
	return p.listed(yield)
}

func (p *plan) listed(yield func(line) bool) (bool, error) {
	f, err := addresses.OpenFile(p.List)
	if err != nil {
		return false, named("List", err)
	}
	defer f.Close() //nolint:errcheck // only read
	name := filepath.Base(p.List)
	going, err := addresses.Each(f, func(l addresses.Line) bool {
		return yield(line{l, fmt.Sprintf("line %d of %s", l.Number, name)})
	})
	if err != nil {
		err = named("List", fmt.Errorf("%s cannot be read further: %w", p.List, addresses.Bare(err)))
	}
	return going, err
}

func (c *Config) noneTyped() bool {
	return !slices.ContainsFunc(c.URLs, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// parse reads the line as a template.
func parse(l *line, columns []string) (t addresses.Template) {
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
	_, err := p.lines(func(l line) bool {
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
func (p *plan) each(ctx context.Context, yield func(*item) bool) (going bool, err error) {
	var rowsErr error
	going, err = p.lines(func(l line) bool {
		t := parse(&l, p.columns)
		if p.Data == "" {
			return p.fill(ctx, l, t, nil, 0, yield)
		}
		number, more := 0, false
		rowsErr = withTable(p.Data, func(rows *addresses.Table) (err error) {
			more, err = rows.Each(ctx, func(row []string) bool {
				number++
				return p.fill(ctx, l, t, row, number, yield)
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
func (p *plan) fill(ctx context.Context, l line, t addresses.Template, row []string, number int, yield func(*item) bool) bool {
	place := ""
	if number > 0 {
		place = fmt.Sprintf(" (row %d)", number)
	} else if (p.Method == "POST" || p.Method == "PATCH") && (p.List != "" || len(p.URLs) > 1) {
		place = fmt.Sprintf(" (line %d)", l.Number)
	}
	for i := range t.Count {
		it := &item{address: t.Fill(i, row), row: row}
		it.name = addresses.Brief(it.address, addresses.MostLine)
		u, err := web.Address(it.address)
		switch {
		case l.Wrong != "":
			it.wrong = l.mistake(number, l.Wrong)
		case err != nil:
			it.wrong = l.mistake(number, err.Error())
		case u.User != nil:
			it.name = u.Redacted()
		}
		it.name += place
		if p.Method != "GET" {
			it.name = p.Method + " " + it.name
		}
		if ctx.Err() != nil || !yield(it) {
			return false
		}
	}
	return true
}

// items is the run's source. What Only named and is not met comes last.
func (p *plan) items(ctx context.Context, yield func(*item) bool) error {
	going, err := p.each(ctx, func(it *item) bool {
		p.seq++
		it.seq = p.seq
		if p.Save != "" {
			it.save = p.names.claim(saveStem(it.address))
		}
		if !p.wanted(it.name) {
			return true
		}
		return yield(it) && (p.only == nil || len(p.only) > 0)
	})
	if !going || err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(p.only)) {
		for range p.only[name] {
			if !yield(&item{name: name, wrong: errors.New("is not among the addresses any more")}) {
				return nil
			}
		}
	}
	return nil
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
	_, err = p.each(ctx, func(it *item) bool {
		wrong = it.wrong
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
