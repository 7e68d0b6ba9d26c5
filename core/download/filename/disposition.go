package filename

import (
	"io"
	"mime"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// mostHeader is how much of a header is read, in bytes.
const mostHeader = 8 << 10

// said are the names that a Content-Disposition gives, the best first.
func said(disposition string) []string {
	p := parameters(disposition)
	return []string{extended(p["filename*"]), continued(p), plain(p["filename"])}
}

// parameters reads those of a header as browsers do, also where it breaks the
// grammar of RFC 6266, section 4.1, which mime.ParseMediaType refuses as a
// whole: without a type, with spaces or quotes in a value, with something
// missing at the end. Of two with the same name the first counts.
func parameters(header string) map[string]string {
	all := map[string]string{}
	for rest := header[:min(len(header), mostHeader)]; rest != ""; {
		at := strings.IndexAny(rest, "=;")
		if at < 0 {
			break
		}
		if rest[at] == ';' { // the type
			rest = rest[at+1:]
			continue
		}
		words := strings.Fields(strings.ToLower(rest[:at])) // two if a semicolon is missing
		value, after := cutValue(rest[at+1:])
		rest = after
		if len(words) == 0 {
			continue
		}
		if name := words[len(words)-1]; all[name] == "" {
			all[name] = value
		}
	}
	return all
}

// cutValue takes the value off a text that begins with one, and the semicolon
// after it. Some servers use single quotes, which by the grammar stand for
// themselves.
func cutValue(text string) (value, rest string) {
	text = strings.TrimLeft(text, " \t")
	if strings.HasPrefix(text, `"`) || strings.HasPrefix(text, "'") {
		if end := closing(text); end > 0 {
			_, rest, _ = strings.Cut(text[end+1:], ";")
			return unquote(text[1:end]), rest
		}
	}
	value, rest, _ = strings.Cut(text, ";")
	return strings.Trim(value, "\" \t"), rest
}

// closing finds the quote that ends the one a text begins with: the first with
// nothing after it that belongs to the value, as some servers do not escape
// those of the name; 0: none does.
func closing(text string) int {
	first := 0
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			after := strings.TrimLeft(text[i+1:], " \t")
			if after == "" || after[0] == ';' || after[0] == ',' {
				return i
			}
			if first == 0 && text[0] == '"' {
				first = i
			}
		}
	}
	return first
}

var (
	windowsPath = regexp.MustCompile(`^(?:[A-Za-z]:|\\)\\`)
	quotedPair  = regexp.MustCompile(`(?s)\\(.)`)
)

// unquote undoes quoted pairs (RFC 9110, section 5.6.4), but not in a path of
// Windows, which is sent as it is.
func unquote(value string) string {
	if windowsPath.MatchString(value) {
		return value
	}
	return quotedPair.ReplaceAllString(value, "$1")
}

// extended reads a value with its character set, UTF-8'en'caf%C3%A9 (RFC 8187).
// One without is taken, too; one that is wrong is not, as there often is a
// filename beside it.
func extended(value string) string {
	switch parts := strings.SplitN(value, "'", 3); len(parts) {
	case 1:
		return guess(unescape(value))
	case 3:
		return decode(parts[0], unescape(parts[2]))
	}
	return ""
}

// continued joins a value given in parts, filename*0*=…; filename*1=… (RFC
// 2231, section 4.1).
func continued(p map[string]string) string {
	var joined strings.Builder
	charset := ""
	for i := 0; ; i++ {
		name := "filename*" + strconv.Itoa(i)
		part, coded := p[name+"*"], true
		if part == "" {
			part, coded = p[name], false
		}
		if part == "" {
			return decode(charset, joined.String())
		}
		if parts := strings.SplitN(part, "'", 3); coded && i == 0 && len(parts) == 3 {
			charset, part = parts[0], parts[2]
		}
		if coded {
			part = unescape(part)
		}
		joined.WriteString(part)
	}
}

var words = mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return enc.NewDecoder().Reader(in), nil
}}

// plain reads a value that is meant to be plain text: with encoded words (RFC
// 2047), which Firefox and Chromium read and RFC 6266, appendix C.1, does not
// allow; with %-codes, which Chromium decodes where they make UTF-8 and Firefox
// does not, and which appendix D warns of for that; or raw, in UTF-8 or Latin-1.
func plain(value string) string {
	if text, err := words.DecodeHeader(value); err != nil {
		return ""
	} else if text != value {
		return text
	}
	isASCII := strings.IndexFunc(value, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
	if text := unescape(value); isASCII && utf8.ValidString(text) {
		return text
	}
	return guess(value)
}

// decode reads text in a character set by the rules of the web, where Latin-1
// is Windows-1252; "": it is not in that character set.
func decode(charset, raw string) string {
	if charset == "" {
		return guess(raw)
	}
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return ""
	}
	text, err := enc.NewDecoder().String(raw)
	if err != nil || strings.ContainsRune(text, utf8.RuneError) {
		return ""
	}
	return text
}

// guess reads text in UTF-8 if it is that, else in Latin-1.
func guess(raw string) string {
	if utf8.ValidString(raw) {
		return raw
	}
	text, _ := charmap.Windows1252.NewDecoder().String(raw) // every byte has a meaning
	return text
}

var code = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// unescape decodes %-codes; a percent sign that begins none stays.
func unescape(text string) string {
	return code.ReplaceAllStringFunc(text, func(c string) string {
		n, _ := strconv.ParseUint(c[1:], 16, 8)
		return string([]byte{byte(n)})
	})
}
