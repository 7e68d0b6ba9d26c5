package records

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func TestTypesOfColumns(t *testing.T) {
	for name, c := range map[string]struct {
		values string // of a column
		want   Kind
		why    string
	}{
		"whole numbers":              {"0 -1 9223372036854775807 -9223372036854775808", Integer, ""},
		"decimals":                   {"0.5 -1.25 5.0", Real, ""},
		"with NULL and empty":        {"NA _ 7", Integer, ""},
		"quoted":                     {`"1" "2"`, Integer, ""},
		"only NULL":                  {"NA _ NA", Text, "it is empty"},
		"5 would become 5.0":         {"5 5.5", Text, `line 2: "5", but line 3: "5.5"`},
		"leading zero":               {"1 2 01", Text, `line 4: "01" would come back as 1`},
		"plus":                       {"+1", Text, `line 2: "+1" would come back as 1`},
		"minus zero":                 {"-0", Text, `line 2: "-0" would come back as 0`},
		"2^63":                       {"9223372036854775807 9223372036854775808", Text, `line 3: "9223372036854775808" would come back as 9223372036854776000`},
		"trailing zero":              {"1.5 1.50", Text, `line 3: "1.50" would come back as 1.5`},
		"exponent":                   {"1e5", Text, `line 2: "1e5" would come back as 100000`},
		"more digits than are kept":  {"425232097413.65", Text, `line 2: "425232097413.65" may come back with other digits`},
		"huge":                       {"1e300", Text, `line 2: "1e300" would come back as 1e+300`},
		"NaN":                        {"NaN 1.5", Text, `line 2: "NaN" is no number`},
		"hexadecimal":                {"0x1", Text, `line 2: "0x1" is no number`},
		"a date":                     {"1 2026-01-02", Text, `line 3: "2026-01-02" is no number`},
		"decimal comma, so ragged":   {"1 1,7", Integer, ""},
		"decimal comma":              {`"1,7"`, Text, `line 2: "1,7" is no number`},
		"percent":                    {"5%", Text, `line 2: "5%" is no number`},
		"the first reason is named":  {"1 x y 02", Text, `line 3: "x" is no number`},
		"a long value is cut":        {strings.Repeat("x", 100), Text, `line 2: "` + strings.Repeat("x", 40) + `…" is no number`},
		"one text among many values": {strings.Repeat("1 ", 500) + "x " + strings.Repeat("1 ", 500), Text, `line 502: "x" is no number`},
	} {
		t.Run(name, func(t *testing.T) {
			text := "a\n" + strings.ReplaceAll(strings.ReplaceAll(c.values, "_", `""`), " ", "\n")
			f := open(t, text, Options{Header: HeaderYes, Delimiter: ',', Null: []string{"NA"}, BlockSize: 64})
			columns, _ := load(t, f)
			if len(columns) != 1 || columns[0].Type != c.want || columns[0].Why != c.why {
				t.Errorf("%+v", columns)
			}
		})
	}
}

// surveyed has workers see blocks in any order.
func surveyed(t *testing.T, l *Layout, blocks []*Block, workers int) []Column {
	t.Helper()
	surveys := make([]Survey, workers)
	parsers := make([]*Parser, workers)
	for i := range parsers {
		parsers[i] = NewParser(l, nil)
	}
	for i, at := range rand.New(rand.NewPCG(1, uint64(workers))).Perm(len(blocks)) {
		surveys[i%workers].Add(parsers[i%workers].Parse(blocks[at]))
	}
	var all Survey
	for i := range surveys {
		all.Merge(&surveys[i])
	}
	columns, err := all.Columns(nil)
	if err != nil || all.Records != 2000 || all.Rejected != 1 {
		t.Errorf("%d records, %d rejected, %v", all.Records, all.Rejected, err)
	}
	return columns
}

// Who sees which part of the file, and when, makes no difference.
func TestMergingSurveys(t *testing.T) {
	var text strings.Builder
	for i := range 2000 {
		mixed, last := "5", ""
		if i > 1000 {
			last = "x"
		}
		if i == 1500 || i == 1700 {
			mixed = "5.5"
		}
		fmt.Fprintf(&text, "%d,%d.5,%s,%s\n", i, i, mixed, last)
	}
	l := plainCSV(4)
	blocks := split(t, l, strings.NewReader(text.String()+"ragged\n"), 500)
	want := []Column{
		{Name: "a", Key: "a", Type: Integer},
		{Name: "b", Key: "b", Type: Real},
		{Name: "c", Key: "c", Type: Text, Why: `line 1: "5", but line 1501: "5.5"`},
		{Name: "d", Key: "d", Type: Text, Why: `line 1002: "x" is no number`},
	}
	for workers := 1; workers < 9; workers++ {
		if got := surveyed(t, l, blocks, workers); !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers: %+v", workers, got)
		}
	}
}

