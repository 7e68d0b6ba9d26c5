package list

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"manyhands/core/addresses"
)

// request is what stands for one download or, with a range, for many.
type request struct {
	address, name, sum string
	line               int // 0: there is none yet
	wrong              string
}

// expand makes the entries.
func (q *request) expand(yield func(Entry) bool) bool {
	if q.line == 0 {
		return true
	}
	address, name, err := q.templates()
	if err != nil {
		return yield(Entry{Address: addresses.Brief(q.address, addresses.MostLine), Line: q.line, Wrong: err.Error()})
	}
	for i := range address.Count {
		e := Entry{Address: address.Fill(i, nil), Name: name.Fill(i, nil), Sum: q.sum, Line: q.line}
		if !yield(check(e)) {
			return false
		}
	}
	return true
}

// templates reads the ranges of the address and the name.
func (q *request) templates() (address, name addresses.Template, err error) {
	name = addresses.Literal(q.name)
	if q.wrong != "" {
		return address, name, errors.New(q.wrong)
	}
	if q.sum, err = checksum(q.sum); err != nil {
		return address, name, err
	}
	if address, err = addresses.Parse(q.address, nil); err != nil {
		return address, name, err
	}
	if q.name != "" && strings.Contains(q.address, "{") {
		if name, err = addresses.Parse(q.name, nil); err != nil {
			return address, name, fmt.Errorf("its name: %w", err)
		}
	}
	switch {
	case q.name != "" && name.Count != address.Count:
		err = fmt.Errorf("its address stands for %d files, its name for %d: put the same range into both", address.Count, name.Count)
	case q.sum != "" && address.Count > 1:
		err = fmt.Errorf("it has one checksum for %d files: give each a line of its own", address.Count)
	}
	return address, name, err
}

// readText reads lines with an address each. The lines of options follow it,
// so it is held back until they are read.
func readText(in io.Reader, yield func(Entry) bool) (bool, error) {
	held := &request{}
	going, err := addresses.Each(in, func(l addresses.Line) bool {
		if held.option(l) {
			return true
		}
		if !held.expand(yield) {
			return false
		}
		held = parseLine(l)
		return true
	})
	return going && held.expand(yield), err
}

var optionPattern = regexp.MustCompile(`^[a-z][a-z0-9-]*=`)

// option takes a line of an input file of aria2 ("Input File" in its manual)
// that belongs to the address above it. That it begins with a space is not
// asked for, since nothing else looks like it.
func (q *request) option(l addresses.Line) bool {
	if q.line == 0 || l.Wrong != "" || !optionPattern.MatchString(l.Text) {
		return false
	}
	key, value, _ := strings.Cut(l.Text, "=")
	switch key {
	case "out":
		q.name = value
	case "checksum":
		q.sum = value
	}
	return true
}

const noAddress = "this is a checksum without an address: to check files with a list of such lines, give it as the checksums (--sha256)"

func parseLine(l addresses.Line) *request {
	q := &request{address: l.Text, line: l.Number, wrong: l.Wrong}
	if q.wrong != "" {
		return q
	}
	first, rest := cutField(mirror(l.Text))
	if isSum(first) {
		q.sum = first
		if first, rest = cutField(strings.TrimPrefix(rest, "*")); !strings.Contains(first, "://") {
			q.wrong = noAddress
			return q
		}
	}
	q.address, q.name = first, unquoted(rest)
	if strings.Contains(rest, "://") {
		q.wrong = "another address follows on its line: put it on a line of its own"
	}
	return q
}

// mirror is the best of the addresses of a line with tabs between them.
func mirror(text string) string {
	all := strings.Split(text, "\t")
	if len(all) == 1 || slices.ContainsFunc(all, func(s string) bool { return !strings.Contains(s, "://") }) {
		return text
	}
	return all[max(0, slices.IndexFunc(all, func(s string) bool { return strings.HasPrefix(s, "http") }))]
}

// cutField takes the first word of a text.
func cutField(text string) (first, rest string) {
	at := strings.IndexAny(text, " \t")
	if at < 0 {
		return text, ""
	}
	return text[:at], strings.TrimSpace(text[at:])
}

func unquoted(name string) string {
	if len(name) > 1 && strings.HasPrefix(name, `"`) && strings.HasSuffix(name, `"`) {
		return name[1 : len(name)-1]
	}
	return name
}

// isSum tells the sums of the usual kinds, from MD5 to SHA-512.
func isSum(word string) bool {
	return slices.Contains([]int{32, 40, 56, 64, 96, 128}, len(word)) && isHex(word)
}
