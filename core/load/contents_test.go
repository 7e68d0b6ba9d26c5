package load_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"manyhands/core"
	"manyhands/core/load"
)

// TestContents loads files of all kinds and looks at the whole table.
func TestContents(t *testing.T) {
	t.Parallel()
	const csv = "id,price,name\n1,1.5,Anna\n2,,\"say \"\"hi\"\"\"\n"
	const table = `1|1.5|"Anna"` + "\n" + `2|NULL|"say \"hi\""`
	for name, c := range map[string]struct {
		files  []string // their contents
		change func(*load.Config)
		want   string
	}{
		"CSV":          {[]string{csv}, nil, table},
		"TSV":          {[]string{strings.ReplaceAll(csv, ",", "\t")}, nil, table},
		"CRLF":         {[]string{strings.ReplaceAll(csv, "\n", "\r\n")}, nil, table},
		"gzip":         {[]string{zipped(csv)}, nil, table},
		"zstd":         {[]string{zstandard(csv)}, nil, table},
		"UTF-16":       {[]string{sixteen(csv)}, nil, table},
		"a mark":       {[]string{"\xEF\xBB\xBF" + csv}, nil, table},
		"one worker":   {[]string{csv}, func(c *load.Config) { c.Workers = 1 }, table},
		"JSON lines":   {[]string{`{"id":1,"price":1.5,"name":"Anna"}` + "\n" + `{"id":2,"name":"say \"hi\"","price":null}` + "\n"}, nil, table},
		"other keys":   {[]string{`{"b":1}` + "\n" + `{"a":[1, 2],"c":true}` + "\n"}, nil, "1|NULL|NULL\n" + `NULL|"[1, 2]"|"true"`},
		"no header":    {[]string{"1;x\n2;y\n"}, nil, `1|"x"` + "\n" + `2|"y"`},
		"numbers":      {[]string{"a,b,c\n1,01,1e5\n9223372036854775807,5.0,-0\n"}, nil, `1|"01"|"1e5"` + "\n" + `9223372036854775807|"5.0"|"-0"`},
		"given types":  {[]string{"a,b,c\n01,1.50,7\n"}, func(c *load.Config) { c.Types = []string{"A=INTEGER", "b=REAL", "c=TEXT"} }, `1|1.5|"7"`},
		"NULL words":   {[]string{"a,b\nNA,NA\n1,\"NA\"\n"}, func(c *load.Config) { c.Null = []string{"NA"} }, "NULL|NULL\n" + `1|"NA"`},
		"empty text":   {[]string{"a,b\n1,\n2,\"\"\n3,x\n"}, nil, `1|""` + "\n" + `2|""` + "\n" + `3|"x"`},
		"empty NULL":   {[]string{"a,b\n1,\n2,\"\"\n3,x\n"}, func(c *load.Config) { c.Empty = "null" }, "1|NULL\n" + `2|""` + "\n" + `3|"x"`},
		"a delimiter":  {[]string{"a#b\n1#'x#y'\n"}, func(c *load.Config) { c.Delimiter, c.Quote = "#", "single" }, `1|"x#y"`},
		"koi8-r":       {[]string{"a,b\n1,\xf0\xf2\n"}, func(c *load.Config) { c.Encoding = "koi8-r" }, `1|"ПР"`},
		"other order":  {[]string{"id,n\n1,x\n", "n,ID\ny,2\nz,3\n"}, nil, `1|"x"` + "\n" + `2|"y"` + "\n" + `3|"z"`},
		"two types":    {[]string{"id,n\n1,2\n", "id,n\n2,x\n"}, nil, `1|"2"` + "\n" + `2|"x"`},
		"three files":  {[]string{"id\n1\n", zipped("id\n2\n"), sixteen("id\n3\n")}, nil, "1\n2\n3"},
		"CSV and JSON": {[]string{"a,b\n1,x\n", `{"c":5,"a":2}` + "\n"}, nil, `1|"x"|NULL` + "\n" + "2|NULL|5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(t)
			for i, content := range c.files {
				s.Files = append(s.Files, write(t, "part"+string(rune('a'+i)), content))
			}
			if c.change != nil {
				c.change(s)
			}
			o := succeed(t, s)
			equal(t, "failed items", o.errors(), "")
			equal(t, "table", query(t, s.DB, "SELECT * FROM t"), c.want)
			contains(t, "notes", o.notes(), "inserted")
			sound(t, s.DB)
			if _, err := os.Stat(beside(s)); err == nil {
				t.Error("there is a file of rejects")
			}
		})
	}
}

