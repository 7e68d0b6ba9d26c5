// Package load reads files of records into one table of a SQLite database,
// each row exactly once.
//
//	files ─► Blocks ─┬─► worker ── Survey ──┬─► types of the columns    (first pass)
//	stdin            └─► worker ── Survey ──┘
//	                 ┌─► worker ── Parser ──┐
//	files ─► Blocks ─┤                      ├─► in order ─► Lane ─► table
//	users ───────────┴─► worker ── Parser ──┘      │         │
//	                                               └─► rejects, as a CSV
//
// An item of the run is a piece of a file of about 1 MiB, or 10,000 generated
// users. The workers read and convert; SQLite has one writer, the Sink. The
// first pass is left out where the table says what its columns are. With a
// commit for each row the items are the rows, and every worker writes over a
// connection of its own: that is to be seen, not to be used.
//
// What a row in the source, the place reached in it and the length of the file
// of rejects come to is decided by one transaction (see core/database), so that
// a load that was stopped anywhere can be resumed or taken back.
package load

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"manyhands/core"
	"manyhands/core/database"
)

// Modes of Config: those of a database.Lane, and what can be done about a load
// that was stopped.
const (
	modeResume = "resume"
	modeUndo   = "undo"
)

// Config is the settings of a run. Paths may be relative.
type Config struct {
	Files    []string     `arg:"" optional:"" name:"file" type:"path" sep:";" kind:"file" label:"Files" help:"CSV, TSV or JSON lines, as they are or packed by gzip or zstd; - is the standard input. Several go into one table." placeholder:"FILE"`
	DB       string       `name:"db" type:"path" kind:"file" label:"Database" help:"A SQLite database, which is made if it is not there; without one, FILE.db beside the first file." placeholder:"FILE"`
	Table    string       `label:"Table" help:"Its name; without one, that of the first file." placeholder:"NAME"`
	Mode     string       `enum:"create,append,replace-table,resume,undo" default:"create" flags:"" label:"Mode" help:"create: make the table, which must not exist. append: add to one that does. replace-table: put a new one in its place at the end. resume: go on with a load that was stopped. undo: take such a load back. --append is short for --mode append, and so on."`
	Conflict string       `name:"on-conflict" enum:"reject,skip,replace,update" default:"reject" label:"Same key" help:"What to do with a row whose key another row has: ${enum}. update changes the columns that the file has, replace the whole row."`
	Key      []string     `sep:"," pick:"" label:"Key" help:"Columns that tell rows apart: the primary key of a new table." placeholder:"COLUMN"`
	Commit   string       `enum:"batch,each-row" default:"batch" label:"Commit" help:"batch: many rows at a time. each-row: every row by itself, over a connection for each worker, which shows what that costs."`
	Generate int          `default:"0" label:"Generate" help:"So many users (id, name, email, created_at) instead of files."`
	Workers  core.Workers `default:"auto" label:"Workers" help:"How many read and convert at once: auto or a number. SQLite itself has one writer."`

	Types      []string `sep:"," more:"" label:"Types" help:"Types of columns, INTEGER, REAL or TEXT; of the others, what all their values are without changing one." placeholder:"COLUMN=TEXT"`
	Delimiter  string   `default:"auto" choices:"auto,comma,semicolon,tab,bar" more:"" label:"Delimiter" help:"Between fields: auto, comma, semicolon, tab, bar or a character."`
	Quote      string   `default:"auto" choices:"auto,double,single,none" more:"" label:"Quote" help:"Around fields: auto, double, single, none or a character."`
	Encoding   string   `default:"auto" choices:"auto,utf-8,utf-16le,utf-16be,windows-1252,iso-8859-2,iso-8859-15,windows-1250,windows-1251,koi8-r,macintosh,shift_jis,euc-jp,gbk,big5,euc-kr" more:"" label:"Encoding" help:"Of the text: auto, utf-8, windows-1252 or another name of the WHATWG Encoding Standard."`
	Header     string   `enum:"auto,yes,no" default:"auto" more:"" label:"Header" help:"Whether the first record names the columns: ${enum}."`
	Null       []string `sep:"," more:"" label:"NULL words" help:"Fields without quotes that mean NULL." placeholder:"NULL,NA"`
	Empty      string   `enum:"text,null" default:"text" more:"" label:"Empty fields" help:"What an empty field without quotes is in a column of text: ${enum}. In a column of numbers it is NULL."`
	Rejects    string   `type:"path" kind:"file" more:"" label:"Rejects" help:"A CSV file for the rows that cannot be loaded, with line and reason; without one, DATABASE-TABLE-rejects.csv, if there are any." placeholder:"FILE"`
	MaxRejects Most     `default:"any" more:"" label:"Most rejects" help:"Stop when more rows than that are rejected: a number, or any."`
	Index      []string `sep:"," pick:"" more:"" label:"Index" help:"Columns to be indexed afterwards." placeholder:"COLUMN"`
	FTS        []string `name:"fts" sep:"," pick:"" more:"" label:"Full-text search" help:"Columns for a full-text search (FTS5), in a table NAME_fts." placeholder:"COLUMN"`

	commitRows, blockSize int // smaller ones, for tests; 0: the usual
}

