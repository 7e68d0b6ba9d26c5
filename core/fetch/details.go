package fetch

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"manyhands/core"
)

const (
	mostSentShown = 16 << 10 // bytes of a body that was sent
	hexShown      = 1 << 10  // bytes of what is no text
	deepestShown  = 64       // levels of JSON that are indented
)

// Details are the body, the headers, the request and the tries of a row of the
// run that Start began, or of the run of all its items when Only has narrowed
// it since.
func (c *Config) Details(row core.Row) []core.Section {
	if c.kept == nil {
		return nil
	}
	d := c.kept.of(row.Seq, row.Item)
	if d == nil {
		return []core.Section{{Title: "Body", Text: "Not kept: nothing was sent, or too much has come since."}}
	}
	return []core.Section{
		{Title: "Body", Text: d.bodyText()},
		{Title: "Headers", Text: headerText(d.status, d.header)},
		{Title: "Request", Text: headerText(d.method+" "+d.address, d.sent) + before("\n", d.sentBody)},
		{Title: "Timing", Text: d.timing()},
	}
}

func before(start, text string) string {
	if text == "" {
		return ""
	}
	return start + text
}

// bodyText is a body as a person can read it.
func (d *detail) bodyText() string {
	if len(d.body) == 0 {
		return ""
	}
	text, ok := decode(d.body, d.header.Get("Content-Type"))
	switch {
	case !ok:
		shown := d.body[:min(len(d.body), hexShown)]
		return fmt.Sprintf("%d bytes, no text; the first %d:\n%s", d.size, len(shown), hex.Dump(shown))
	case d.size > len(d.body):
		return fmt.Sprintf("%s\n… the first %d of %d bytes", text, len(d.body), d.size)
	}
	if pretty, ok := indent([]byte(text)); ok {
		return pretty
	}
	return text
}

// indent makes JSON readable, unless it is so deep that the indentation were
// many times as long.
func indent(text []byte) (string, bool) {
	level := 0
	for _, c := range text {
		switch c {
		case '{', '[':
			level++
		case '}', ']':
			level--
		}
		if level > deepestShown {
			return "", false
		}
	}
	var b bytes.Buffer
	if json.Indent(&b, text, "", "  ") != nil {
		return "", false
	}
	return b.String(), true
}

// decode makes text of a body, by the charset that its type names, else as
// UTF-8. It is not ok for what is no text.
func decode(body []byte, contentType string) (string, bool) {
	_, params, _ := mime.ParseMediaType(contentType)
	if charset, err := htmlindex.Get(params["charset"]); err == nil && params["charset"] != "" {
		if text, err := charset.NewDecoder().Bytes(body); err == nil && isText(text) {
			return string(text), true
		}
	}
	for i := 0; i < utf8.UTFMax && i < len(body); i++ { // the last rune may be cut
		if part := body[:len(body)-i]; utf8.Valid(part) {
			return strings.TrimPrefix(string(part), "\ufeff"), isText(part)
		}
	}
	return "", false
}

func isText(text []byte) bool {
	return !bytes.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f\x1b", r)
	})
}

func headerText(first string, h http.Header) string {
	if first == "" {
		return "There was no answer."
	}
	var b strings.Builder
	b.WriteString(first + "\n")
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, v := range h[name] {
			b.WriteString(name + ": " + strings.ToValidUTF8(v, "\uFFFD") + "\n")
		}
	}
	return b.String()
}

// masked is a copy of headers without what proves who asks.
func masked(h http.Header) http.Header {
	h = h.Clone()
	for name, values := range h {
		if isSecret(name) {
			for i, v := range values {
				values[i] = mask(v)
			}
		}
	}
	return h
}

func isSecret(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"auth", "cookie", "key", "token", "secret", "password", "session", "signature"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

// mask keeps the scheme of an Authorization.
func mask(value string) string {
	if scheme, rest, found := strings.Cut(value, " "); found && rest != "" && (scheme == "Basic" || scheme == "Bearer" || scheme == "Digest") {
		return scheme + " •••"
	}
	return "•••"
}

// beginning is what was sent as the body.
func beginning(req *http.Request) string {
	body, err := req.GetBody()
	if err != nil {
		return ""
	}
	defer body.Close() //nolint:errcheck // in memory
	text, _ := io.ReadAll(io.LimitReader(body, mostSentShown))
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

func (d *detail) timing() string {
	var b strings.Builder
	for i, t := range d.tries {
		fmt.Fprintf(&b, "Try %d: %s\n", i+1, t.result)
		if t.at.IsZero() {
			continue
		}
		fmt.Fprintf(&b, "  sent at      %s", t.at.Format("15:04:05.000"))
		b.WriteString(before(" to ", t.remote) + "\n")
		for _, phase := range []struct {
			name string
			took time.Duration
		}{{"waited", t.waited}, {"connecting", t.connect}, {"TLS", t.handshake}, {"first byte", t.first}, {"in all", t.took}} {
			if phase.took > 0 {
				fmt.Fprintf(&b, "  %-12s %.1f ms\n", phase.name, float64(phase.took)/float64(time.Millisecond))
			}
		}
		if t.sends > 1 {
			fmt.Fprintf(&b, "  redirects    %d\n", t.sends-1)
		}
	}
	return b.String()
}
