package web

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Address reads an address that a person typed or a list holds. The error says
// what is wrong with it.
func Address(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return nil, Explain(err)
	}
	return u, checkAddress(u)
}

// addressError is an address that no request can be sent to.
type addressError struct{ address, why string }

func (e *addressError) Error() string {
	return fmt.Sprintf("bad address %q: %s", e.address, e.why)
}

func checkAddress(u *url.URL) error {
	if u == nil {
		return &addressError{"", "it is empty"}
	}
	why := ""
	switch {
	case u.Scheme == "" && u.Host == "" && u.Path == "":
		why = "it is empty"
	case u.Scheme == "":
		why = "it does not say how to get there: begin it with https://"
	case u.Scheme != "http" && u.Scheme != "https":
		why = u.Scheme + " is not supported: use http or https"
	case u.Hostname() == "":
		why = "the name of the host is missing, as in https://example.com/"
	case tooLarge(u.Port()):
		why = "the port is a number up to 65535"
	default:
		return nil
	}
	return &addressError{shown(u.Redacted()), why}
}

// tooLarge says that no port has this number; "": the usual one does.
func tooLarge(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return port != "" && err != nil
}

// explainParse says what url.Parse did not like.
func explainParse(e *url.Error) string {
	why := e.Err.Error()
	escape, isEscape := errors.AsType[url.EscapeError](e.Err)
	char, isChar := errors.AsType[url.InvalidHostError](e.Err)
	switch {
	case isEscape:
		why = fmt.Sprintf("%q is no %%-code: write a percent sign itself as %%25", string(escape))
	case isChar:
		why = fmt.Sprintf("the character %q cannot be in the name of a host", string(char))
	case strings.Contains(why, "control character"):
		why = "it holds a line break or another control character: remove it"
	case strings.Contains(why, "invalid port"):
		why = "what follows the colon is no port number"
	case strings.Contains(why, "missing protocol scheme"), strings.Contains(why, "first path segment"):
		why = "it does not say how to get there: begin it with https://"
	case strings.Contains(why, "missing ']'"):
		why = "an IPv6 address ends with ]"
	case strings.Contains(why, "userinfo"):
		why = "the name or password before the @ holds a character that must be written as a %-code"
	case strings.Contains(why, "IPv6"), strings.Contains(why, "IP-literal"), strings.Contains(why, "ParseAddr"):
		why = "what is in [ ] is no IPv6 address"
	}
	return (&addressError{shown(hidePassword(e.URL)), why}).Error()
}

// hidePassword takes out what stands before the @, in an address that cannot be
// parsed.
func hidePassword(address string) string {
	start := strings.Index(address, "//") + 2
	if start < 2 {
		start = 0
	}
	rest := address[start:]
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndexByte(rest[:end], '@')
	if at < 0 {
		return address
	}
	return address[:start] + "xxxxx" + rest[at:]
}

// shown is an address as it stands in an error.
func shown(address string) string { return cut(address, 200) }

func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
