package addresses

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Most is how many a run may have.
const Most = 1_000_000_000

// Template is a text with places to be filled in, each by the numbers of a
// range or by a column of the data.
type Template struct {
	parts []part
	Count int // how many texts its ranges make, all combined
}

type part struct {
	text    string
	numbers *numbers // nil: no range
	column  int      // of the data, from 1; 0: none
	escape  func(string) string
}

// numbers is a range.
type numbers struct {
	from, step int64
	count      int
	every      int // so many texts hold the same number, one after the other
	width      int // digits, filled with zeros; 0: as they come
}

var rangePattern = regexp.MustCompile(`^(-?\d{1,18})\.\.(-?\d{1,18})(?:\.\.-?(\d{1,18}))?$`)

// Parse reads a template in which every {…} must be a range or a
// column. Values are escaped for their place (RFC 3986), but not at its very
// beginning, where they are the address itself.
func Parse(text string, columns []string) (Template, error) {
	t, literal := Template{Count: 1}, ""
	for rest := text; rest != ""; {
		at := strings.IndexByte(rest, '{')
		if at < 0 {
			literal += rest
			break
		}
		if at > 0 && rest[at-1] == '\\' {
			literal, rest = literal+rest[:at-1]+"{", rest[at+1:]
			continue
		}
		literal += rest[:at]
		name, after, closed := strings.Cut(rest[at+1:], "}")
		if !closed {
			return t, fmt.Errorf(`the { before %q has no }: write \{ for a brace of the address`, Brief(name, 40))
		}
		t.addText(strings.ReplaceAll(literal, `\}`, "}"))
		if err := t.addPlace(name, columns, escapeAt(t.parts)); err != nil {
			return t, err
		}
		literal, rest = "", after
	}
	t.addText(strings.ReplaceAll(literal, `\}`, "}"))
	t.spread()
	return t, nil
}

func (t *Template) addText(text string) {
	if text != "" {
		t.parts = append(t.parts, part{text: text})
	}
}

func (t *Template) addPlace(name string, columns []string, escape func(string) string) error {
	if r, ok, err := parseRange(name); ok {
		if err == nil && r.count > Most/t.Count {
			err = fmt.Errorf("{%s} makes more than %d addresses: make it smaller", name, Most)
		}
		if err != nil {
			return err
		}
		t.Count *= r.count
		t.parts = append(t.parts, part{numbers: &r})
		return nil
	}
	column := slices.Index(columns, name) + 1
	if column == 0 {
		return noColumn(name, columns)
	}
	t.parts = append(t.parts, part{column: column, escape: escape})
	return nil
}

func noColumn(name string, columns []string) error {
	advice := "choose the data (CSV) that has it"
	if len(columns) > 0 {
		advice = "the data has " + Brief(strings.Join(columns, ", "), 200)
	}
	return fmt.Errorf(`{%s} is no range like {1..50} and no column: %s, or write \{ for a brace`, Brief(name, 40), advice)
}

// Literal is a template without places.
func Literal(text string) Template {
	return Template{Count: 1, parts: []part{{text: text}}}
}

// Whole says that the address as a whole, or its beginning, is in a column.
func (t Template) Whole() bool { return len(t.parts) > 0 && t.parts[0].column > 0 }

// parseRange reads "1..50", "0..100..10" and "001..050". It is not ok if name
// does not look like one.
func parseRange(name string) (r numbers, ok bool, err error) {
	m := rangePattern.FindStringSubmatch(name)
	if m == nil {
		return r, false, nil
	}
	from, _ := strconv.ParseInt(m[1], 10, 64) // 18 digits fit
	to, _ := strconv.ParseInt(m[2], 10, 64)
	r = numbers{from: from, step: 1, every: 1}
	if m[3] != "" {
		r.step, _ = strconv.ParseInt(m[3], 10, 64)
	}
	if r.step == 0 {
		return r, true, fmt.Errorf("{%s} never gets anywhere: make its step 1 or more", name)
	}
	span := max(to-from, from-to) / r.step
	if span >= Most {
		return r, true, fmt.Errorf("{%s} makes more than %d addresses: make it smaller", name, Most)
	}
	r.count = int(span) + 1
	if to < from {
		r.step = -r.step
	}
	for _, digits := range []string{strings.TrimPrefix(m[1], "-"), strings.TrimPrefix(m[2], "-")} {
		if len(digits) > 1 && digits[0] == '0' {
			r.width = max(len(strings.TrimPrefix(m[1], "-")), len(strings.TrimPrefix(m[2], "-")))
		}
	}
	return r, true, nil
}

func (r *numbers) at(i int) string {
	n := r.from + int64(i/r.every%r.count)*r.step
	if n < 0 {
		return fmt.Sprintf("-%0*d", r.width, -n)
	}
	return fmt.Sprintf("%0*d", r.width, n)
}

// spread makes the last range change fastest.
func (t *Template) spread() {
	every := 1
	for _, p := range slices.Backward(t.parts) {
		if p.numbers != nil {
			p.numbers.every = every
			every *= p.numbers.count
		}
	}
}

// Fill makes the i-th text, from 0, with a row of the data.
func (t *Template) Fill(i int, row []string) string {
	var b strings.Builder
	for _, p := range t.parts {
		switch {
		case p.numbers != nil:
			b.WriteString(p.numbers.at(i))
		case p.column > len(row): // a short row
		case p.column > 0:
			b.WriteString(p.escape(row[p.column-1]))
		default:
			b.WriteString(p.text)
		}
	}
	return b.String()
}

func asIs(s string) string { return s }

// escapeAt says how a value must be written after what stands before it.
func escapeAt(before []part) func(string) string {
	if len(before) == 0 {
		return asIs
	}
	for _, p := range before {
		if strings.ContainsAny(p.text, "?#") {
			return url.QueryEscape
		}
	}
	if first := before[0]; len(before) == 1 && strings.HasSuffix(first.text, "://") {
		return asIs // the host
	}
	return url.PathEscape
}

// ParseLoose reads a text in which only the names of columns are places: other
// braces, as those of JSON, stand for themselves. escape is told what stands
// before a place.
func ParseLoose(text string, columns []string, escape func(before string) func(string) string) Template {
	t, done := Template{Count: 1}, 0
	for at := 0; at < len(text); at++ {
		if text[at] != '{' {
			continue
		}
		column, end := columnAt(text[at+1:], columns)
		if column == 0 {
			continue
		}
		if at > 0 && text[at-1] == '\\' {
			t.addText(text[done : at-1])
			done = at
			continue
		}
		t.addText(text[done:at])
		t.parts = append(t.parts, part{column: column, escape: escape(text[:at])})
		at += end
		done = at + 1
	}
	t.addText(text[done:])
	return t
}

// columnAt finds the column whose name, and a }, the text begins with, and
// where that } is in a text with the { before it.
func columnAt(text string, columns []string) (column, end int) {
	for i, name := range columns {
		if strings.HasPrefix(text, name) && strings.HasPrefix(text[len(name):], "}") {
			return i + 1, len(name) + 1
		}
	}
	return 0, 0
}

// Brief is the beginning of a text, for a message.
func Brief(text string, most int) string {
	for i := range text {
		if i >= most {
			return text[:i] + "…"
		}
	}
	return text
}
