package records

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// The functions here read JSON that is valid.

// space is where the next token begins.
func (p *Parser) space(at int) int {
	for p.data[at] <= ' ' {
		at++
	}
	return at
}

// stringEnd is the end of the string that begins at. In text that is not valid
// it may be the end of the text.
func stringEnd(data []byte, at int) int {
	for at++; at < len(data); at++ {
		switch data[at] {
		case '"':
			return at + 1
		case '\\':
			at++
		}
	}
	return len(data)
}

// valueEnd is the end of the value that begins at.
func valueEnd(data []byte, at int) int {
	switch data[at] {
	case '"':
		return stringEnd(data, at)
	case '[', '{':
		return nestedEnd(data, at)
	}
	for at < len(data) && data[at] > ' ' && data[at] != ',' && data[at] != '}' {
		at++
	}
	return at
}

func nestedEnd(data []byte, at int) int {
	for depth := 0; at < len(data); at++ {
		switch data[at] {
		case '"':
			at = stringEnd(data, at) - 1
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
	return at
}

// unquote reads what is between the quotes of a string (RFC 8259, section 7),
// valid until the next call. It blames the record for characters that no text
// has.
func (p *Parser) unquote(raw []byte) (text []byte, ok bool) {
	escape := bytes.IndexByte(raw, '\\')
	if escape < 0 {
		return raw, true
	}
	p.value = append(p.value[:0], raw[:escape]...)
	for i := escape; i < len(raw); i++ {
		if raw[i] != '\\' {
			p.value = append(p.value, raw[i])
			continue
		}
		i++
		if raw[i] != 'u' {
			p.value = append(p.value, unescaped(raw[i]))
			continue
		}
		r, n := codePoint(raw[i+1:])
		switch r {
		case 0:
			p.blame(`a NUL, as \u0000`)
		case noRune:
			p.blame(`half of a surrogate pair, as \u%s`, raw[i+1:i+5])
		}
		p.value = utf8.AppendRune(p.value, r)
		i += n
	}
	return p.value, p.fault == ""
}

func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

const noRune = -1

// codePoint reads the digits behind \u, and the other half of a surrogate
// pair. Half a pair is noRune.
func codePoint(raw []byte) (r rune, n int) {
	r = hexDigits(raw)
	if !utf16.IsSurrogate(r) {
		return r, 4
	}
	if len(raw) < 10 || raw[4] != '\\' || raw[5] != 'u' {
		return noRune, 4
	}
	if r = utf16.DecodeRune(r, hexDigits(raw[6:])); r == utf8.RuneError {
		return noRune, 4
	}
	return r, 10
}

func hexDigits(digits []byte) (r rune) {
	for _, c := range digits[:4] {
		r <<= 4
		switch {
		case c <= '9':
			r |= rune(c - '0')
		default:
			r |= rune(c|0x20-'a') + 10
		}
	}
	return r
}
