package catalog

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"manyhands/core"
)

// CSV writes rows as comma-separated values (RFC 4180) with a header line.
type CSV struct {
	w       *csv.Writer
	columns []Column
}

// NewCSV starts a table with the common columns and the scenario's own.
func NewCSV(w io.Writer, columns []Column) *CSV {
	t := &CSV{w: csv.NewWriter(w), columns: columns}
	header := []string{"seq", "item", "status", "error", "worker", "start_ms", "took_ms", "tries"}
	for _, c := range columns {
		header = append(header, c.Key)
	}
	_ = t.w.Write(header) // an error shows at Flush
	return t
}

// Write adds rows.
func (t *CSV) Write(rows []core.Row) {
	for _, r := range rows {
		record := []string{
			strconv.Itoa(r.Seq), inert(r.Item), r.Status.String(), inert(reason(r)),
			strconv.Itoa(r.Worker), millis(r.Start), millis(r.Took), strconv.Itoa(r.Tries),
		}
		for _, c := range t.columns {
			record = append(record, cell(c.Value(r.Out)))
		}
		_ = t.w.Write(record)
	}
}

// Flush writes what is buffered and returns the first error met.
func (t *CSV) Flush() error {
	t.w.Flush()
	return t.w.Error()
}

func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return inert(v)
	}
	return fmt.Sprint(v)
}

// inert keeps a spreadsheet from running a cell as a formula (OWASP, "CSV
// Injection"): such a text gets a leading quote, unless it is a number.
func inert(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}

func reason(r core.Row) string {
	if r.Err == nil {
		return ""
	}
	return r.Err.Error()
}

func millis(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/1e6, 'f', 3, 64)
}

// JSONLine is a row as one line of JSON: seq, item, status, error, worker,
// start_ms, took_ms, tries, then the scenario's own values.
func JSONLine(r core.Row, columns []Column) ([]byte, error) {
	var line object
	line.add("seq", r.Seq)
	line.add("item", r.Item)
	line.add("status", r.Status.String())
	line.add("error", reason(r))
	line.add("worker", r.Worker)
	line.add("start_ms", json.Number(millis(r.Start)))
	line.add("took_ms", json.Number(millis(r.Took)))
	line.add("tries", r.Tries)
	if r.Out != nil {
		for _, c := range columns {
			line.add(c.Key, c.Value(r.Out))
		}
	}
	return line.close()
}

// ReportLine is the last line of a run's JSON: {"report":{…}}. A run that
// could not go on says why in "error"; "notes" are those of a Noter.
func ReportLine(r core.Report, notes []string, err error) ([]byte, error) {
	var o object
	o.add("items", r.Items)
	o.add("ok", r.OK)
	o.add("failed", r.Failed)
	o.add("cancelled", r.Cancelled)
	o.add("skipped", r.Skipped)
	o.add("unread", r.Unread)
	o.add("wall_s", r.Wall.Seconds())
	o.add("paused_s", r.Paused.Seconds())
	o.add("rate", r.Rate)
	o.add("p50_ms", json.Number(millis(r.P50)))
	o.add("p95_ms", json.Number(millis(r.P95)))
	o.add("p99_ms", json.Number(millis(r.P99)))
	o.add("workers", r.Workers)
	o.add("overlap", r.Overlap())
	if len(notes) > 0 {
		o.add("notes", notes)
	}
	if err != nil {
		o.add("error", err.Error())
	}
	report, err := o.close()
	if err != nil {
		return nil, err
	}
	return append(append([]byte(`{"report":`), bytes.TrimSpace(report)...), "}\n"...), nil
}

// object builds a JSON object whose keys keep their order.
type object struct {
	buf bytes.Buffer
	err error
}

func (o *object) add(key string, value any) {
	b, err := json.Marshal(value)
	if err != nil && o.err == nil {
		o.err = fmt.Errorf("write %s as JSON: %w", key, err)
	}
	if o.buf.Len() == 0 {
		o.buf.WriteByte('{')
	} else {
		o.buf.WriteByte(',')
	}
	o.buf.WriteString(strconv.Quote(key))
	o.buf.WriteByte(':')
	o.buf.Write(b)
}

func (o *object) close() ([]byte, error) {
	o.buf.WriteString("}\n")
	return o.buf.Bytes(), o.err
}
