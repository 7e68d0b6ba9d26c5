package records

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func jsonLines(keys ...string) *Layout {
	l := &Layout{Newline: '\n', Start: Position{Line: 1}}
	l.Format, l.Encoding, l.Header = JSONL, utf8Name, HeaderNo
	for _, key := range keys {
		l.Columns = append(l.Columns, Column{Name: key, Key: key})
	}
	return l
}

func TestJSONLines(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"text":                         {`{"a":"x","b":"y"}`, "x|y"},
		"keys in another order":        {`{"b":"y","a":"x"}`, "x|y"},
		"a missing key is NULL":        {`{"b":"y"}`, "NULL|y"},
		"null":                         {`{"a":null,"b":""}`, "NULL|"},
		"no key":                       {`{}`, "NULL|NULL"},
		"numbers stay as they stand":   {`{"a":1.50,"b":-1e400}`, "1.50|-1e400"},
		"true and false":               {`{"a":true,"b":false}`, "true|false"},
		"arrays and objects stay text": {`{"a":[1, {"x":"]"}],"b":{"y":"\"}"}}`, `[1, {"x":"]"}]|{"y":"\"}"}`},
		"space":                        {"  {\t\"a\" : 1 ,\r\"b\": [ ] } \r\n", "1|[ ]"},
		"escapes":                      {`{"a":"\"\\\/\b\f\n\r\t","b":"\u00e9\uD83D\uDE00\u20ac"}`, "\"\\/\b\f\n\r\t|é😀€"},
		"an escaped key":               {`{"\u0061":"x","b":"\\"}`, `x|\`},
		"U+FFFD":                       {`{"a":"\ufffd","b":"` + "\uFFFD" + `"}`, "\uFFFD|\uFFFD"},
		"delimiters mean nothing":      {`{"a":"x,y","b":"'"}`, "x,y|'"},
	} {
		t.Run(name, func(t *testing.T) {
			l := jsonLines("a", "b")
			equal(t, c.text, rows(items(parseText(l, l.Columns, c.text))), []string{c.want})
		})
	}
}

func TestJSONRejects(t *testing.T) {
	for name, c := range map[string]struct{ text, reason string }{
		"an array":              {`[1,2]`, "no JSON object"},
		"a number":              {`5`, "no JSON object"},
		"words":                 {`hello`, "no JSON object"},
		"not closed":            {`{"a":1`, "no valid JSON"},
		"more behind it":        {`{"a":1} {"a":2}`, "no valid JSON"},
		"leading zero":          {`{"a":01}`, "no valid JSON"},
		"single quotes":         {`{'a':1}`, "no valid JSON"},
		"a key twice":           {`{"a":1,"b":2,"a":3}`, `key "a" is there twice`},
		"a key twice, escaped":  {`{"a":1,"\u0061":3}`, `key "a" is there twice`},
		"a key of no column":    {`{"c":1}`, `key "c" is no column`},
		"NUL":                   {`{"a":"x\u0000y"}`, `a NUL, as \u0000`},
		"a real NUL":            {"{\"a\":\"x\x00y\"}", "a NUL, as byte 8 of the record"},
		"half a pair":           {`{"a":"\uD83D"}`, `half of a surrogate pair, as \uD83D`},
		"the other half":        {`{"a":"\uDE00\uD83D"}`, `half of a surrogate pair, as \uDE00`},
		"half a pair, then one": {`{"a":"\uD83D\u0041"}`, `half of a surrogate pair, as \uD83D`},
		"no UTF-8":              {"{\"a\":\"\xe9\"}", "byte 7 of the record is 0xe9, which is no utf-8"},
		"nested too deep":       {`{"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`, "nested more than 1000 deep"},
		"a bomb of brackets":    {`{"a":` + strings.Repeat("[", 4<<20), "nested more than 1000 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			l := jsonLines("a", "b")
			got := items(parseText(l, l.Columns, "\n"+c.text+"\n{\"a\":1}\n"))
			if len(got) != 2 || got[0].line != 2 || got[0].reason != c.reason || got[0].raw != c.text || got[1].fields != "1|NULL" {
				t.Errorf("%+.200v, want %s", got, c.reason)
			}
		})
	}
}

func TestDeepIsNotManyBrackets(t *testing.T) {
	l := jsonLines("a")
	value := `["` + strings.Repeat("[", 2000) + `",` + strings.Repeat("[],", 2000) + strings.Repeat("[", 998) + strings.Repeat("]", 998) + "]"
	equal(t, "value", rows(items(parseText(l, l.Columns, `{"a":`+value+`}`))), []string{value})
}

func TestJSONTypes(t *testing.T) {
	l := jsonLines("a", "b")
	text := `{"a":5,"b":1.5}
{"a":"5","b":2}
{"a":true,"b":"1.50"}
{"a":null,"b":false}
{"a":[5],"b":0.5}
{"a":"","b":0.5}`
	equal(t, "found", rows(items(parseText(l, typed(l, Integer, Real), text))), []string{
		"int(5)|real(1.5)",
		`line 2: column a: "5" is no INTEGER that would print as it stands: {"a":"5","b":2}`,
		`line 3: column a: "true" is no INTEGER that would print as it stands: {"a":true,"b":"1.50"}`,
		`line 4: column b: "false" is no REAL that would print as it stands: {"a":null,"b":false}`,
		`line 5: column a: "[5]" is no INTEGER that would print as it stands: {"a":[5],"b":0.5}`,
		`line 6: column a: "" is no INTEGER that would print as it stands: {"a":"","b":0.5}`,
	})
	given := typed(l, Integer, Real)
	given[0].Given, given[1].Given = true, true
	equal(t, "given", rows(items(parseText(l, given, text))), []string{
		"int(5)|real(1.5)", "int(5)|real(2)", "int(1)|real(1.5)", "NULL|real(0)",
		`line 5: column a: "[5]" is no INTEGER: {"a":[5],"b":0.5}`,
		`line 6: column a: "" is no INTEGER: {"a":"","b":0.5}`,
	})
}

func TestColumnsOfManyObjects(t *testing.T) {
	var text strings.Builder
	for i := range 300 {
		fmt.Fprintf(&text, "{\"id\":%d,\"k%d\":\"x\"}\n", i, i%50)
		if i%10 == 0 {
			text.WriteString("{\"id\":1,\"only in a reject\":1,\"id\":2}\n")
		}
	}
	f := open(t, text.String(), Options{BlockSize: 100})
	columns, all := load(t, f)
	if len(columns) != 51 || columns[0].Name != "id" || columns[1].Name != "k0" || columns[50].Name != "k49" {
		t.Errorf("%d columns: %v", len(columns), columns)
	}
	if len(all) != 330 || all[2].fields[:18] != "int(1)|NULL|x|NULL" || all[1].reason == "" {
		t.Errorf("%d rows: %v", len(all), all[:3])
	}
}

func TestTooManyKeys(t *testing.T) {
	object := func(from, to int) string {
		members := make([]string, 0, to-from)
		for i := from; i < to; i++ {
			members = append(members, fmt.Sprintf(`"k%d":1`, i))
		}
		return "{" + strings.Join(members, ",") + "}\n"
	}
	l := jsonLines()
	b := parseText(l, nil, object(0, 2000)+object(1, 2001))
	if got := items(b); len(got) != 2 || got[0].reason != "" || !strings.Contains(got[1].reason, `key "k2000"`) {
		t.Errorf("%.200v", got)
	}
	var one, two Survey
	one.Add(parseText(l, nil, object(0, 1500)))
	two.Add(parseText(l, nil, object(1000, 2500)))
	one.Merge(&two)
	if _, err := one.Columns(nil); err == nil || !strings.Contains(err.Error(), "2500 different keys") {
		t.Error(err)
	}
}

// Parser reads what encoding/json does, and rejects what that rejects.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`{"a":"x","b":1}`, `{"a":[1,{"b":"\"]"}],"c":null}`, `{"\u0061\n":"\ud83d\ude00"}`, `{"a":1,"a":2}`, `{"a":-0.5e+7}`, `{}`, `{"":""}`,
		`[1,]`, `{"a":tru}`, `{"a":"\x"}`, `{"a":1}}`, ` { "a" : { } } `, `{"a":"\ud800"}`, `{"a":01}`, `{"a":1.}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Contains(line, "\n") || strings.Trim(line, " \t\r") == "" {
			return
		}
		p := NewParser(jsonLines(), nil)
		b := p.Parse(&Block{From: Position{Line: 1}, Data: []byte(line)})
		var want map[string]json.RawMessage
		isObject := json.Unmarshal([]byte(line), &want) == nil && want != nil
		switch {
		case b.Len() == 0 && len(b.Rejects()) == 1:
			reason := b.Rejects()[0].Reason
			if isObject && (strings.HasPrefix(reason, "no ") || !utf8.ValidString(line) && !strings.Contains(reason, "utf-8")) {
				t.Fatalf("%q: %s", line, reason)
			}
			return
		case b.Len() != 1 || len(b.Rejects()) != 0:
			t.Fatalf("%q: %d rows, %v", line, b.Len(), b.Rejects())
		case !isObject || len(want) != b.Columns():
			t.Fatalf("%q: %d columns of %q", line, b.Columns(), want)
		}
		for col, c := range b.columns {
			checkValue(t, b, col, want[c.Key])
		}
	})
}

func checkValue(t *testing.T, b *Batch, col int, want json.RawMessage) {
	text := ""
	switch {
	case string(want) == "null":
		if b.Kind(0, col) != Null {
			t.Errorf("%s: %q", want, b.Text(0, col))
		}
	case want[0] == '"':
		if err := json.Unmarshal(want, &text); err != nil {
			t.Fatal(err)
		}
	default:
		text = string(want)
	}
	if got := b.Text(0, col); got != text {
		t.Errorf("%s: %q, want %s", want, got, strconv.Quote(text))
	}
}
