package list

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html/charset"

	"manyhands/core/web"
)

// mostDepth is how deep elements may be nested. Metalink needs 4.
const mostDepth = 16

var metalinkPattern = regexp.MustCompile(`^\s*<(?s:.*<)?(?:[\w.-]+:)?metalink\b`)

func isMetalink(start []byte) bool { return metalinkPattern.Match(start) }

// metalinkFile is an element of a Metalink (RFC 5854, section 4.1.2).
type metalinkFile struct {
	Name   string `xml:"name,attr"`
	Hashes []struct {
		Type string `xml:"type,attr"`
		Hex  string `xml:",chardata"`
	} `xml:"hash"`
	URLs []metalinkURL `xml:"url"`
}

type metalinkURL struct {
	Priority string `xml:"priority,attr"`
	Address  string `xml:",chardata"`
}

// readMetalink reads one file after the other.
func readMetalink(in io.Reader, yield func(Entry) bool) (bool, error) {
	rest := &bounded{in: in, left: mostRecord}
	tokens := &shallow{Decoder: xml.NewDecoder(rest)}
	tokens.CharsetReader = charset.NewReaderLabel
	d := xml.NewTokenDecoder(tokens)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		start, isStart := token.(xml.StartElement)
		if err == nil && (!isStart || start.Name.Local != "file") {
			continue
		}
		var f metalinkFile
		line, _ := tokens.InputPos()
		if err == nil {
			err = d.DecodeElement(&f, &start)
		}
		if err != nil {
			return true, fmt.Errorf("as a Metalink it is damaged: %w", err)
		}
		rest.left = mostRecord
		if !yield(f.entry(line)) {
			return false, nil
		}
	}
}

// shallow reads XML that is not nested deeply.
type shallow struct {
	*xml.Decoder
	depth int
}

func (s *shallow) Token() (xml.Token, error) {
	token, err := s.RawToken()
	switch token.(type) {
	case xml.StartElement:
		s.depth++
	case xml.EndElement:
		s.depth--
	}
	if s.depth > mostDepth {
		return nil, fmt.Errorf("its elements are nested more than %d deep", mostDepth)
	}
	return token, err
}

func (f *metalinkFile) entry(line int) Entry {
	e := Entry{Address: f.best(), Name: f.Name, Line: line}
	for _, h := range f.Hashes {
		var err error
		if !strings.EqualFold(h.Type, "sha-256") {
			continue
		}
		if e.Sum, err = checksum(strings.TrimSpace(h.Hex)); err != nil {
			e.Wrong = err.Error()
		}
	}
	if e.Address == "" {
		e.Address, e.Wrong = f.Name, "the Metalink (version 4) gives no address for it that begins with http:// or https://: give one yourself"
	}
	return check(e)
}

// best is the address to use; "": there is none.
func (f *metalinkFile) best() string {
	best, at := "", math.MaxInt
	for _, u := range f.URLs {
		text := strings.TrimSpace(u.Address)
		if _, err := web.Address(text); err == nil && (best == "" || u.priority() < at) {
			best, at = text, u.priority()
		}
	}
	return best
}

// priority is 1 for the best. Addresses without one come last.
func (u *metalinkURL) priority() int {
	if n, err := strconv.Atoi(u.Priority); err == nil && n > 0 {
		return n
	}
	return math.MaxInt
}
