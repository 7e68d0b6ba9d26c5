// Package filename names what is downloaded.
//
//	wanted ──────────────────────────────────────────────┐
//	Content-Disposition ── parameters ─┬─ filename* ─────┤
//	                                   └─ filename ──────┤ the first that
//	address ── last part of its path ── usual extension ─┤ leaves a name
//	"download" ──────────────────────────────────────────┴─► clean ──► name
package filename

import (
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"manyhands/core/safefile"
)

const (
	// most is how long a name may be, in bytes. File systems allow 255; the
	// rest is for a number and the extension of an unfinished file.
	most = 240
	// mostExtension tells an extension from a name with a dot in it.
	mostExtension = 32
)

// Of is the name that an answer's file should have: wanted if not empty, else
// what its Content-Disposition says (RFC 6266), else the last part of the final
// address's path, else "download". It is one good on every system
// (safefile.Name rules) and in Unicode's NFC, never with a leading dot, which
// is left out: ".bashrc" becomes "bashrc"; at most 240 bytes with the extension
// kept, ".tar.gz" too. Of a path only the last part counts. What leaves no
// name, as "..", counts as empty.
func Of(wanted, disposition string, final *url.URL) string {
	return Typed(wanted, disposition, "", final)
}

// Typed is Of, but a name that was made of the address and has no extension
// gets the usual one of the answer's Content-Type, if that is a common one.
func Typed(wanted, disposition, contentType string, final *url.URL) string {
	if name := clean(wanted); name != "" {
		return name
	}
	for _, text := range said(disposition) {
		if name := clean(text); name != "" {
			return name
		}
	}
	name := ""
	if final != nil {
		name = clean(guess(final.Path))
	}
	if name == "" {
		name = "download"
	}
	if !hasExtension(name) {
		name = clean(name + extensionOf(contentType))
	}
	return name
}

// clean makes a text into a name; "": nothing is left of it. The second round
// is for what the first put before a name kept for a device.
func clean(text string) string {
	text = norm.NFC.String(strings.ToValidUTF8(text, "_"))
	text = path.Base(strings.ReplaceAll(text, `\`, "/"))
	text = strings.TrimLeftFunc(text, func(r rune) bool { return r == '.' || r == '/' || unicode.IsSpace(r) })
	if text == "" {
		return ""
	}
	return safefile.Name(shorten(safefile.Name(shorten(text))))
}

func shorten(name string) string {
	if len(name) <= most {
		return name
	}
	ext := extension(name)
	end := most - len(ext)
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end] + ext
}

// extension is what stays at the end of a name that is too long.
func extension(name string) string {
	ext := path.Ext(name)
	if inner := path.Ext(strings.TrimSuffix(name, ext)); strings.EqualFold(inner, ".tar") {
		ext = inner + ext
	}
	if len(ext) > mostExtension {
		return ""
	}
	return ext
}
