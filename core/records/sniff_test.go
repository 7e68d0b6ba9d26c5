package records

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSniff(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string // format, delimiter, quote, end of line, header, columns
	}{
		"comma":                    {"id,name\n1,Ann\n2,Bob\n", `csv , " \n yes id|name`},
		"semicolon":                {"id;name\n1;Ann\n2;Bob\n", `csv ; " \n yes id|name`},
		"tab":                      {"id\tname\n1\tAnn\n2\tBob\n", `csv \t " \n yes id|name`},
		"bar":                      {"id|name\n1|Ann\n2|Bob\n", `csv | " \n yes id|name`},
		"CRLF":                     {"id,name\r\n1,Ann\r\n", `csv , " \n yes id|name`},
		"CR":                       {"id,name\r1,Ann\r2,Bob\r", `csv , " \r yes id|name`},
		"CR, LF within quotes":     {"id,name\r1,\"Ann\nA\"\r2,\"Bob\n\nB\"\r3,Eve\r", `csv , " \r yes id|name`},
		"LF, CR within quotes":     {"id,name\n1,\"Ann\rA\"\n2,\"Bob\r\rB\"\n3,Eve\n", `csv , " \n yes id|name`},
		"CR within one column":     {"name\n\",0\"\n\"a\rb\"\n", `csv , " \n yes name`},
		"all in single quotes":     {"'id','name'\n'1','Ann'\n", `csv , ' \n yes id|name`},
		"lines in single quotes":   {"id;text\n1;'a\nb;c\nd;e\nf'\n2;'g\nh;i\nj;k'\n", `csv ; ' \n yes id|text`},
		"text over some figures":   {"Ann?,Smith!\nBob,7\nLi,x\n", `csv , " \n no c1|c2`},
		"decimal commas":           {"a;b;c\n1,5;2,3;4,1\n2,5;3,3;4,2\n", `csv ; " \n yes a|b|c`},
		"decimal commas, no names": {"1,5;2,3;4,1\n2,5;3,3;4,2\n", `csv ; " \n no c1|c2|c3`},
		"quotes with delimiters":   {"id,name,x\n1,\"Li, Bob, C\",2\n2,\"Li, Eve\",3\n3,Jo,4\n", `csv , " \n yes id|name|x`},
		"single quotes":            {"id,name\n1,'Li, Bob'\n2,'Li, ''Eve'''\n3,Jo\n", `csv , ' \n yes id|name`},
		"apostrophes":              {"id,name\n1,O'Hara\n2,'s-Hertogenbosch\n3,'t Hooft\n", `csv , " \n yes id|name`},
		"lines in quotes":          {"id,text\n1,\"a\nb,c\nd\"\n2,\"e\nf\"\n", `csv , " \n yes id|text`},
		"semicolons in text":       {"id,text\n1,a; b; c\n2,d; e\n3,f\n", `csv , " \n yes id|text`},
		"a ragged line":            {"id,name,x\n1,Ann,2\n2,Bob\n3,Eve,4\n", `csv , " \n yes id|name|x`},
		"one column":               {"name\nAnn\nBob\n", `csv , " \n yes name`},
		"one column with commas":   {"Smith, Ann\nBob\nLi, Eve\nJo\nMax\n", `csv ; " \n no c1`},
		"no names, only figures":   {"1,2\n3,4\n", `csv , " \n no c1|c2`},
		"no names, a date":         {"2026-01-02,Ann\n2026-01-03,Bob\n", `csv , " \n no c1|c2`},
		"names over dates":         {"day,who\n2026-01-02,Ann\n", `csv , " \n yes day|who`},
		"names over text":          {"first name,last_name\nAnn,Smith\nBob,Li\n", `csv , " \n yes first name|last_name`},
		"text over text":           {"Ann?,Smith!\nBob,Li\n", `csv , " \n no c1|c2`},
		"a value that is there again": {
			"Ann,Smith\nBob,Li\nAnn,Novak\n", `csv , " \n no c1|c2`,
		},
		"a field twice":          {"Ann,Ann,1a\nBob,Li,2\n", `csv , " \n no c1|c2|c3`},
		"an empty name":          {"id,,name\n1,2,Ann\n", `csv , " \n no c1|c2|c3`},
		"an index without name":  {",name\n0,Ann\n1,Bob\n", `csv , " \n yes c1|name`},
		"a delimiter at the end": {"id,name,\n1,Ann,\n2,Bob,\n", `csv , " \n yes id|name|c3`},
		"a title above":          {"Users of 2026\nid,name\n1,Ann\n2,Bob\n", `csv , " \n no c1|c2`},
		"one record":             {"1,Ann\n", `csv , " \n no c1|c2`},
		"blank lines first":      {"\n\r\nid,name\n1,Ann\n", `csv , " \n yes id|name`},
		"JSON lines":             {"{\"id\":1,\"name\":\"Ann\"}\n{\"id\":2,\"x\":[]}\n", `jsonl , " \n no id|name|x`},
		"JSON lines, blank first": {
			"\n {\"id\":1}\n", `jsonl , " \n no id`,
		},
		"JSON lines, the first broken": {"{\"id\":1\n{\"id\":2}\n", `jsonl , " \n no id`},
		"braces that are no JSON":      {"{a},{b}\n{c},{d}\n", `csv , " \n no c1|c2`},
		"JSON in fields":               {"id,doc\n1,\"{\"\"a\"\":1}\"\n2,\"[1,2]\"\n", `csv , " \n yes id|doc`},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Sniff(iotest.OneByteReader(strings.NewReader(c.text)), Options{Format: "auto", Header: "auto", Encoding: "auto"})
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(l); got != c.want {
				t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

// describe shows what was found in a line.
func describe(l *Layout) string {
	names := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		names[i] = c.Name
	}
	escape := strings.NewReplacer("\t", `\t`, "\n", `\n`, "\r", `\r`)
	return escape.Replace(fmt.Sprintf("%s %c %c %c %s %s", l.Format, l.Delimiter, l.Quote, l.Newline, l.Header, strings.Join(names, "|")))
}

func TestWhatIsSetIsNotFound(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		set  Options
		want string
	}{
		"delimiter": {"a,b;c\n1,2;3\n", Options{Delimiter: ';'}, `csv ; " \n yes a,b|c`},
		"a strange delimiter": {
			"a\x1fb\n1\x1f2\n" + strings.Repeat("3\x1f4\n", 50), Options{Delimiter: 0x1f}, "csv \x1f \" \\n yes a|b",
		},
		"quote":             {"a,b\n'1','2'\n", Options{Quote: '"'}, `csv , " \n yes a|b`},
		"no quote":          {"a,b\n\"1,2\"\n3,4\n", Options{Quote: NoQuote}, "csv , ÿ \\n yes a|b"},
		"header":            {"1,2\n3,4\n", Options{Header: HeaderYes}, `csv , " \n yes 1|2`},
		"no header":         {"a,b\n1,2\n", Options{Header: HeaderNo}, `csv , " \n no c1|c2`},
		"no header, a line": {"a,b\n", Options{Header: HeaderNo}, `csv , " \n no c1|c2`},
		"quotes delimit":    {"a\"b\n1\"2\n", Options{Delimiter: '"'}, `csv " ' \n yes a|b`},
		"format":            {"{\"a\":1}\n", Options{Format: CSV, Header: HeaderNo}, `csv , " \n no c1`},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Sniff(strings.NewReader(c.text), c.set)
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(l); got != c.want {
				t.Errorf("%q:\n got %q\nwant %q", c.text, got, c.want)
			}
		})
	}
}

