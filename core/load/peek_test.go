package load_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/zstd"

	"manyhands/core"
	"manyhands/core/load"
)

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func zstandard(text string) string {
	w, _ := zstd.NewWriter(nil)
	defer w.Close()
	return string(w.EncodeAll([]byte(text), nil))
}

// sixteen is text as UTF-16 with a byte order mark, as Excel writes it.
func sixteen(text string) string {
	b := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// late is a table whose first é, as windows-1252, is beyond the MiB that is
// looked at first. It has rows of 40 bytes.
func late() string {
	return "id,text\n" + strings.Repeat("1,"+strings.Repeat("x", 37)+"\n", 30_000) + "2,caf\xe9\n"
}

// shown is a Peek in a few lines: what it is about, the columns, the rows.
func shown(p *core.Peek) string {
	var s strings.Builder
	s.WriteString(p.About + "\n")
	for _, c := range p.Columns {
		fmt.Fprintf(&s, "[%s %s", c.Name, c.Type)
		if c.Given {
			s.WriteString(" given")
		}
		s.WriteString("]")
	}
	for i, row := range p.Rows {
		if i == 3 {
			break
		}
		fmt.Fprintf(&s, "\n%v", row)
	}
	return s.String()
}

func TestPeek(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		change  func(*load.Config)
		want    string
	}{
		"CSV": {
			"id,price,name,none\n1,1.5,Anna,\n2,,\"\",\n", nil,
			"CSV · delimiter comma · with a header · utf-8 · 4 columns\n[id INTEGER][price REAL][name TEXT][none TEXT]\n[1 1.5 Anna ]\n[2 <nil>  ]",
		},
		"given types": {
			"id,zip\n1,02134\n", func(c *load.Config) { c.Types = []string{"ZIP=INTEGER", "other=TEXT"} },
			"CSV · delimiter comma · with a header · utf-8 · 2 columns\n[id INTEGER][zip INTEGER given]\n[1 02134]",
		},
		"no header": {
			"1;a b;2\n3;d;4\n", nil,
			"CSV · delimiter semicolon · without a header · utf-8 · 3 columns\n[c1 INTEGER][c2 TEXT][c3 INTEGER]\n[1 a b 2]\n[3 d 4]",
		},
		"tabs and gzip": {
			zipped("id\tn\n1\tx\n"), nil,
			"CSV · delimiter tab · with a header · utf-8 · gzip · 2 columns\n[id INTEGER][n TEXT]\n[1 x]",
		},
		"another delimiter and NULL": {
			"id#n\n1#NA\n2#\n", func(c *load.Config) { c.Delimiter, c.Null, c.Empty = "#", []string{"NA"}, "null" },
			"CSV · delimiter # · with a header · utf-8 · 2 columns\n[id INTEGER][n TEXT]\n[1 <nil>]\n[2 <nil>]",
		},
		"zstd": {
			zstandard("id,n\n1,x\n"), nil,
			"CSV · delimiter comma · with a header · utf-8 · zstd · 2 columns\n[id INTEGER][n TEXT]\n[1 x]",
		},
		"UTF-16": {
			sixteen("id,n\n1,Köln 😀\n"), nil,
			"CSV · delimiter comma · with a header · utf-16le · 2 columns\n[id INTEGER][n TEXT]\n[1 Köln 😀]",
		},
		"JSON lines": {
			"{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"c\":[1,2]}\n", nil,
			"JSON lines · utf-8 · 3 columns\n[a INTEGER][b TEXT][c TEXT]\n[1 x <nil>]\n[2 <nil> [1,2]]",
		},
		"windows-1252 far on": {
			late(), nil,
			"CSV · delimiter comma · with a header · windows-1252 · 2 columns\n[id INTEGER][text TEXT]" + strings.Repeat("\n[1 "+strings.Repeat("x", 37)+"]", 3),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(t, write(t, "file", c.content))
			if c.change != nil {
				c.change(s)
			}
			p, err := s.Peek(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "peek", shown(p), c.want)
			equal(t, "types", p.Types, "[INTEGER REAL TEXT]")
			if p.Note != "" || p.More != (name == "windows-1252 far on") {
				t.Errorf("note %q, more %v", p.Note, p.More)
			}
		})
	}
}

