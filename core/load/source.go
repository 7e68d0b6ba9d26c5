package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/dustin/go-humanize"

	"manyhands/core/database"
	"manyhands/core/records"
)

// What is done with a piece.
const (
	stepTypes  = "types"  // its values are looked at
	stepWrite  = "write"  // its rows are written
	stepFinish = "finish" // indexes are made, and the table is put in its place
)

// piece is what a worker takes at once.
type piece struct {
	step  string
	name  string
	in    *input
	block *records.Block
	users span  // of generated users
	wrong error // why a file cannot be loaded
}

// source reads the files of a run: what it opens lives until the run's end.
type source struct {
	*Config
	inputs  []*input
	spooled string       // the standard input
	size    atomic.Int64 // of all files, as they are
	passes  atomic.Int64 // over them

	unlooked counted // pieces of the first pass
}

// open opens the files. One that cannot be is a piece that fails, and the
// others are loaded.
func (s *source) open(ctx context.Context, yield func(*piece) bool) error {
	options, err := s.options()
	if err != nil {
		return err
	}
	for i, path := range s.Files {
		if path == stdin && s.spooled == "" {
			if s.spooled, err = spool(ctx); err != nil {
				return err
			}
		}
		in, err := s.openOne(ctx, path, options)
		if err == nil && len(s.inputs) > 0 {
			if odd := in.odd(s.inputs[0]); odd != "" {
				err = errors.Join(errors.New(odd), in.Close())
			}
		}
		if err != nil {
			if !yield(&piece{step: stepTypes, name: name(path), wrong: err}) {
				return nil
			}
			continue
		}
		in.base, in.before = int64(i)*reach, s.size.Load()
		s.inputs = append(s.inputs, in)
		s.size.Add(in.Size())
	}
	if len(s.inputs) == 0 {
		return errors.New("nothing can be loaded: no file can be read")
	}
	return nil
}

func (s *source) openOne(ctx context.Context, path string, o records.Options) (*input, error) {
	file := path
	if path == stdin {
		file = s.spooled
	}
	o.Types = nil // the table has columns of several files
	f, err := records.Open(file, o)
	if err != nil {
		return nil, err
	}
	misread := false
	if s.Encoding == "" || s.Encoding == "auto" {
		misread, err = misreads(ctx, f)
	}
	if misread {
		o.Encoding = "windows-1252"
		if err = f.Close(); err == nil {
			f, err = records.Open(file, o)
		}
	}
	if err != nil {
		return nil, err
	}
	return &input{File: f, name: name(path)}, nil
}

// table opens the files and finds the columns of the table.
func (s *source) table(ctx context.Context, mode database.Mode, yield func(*piece) bool) ([]records.Column, error) {
	if s.Generate > 0 {
		return userColumns, nil
	}
	if err := s.open(ctx, yield); err != nil || ctx.Err() != nil {
		return nil, err
	}
	return s.columns(ctx, mode, yield)
}

// known is what misreads has found, by records.Identity.
var known sync.Map

// misreads tells what File.Misread does, which may read the whole file. It is
// remembered: a preview is made after every change of the settings.
func misreads(ctx context.Context, f *records.File) (bool, error) {
	id, err := f.Identity()
	if err != nil {
		return false, err
	}
	if found, ok := known.Load(id); ok {
		return found.(bool), nil
	}
	found, err := f.Misread(ctx)
	if err == nil && ctx.Err() == nil {
		known.Store(id, found)
	}
	return found, err
}

// columns are those of the table: from the table itself if rows are added to
// it, else from all values of all files.
func (s *source) columns(ctx context.Context, mode database.Mode, yield func(*piece) bool) ([]records.Column, error) {
	var table []records.Column
	var err error
	if mode == database.Append {
		if table, err = target(ctx, s.Config); err != nil {
			return nil, err
		}
	}
	if s.passes.Store(1); table == nil || s.hasObjects() {
		s.passes.Store(2)
		if err := s.look(ctx, yield); err != nil || ctx.Err() != nil {
			return nil, err
		}
	} else {
		for _, in := range s.inputs {
			in.columns = in.byPosition(table)
		}
	}
	types, err := s.types()
	if err != nil {
		return nil, err
	}
	columns, err := union(s.inputs, types)
	if err != nil {
		return nil, err
	}
	if table != nil {
		if columns, err = within(table, columns); err != nil {
			return nil, err
		}
	}
	for _, in := range s.inputs {
		in.fit(columns)
	}
	return columns, nil
}

func (s *source) hasObjects() bool {
	return slices.ContainsFunc(s.inputs, func(in *input) bool { return in.Format == records.JSONL })
}

// byPosition names the columns of a file without a header after those of the
// table, if there are as many.
func (in *input) byPosition(table []records.Column) []records.Column {
	columns := slices.Clone(in.Columns)
	if in.Header == records.HeaderNo && len(columns) == len(table) {
		for i := range columns {
			columns[i].Name = table[i].Name
		}
	}
	return columns
}

// within are the columns of a table that the files have.
func within(table, found []records.Column) ([]records.Column, error) {
	var columns []records.Column
	for _, c := range found {
		at := find(table, c.Name)
		if at < 0 {
			return nil, fmt.Errorf("there is no column %s in the table: its columns are %s", c.Name, names(table))
		}
		columns = append(columns, table[at])
	}
	return columns, nil
}

// look has the workers look at all values of all files.
func (s *source) look(ctx context.Context, yield func(*piece) bool) error {
	for _, in := range s.inputs {
		blocks := in.Blocks(records.Position{})
		err := blocks(ctx, func(b *records.Block) bool {
			s.unlooked.add(1)
			return yield(&piece{step: stepTypes, name: part(in, b), in: in, block: b})
		})
		if err != nil {
			return err
		}
	}
	if err := s.unlooked.wait(ctx); err != nil {
		return nil //nolint:nilerr // no more is to be read, as ctx tells
	}
	for _, in := range s.inputs {
		if err := in.settle(in.surveyed()); err != nil {
			return err
		}
	}
	return nil
}

// read hands out the pieces to be written, from an offset on.
func (s *source) read(ctx context.Context, offset, line int64, yield func(*piece) bool) error {
	if s.Generate > 0 {
		for from := int(offset); from < s.Generate && ctx.Err() == nil; from += usersAtOnce {
			users := span{from, min(usersAtOnce, s.Generate-from)}
			if !yield(&piece{step: stepWrite, name: "users from " + humanize.Comma(int64(from)), users: users}) {
				return nil
			}
		}
		return nil
	}
	for _, in := range s.inputs {
		if offset >= in.base+reach {
			continue
		}
		from := records.Position{}
		if offset > in.base {
			from = records.Position{Offset: offset - in.base, Line: line}
		}
		more := true
		err := in.Blocks(from)(ctx, func(b *records.Block) bool {
			more = yield(&piece{step: stepWrite, name: part(in, b), in: in, block: b})
			return more
		})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

func part(in *input, b *records.Block) string {
	return in.name + " from line " + humanize.Comma(b.From.Line)
}

// laneColumns are the columns as a lane wants them.
func laneColumns(columns []records.Column) []database.Column {
	list := make([]database.Column, len(columns))
	for i, c := range columns {
		list[i] = database.Column{Name: c.Name, Type: c.Type}
	}
	return list
}

func (s *source) closeFiles() (err error) {
	for _, in := range s.inputs {
		err = errors.Join(err, in.Close())
	}
	if s.spooled != "" {
		err = errors.Join(err, os.Remove(s.spooled))
	}
	return err
}
