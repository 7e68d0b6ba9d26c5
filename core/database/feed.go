package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite/vtab"

	"manyhands/core/cell"
)

// feed is the virtual table temp.feed: the rows of a batch that are being
// written. SQLite fetches them while it runs the statement, on the goroutine
// that runs it.
type feed struct {
	id     int64
	fields []field

	ctx    context.Context // of the statement under way: SQLite cannot hand it on
	batch  Batch
	out    []bool // rows that are left out; nil: none
	lo, hi int
	at     int // the row that SQLite is at; -1: it asked for none
	fed    int // rows handed over, at among them
}

// feeds finds a feed by the number in its CREATE VIRTUAL TABLE: the module is
// the driver's, its tables are those of many connections.
var (
	feeds  sync.Map // of int64 to *feed
	feedID atomic.Int64
)

const moduleName = "manyhands_feed"

func newFeed() *feed {
	f := &feed{id: feedID.Add(1)}
	feeds.Store(f.id, f)
	return f
}

func (f *feed) close() { feeds.Delete(f.id) }

// create is the statement that makes it known to a connection.
func (f *feed) create() string {
	return fmt.Sprintf("CREATE VIRTUAL TABLE temp.feed USING %s(%d)", moduleName, f.id)
}

// module is what SQLite knows about feeds.
type module struct{}

func (module) Create(ctx vtab.Context, args []string) (vtab.Table, error) {
	id, err := strconv.ParseInt(args[len(args)-1], 10, 64)
	if err != nil {
		return nil, err
	}
	f, ok := feeds.Load(id)
	if !ok {
		return nil, errors.New("no such feed")
	}
	t := table{f.(*feed)}
	return t, ctx.Declare(t.declaration())
}

func (m module) Connect(ctx vtab.Context, args []string) (vtab.Table, error) {
	return m.Create(ctx, args)
}

type table struct{ feed *feed }

func (t table) declaration() string {
	var s strings.Builder
	s.WriteString("CREATE TABLE feed(")
	for i := range t.feed.fields {
		if i > 0 {
			s.WriteByte(',')
		}
		s.WriteByte('c')
		s.WriteString(strconv.Itoa(i))
	}
	s.WriteByte(')')
	return s.String()
}

func (t table) BestIndex(*vtab.IndexInfo) error { return nil }
func (t table) Open() (vtab.Cursor, error)      { return &cursor{t.feed}, nil }
func (t table) Disconnect() error               { return nil }
func (t table) Destroy() error                  { return nil }

// cursor walks the rows of a feed.
type cursor struct{ *feed }

func (c *cursor) Filter(int, string, []vtab.Value) error {
	c.at, c.fed = c.lo-1, 0
	return c.Next()
}

// Next goes on to the next row that is not left out, or ends the statement
// because its context has ended.
func (c *cursor) Next() error {
	c.at++
	if c.at&63 == 0 && c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	for c.out != nil && c.at < c.hi && c.out[c.at] {
		c.at++
	}
	if c.at < c.hi {
		c.fed++
	}
	return nil
}

func (c *cursor) Eof() bool             { return c.at >= c.hi }
func (c *cursor) Rowid() (int64, error) { return int64(c.at), nil }
func (c *cursor) Close() error          { return nil }

func (c *cursor) Column(col int) (vtab.Value, error) {
	return valueOf(c.batch, c.at, col, c.fields[col].affinity), nil
}

// valueOf is one value as SQLite is to get it.
//
// SQLite writes a real number into a column of text with 15 digits, which is
// too few, and takes "not a number" for NULL: both are handed over as text.
func valueOf(b Batch, row, col int, a affinity) driver.Value {
	switch b.Kind(row, col) {
	case cell.Integer:
		return b.Int(row, col)
	case cell.Text:
		return b.Text(row, col)
	case cell.Real:
		r := b.Real(row, col)
		if a == textAffinity || math.IsNaN(r) {
			return strconv.FormatFloat(r, 'g', -1, 64)
		}
		return r
	}
	return nil
}
