package records

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCSV(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"LF":                                  {"1,2\n3,4\n", []string{"1|2", "3|4"}},
		"CRLF":                                {"1,2\r\n3,4\r\n", []string{"1|2", "3|4"}},
		"no end of line at the end":           {"1,2\n3,4", []string{"1|2", "3|4"}},
		"CR alone at the end":                 {"1,2\r", []string{"1|2"}},
		"CR within a field is text":           {"1\r2,3\n", []string{"1\r2|3"}},
		"only the last CR is of the end":      {"1,2\r\r\n", []string{"1|2\r"}},
		"blank lines are no records":          {"\n1,2\n\r\n\n3,4\n\r", []string{"1|2", "3|4"}},
		"empty fields":                        {",\n\"\",\n", []string{"|", "|"}},
		"delimiter at the very end":           {"1,", []string{"1|"}},
		"delimiter in quotes":                 {"\"1,2\",3\n", []string{"1,2|3"}},
		"end of line in quotes":               {"\"1\r\n2\",3\n4,5\n", []string{"1\r\n2|3", "4|5"}},
		"two quotes are one":                  {"\"a\"\"b\",\"\"\"\"\n", []string{`a"b|"`}},
		"quotes up to the end":                {"1,\"a\"\"\"", []string{`1|a"`}},
		"quotes and CRLF":                     {"1,\"a\"\r\n2,\"b\"\r", []string{"1|a", "2|b"}},
		"a quote within a field is text":      {"5\" pipe,6\n", []string{`5" pipe|6`}},
		"a quote after a space is text":       {"1, \"a\"\n", []string{`1| "a"`}},
		"spaces stay":                         {" 1 ,\t2\n", []string{" 1 |\t2"}},
		"UTF-8":                               {"é,日本\n", []string{"é|日本"}},
		"U+FFFD as it stands":                 {"\uFFFD,1\n", []string{"\uFFFD|1"}},
		"long fields, over eight bytes":       {"1234567,12345678\n123456789,0123456789abcdef0\n", []string{"1234567|12345678", "123456789|0123456789abcdef0"}},
		"a byte one above the delimiter, LF":  {"-,-\x0b\n,-----\n", []string{"-|-\x0b", "|-----"}},
		"nothing":                             {"", nil},
		"only blank lines":                    {"\n\r\n\n", nil},
		"all is quoted":                       {"\"1\",\"2\"\n\"3\",\"4\"\n", []string{"1|2", "3|4"}},
		"a field of quotes, then text":        {"\"\"\"a\"\"\",b\n", []string{`"a"|b`}},
		"an unfinished line after a good one": {"1,2\n3", []string{"1|2", "line 2: 1 field, the header has 2: 3"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := plainCSV(2)
			equal(t, c.text, rows(items(parseText(l, nil, c.text))), c.want)
		})
	}
}

func TestRejects(t *testing.T) {
	const closing, open = "has text after its closing quote", "has a quote that is not closed"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"too few fields":  {"1\n2,3\n", []string{"line 1: 1 field, the header has 2: 1", "2|3"}},
		"too many fields": {"1,2,3\r\n4,5\r\n", []string{"line 1: 3 fields, the header has 2: 1,2,3", "4|5"}},
		"text after the closing quote": {
			"1,\"a\"b\n2,3\n",
			[]string{"line 1: field 2 " + closing + ": 1,\"a\"b", "2|3"},
		},
		"quotes within quotes": {
			"1,\"He said \"hi\" twice\"\n2,\"b\"\n",
			[]string{"line 1: field 2 " + closing + ": 1,\"He said \"hi\" twice\"", "2|b"},
		},
		"a forgotten quote costs its line": {
			"1,\"a\n2,\"b\"\n3,\"c\"\n",
			[]string{"line 1: field 2 " + open + ": 1,\"a", "2|b", "3|c"},
		},
		"a quote that nothing closes": {
			"1,\"a\r\n2,b\r\n3,c",
			[]string{"line 1: field 2 " + open + ": 1,\"a", "2|b", "3|c"},
		},
		"a quote that nothing closes, in the last line": {
			"1,2\n3,\"b",
			[]string{"1|2", "line 2: field 2 " + open + ": 3,\"b"},
		},
		"only a quote":     {"\"", []string{"line 1: field 1 " + open + ": \""}},
		"doubled, no more": {"1,\"a\"\"", []string{"line 1: field 2 " + open + ": 1,\"a\"\""}},
		"NUL":              {"1,\x002\n3,4\n", []string{"line 1: a NUL, as byte 3 of the record: 1,\x002", "3|4"}},
		"no UTF-8": {
			"1,2\n3,caf\xe9\n5,6\n",
			[]string{"1|2", "line 2: byte 6 of the record is 0xe9, which is no utf-8: 3,caf\xe9", "5|6"},
		},
		"half a surrogate pair": {
			"1,\xed\xa0\x80\n",
			[]string{"line 1: byte 3 of the record is 0xed, which is no utf-8: 1,\xed\xa0\x80"},
		},
		"the line is counted through quoted lines": {
			"1,\"a\n\nb\"\n\n2\n",
			[]string{"1|a\n\nb", "line 5: 1 field, the header has 2: 2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			equal(t, c.text, rows(items(parseText(plainCSV(2), nil, c.text))), c.want)
		})
	}
}

