package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"manyhands/core"
	"manyhands/core/cell"
	"manyhands/core/database"
	"manyhands/core/records"
)

// Peek reads the first 100 records of the first file, with the types that their
// values would have: the whole file decides.
func (c *Config) Peek(ctx context.Context) (*core.Peek, error) {
	if c.Generate > 0 {
		return c.peekUsers(), nil
	}
	if len(c.Files) == 0 {
		return nil, nil //nolint:nilnil // nothing is named yet
	}
	if c.Files[0] == stdin {
		return nil, errors.New("what comes from the standard input is not read before the start")
	}
	options, err := c.options()
	if err != nil {
		return nil, err
	}
	types := options.Types
	s := source{Config: c}
	options.Types = nil
	in, err := s.openOne(ctx, c.Files[0], options)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // only read
	survey := new(records.Survey)
	survey.Add(in.Preview)
	if err := in.settle(survey); err != nil {
		return nil, err
	}
	return in.peek(types), nil
}

// peek is the preview of a file.
func (in *input) peek(types map[string]cell.Kind) *core.Peek {
	b := in.Preview
	p := &core.Peek{About: in.about(), Types: []string{"INTEGER", "REAL", "TEXT"}, More: b.Len() >= 100}
	for _, col := range in.columns {
		column := core.PeekColumn{Name: col.Name, Type: col.Type.String(), Why: col.Why}
		for name, kind := range types {
			if strings.EqualFold(name, col.Name) {
				column.Type, column.Given, column.Why = kind.String(), true, ""
			}
		}
		p.Columns = append(p.Columns, column)
	}
	for row := range b.Len() {
		values := make([]any, len(in.columns))
		for col := range values {
			text := b.Text(row, col)
			if b.Kind(row, col) != cell.Null && (text != "" || p.Columns[col].Type == "TEXT") {
				values[col] = strings.Clone(text)
			}
		}
		p.Rows = append(p.Rows, values)
	}
	if list := b.Rejects(); len(list) > 0 {
		p.Note = fmt.Sprintf("%d of these records would be rejected, the first in line %d: %s", len(list), list[0].Line, list[0].Reason)
	}
	return p
}

// about says how a file is read.
func (in *input) about() string {
	parts := []string{"JSON lines"}
	if in.Format != records.JSONL {
		delimiters := map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "bar", ' ': "space"}
		delimiter, ok := delimiters[in.Delimiter]
		if !ok {
			delimiter = string(rune(in.Delimiter))
		}
		header := "with a header"
		if in.Header == records.HeaderNo {
			header = "without a header"
		}
		parts = []string{"CSV", "delimiter " + delimiter, header}
	}
	parts = append(parts, in.Encoding)
	if in.Compression != "" {
		parts = append(parts, in.Compression)
	}
	return strings.Join(append(parts, fmt.Sprintf("%d columns", len(in.columns))), " · ")
}

// peekUsers shows the first of the users that would be generated.
func (c *Config) peekUsers() *core.Peek {
	p := &core.Peek{About: fmt.Sprintf("%s of generated users", rows(int64(c.Generate))), More: c.Generate > 100}
	for _, col := range userColumns {
		p.Columns = append(p.Columns, core.PeekColumn{Name: col.Name, Type: col.Type.String()})
	}
	some := newUsers(span{0, min(c.Generate, 100)})
	for row := range some.Len() {
		p.Rows = append(p.Rows, []any{fmt.Sprint(some.Int(row, 0)), some.Text(row, 1), some.Text(row, 2)})
	}
	return p
}

// SetType gives a column a type, or has it found out.
func (c *Config) SetType(column, name string) {
	c.Types = slices.DeleteFunc(slices.Clone(c.Types), func(text string) bool {
		named, _, ok := cutType(text)
		return ok && strings.EqualFold(named, column)
	})
	if name != "" {
		c.Types = append(c.Types, column+"="+name)
	}
}

// Picks are the columns of the first file, for the settings that name some.
func (c *Config) Picks(ctx context.Context, _ string) ([]core.Pick, error) {
	p, err := c.Peek(ctx)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, errors.New("choose a file first: these are its columns")
	}
	picks := make([]core.Pick, len(p.Columns))
	for i, col := range p.Columns {
		picks[i] = core.Pick{Value: col.Name}
		if len(p.Rows) > 0 && p.Rows[0][i] != nil {
			picks[i].Example = fmt.Sprint(p.Rows[0][i])
		}
	}
	return picks, nil
}

// Browse opens the database, if there is one, and names the table.
func (c *Config) Browse(ctx context.Context) (*database.Browser, string, error) {
	settings := c.clone()
	settings.complete()
	if settings.DB == "" {
		return nil, "", nil
	}
	if _, err := os.Stat(settings.DB); errors.Is(err, os.ErrNotExist) {
		return nil, settings.Table, nil
	}
	b, err := database.Browse(ctx, settings.DB)
	return b, settings.Table, err
}
