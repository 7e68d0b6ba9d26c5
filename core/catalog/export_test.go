package catalog_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/catalog"
)

var rows = []core.Row{
	{Seq: 1, Item: "a.jpg", Worker: 2, Start: 1500 * time.Microsecond, Took: time.Second, Tries: 1, Out: shout{"HI", 2, .5, 0}},
	{Seq: 2, Item: `=HYPERLINK("x"),` + "\nb", Status: core.Failed, Err: errors.New("-not a JPEG"), Tries: 3},
	{Seq: 3, Item: "-12.5", Status: core.Skipped, Err: core.Skip("already there"), Out: shout{Text: "+1+1"}},
}

func TestCSVHoldsEveryValueAndNoFormula(t *testing.T) {
	var b bytes.Buffer
	w := catalog.NewCSV(&b, catalog.ColumnsOf[shout]())
	w.Write(rows)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"seq", "item", "status", "error", "worker", "start_ms", "took_ms", "tries", "text", "length", "share"},
		{"1", "a.jpg", "ok", "", "2", "1.500", "1000.000", "1", "HI", "2", "0.5"},
		{"2", `'=HYPERLINK("x"),` + "\nb", "failed", "'-not a JPEG", "0", "0.000", "0.000", "3", "", "", ""},
		{"3", "-12.5", "skipped", "already there", "0", "0.000", "0.000", "0", "'+1+1", "0", "0"},
	}
	for i := range want {
		if strings.Join(records[i], "|") != strings.Join(want[i], "|") {
			t.Errorf("line %d is %q, want %q", i, records[i], want[i])
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestCSVTellsThatItCouldNotBeWritten(t *testing.T) {
	w := catalog.NewCSV(full{}, nil)
	w.Write(rows)
	if w.Flush() == nil {
		t.Error("an error was lost")
	}
}

func TestJSONLineHasTheContractsKeysInOrder(t *testing.T) {
	for i, want := range []string{
		`{"seq":1,"item":"a.jpg","status":"ok","error":"","worker":2,"start_ms":1.500,"took_ms":1000.000,"tries":1,"text":"HI","length":2,"share":0.5}`,
		`{"seq":2,"item":"=HYPERLINK(\"x\"),\nb","status":"failed","error":"-not a JPEG","worker":0,"start_ms":0.000,"took_ms":0.000,"tries":3}`,
	} {
		line, err := catalog.JSONLine(rows[i], catalog.ColumnsOf[shout]())
		if err != nil || string(line) != want+"\n" {
			t.Errorf("line %d is %s want %s (%v)", i, line, want, err)
		}
	}
}

func TestReportLine(t *testing.T) {
	line, err := catalog.ReportLine(core.Report{
		Items: 3, OK: 1, Failed: 1, Skipped: 1, Wall: 2 * time.Second, Busy: 3 * time.Second, Rate: 1.5,
		P50: time.Millisecond, Workers: 2,
	}, []string{"200: 2", "404: 1"}, core.ErrCancelled)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]map[string]any
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"items": 3., "ok": 1., "failed": 1., "cancelled": 0., "skipped": 1., "unread": 0., "wall_s": 2., "paused_s": 0.,
		"rate": 1.5, "p50_ms": 1., "p95_ms": 0., "p99_ms": 0., "workers": 2., "overlap": 1.5, "error": "cancelled",
	} {
		if got["report"][key] != want {
			t.Errorf("%s is %v, want %v", key, got["report"][key], want)
		}
	}
	if notes := fmt.Sprint(got["report"]["notes"]); notes != "[200: 2 404: 1]" {
		t.Errorf("notes are %v", notes)
	}
	if line[len(line)-1] != '\n' || bytes.Count(line, []byte("\n")) != 1 {
		t.Errorf("not one line: %q", line)
	}
}
