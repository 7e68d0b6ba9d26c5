package list

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"manyhands/core/addresses"
)

var (
	bsdLine   = regexp.MustCompile(`^(\\?)SHA(?:2-)?256 ?\((.+)\) ?= ?([[:xdigit:]]+)$`)
	tableLine = regexp.MustCompile(`^"?SHA256"?[\s,;]+"?([[:xdigit:]]+)"?[\s,;]+"?(.+?)"?$`)
	hashLine  = regexp.MustCompile(`^Hash\s*:\s*([[:xdigit:]]+)$`)
	pathLine  = regexp.MustCompile(`^Path\s*:\s*(.+)$`)
	cutName   = regexp.MustCompile(`(?:\.\.\.|…)$`)
)

// escapes are those of GNU, in a line that begins with a backslash.
var escapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r")

// sums are checksums while they are read.
type sums struct {
	names map[string]string
	bases map[string]string // "": differ
	hash  string            // whose path follows
}

// Sums are SHA-256 checksums, hex in lower case, by file name. They are read as
// sha256sum (GNU), BSD and openssl ("SHA256 (name) = hex") or PowerShell
// (Get-FileHash as a table, a list or CSV) write them; other lines do not
// count. A checksum without a name has the name "".
//
// Names are in Unicode's NFC, with / between folders. A file in a folder is
// there by its path and by its base name alone, unless another file has that as
// its path or as its base name with another checksum. Two checksums for the
// same path are an error, as is none at all.
func Sums(in io.Reader) (map[string]string, error) {
	s := sums{names: map[string]string{}, bases: map[string]string{}}
	var wrong error
	_, err := addresses.Each(decoded(in), func(l addresses.Line) bool {
		if l.Wrong == "" {
			wrong = s.line(l)
		}
		return wrong == nil
	})
	if err := cmp.Or(err, wrong); err != nil {
		return nil, err
	}
	if len(s.names) == 0 {
		return nil, errors.New("it holds no SHA-256 checksum: make it with sha256sum, or with Get-FileHash in PowerShell")
	}
	for base, sum := range s.bases {
		if sum != "" {
			s.names[base] = sum
		}
	}
	return s.names, nil
}

func (s *sums) line(l addresses.Line) error {
	if name, sum, ok := gnuLine(l.Text); ok {
		return s.add(l, name, sum)
	}
	if m := bsdLine.FindStringSubmatch(l.Text); m != nil {
		return s.add(l, unescaped(m[2], m[1] != ""), m[3])
	}
	if m := tableLine.FindStringSubmatch(l.Text); m != nil {
		if cutName.MatchString(m[2]) {
			return fmt.Errorf("line %d: the name %s was cut off: write the file with Get-FileHash … | Export-Csv", l.Number, addresses.Brief(m[2], 100))
		}
		return s.add(l, m[2], m[1])
	}
	if m := hashLine.FindStringSubmatch(l.Text); m != nil {
		s.hash = m[1]
	} else if m := pathLine.FindStringSubmatch(l.Text); m != nil && s.hash != "" {
		hash := s.hash
		s.hash = ""
		return s.add(l, m[1], hash)
	}
	return nil
}

// gnuLine reads "HEX  name" and, of a file read as binary, "HEX *name".
func gnuLine(text string) (name, sum string, ok bool) {
	text, isEscaped := strings.CutPrefix(text, `\`)
	sum = text
	if at := strings.IndexAny(text, " \t"); at >= 0 {
		sum, name = text[:at], text[at+1:]
	}
	if name != "" && (name[0] == ' ' || name[0] == '*') {
		name = strings.TrimLeft(name[1:], " ")
	}
	return unescaped(name, isEscaped), sum, isSHA256(sum)
}

func unescaped(name string, isEscaped bool) string {
	if !isEscaped {
		return name
	}
	return escapes.Replace(name)
}

func (s *sums) add(l addresses.Line, name, sum string) error {
	if !isSHA256(sum) {
		return nil
	}
	sum = strings.ToLower(sum)
	if name != "" {
		name = path.Clean(norm.NFC.String(strings.ReplaceAll(name, `\`, "/")))
	}
	if other, ok := s.names[name]; ok && other != sum {
		return fmt.Errorf("line %d: %q has another checksum further up: remove the wrong one", l.Number, addresses.Brief(name, 100))
	}
	s.names[name] = sum
	if base := path.Base(name); name != "" {
		if other, ok := s.bases[base]; ok && other != sum {
			sum = ""
		}
		s.bases[base] = sum
	}
	return nil
}
