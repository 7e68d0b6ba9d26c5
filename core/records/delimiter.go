package records

import (
	"bytes"
	"cmp"
)

// trial is how well a sample reads with a delimiter, a quote and an end of
// line.
type trial struct {
	delimiter, quote, newline byte

	batch   *Batch
	records int // with rejects
	usual   int // how many fields most records have
	agree   int // records that have as many
	quoted  int // fields that stand in quotes
	tidy    int // per mille of fields without any delimiter, or that are a number
}

const delimiters = ",;\t|"

// findDelimiter reads the sample with every delimiter, quote and end of line
// that is not set, and takes what makes the most sense of it.
func (l *Layout) findDelimiter(text []byte) trial {
	var best trial
	for _, newline := range newlines(text) {
		if best.batch != nil && best.agree == best.records {
			break // with LF all is well
		}
		for _, quote := range l.quotes(text) {
			for _, delimiter := range l.delimiters() {
				t := trial{delimiter: delimiter, quote: quote, newline: newline}
				t.read(*l, text)
				if best.batch == nil || t.better(&best) {
					best = t
				}
			}
		}
	}
	l.Delimiter, l.Quote, l.Newline = best.delimiter, best.quote, best.newline
	return best
}

func (l *Layout) delimiters() []byte {
	if l.Delimiter != 0 {
		return []byte{l.Delimiter}
	}
	return bytes.ReplaceAll([]byte(delimiters), []byte{l.Quote}, nil)
}

func (l *Layout) quotes(text []byte) []byte {
	switch {
	case l.Quote != 0:
		return []byte{l.Quote}
	case l.Delimiter == '"':
		return []byte{'\''}
	case l.Delimiter == '\'' || bytes.IndexByte(text, '\'') < 0:
		return []byte{'"'}
	}
	return []byte{'"', '\''}
}

// newlines are the ends of line that the sample may have. If it has both LF and
// CR alone, either can stand within a quoted field.
func newlines(text []byte) []byte {
	feeds := bytes.Count(text, []byte("\n"))
	switch returns := bytes.Count(text, []byte("\r")) - bytes.Count(text, []byte("\r\n")); {
	case returns == 0:
		return []byte("\n")
	case feeds == 0:
		return []byte("\r")
	}
	return []byte("\n\r")
}

func (t *trial) read(l Layout, text []byte) {
	l.Format, l.Delimiter, l.Quote, l.Newline, l.Columns = CSV, t.delimiter, t.quote, t.newline, nil
	p := NewParser(&l, nil)
	p.count = true
	t.batch = p.Parse(&Block{From: Position{Line: 1}, Data: text})
	t.records = t.batch.Len() + len(t.batch.rejects)
	counts := make(map[int]int)
	for row := range t.batch.rows {
		fields := len(t.batch.cellsOf(row))
		counts[fields]++
		if n := counts[fields]; n > t.agree || n == t.agree && fields > t.usual {
			t.usual, t.agree = fields, n
		}
	}
	t.look()
}

// look counts what the fields are like.
func (t *trial) look() {
	tidy := 0
	for i := range t.batch.cells {
		c := &t.batch.cells[i]
		if c.marks&quoted != 0 {
			t.quoted++
		}
		if text := t.batch.text(c); !bytes.ContainsAny(text, delimiters) || isFigure(text) {
			tidy++
		}
	}
	t.tidy = 1000 * tidy / max(1, len(t.batch.cells))
}

// better prefers several columns to one; then that more of the records have the
// usual number of fields; then quotes that make sense, then tidy fields.
func (t *trial) better(than *trial) bool {
	return cmp.Or(
		cmp.Compare(min(t.usual, 2), min(than.usual, 2)),
		cmp.Compare(t.agree*than.records, than.agree*t.records),
		cmp.Compare(t.quoted, than.quoted),
		cmp.Compare(t.tidy, than.tidy),
	) > 0
}

// isFigure tells a number, also with a decimal comma.
func isFigure(text []byte) bool {
	digits, marks := 0, 0
	for i, c := range text {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case c == ',' || c == '.':
			marks++
		case (c == '-' || c == '+') && i == 0:
		default:
			return false
		}
	}
	return digits > 0 && marks < 2
}
