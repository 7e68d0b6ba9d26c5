package records

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// model reads CSV of two columns by the rules of the package comment, a
// character at a time.
type model struct {
	text string
	line int64
}

func (m *model) items() []item {
	var all []item
	m.line = 1
	for at := 0; at < len(m.text); {
		if n := m.lineEnd(at); n > 0 {
			at += n
			m.line++
			continue
		}
		i := m.record(at)
		all = append(all, i)
		m.line += int64(strings.Count(m.text[at:i.end], "\n"))
		at = int(i.end)
	}
	return all
}

// lineEnd is the length of a line end at a place.
func (m *model) lineEnd(at int) int {
	for _, end := range []string{"\r\n", "\n"} {
		if strings.HasPrefix(m.text[at:], end) {
			return len(end)
		}
	}
	if m.text[at:] == "\r" {
		return 1
	}
	return 0
}

func (m *model) record(start int) item {
	var fields []string
	spanning := 0 // the field whose quotes go over the end of the first line
	for at := start; ; at++ {
		field, end, fault := m.field(at)
		firstLine := !strings.Contains(m.text[start:end], "\n")
		switch {
		case fault == "text" && firstLine:
			return m.damaged(start, fmt.Sprintf("field %d has text after its closing quote", len(fields)+1))
		case fault != "":
			if spanning == 0 {
				spanning = len(fields) + 1
			}
			return m.damaged(start, fmt.Sprintf("field %d has a quote that is not closed", spanning))
		case !firstLine && spanning == 0:
			spanning = len(fields) + 1
		}
		fields = append(fields, field)
		if at = end; at < len(m.text) && m.text[at] == ',' {
			continue
		}
		i := item{line: m.line, end: int64(at), raw: m.text[start:at], fields: strings.Join(fields, "|")}
		if at < len(m.text) {
			i.end += int64(m.lineEnd(at))
		}
		if len(fields) != 2 {
			i.fields, i.reason = "", fmt.Sprintf("%s, the header has 2", plural(len(fields), "field"))
		}
		return i
	}
}

// field reads a field, and says whether its quotes are "open" or have "text"
// behind them.
func (m *model) field(at int) (field string, end int, fault string) {
	isEnd := func(i int) bool { return i == len(m.text) || m.text[i] == ',' || m.lineEnd(i) > 0 }
	if isEnd(at) || m.text[at] != '"' {
		for end = at; !isEnd(end); end++ {
		}
		return m.text[at:end], end, ""
	}
	for i := at + 1; i < len(m.text); i++ {
		switch {
		case m.text[i] != '"':
			field += m.text[i : i+1]
		case strings.HasPrefix(m.text[i:], `""`):
			field += `"`
			i++
		case isEnd(i + 1):
			return field, i + 1, ""
		default:
			return "", i, "text"
		}
	}
	return "", len(m.text), "open"
}

// damaged rejects the line that begins at start.
func (m *model) damaged(start int, reason string) item {
	raw, _, found := strings.Cut(m.text[start:], "\n")
	i := item{line: m.line, end: int64(start + len(raw)), raw: strings.TrimSuffix(raw, "\r"), reason: reason}
	if found {
		i.end++
	}
	return i
}

// Parser does what the rules say, whatever the text.
func TestModel(t *testing.T) {
	compare := func(text string) {
		t.Helper()
		got, want := items(parseText(plainCSV(2), nil, text)), (&model{text: text}).items()
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q:\n got %+v\nwant %+v", text, got, want)
		}
	}
	for _, text := range tricky {
		compare(text)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 30_000 {
		text := make([]byte, r.IntN(40))
		for i := range text {
			text[i] = ",,\"\"\n\n\rabcdefgh"[r.IntN(15)]
		}
		compare(string(text))
	}
}

func FuzzModel(f *testing.F) {
	for _, text := range tricky {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") || strings.ToValidUTF8(text, "") != text {
			return
		}
		got, want := items(parseText(plainCSV(2), nil, text)), (&model{text: text}).items()
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q:\n got %+v\nwant %+v", text, got, want)
		}
	})
}

// seek and isASCII look at eight bytes at a time, and find what a loop does.
func TestEightBytesAtATime(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		d := dialect{delimiter: byte(r.IntN(128)), eol: '\n'}
		data := make([]byte, r.IntN(40))
		for i := range data {
			switch data[i] = byte(r.IntN(256)); r.IntN(8) {
			case 0:
				data[i] = d.delimiter ^ 1 // which a careless comparison takes for it
			case 1:
				data[i] = d.eol + 1
			}
		}
		want := strings.IndexAny(string(data), string(rune(d.delimiter))+"\n")
		if want < 0 {
			want = len(data)
		}
		if got := d.seek(data, 0); got != want {
			t.Fatalf("%q in %q: %d, want %d", d.delimiter, data, got, want)
		}
		plain := !strings.ContainsFunc(string(data), func(r rune) bool { return r >= 0x80 })
		if isASCII(data) != plain {
			t.Fatalf("%q: %v", data, isASCII(data))
		}
	}
}
