package fetch

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"

	"manyhands/core/addresses"
)

// mostValue is how long an extracted value may be, in bytes.
const mostValue = 64 << 10

// extraction is a column made of JSON answers.
type extraction struct{ title, path string }

// titlePattern tells the titles in NAME=PATH from paths that hold a =, such as
// friends.#(last=="Murphy").first.
var titlePattern = regexp.MustCompile(`^[\p{L}\p{N}_ -]+$`)

// keysTaken are those that every row has in files of results.
var keysTaken = []string{
	"seq", "item", "status", "error", "worker", "start_ms", "took_ms", "tries",
	"http_status", "bytes", "latency_ms", "sent", "type", "protocol", "saved", "note",
}

func parsePath(text string) extraction {
	text = strings.TrimSpace(text)
	title, rest, found := strings.Cut(text, "=")
	if found && titlePattern.MatchString(title) {
		return extraction{strings.TrimSpace(title), strings.TrimSpace(rest)}
	}
	return extraction{text, text}
}

func (c *Config) paths() []extraction {
	var paths []extraction
	for _, text := range c.Extract {
		if p := parsePath(text); p.title != "" || p.path != "" {
			paths = append(paths, p)
		}
	}
	return paths
}

// Extra are the titles of the columns that Extract adds.
func (c *Config) Extra() []string {
	var titles []string
	for _, p := range c.paths() {
		titles = append(titles, p.title)
	}
	return titles
}

// extract fills the columns.
func (r *Response) extract(paths []extraction, body []byte) {
	r.extra = make([]any, len(paths))
	if !json.Valid(body) { // which also bounds how deep it is, for gjson
		r.add("not JSON")
		return
	}
	for i, p := range paths {
		r.extra[i] = value(gjson.GetBytes(body, p.path))
	}
}

// value is a string, a number, or nil for null and for what is not there.
// Numbers that a float64 would change stay texts.
func value(v gjson.Result) any {
	switch v.Type {
	case gjson.Null:
		return nil
	case gjson.Number:
		if f := v.Num; fmt.Sprint(f) == v.Raw || fmt.Sprintf("%.f", f) == v.Raw || len(v.Raw) <= 15 {
			return f
		}
		return strings.Clone(v.Raw)
	case gjson.JSON:
		return strings.Clone(addresses.Brief(v.Raw, mostValue))
	}
	return strings.Clone(addresses.Brief(v.String(), mostValue))
}