func TestPeekSaysWhy(t *testing.T) {
	t.Parallel()
	p, err := settings(t, write(t, "a.csv", "id,zip\n1,02134\n2\n3,x,y\n4,5\n")).Peek(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "why", p.Columns[1].Why, "02134")
	equal(t, "why of an INTEGER", p.Columns[0].Why, "")
	contains(t, "note", p.Note, "2 of these records would be rejected, the first in line 3: ")
}

func TestPeekShowsAHundredRows(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id\n"+strings.Repeat("1\n", 500)))
	p, err := c.Peek(t.Context())
	if err != nil || len(p.Rows) != 100 || !p.More {
		t.Fatalf("%d rows, more %v, %v", len(p.Rows), p.More, err)
	}
	c.Files, c.Generate = nil, 1234
	if p, err = c.Peek(t.Context()); err != nil || len(p.Rows) != 100 || !p.More {
		t.Fatalf("%d users, more %v, %v", len(p.Rows), p.More, err)
	}
	equal(t, "users", shown(p), "1,234 rows of generated users\n[id INTEGER][name TEXT][email TEXT]\n[0 User0 user0@example.com]\n[1 User1 user1@example.com]\n[2 User2 user2@example.com]")
	c.Generate = 2
	if p, err = c.Peek(t.Context()); err != nil || len(p.Rows) != 2 || p.More {
		t.Errorf("%d users, more %v, %v", len(p.Rows), p.More, err)
	}
}

func TestWhatCannotBePeekedAt(t *testing.T) {
	t.Parallel()
	for words, file := range map[string]string{
		"the file is empty":                           write(t, "empty.csv", ""),
		"this is no text, but image/png":              write(t, "a.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00"),
		"no such file":                                filepath.Join(t.TempDir(), "missing.csv"),
		"this is no file that can be read":            t.TempDir(),
		"standard input is not read before the start": "-",
	} {
		c := settings(t, file)
		if p, err := c.Peek(t.Context()); err == nil {
			t.Errorf("%s: %v", file, shown(p))
		} else {
			contains(t, "peek", err.Error(), words)
		}
		if _, err := c.Picks(t.Context(), "key"); err == nil {
			t.Errorf("%s has columns", file)
		}
	}
	c := settings(t)
	if p, err := c.Peek(t.Context()); p != nil || err != nil {
		t.Errorf("nothing: %v, %v", p, err)
	}
	if _, err := c.Picks(t.Context(), "key"); err == nil {
		t.Error("nothing has columns")
	} else {
		contains(t, "picks of nothing", err.Error(), "choose a file first")
	}
	c.Files, c.Delimiter = []string{write(t, "a.csv", "id\n1\n")}, "long"
	if _, err := c.Peek(t.Context()); err == nil {
		t.Error("wrong settings were taken")
	}
}

func TestPeekEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := settings(t, write(t, "a.csv", late()))
	if p, err := c.Peek(ctx); err == nil && p == nil {
		t.Error("neither a peek nor an error")
	}
}

func TestPicksAreTheColumns(t *testing.T) {
	t.Parallel()
	picks, err := settings(t, write(t, "a.csv", "id,n,none\n1,x,\n")).Picks(t.Context(), "key")
	equal(t, "picks", picks, []core.Pick{{Value: "id", Example: "1"}, {Value: "n", Example: "x"}, {Value: "none"}})
	if err != nil {
		t.Error(err)
	}
}

func TestBrowse(t *testing.T) {
	t.Parallel()
	file := write(t, "users.csv", "id\n1\n")
	c := &load.Config{Files: []string{file}}
	if b, table, err := c.Browse(t.Context()); b != nil || table != "users" || err != nil {
		t.Errorf("a database that is not there: %v, %s, %v", b, table, err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "users.db")); err == nil {
		t.Error("to look has made a database")
	}
	if b, table, err := new(load.Config).Browse(t.Context()); b != nil || table != "" || err != nil {
		t.Errorf("no database: %v, %s, %v", b, table, err)
	}
	succeed(t, c)
	b, table, err := c.Browse(t.Context())
	if err != nil || table != "users" {
		t.Fatal(table, err)
	}
	defer b.Close()
	all, err := b.Tables(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "users" || all[0].Rows != 1 {
		t.Errorf("%v, %v", all, err)
	}
	c.DB = write(t, "notes.txt", strings.Repeat("this is no database ", 100))
	if _, _, err := c.Browse(t.Context()); err == nil {
		t.Error("a text is a database")
	} else {
		contains(t, "a text", err.Error(), "is not a SQLite database")
	}
}