// Every piece and the finish are rows, and what they tell adds up.
func TestRowsOfARun(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", numbered(1000)+"1,2,3\n"))
	c.Small(4096, 0)
	o := succeed(t, c)
	steps, sum := map[string]int{}, load.Batch{}
	for i, row := range o.rows {
		b := row.Out.(load.Batch)
		steps[b.Step]++
		if b.Step == "write" {
			sum.Rows, sum.Inserted, sum.Rejected, sum.Bytes = sum.Rows+b.Rows, sum.Inserted+b.Inserted, sum.Rejected+b.Rejected, sum.Bytes+b.Bytes
			contains(t, "item", row.Item, "a.csv from line ")
		}
		if last := i == len(o.rows)-1; last != (b.Step == "finish") || last && row.Item != "table t" {
			t.Errorf("row %d is %s: %s", i, b.Step, row.Item)
		}
	}
	equal(t, "sums", []int{sum.Rows, sum.Inserted, sum.Rejected, int(sum.Bytes)}, []int{1000, 1000, 1, len(numbered(1000)) + 6 - len("id,n\n")})
	if steps["types"] != steps["write"] || steps["types"] < 3 {
		t.Errorf("steps: %v", steps)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	good, missing := write(t, "good.csv", "id,n\n1,x\n"), filepath.Join(t.TempDir(), "missing.csv")
	for name, c := range map[string]struct {
		files  []string
		reason string // of the file that fails
		fails  string // of the run; "": it ends
	}{
		"one is missing":           {[]string{good, missing}, "missing.csv: open " + missing, ""},
		"the first is missing":     {[]string{missing, good}, "missing.csv: open " + missing, ""},
		"all are missing":          {[]string{missing}, "missing.csv", "nothing can be loaded: no file can be read"},
		"one has another column":   {[]string{good, write(t, "more.csv", "id,n,x\n1,2,3\n")}, "more.csv has a column x, which good.csv has not: load it by itself", ""},
		"one lacks a column":       {[]string{good, write(t, "less.csv", "id\n1\n")}, "less.csv has no column n, which good.csv has: load it by itself", ""},
		"a picture":                {[]string{write(t, "a.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00"), good}, "this is no text", ""},
		"a folder":                 {[]string{good, t.TempDir()}, "this is no file that can be read twice", ""},
		"a header without records": {[]string{write(t, "head.csv", "id,n\n")}, "there is one record only, which looks like a header", "no file can be read"},
		"an empty one":             {[]string{good, write(t, "empty.csv", "")}, "the file is empty", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(t, c.files...)
			o := attempt(t, s)
			if o.report.Failed != 1 {
				t.Errorf("%d items failed", o.report.Failed)
			}
			contains(t, "item", o.errors(), c.reason)
			if c.fails != "" {
				if o.err == nil {
					t.Fatal("the run did not fail")
				}
				contains(t, "run", o.err.Error(), c.fails)
				if _, err := os.Stat(s.DB); err == nil {
					t.Error("a database was made")
				}
				return
			}
			if o.err != nil {
				t.Fatal(o.err)
			}
			equal(t, "table", query(t, s.DB, "SELECT * FROM t"), `1|"x"`)
		})
	}
}

// A header whose records are all rejected makes a table without rows.
func TestOnlyRejectsMakeAnEmptyTable(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id,n\n1\n2\n"))
	c.Header, c.Delimiter = "yes", "comma"
	succeed(t, c)
	equal(t, "columns", query(t, c.DB, "SELECT name, type FROM pragma_table_info('t')"), `"id"|"TEXT"`+"\n"+`"n"|"TEXT"`)
	equal(t, "rows", query(t, c.DB, "SELECT count(*) FROM t"), 0)
	equal(t, "rejects", rejected(t, beside(c)), []string{"2|1 field, the header has 2|1", "3|1 field, the header has 2|2"})
}

func TestTypesOfColumnsThatAreNot(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id,n\n1,x\n"))
	c.Types = []string{"idd=TEXT"}
	fails(t, c, "there is no column idd", "there are id, n")
	if _, err := os.Stat(c.DB); err == nil {
		t.Error("a database was made")
	}
}

// What is beyond ASCII only far on is read as windows-1252 all the same.
func TestEncodingIsFoundFarOn(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", late()))
	succeed(t, c)
	equal(t, "rows", query(t, c.DB, "SELECT count(*), max(text LIKE '%café') FROM t"), "30001|1")
}

// It is not parallel: os.Stdin is one.
func TestStandardInput(t *testing.T) {
	before := os.Stdin
	defer func() { os.Stdin = before }()
	var err error
	if os.Stdin, err = os.Open(write(t, "in", "id,n\n1,x\n2\n")); err != nil {
		t.Fatal(err)
	}
	defer os.Stdin.Close()
	t.Setenv("TMPDIR", t.TempDir())
	c := settings(t, "-")
	o := succeed(t, c)
	equal(t, "table", query(t, c.DB, "SELECT * FROM t"), `1|"x"`)
	equal(t, "item", o.rows[0].Item, "standard input from line 2")
	list, _ := o.run.(interface {
		Rejects(from, most int) ([]core.Reject, int)
	}).Rejects(0, 10)
	equal(t, "rejects", list, "[{standard input 3 1 field, the header has 2 2}]")
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestEmptyStandardInput(t *testing.T) {
	before := os.Stdin
	defer func() { os.Stdin = before }()
	var err error
	if os.Stdin, err = os.Open(os.DevNull); err != nil {
		t.Fatal(err)
	}
	defer os.Stdin.Close()
	t.Setenv("TMPDIR", t.TempDir())
	o := fails(t, settings(t, "-"), "no file can be read")
	contains(t, "item", o.errors(), "standard input: ", "the file is empty")
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
