package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"manyhands/core/addresses"
	"manyhands/core/web"
)

// mostSent is how large a body that is sent may be, in bytes.
const mostSent = 16 << 20

// form is what all requests of a run have in common, with places to be filled.
type form struct {
	method string
	names  []string // of the headers
	values []addresses.Template
	kind   string // Content-Type that follows from the body
	body   *addresses.Template
}

// newForm reads the body, from its file if it is in one.
func (c *Config) newForm(columns []string) (*form, error) {
	f := &form{method: c.Method}
	for _, text := range c.Header {
		name, value, err := web.ParseHeader(text)
		if err != nil {
			return nil, err
		}
		if name != "" {
			f.names = append(f.names, name)
			f.values = append(f.values, addresses.ParseLoose(value, columns, func(string) func(string) string { return oneLine }))
		}
	}
	body, err := c.bodyText()
	if err != nil || body == "" {
		return f, err
	}
	f.kind = kindOfBody(body)
	kind := f.kind
	if given := f.given("Content-Type"); given != "" {
		kind = mediaType(given)
	}
	t := addresses.ParseLoose(body, columns, escapeFor(kind))
	f.body = &t
	return f, nil
}

func (f *form) given(name string) string {
	for i, n := range f.names {
		if n == name {
			return f.values[i].Fill(0, nil)
		}
	}
	return ""
}

// oneLine keeps a value from adding headers of its own.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

func (c *Config) bodyText() (string, error) {
	path, isFile := strings.CutPrefix(c.Body, "@")
	if !isFile {
		return c.Body, nil
	}
	f, err := addresses.OpenFile(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, mostSent+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("%s cannot be read (%w)", path, addresses.Bare(err))
	case len(text) > mostSent:
		return "", fmt.Errorf("%s is larger than %d MiB; send less", path, mostSent>>20)
	}
	return string(text), nil
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

func kindOfBody(body string) string {
	start := strings.TrimSpace(body)
	switch {
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		return jsonType
	case strings.Contains(start, "=") && !strings.ContainsAny(start, " \n"):
		return formType
	}
	return "text/plain; charset=utf-8"
}

// escapeFor says how values are written into a body of some type.
func escapeFor(kind string) func(before string) func(string) string {
	return func(before string) func(string) string {
		switch {
		case kind == formType:
			return url.QueryEscape
		case isJSON(kind) && insideString(before):
			return escapeJSON
		}
		return func(s string) string { return s }
	}
}

// insideString reports whether JSON that ends here ends within a string.
func insideString(before string) bool {
	inside := false
	for i := 0; i < len(before); i++ {
		switch before[i] {
		case '"':
			inside = !inside
		case '\\':
			if inside {
				i++
			}
		}
	}
	return inside
}

func escapeJSON(s string) string {
	var b strings.Builder
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	if to.Encode(s) != nil {
		return ""
	}
	text := strings.TrimSuffix(b.String(), "\n")
	return text[1 : len(text)-1]
}

// request makes an item's request.
func (f *form) request(ctx context.Context, it *item) (*http.Request, error) {
	var body io.Reader
	if f.body != nil {
		body = bytes.NewReader([]byte(f.body.Fill(0, it.row)))
	}
	req, err := http.NewRequestWithContext(ctx, f.method, it.address, body)
	if err != nil {
		return nil, err
	}
	if f.kind != "" {
		req.Header.Set("Content-Type", f.kind)
	}
	given := map[string]bool{}
	for i, name := range f.names {
		value := f.values[i].Fill(0, it.row)
		switch {
		case name == "Host":
			req.Host = value
		case given[name]:
			req.Header.Add(name, value)
		default:
			req.Header.Set(name, value)
		}
		given[name] = true
	}
	return req, nil
}

// repeatable says that sending a request twice does no more than sending it
// once (RFC 9110, section 9.2.2).
func repeatable(req *http.Request) bool {
	switch req.Method {
	case "POST", "PATCH":
		return req.Header.Get("Idempotency-Key") != ""
	}
	return true
}