// Start begins the run. Its Row.Item are parts of files, "users.csv from line
// 16,385", or rows; its Row.Out are Batches.
func (c *Config) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	settings := c.clone()
	settings.complete()
	switch {
	case settings.Mode == modeUndo:
		return settings.undo(ctx, log), nil
	case settings.Commit == eachRow:
		return settings.startRows(ctx, log), nil
	}
	return settings.startLoad(ctx, log), nil
}

// clone is a copy that later changes do not reach.
func (c *Config) clone() *Config {
	settings := *c
	for _, list := range []*[]string{&settings.Files, &settings.Key, &settings.Types, &settings.Null, &settings.Index, &settings.FTS} {
		*list = slices.Clone(*list)
	}
	return &settings
}

// complete fills in what follows from the rest.
func (c *Config) complete() {
	c.Mode = cmp.Or(c.Mode, string(database.Create))
	if c.DB == "" {
		c.DB = c.defaultDB()
	}
	if c.Table == "" {
		c.Table = c.defaultTable()
	}
}

func (c *Config) defaultDB() string {
	if c.Generate > 0 || len(c.Files) == 0 || c.Files[0] == stdin {
		return ""
	}
	return filepath.Join(filepath.Dir(c.Files[0]), bare(c.Files[0])+".db")
}

func (c *Config) defaultTable() string {
	switch {
	case c.Generate > 0:
		return "users"
	case len(c.Files) == 0 || c.Files[0] == stdin:
		return ""
	}
	return bare(c.Files[0])
}

// bare is the name of a file without its folder and endings.
func bare(path string) string {
	name := filepath.Base(path)
	for _, packed := range []string{".gz", ".zst", ".GZ", ".ZST"} {
		name = strings.TrimSuffix(name, packed)
	}
	if before := strings.TrimSuffix(name, filepath.Ext(name)); before != "" {
		return before
	}
	return name
}

// Scratch sends everything that is written below dir. A table that is to be
// added to is made anew there, without what it holds.
func (c *Config) Scratch(dir string) {
	c.complete()
	c.DB = filepath.Join(dir, filepath.Base(c.DB))
	if c.Rejects != "" {
		c.Rejects = filepath.Join(dir, filepath.Base(c.Rejects))
	}
	c.Mode = string(database.Create)
}

// Drop takes files to be loaded, and databases to be loaded into.
func (c *Config) Drop(paths []string) error {
	var files []string
	db := ""
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return err
		case info.IsDir():
			return fmt.Errorf("%s is a folder; drop files of records, or a database", path)
		case c.isDatabase(path, info):
			db = path
		default:
			files = append(files, path)
		}
	}
	if db != "" {
		c.DB = db
	}
	if len(files) > 0 {
		if c.DB == c.defaultDB() {
			c.DB = ""
		}
		if c.Table == c.defaultTable() {
			c.Table = ""
		}
		c.Files, c.Generate, c.Types = files, 0, nil
		c.complete()
	}
	return nil
}

// isDatabase tells a database by its name. Its content is not looked at: to
// close a file that SQLite has open in this process would end SQLite's locks
// (sqlite.org/howtocorrupt section 2.2).
func (c *Config) isDatabase(path string, info os.FileInfo) bool {
	if now, err := os.Stat(c.DB); err == nil && os.SameFile(now, info) {
		return true
	}
	return slices.Contains([]string{".db", ".db3", ".sqlite", ".sqlite3"}, strings.ToLower(filepath.Ext(path)))
}

// Place is the folder of the database.
func (c *Config) Place() string {
	settings := c.clone()
	settings.complete()
	if settings.DB == "" {
		return ""
	}
	return filepath.Dir(settings.DB)
}

// Continues says whether a run that is started again goes on where it stopped.
func (c *Config) Continues() bool { return c.Mode == modeResume }
