package records

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/tidwall/gjson"
)

// Layout says how a file is written, and what table it is.
type Layout struct {
	Options            // with all that was found out
	Compression string // gzip, zstd or nothing
	Newline     byte   // that ends a line: '\n', also behind '\r'; or '\r'
	Columns     []Column
	Start       Position // of the first record that is data
	Preview     *Batch   // the first 100 records, as text: never released

	bom int // bytes of a byte order mark
}

const (
	sampleSize  = 1 << 20
	trialSize   = 256 << 10 // of it, to find the delimiter
	previewRows = 100
)

// Sniff finds out from the first MiB of text what the options leave open.
// Types of columns, and the keys that JSON lines have further on, are found by
// a Survey of the whole file.
func Sniff(r io.Reader, o Options) (*Layout, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	l := &Layout{Options: o}
	text, whole, err := l.sample(r)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, errors.New("the file is empty")
	}
	if err := l.findFormat(text); err != nil {
		return nil, err
	}
	if !whole {
		text = firstLines(text, len(text)-1)
	}
	if l.Format == JSONL {
		err = l.sniffObjects(text, whole)
	} else {
		err = l.sniffRecords(text, whole)
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}

// sample reads, unpacks and decodes the beginning of a file.
func (l *Layout) sample(r io.Reader) (text []byte, whole bool, err error) {
	in, err := unpack(r)
	if err != nil {
		return nil, false, err
	}
	defer in.close()
	l.Compression = in.compression
	head := make([]byte, sampleSize)
	n, err := io.ReadFull(in, head)
	head, whole = head[:n], errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !whole {
		return nil, false, err
	}
	l.Encoding, _ = encodingName(l.Encoding) // Check has seen it
	if err := l.findEncoding(head); err != nil {
		return nil, false, err
	}
	decoded, err := l.decode(bytes.NewReader(head))
	if err != nil {
		return nil, false, err
	}
	if text, err = io.ReadAll(decoded); err != nil {
		return nil, false, fmt.Errorf("decode %s: %w", l.Encoding, err)
	}
	return text, whole, l.checkText(text, head)
}

// firstLines are the lines that end within the first most bytes, or all if none
// does or there are no more.
func firstLines(text []byte, most int) []byte {
	if len(text) <= most {
		return text
	}
	if i := bytes.LastIndexAny(text[:most], "\r\n"); i >= 0 {
		return text[:i+1]
	}
	return text
}

// findFormat tells JSON lines by an object among the first lines, of which the
// first begins with a brace.
func (l *Layout) findFormat(text []byte) error {
	text = bytes.TrimSpace(text)
	switch {
	case !isAuto(l.Format):
	case text[0] == '{' && hasObject(text):
		l.Format = JSONL
	case isDocument(text):
		return errors.New("this is a JSON document, not an object a line: convert it, for example with jq -c '.[]'")
	default:
		l.Format = CSV
	}
	return nil
}

func hasObject(text []byte) bool {
	for range 10 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] == '{' && !tooDeep(line) && gjson.ValidBytes(line) {
			return true
		}
		text = rest
	}
	return false
}

// isDocument tells an array or object of JSON by its first two characters.
func isDocument(text []byte) bool {
	next := bytes.TrimSpace(text[1:])
	return len(next) > 0 && (text[0] == '{' && next[0] == '"' || text[0] == '[' && bytes.IndexByte([]byte(`{["`), next[0]) >= 0)
}

// sniffObjects finds the keys of JSON lines.
func (l *Layout) sniffObjects(text []byte, whole bool) error {
	l.Newline, l.Delimiter, l.Quote, l.Header = '\n', ',', '"', HeaderNo
	l.Start = Position{Line: 1}
	p := NewParser(l, nil)
	p.Parse(&Block{Data: text})
	if len(p.columns) == 0 && whole {
		return errors.New("no line is a JSON object with a key and a value")
	}
	l.Columns = p.columns
	nameColumns(l.Columns)
	l.preview(text)
	return nil
}

// preview reads the first records.
func (l *Layout) preview(text []byte) {
	p := NewParser(l, l.Columns)
	p.most = previewRows
	l.Preview = p.Parse(&Block{From: l.Start, Data: text[l.Start.Offset:]})
}

// norm says in a message how many fields a record should have.
func (l *Layout) norm() string {
	if l.Header == HeaderYes {
		return "the header has"
	}
	return "most records have"
}