func TestMergingKeys(t *testing.T) {
	var text strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&text, "{\"k%d\":\"a\\n\",\"id\":%d}\n", i/100, i)
	}
	l := jsonLines()
	blocks := split(t, l, strings.NewReader(text.String()+"[]\n"), 500)
	for workers := 1; workers < 9; workers++ {
		columns := surveyed(t, l, blocks, workers)
		if len(columns) != 21 || columns[0].Key != "k0" || columns[1].Key != "id" {
			t.Fatalf("%d workers: %+v", workers, columns)
		}
		for i, c := range columns[2:] {
			if c.Key != fmt.Sprintf("k%d", i+1) || c.Type != Text {
				t.Errorf("%d workers: column %d is %+v", workers, i+2, c)
			}
		}
	}
}

func TestGivenTypes(t *testing.T) {
	f := open(t, "ID,Name\n01,Ann\n2,Bob\nx,Eve\n", Options{Types: map[string]Kind{"id": Integer}})
	columns, all := load(t, f)
	if columns[0].Type != Integer || !columns[0].Given || columns[0].Why != "" || columns[1].Type != Text {
		t.Errorf("%+v", columns)
	}
	equal(t, "rows", rows(all), []string{"int(1)|Ann", "int(2)|Bob", `line 4: column ID: "x" is no INTEGER: x,Eve`})
	var s Survey
	s.Add(parseText(f.Layout, nil, "1,2\n"))
	if _, err := s.Columns(map[string]Kind{"zip": Text}); err == nil || err.Error() != "there is no column zip to give the type TEXT" {
		t.Error(err)
	}
}

func TestSurveyOfNothing(t *testing.T) {
	var s, other Survey
	other.Add(parseText(plainCSV(2), nil, "1\n2\n"))
	s.Merge(&other)
	if _, err := s.Columns(nil); err == nil || s.Rejected != 2 {
		t.Errorf("%d rejected, %v", s.Rejected, err)
	}
}

// The first MiB may be ASCII though the text is windows-1252.
func TestEncodingThatShowsLate(t *testing.T) {
	survey := func(text string) *Survey {
		var s Survey
		s.Add(parseText(plainCSV(1), nil, "a\nb\n"))
		s.Add(parseText(plainCSV(1), nil, text))
		return &s
	}
	for text, want := range map[string]bool{"c\n": false, "é\n": false, "caf\xe9\n": true, "caf\xe9\né\n": false} {
		if got := survey(text).NotUTF8(); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	s := survey("caf\xe9\n")
	s.Merge(survey("é\n"))
	if s.NotUTF8() {
		t.Error("a file with valid UTF-8 taken for another encoding")
	}
}

// A column is INTEGER or REAL only if every value prints back as it stood; in
// any case every row says what the file said.
func TestEveryValuePrintsBack(t *testing.T) {
	text := "n,r,mixed,t\n1,0.5,1,01\n-20,12.25,1.0,1e5\n0,7.0,,x\n"
	f := open(t, text, Options{})
	columns, _ := load(t, f)
	p := NewParser(f.Layout, columns)
	var back strings.Builder
	back.WriteString("n,r,mixed,t\n")
	err := f.Blocks(Position{})(t.Context(), func(block *Block) bool {
		b := p.Parse(block)
		for row := range b.Len() {
			for col := range b.Columns() {
				switch b.Kind(row, col) {
				case Integer:
					fmt.Fprint(&back, b.Int(row, col))
				case Real:
					s := fmt.Sprint(b.Real(row, col))
					if !strings.Contains(s, ".") {
						s += ".0"
					}
					back.WriteString(s)
				default:
					back.WriteString(b.Text(row, col))
				}
				back.WriteString(map[bool]string{true: "\n", false: ","}[col == 3])
			}
		}
		return true
	})
	if err != nil || back.String() != text {
		t.Errorf("%s, %v", back.String(), err)
	}
	kinds := []Kind{columns[0].Type, columns[1].Type, columns[2].Type, columns[3].Type}
	if !reflect.DeepEqual(kinds, []Kind{Integer, Real, Text, Text}) {
		t.Error(kinds)
	}
}