func TestOldMacintosh(t *testing.T) {
	l := plainCSV(2)
	l.Newline = '\r'
	b := parseText(l, nil, "1,2\r3,\"a\r\nb\"\r\r5,6\n")
	equal(t, "CR", rows(items(b)), []string{"1|2", "3|a\r\nb", "5|6\n"})
	if b.Line(2) != 5 {
		t.Errorf("line %d, want 5", b.Line(2))
	}
}

func TestTooLong(t *testing.T) {
	l := plainCSV(2)
	l.RecordSize = 10
	long := "longer than 10 bytes; no more than the first 65536 are kept"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"as long as allowed":      {"1234,67890\n", []string{"1234|67890"}},
		"with CRLF":               {"1234,67890\r\n", []string{"1234|67890"}},
		"one more":                {"1234,678901\n5,6\n", []string{"line 1: " + long + ": 1234,678901", "5|6"}},
		"quotes up to the limit":  {"1,\"345678\"\n", []string{"1|345678"}},
		"closing beyond it":       {"1,\"34\n78901\"\n5,6\n", []string{"line 1: field 2 has a quote that is not closed: 1,\"34", "line 2: 1 field, the header has 2: 78901\"", "5|6"}},
		"opening beyond it":       {"1234567890,\"a\nb\"\n", []string{"line 1: " + long + ": 1234567890,\"a", "line 2: 1 field, the header has 2: b\""}},
		"several lines, too long": {"\"a\nb\",567890123\n5,6\n", []string{"line 1: " + long + ": \"a\nb\",567890123", "5|6"}},
	} {
		t.Run(name, func(t *testing.T) {
			equal(t, c.text, rows(items(parseText(l, nil, c.text))), c.want)
		})
	}
}

func TestConvert(t *testing.T) {
	l := plainCSV(3)
	l.Null = []string{"NA", `\N`}
	columns := typed(l, Integer, Real, Text)
	text := "1,1.5,x\n" + `NA,\N,NA` + "\n" + `"-7","0.25","NA"` + "\n,,\n" + `"","",""` + "\n"
	equal(t, "values", rows(items(parseText(l, columns, text))), []string{
		"int(1)|real(1.5)|x", "NULL|NULL|NULL", "int(-7)|real(0.25)|NA", "NULL|NULL|", "NULL|NULL|",
	})
	l.EmptyNull = true
	equal(t, "empty is NULL", rows(items(parseText(l, columns, ",,\n"+`"","",""`))), []string{"NULL|NULL|NULL", "NULL|NULL|"})
}