func TestWhatCannotBeSniffed(t *testing.T) {
	wide := strings.Repeat("1,", 2000) + "1\n"
	for name, c := range map[string]struct {
		text string
		set  Options
		want string
	}{
		"only a header":        {"id,name\n", Options{}, "there is one record only, which looks like a header"},
		"a damaged header":     {"id,\"name\n1,Ann\n", Options{Header: HeaderYes}, "the header cannot be read: field 2 has a quote"},
		"only rejects":         {"\"a\n", Options{}, "no record can be read; line 1: field 1 has a quote that is not closed"},
		"a JSON array":         {"[\n {\"a\":1},\n {\"a\":2}\n]\n", Options{}, "JSON document"},
		"arrays of JSON":       {"[1,[2]]\n", Options{Format: JSONL}, "no line is a JSON object"},
		"a JSON object":        {"{\n \"a\":1\n}\n", Options{}, "JSON document"},
		"empty objects":        {"{}\n{}\n", Options{}, "no line is a JSON object with a key"},
		"too many columns":     {wide + wide, Options{}, "2001 columns are more than the 2000"},
		"unknown encoding":     {"a", Options{Encoding: "klingon"}, `encoding "klingon" is not known`},
		"encoding of nothing":  {"a", Options{Encoding: "replacement"}, "cannot be read"},
		"unknown format":       {"a", Options{Format: "xlsx"}, `format "xlsx"`},
		"unknown header":       {"a", Options{Header: "perhaps"}, `header "perhaps"`},
		"delimiter of no use":  {"a", Options{Delimiter: '\n'}, "delimiter"},
		"delimiter, not ASCII": {"a", Options{Delimiter: 0xA7}, "delimiter"},
		"quote of no use":      {"a", Options{Quote: '\r'}, "quote"},
		"quote that delimits":  {"a", Options{Quote: ',', Delimiter: ','}, "cannot be the delimiter too"},
		"a block of nothing":   {"a", Options{BlockSize: -1}, "block of -1 bytes"},
		"endless records":      {"a", Options{RecordSize: 2 << 30}, "record of 2147483648"},
		"type that is none":    {"a", Options{Types: map[string]Kind{"a": 7}}, "type of column a"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Sniff(strings.NewReader(c.text), c.set)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q: %v, want %s", c.text, err, c.want)
			}
		})
	}
	broken := errors.New("broken")
	if _, err := Sniff(iotest.ErrReader(broken), Options{}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := Sniff(io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(broken)), Options{}); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// Sniff reads little more than a MiB, whatever there is.
