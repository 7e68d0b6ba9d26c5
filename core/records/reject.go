package records

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// Reject is a record that is not in the table, and why. What a file in another
// encoding has comes as UTF-8.
type Reject struct {
	Line   int64  // where it begins, from 1
	Reason string // in plain words
	Raw    string // the record as it stands, without its end of line; of one that is too long the first 64 KiB
	End    int64  // the offset behind it and its end of line
}

// RejectWriter writes rejects as CSV: line, reason, record. The record is as
// exact as the file it comes from, with its line ends and whatever was wrong.
type RejectWriter struct{ csv *csv.Writer }

// NewRejectWriter writes to w. The header is left out when a file is
// continued.
func NewRejectWriter(w io.Writer, header bool) (*RejectWriter, error) {
	r := &RejectWriter{csv.NewWriter(w)}
	if !header {
		return r, nil
	}
	return r, r.write([]string{"line", "reason", "record"})
}

// Write adds rejects, all of which are handed on before it returns.
func (w *RejectWriter) Write(rejects ...Reject) error {
	lines := make([][]string, len(rejects))
	for i, r := range rejects {
		lines[i] = []string{strconv.FormatInt(r.Line, 10), r.Reason, r.Raw}
	}
	return w.write(lines...)
}

func (w *RejectWriter) write(lines ...[]string) error {
	if err := w.csv.WriteAll(lines); err != nil {
		return fmt.Errorf("write the rejects: %w", err)
	}
	return nil
}
