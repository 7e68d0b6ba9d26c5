// Package list reads downloads as a person gives them: lists, tables and link
// files of many kinds, told from what is in them.
//
//	       ┌─ text, aria2, sums ─┐
//	       ├─ CSV ───────────────┴─ request ── ranges ─┐
//	Read ──┼─ Metalink ────────────────────────────────┼─ check ──► Entry
//	       └─ .url, .desktop ──────────────────────────┘
//	Sums ──── sha256sum, BSD, PowerShell ──► sum by file name
package list

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"manyhands/core/addresses"
	"manyhands/core/web"
)

// mostRecord is how long a row of a table or a file of a Metalink may be, in
// bytes. The sums of the pieces of a large file make a megabyte or two.
const mostRecord = 4 << 20

// Entry is one download.
type Entry struct {
	Address string
	Name    string // wanted, as it was given; "": as the server says
	Sum     string // hex SHA-256 wanted, in lower case; "": none
	Line    int    // in its list, from 1; a row of a table counts as one
	Wrong   string // why it cannot be downloaded, with what to do; "": it can
}

// Read reads a list, in UTF-8, or UTF-16 with a byte order mark; false means
// that yield ended it. It is one of these:
//
//   - Text with a line for each download: ADDRESS, ADDRESS NAME, HEX ADDRESS
//     as sha256sum writes it, or HEX ADDRESS NAME. # begins a comment.
//   - An input file of aria2: text with lines out=NAME and checksum=sha-256=HEX
//     below an address; other options are not used. Of several addresses on
//     a line, with tabs between them, the first with http or https is used.
//   - CSV: a first line that names a column url, address, link or uri, and
//     maybe name, filename, file or out, and sha256, sha-256 or checksum.
//   - Metalink 4 (RFC 5854): of a file's addresses, the one with http or https
//     and the best priority is used.
//   - A link: .url of Windows, .desktop of Linux.
//
// Ranges in addresses of text and CSV, as img{001..100}.jpg, stand for many
// downloads (addresses.Parse). The ranges of a name beside them must make as
// many; beside an address without braces, those of a name are part of it.
//
// An error says what ended the list early.
func Read(in io.Reader, yield func(Entry) bool) (bool, error) {
	r := bufio.NewReaderSize(decoded(in), addresses.MostLine)
	start, _ := r.Peek(addresses.MostLine)
	var first addresses.Line
	_, _ = addresses.Each(bytes.NewReader(start), func(l addresses.Line) bool {
		first = l
		return false
	})
	switch {
	case bytes.IndexByte(start, 0) >= 0:
		return yield(notList(first, "this is no text in UTF-8: give a list of addresses")), nil
	case isMetalink(start):
		return readMetalink(r, yield)
	case isPage(start):
		return yield(notList(first, "this is an HTML page, not a list: give the addresses in it, one a line")), nil
	case strings.HasPrefix(first.Text, "<"):
		return yield(notList(first, "this is XML of a kind that is not known: give addresses, one a line, or a Metalink")), nil
	case strings.EqualFold(first.Text, "[InternetShortcut]"), first.Text == "[Desktop Entry]":
		return readLink(r, first, yield)
	case isTable(first):
		return readTable(r, first, yield)
	}
	return readText(r, yield)
}

// decoded is a text in UTF-8 without a byte order mark. PowerShell 5 and
// Notepad write UTF-16.
func decoded(in io.Reader) io.Reader {
	return transform.NewReader(in, unicode.BOMOverride(transform.Nop))
}

// notList stands for a whole list.
func notList(first addresses.Line, why string) Entry {
	return Entry{Address: addresses.Brief(first.Text, 100), Line: max(first.Number, 1), Wrong: why}
}

var pagePattern = regexp.MustCompile(`(?i)^\s*<(?s:.{0,1000}<)?(?:!doctype html|html)\b`)

func isPage(start []byte) bool { return pagePattern.Match(start) }

// readLink reads an address from the line URL=….
func readLink(in io.Reader, first addresses.Line, yield func(Entry) bool) (bool, error) {
	e := Entry{Address: first.Text, Line: first.Number, Wrong: "this link names no address: its line URL=… is missing"}
	_, err := addresses.Each(in, func(l addresses.Line) bool {
		key, address, _ := strings.Cut(l.Text, "=")
		if l.Wrong != "" || !strings.EqualFold(key, "URL") && key != "URL[$e]" {
			return true
		}
		e = check(Entry{Address: strings.TrimSpace(address), Line: l.Number})
		return false
	})
	return yield(e), err
}

// check says what is wrong with an address.
func check(e Entry) Entry {
	if e.Wrong != "" {
		return e
	}
	if _, err := web.Address(e.Address); err != nil {
		e.Wrong = err.Error()
	} else if strings.ContainsRune(e.Address, '\uFFFD') {
		e.Wrong = "it holds characters that are not UTF-8: save the list as UTF-8"
	}
	return e
}

// checksum reads a SHA-256 in hex, maybe with the name of its kind before it:
// sha-256=HEX, SHA256:HEX. None is wanted if the text is empty.
func checksum(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	kind, sum := "sha256", text
	if at := strings.IndexAny(text, "=:"); at >= 0 {
		kind, sum = strings.ToLower(text[:at]), text[at+1:]
	}
	if kind != "sha256" && kind != "sha-256" {
		return "", fmt.Errorf("its checksum is of the kind %s, only sha-256 can be checked: remove it, or give that", addresses.Brief(kind, 40))
	}
	sum = strings.ToLower(strings.TrimSpace(sum))
	if !isSHA256(sum) {
		return "", errors.New("its checksum is no SHA-256, which has 64 digits from 0 to f: remove it, or give that")
	}
	return sum, nil
}

func isSHA256(text string) bool { return len(text) == 64 && isHex(text) }

func isHex(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil
}

// bounded ends in an error when more than left bytes are read.
type bounded struct {
	in   io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("one of its entries is longer than %d MiB: is a quotation mark or a tag missing?", mostRecord>>20)
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}
