package records

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// Values of Options.Format and Options.Header. An empty text and "auto" have
// them found out.
const (
	CSV   = "csv" // also with tabs: the delimiter tells
	JSONL = "jsonl"

	HeaderYes = "yes"
	HeaderNo  = "no"
)

// NoQuote as Options.Quote says that no byte quotes.
const NoQuote = 0xFF

// Options say how to read a file. Zero values are found out.
type Options struct {
	Format    string // CSV or JSONL
	Delimiter byte   // between fields: an ASCII character
	Quote     byte   // around fields: an ASCII character, or NoQuote
	Encoding  string // a name of the WHATWG Encoding Standard, such as windows-1252
	Header    string // whether the first record names the columns: HeaderYes or HeaderNo

	Null      []string        // fields that mean NULL
	EmptyNull bool            // an empty field without quotes is NULL in columns of text too
	Types     map[string]Kind // of columns, by name without regard to case; the rest is found out

	BlockSize  int // about how much text a Block has, in bytes; 0: 1 MiB
	RecordSize int // the longest record, in bytes; 0: 16 MiB
}

const (
	defaultBlock  = 1 << 20
	defaultRecord = 16 << 20
	mostRecord    = 1 << 30 // places within a block are 32 bits
)

// Check names a setting that cannot be.
func (o Options) Check() error {
	switch {
	case !oneOf(o.Format, CSV, JSONL):
		return fmt.Errorf("format %q: it is csv, jsonl or auto", o.Format)
	case !oneOf(o.Header, HeaderYes, HeaderNo):
		return fmt.Errorf("header %q: it is yes, no or auto", o.Header)
	case o.Delimiter >= 0x80 || o.Delimiter == '\n' || o.Delimiter == '\r':
		return fmt.Errorf("delimiter %q: it is one ASCII character, and no end of line", o.Delimiter)
	case o.Quote != NoQuote && (o.Quote >= 0x80 || o.Quote == '\n' || o.Quote == '\r'):
		return fmt.Errorf("quote %q: it is one ASCII character, and no end of line", o.Quote)
	case o.Quote != 0 && o.Quote == o.Delimiter:
		return fmt.Errorf("quote %q: it cannot be the delimiter too", o.Quote)
	case o.BlockSize < 0 || o.RecordSize < 0 || max(o.BlockSize, o.RecordSize) > mostRecord:
		return fmt.Errorf("block of %d bytes, record of %d: they are from 1 to %d", o.BlockSize, o.RecordSize, mostRecord)
	}
	for name, kind := range o.Types {
		if kind > Text {
			return fmt.Errorf("type of column %s: it is INTEGER, REAL or TEXT", name)
		}
	}
	_, err := encodingName(o.Encoding)
	return err
}

// oneOf allows for what is to be found out.
func oneOf(text string, allowed ...string) bool {
	return isAuto(text) || strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+text+" ")
}

func isAuto(text string) bool { return text == "" || text == "auto" }

// encodingName is the canonical name of an encoding, empty if it is to be
// found out. The standard reads the labels latin1 and us-ascii as windows-1252.
func encodingName(label string) (string, error) {
	if isAuto(label) {
		return "", nil
	}
	encoding, err := htmlindex.Get(label)
	if err != nil {
		return "", fmt.Errorf("encoding %q is not known; known are utf-8, utf-16le, windows-1252, shift_jis and the others of the WHATWG Encoding Standard", label)
	}
	name, err := htmlindex.Name(encoding)
	if err != nil || name == "replacement" { // which decodes nothing
		return "", fmt.Errorf("encoding %q cannot be read", label)
	}
	return name, nil
}
