package gui

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	_ "modernc.org/sqlite" // makes the databases that are looked at

	"manyhands/core"
	"manyhands/core/catalog"
	inside "manyhands/core/database"
)

// cargo is a scenario that loads a list of names and weights, with commas, into
// a database: its source can be looked at, and its database.
type cargo struct {
	File    string       `arg:"" optional:"" kind:"file" help:"The list"`
	To      string       `kind:"file" label:"Database" help:"The database"`
	Table   string       `help:"The table"`
	Sep     string       `enum:"comma,semicolon" default:"comma" help:"What stands between"`
	Types   []string     `help:"Types" more:""`
	Workers core.Workers `default:"1" help:"How many at once"`
	hold    *hold
}

// hold is what tests do to the cargo, and learn of it.
type hold struct {
	mu       sync.Mutex
	peeks    []string // settings looked at
	dropped  int      // looks given up
	gate     chan struct{}
	rejected []core.Reject
	kept     int // of rejected; 0: all
	words    string
	lines    chan func() // done by the run one after the other; closed at its end
}

func (h *hold) set(do func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	do()
}

func (c *cargo) Check() error {
	if c.File == "" {
		return errors.New("file: choose the list")
	}
	return nil
}

func (c *cargo) Drop(paths []string) error { c.File = paths[0]; return nil }

func (c *cargo) SetType(column, name string) {
	c.Types = slices.DeleteFunc(slices.Clone(c.Types), func(t string) bool { return strings.HasPrefix(t, column+"=") })
	if name != "" {
		c.Types = append(c.Types, column+"="+name)
	}
}

func (c *cargo) Peek(ctx context.Context) (*core.Peek, error) {
	if c.File == "" {
		return nil, nil
	}
	var gate chan struct{}
	c.hold.set(func() { c.hold.peeks, gate = append(c.hold.peeks, c.File+" "+c.Sep), c.hold.gate })
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			c.hold.set(func() { c.hold.dropped++ })
			return nil, ctx.Err()
		}
	}
	text, err := os.ReadFile(c.File)
	if err != nil {
		return nil, err
	}
	between := map[string]string{"comma": ",", "semicolon": ";"}[c.Sep]
	peek := &core.Peek{Types: []string{"INTEGER", "TEXT"}, More: true}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		fields := strings.Split(line, between)
		if i == 0 {
			peek.Columns = c.columns(fields)
			peek.About = fmt.Sprintf("CSV, %s, %d columns", c.Sep, len(fields))
			continue
		}
		row := make([]any, len(fields))
		for at, field := range fields {
			if field != "" {
				row[at] = field
			}
		}
		peek.Rows = append(peek.Rows, row)
		if len(fields) != len(peek.Columns) {
			peek.Note = fmt.Sprintf("line %d would be rejected", i+1)
		}
	}
	return peek, nil
}

func (c *cargo) columns(names []string) []core.PeekColumn {
	columns := make([]core.PeekColumn, len(names))
	for i, name := range names {
		columns[i] = core.PeekColumn{Name: name, Type: "TEXT", Why: "it has letters"}
		for _, t := range c.Types {
			if given, ok := strings.CutPrefix(t, name+"="); ok {
				columns[i] = core.PeekColumn{Name: name, Type: given, Given: true}
			}
		}
	}
	return columns
}

func (c *cargo) Browse(ctx context.Context) (*catalog.Browser, string, error) {
	if _, err := os.Stat(c.To); c.To == "" || err != nil {
		return nil, "", nil
	}
	b, err := inside.Browse(ctx, c.To)
	return b, c.Table, err
}

// load is a run of cargo.
type load struct {
	core.Steerable
	hold *hold
}

func (l *load) Tell() (words string) {
	l.hold.set(func() { words = l.hold.words })
	return words
}

func (l *load) Rejects(from, most int) (list []core.Reject, all int) {
	l.hold.set(func() {
		all = len(l.hold.rejected)
		kept := all
		if l.hold.kept > 0 {
			kept = min(all, l.hold.kept)
		}
		list = slices.Clone(l.hold.rejected[min(from, kept):min(from+most, kept)])
	})
	return list, all
}

func (c *cargo) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	run := core.Start(ctx, core.Job[func(), parcel]{
		Source: func(ctx context.Context, yield func(func()) bool) error {
			for {
				select {
				case do, more := <-c.hold.lines:
					if !more || !yield(do) {
						return nil
					}
				case <-ctx.Done():
					return nil
				}
			}
		},
		Workers: 1, Log: log,
		Open: core.Func(func(_ context.Context, do func()) (parcel, error) { do(); return parcel{}, nil }),
	})
	return &load{run, c.hold}, nil
}

// docks opens a window with the scenario of cargo.
func docks(t *testing.T) (*desk, *hold) {
	t.Helper()
	in := &hold{lines: make(chan func())}
	made := func() *cargo { return catalog.Defaults(&cargo{hold: in}) }
	scenario := catalog.Scenario{
		Name: "cargo", Title: "Cargo", About: "Load cargo.", Item: "Line", Icon: "storage",
		New:     func() catalog.Config { return made() },
		Columns: catalog.ColumnsOf[parcel](),
	}
	return sitBefore(t, test.NewTempApp(t), &world{}, scenario), in
}

// list writes a file of the cargo's.
func list(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// warehouse makes a database by statements.
func warehouse(t *testing.T, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cargo.db")
	alter(t, path, statements...)
	return path
}

// alter runs statements in a database.
func alter(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(statement, err)
		}
	}
}

// cells are the texts of a line of a table, and the colours of those that are
// not as usual.
func cells(t *table, line int) string {
	row, ok := t.rows.At(line)
	if !ok {
		return "no such line"
	}
	texts := make([]string, len(t.columns))
	for i, c := range t.columns {
		made := t.contentOf(c, row)
		texts[i] = made.text
		if i > 0 && made.colour != "foreground" {
			texts[i] = "(" + made.text + ")"
		}
	}
	return strings.Join(texts, " | ")
}

func titles(t *table) string {
	var list []string
	for _, c := range t.columns {
		list = append(list, strings.TrimSpace(c.title+" "+c.note))
	}
	return strings.Join(list, " | ")
}

func (d *desk) key(on fyne.Focusable, names ...fyne.KeyName) {
	for _, name := range names {
		on.TypedKey(&fyne.KeyEvent{Name: name})
	}
}
