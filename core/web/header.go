package web

import (
	"fmt"
	"net/textproto"
	"strings"
)

// nameChars are those of a header's name (RFC 9110, section 5.6.2).
const nameChars = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// ParseHeader reads a header as a person writes it, "Name: value" (RFC 9110,
// section 5). Nothing at all is no mistake.
func ParseHeader(text string) (name, value string, err error) {
	if strings.TrimSpace(text) == "" {
		return "", "", nil
	}
	name, value, found := strings.Cut(text, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	control := func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
	switch {
	case !found:
		return "", "", fmt.Errorf("%q has no colon; write it as NAME: VALUE", cut(text, 60))
	case name == "" || strings.Trim(name, nameChars) != "":
		return "", "", fmt.Errorf("%q is no name for a header; use letters, digits and -", cut(name, 60))
	case strings.ContainsFunc(value, control):
		return "", "", fmt.Errorf("%s holds a control character; remove it", name)
	}
	return textproto.CanonicalMIMEHeaderKey(name), value, nil
}
