package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"manyhands/core/cell"
	"manyhands/core/database"
	"manyhands/core/records"
)

// input is one file that is loaded.
type input struct {
	*records.File
	name    string
	before  int64 // bytes of the files before it
	base    int64 // added to its offsets, so that those of all files ascend
	columns []records.Column
	from    []int // its column for each of the table, -1 if it has none; nil: the same ones

	mu      sync.Mutex
	surveys []*records.Survey // of each worker
}

// reach is how far apart the offsets of two files are. No file of 16 TiB is
// expected, nor half a million files.
const reach = 1 << 44

// spool keeps what comes from the standard input, which is read twice.
func spool(ctx context.Context) (path string, err error) {
	f, err := os.CreateTemp("", "manyhands-stdin-")
	if err != nil {
		return "", fmt.Errorf("keep the standard input in a file: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = f.Close() }) // ends the copy at its next write
	defer stop()
	_, err = io.Copy(f, os.Stdin)
	if err = errors.Join(err, ctx.Err()); err == nil && stop() {
		err = f.Close()
	}
	if err != nil {
		return f.Name(), fmt.Errorf("keep the standard input in a file: %w", err)
	}
	return f.Name(), nil
}

// identity tells whether the source is what it was: the files, and the settings
// that say what rows they are.
func (c *Config) identity(inputs []*input) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, 1, c.Generate, c.Delimiter, c.Quote, c.Encoding, c.Header, c.Empty, c.Conflict)
	fmt.Fprintf(h, "%q %q %q\n", c.Null, c.Types, c.Key)
	for _, in := range inputs {
		id, err := in.Identity()
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, id)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// survey is a new survey of the file, for one worker.
func (in *input) survey() *records.Survey {
	s := new(records.Survey)
	in.mu.Lock()
	defer in.mu.Unlock()
	in.surveys = append(in.surveys, s)
	return s
}

// surveyed is what all workers have found. None is at it any more.
func (in *input) surveyed() *records.Survey {
	all := new(records.Survey)
	for _, s := range in.surveys {
		all.Merge(s)
	}
	in.surveys = nil
	return all
}

// settle gives the columns of a file their types.
func (in *input) settle(s *records.Survey) (err error) {
	if s.Records == 0 && in.Format != records.JSONL && in.Header == records.HeaderYes {
		in.columns = slices.Clone(in.Columns) // an empty table
		for i := range in.columns {
			in.columns[i].Type = cell.Text
		}
		return nil
	}
	if in.columns, err = s.Columns(nil); err != nil {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	return nil
}

// union are the columns of the table that all files go to, in the order of
// their first appearance. A column that is a number in one file and something
// else in another is text.
func union(inputs []*input, given map[string]cell.Kind) ([]records.Column, error) {
	var all []records.Column
	for _, in := range inputs {
		for _, c := range in.columns {
			i := find(all, c.Name)
			switch {
			case i < 0:
				all = append(all, c)
			case all[i].Type != c.Type:
				all[i].Type = cell.Text
			}
		}
	}
	for name, kind := range given {
		i := find(all, name)
		if i < 0 {
			return nil, fmt.Errorf("there is no column %s to give a type; there are %s", name, names(all))
		}
		all[i].Type, all[i].Given = kind, true
	}
	return all, nil
}

func find(columns []records.Column, name string) int {
	return slices.IndexFunc(columns, func(c records.Column) bool { return strings.EqualFold(c.Name, name) })
}

func names(columns []records.Column) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.Name
	}
	return strings.Join(list, ", ")
}

// fit makes the columns of a file those of the table, which has them all, and
// notes where they stand if that is elsewhere.
func (in *input) fit(table []records.Column) {
	from, same := make([]int, len(table)), len(in.columns) == len(table)
	for i := range from {
		from[i] = -1
	}
	for i := range in.columns {
		at := find(table, in.columns[i].Name)
		c := table[at]
		in.columns[i].Type, in.columns[i].Given, in.columns[i].Loose = c.Type, c.Given, c.Loose
		from[at], same = i, same && at == i
	}
	if !same {
		in.from = from
	}
}

// odd says how the columns of a file differ from those of the first, "" if they
// do not. Objects may have any keys.
func (in *input) odd(first *input) string {
	if in.Format == records.JSONL || first.Format == records.JSONL {
		return ""
	}
	for _, c := range in.Columns {
		if find(first.Columns, c.Name) < 0 {
			return fmt.Sprintf("%s has a column %s, which %s has not: load it by itself", in.name, c.Name, first.name)
		}
	}
	for _, c := range first.Columns {
		if find(in.Columns, c.Name) < 0 {
			return fmt.Sprintf("%s has no column %s, which %s has: load it by itself", in.name, c.Name, first.name)
		}
	}
	return ""
}

// target are the columns of the table as it is, for files to be added to it.
func target(ctx context.Context, c *Config) ([]records.Column, error) {
	b, err := database.Browse(ctx, c.DB)
	if err != nil {
		return nil, err
	}
	defer b.Close() //nolint:errcheck // only read
	described, err := b.Columns(ctx, c.Table)
	if err != nil {
		return nil, err
	}
	var columns []records.Column
	for _, d := range described {
		if !d.Generated {
			columns = append(columns, records.Column{Name: d.Name, Key: d.Name, Type: d.Kind, Loose: true})
		}
	}
	return columns, nil
}

// place makes a batch of a file one of the table.
func (in *input) place(b *records.Batch) database.Batch {
	if in.base == 0 && in.from == nil {
		return b
	}
	return placed{b, in}
}

// placed is a batch of a file whose columns stand in another order, or whose
// offsets are not the first.
type placed struct {
	*records.Batch
	in *input
}

func (p placed) End(row int) int64 { return p.in.base + p.Batch.End(row) }

func (p placed) column(col int) int {
	if p.in.from == nil {
		return col
	}
	return p.in.from[col]
}

func (p placed) Kind(row, col int) cell.Kind {
	if col = p.column(col); col < 0 {
		return cell.Null
	}
	return p.Batch.Kind(row, col)
}

func (p placed) Int(row, col int) int64    { return p.Batch.Int(row, p.column(col)) }
func (p placed) Real(row, col int) float64 { return p.Batch.Real(row, p.column(col)) }
func (p placed) Text(row, col int) string  { return p.Batch.Text(row, p.column(col)) }