func TestSniffReadsTheBeginning(t *testing.T) {
	head := "id,name\n" + strings.Repeat("1,\"Ann\nSmith\"\n", 1000)
	counted := &counted{Reader: io.MultiReader(strings.NewReader(head), letters{})}
	l, err := Sniff(counted, Options{})
	if err != nil || counted.n > 1<<20+1<<17 {
		t.Fatalf("%d bytes, %v", counted.n, err)
	}
	if l.Preview.Len() != 100 || l.Preview.Text(99, 1) != "Ann\nSmith" || l.Preview.Line(99) != 200 {
		t.Errorf("%d records", l.Preview.Len())
	}
	if l.Start != (Position{8, 2}) {
		t.Errorf("starts at %v", l.Start)
	}
}

// The record that the first MiB cuts off is no reject.
func TestSampleEndsWithARecord(t *testing.T) {
	text := "id,name\n" + strings.Repeat("1,\"Ann "+strings.Repeat("x", 100_000)+"\"\n", 20)
	l, err := Sniff(strings.NewReader(text), Options{})
	if err != nil || l.Preview.Len() != 10 || len(l.Preview.Rejects()) != 0 {
		t.Errorf("%d records, %d rejects, %v", l.Preview.Len(), len(l.Preview.Rejects()), err)
	}
}

func TestPreviewShowsRejects(t *testing.T) {
	l, err := Sniff(strings.NewReader("id,name\n1,Ann\n2\n3,\"Eve\n4,Bob\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "preview", rows(items(l.Preview)), []string{
		"1|Ann", "line 3: 1 field, the header has 2: 2", "line 4: field 2 has a quote that is not closed: 3,\"Eve", "4|Bob",
	})
	l, err = Sniff(strings.NewReader("{\"a\":1}\n{\"b\":2}\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "JSON lines", rows(items(l.Preview)), []string{"1|NULL", "NULL|2"})
}

func TestNamesOfColumns(t *testing.T) {
	columns := make([]Column, 0)
	for _, name := range []string{"id", "ID", "", "two\nlines ", "id_2", "\x00", " é ", "É", "c3", "bad\xff"} {
		columns = append(columns, Column{Name: name})
	}
	nameColumns(columns)
	var got []string
	for _, c := range columns {
		got = append(got, c.Name)
	}
	equal(t, "names", got, []string{"id", "ID_2", "c3", "two lines", "id_2_2", "c6", "é", "É_2", "c3_2", "bad?"})
}

func TestParseKind(t *testing.T) {
	for text, want := range map[string]Kind{"integer": Integer, "REAL": Real, "Text": Text} {
		if kind, err := ParseKind(text); err != nil || kind != want {
			t.Error(text, kind, err)
		}
	}
	for _, text := range []string{"NULL", "", "BLOB"} {
		if kind, err := ParseKind(text); err == nil || kind != Null {
			t.Errorf("%q is %s", text, kind)
		}
	}
}

// Whatever is found, the table has columns that SQLite takes, and what was
// found stays found when it is set.
func FuzzSniff(f *testing.F) {
	for _, text := range []string{
		mixed, sample, "a;b\n1;2\n", "{\"a\":1}\n", "[1]", "\xff\xfea\x00,\x00", "a\r\rb\r", "'a','b'\n'c','d'", "\x1f\x8b\x08\x00", "\x28\xb5\x2f\xfd", "\"", ",", "\xfe\xff\x00", "id\n\n", "{",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		l, err := Sniff(strings.NewReader(string(content)), Options{})
		if err != nil {
			return
		}
		names := make(map[string]bool)
		for _, c := range l.Columns {
			lower := strings.ToLower(c.Name)
			if names[lower] || strings.TrimSpace(c.Name) == "" || strings.ContainsAny(c.Name, "\x00\n\r") {
				t.Fatalf("%q: columns %+v", content, l.Columns)
			}
			names[lower] = true
		}
		if l.Format == CSV && len(l.Columns) == 0 || l.Preview.Columns() != len(l.Columns) || l.Preview.Len() > previewRows {
			t.Fatalf("%q: %+v", content, l)
		}
		again, err := Sniff(strings.NewReader(string(content)), l.Options)
		if err != nil || describe(again) != describe(l) || again.Start != l.Start || !slices.Equal(rows(items(again.Preview)), rows(items(l.Preview))) {
			t.Fatalf("%q: %s, then %v, %v", content, describe(l), again, err)
		}
	})
}