func TestValuesThatDoNotFit(t *testing.T) {
	l := plainCSV(2)
	l.Null = []string{"NA"}
	found := typed(l, Integer, Real)
	given := slices.Clone(found)
	given[0].Given, given[1].Given = true, true
	for name, c := range map[string]struct {
		text, exact, asked string
	}{
		"leading zero":       {"01,1.5", `line 1: column a: "01" is no INTEGER that would print as it stands: 01,1.5`, "int(1)|real(1.5)"},
		"plus and spaces":    {" +1 ,1.5", `line 1: column a: " +1 " is no INTEGER that would print as it stands:  +1 ,1.5`, "int(1)|real(1.5)"},
		"more than 64 bits":  {"9223372036854775808,1.5", `line 1: column a: "9223372036854775808" is no INTEGER that would print as it stands: 9223372036854775808,1.5`, `line 1: column a: "9223372036854775808" is no INTEGER: 9223372036854775808,1.5`},
		"trailing zero":      {"1,1.50", `line 1: column b: "1.50" is no REAL that would print as it stands: 1,1.50`, "int(1)|real(1.5)"},
		"exponent":           {"1,1e3", `line 1: column b: "1e3" is no REAL that would print as it stands: 1,1e3`, "int(1)|real(1000)"},
		"whole as REAL":      {"1,2", `line 1: column b: "2" is no REAL that would print as it stands: 1,2`, "int(1)|real(2)"},
		"beyond REAL":        {"1,1e999", `line 1: column b: "1e999" is no REAL that would print as it stands: 1,1e999`, `line 1: column b: "1e999" is no REAL: 1,1e999`},
		"infinity":           {"1,inf", `line 1: column b: "inf" is no REAL that would print as it stands: 1,inf`, `line 1: column b: "inf" is no REAL: 1,inf`},
		"words":              {"x,y", `line 1: column a: "x" is no INTEGER that would print as it stands: x,y`, `line 1: column a: "x" is no INTEGER: x,y`},
		"ragged comes first": {"x", "line 1: 1 field, the header has 2: x", "line 1: 1 field, the header has 2: x"},
	} {
		t.Run(name, func(t *testing.T) {
			equal(t, "found", rows(items(parseText(l, found, c.text))), []string{c.exact})
			equal(t, "given", rows(items(parseText(l, given, c.text))), []string{c.asked})
		})
	}
}

// A row that is rejected leaves nothing behind in its batch.
func TestRowsBesideRejects(t *testing.T) {
	l := plainCSV(2)
	b := parseText(l, typed(l, Integer, Text), "1,a\nx,b\n2,\"c\"\"d\"\n3,\"e\"\"\"f\n4,g,h\n5,i\n")
	equal(t, "rows", rows(items(b)), []string{
		"int(1)|a", `line 2: column a: "x" is no INTEGER that would print as it stands: x,b`, `int(2)|c"d`,
		"line 4: field 2 has text after its closing quote: 3,\"e\"\"\"f", "line 5: 3 fields, the header has 2: 4,g,h", "int(5)|i",
	})
}

func TestColumnsAreFoundByKey(t *testing.T) {
	l := plainCSV(2)
	columns := []Column{{Name: "b", Key: "b", Type: Integer}, {Name: "a", Key: "a", Type: Text}}
	equal(t, "another order", rows(items(parseText(l, columns, "1,2\n"))), []string{"1|int(2)"})
}

// Where encoding/csv and Parser both accept everything, they agree. It reads
// CRLF within quotes as LF.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,2\n", "\"a\"\"b\",c\r\n\r\n\"d\ne\",f", "\"a\r\nb\",", ",,\n\"\"", "a\rb,c\r", "\"a\"\r", "5\" pipe,6\n", "\"a\"b,c\nd,e", "\"a\n\"b\n", "\xff,1\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		reader := csv.NewReader(strings.NewReader(text))
		reader.FieldsPerRecord = -1
		want, err := reader.ReadAll()
		if err != nil || !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			return
		}
		p := NewParser(plainCSV(0), nil)
		p.count = true
		b := p.Parse(&Block{From: Position{Line: 1}, Data: []byte(text)})
		if len(b.Rejects()) > 0 {
			t.Fatalf("%q: rejected %v", text, b.Rejects())
		}
		if b.Len() != len(want) {
			t.Fatalf("%q: %d records, want %q", text, b.Len(), want)
		}
		for row := range b.Len() {
			got := b.fields(row)
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], "\r\n", "\n")
			}
			equal(t, text, got, want[row])
		}
	})
}
