package load_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/database"
	"manyhands/core/load"
)

// fields are what may stand between two delimiters, right or wrong.
var fields = rapid.SampledFrom([]string{
	"", "a", "b", "c", "x y", " z ", "é", "1", "2", "3", "01", "1e5", "-0", "+1", "1.5", "1.50", "0.1", "5.0", "12345678.25",
	"9223372036854775807", "9223372036854775808", "123456789012345678901234567890", "0.30000000000000004", `5" pipe`, "NULL", "nan", "2026-01-02",
	`""`, `"q"`, `"1"`, `"with ""quotes"""`, `"a,b"`, "\"two\nlines\"", "\"a\n\nb\"",
	`"open`, `"shut"too`, "nul\x00", "\xff", "\xc3", `"` + "\xe2\x82" + `"`,
})

// hostile is a file of records, of which some cannot be read.
func hostile(r *rapid.T) (text string, columns int) {
	columns = rapid.IntRange(1, 4).Draw(r, "columns")
	var s strings.Builder
	s.WriteString(strings.Join([]string{"a", "b", "c", "d"}[:columns], ",") + "\n")
	plain := rapid.SampledFrom([]string{"a", "b", "1", "2", "3", "4", "5"})
	for range rapid.IntRange(1, 80).Draw(r, "records") {
		width := columns
		switch rapid.IntRange(0, 15).Draw(r, "how") {
		case 0:
			width--
		case 1:
			width++
		case 2:
			s.WriteString("\n")
		}
		for i := range max(width, 1) {
			if i > 0 {
				s.WriteByte(',')
			}
			if rapid.IntRange(0, 2).Draw(r, "odd") == 0 {
				s.WriteString(fields.Draw(r, "field"))
			} else {
				s.WriteString(plain.Draw(r, "plain"))
			}
		}
		s.WriteString("\n")
	}
	text = s.String()
	if rapid.Bool().Draw(r, "no last line end") {
		text = strings.TrimRight(text, "\n")
	}
	if rapid.Bool().Draw(r, "CRLF") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text, columns
}

// TestEveryRowIsThereOnce loads hostile files, most of them with stops in
// between: what is left of a file without its rejects is the table, as
// encoding/csv reads it.
func TestEveryRowIsThereOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		text, columns := hostile(r)
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		c := catalog.Defaults(&load.Config{Files: []string{}})
		c.Files, c.DB, c.Table = []string{filepath.Join(dir, "a.csv")}, filepath.Join(dir, "the.db"), "t"
		put(t, c.Files[0], text)
		c.Header, c.Delimiter, c.Quote, c.Encoding = "yes", "comma", "double", "utf-8"
		c.Workers = core.Workers(rapid.IntRange(1, 4).Draw(r, "workers"))
		if rapid.Bool().Draw(r, "with a key") {
			c.Key = []string{"a"}
		}
		c.Small(rapid.IntRange(10, 300).Draw(r, "block"), rapid.IntRange(5, 50).Draw(r, "commit"))
		if !loadInSteps(r, c, rapid.SliceOfN(rapid.IntRange(1, 60), 0, 3).Draw(r, "stops")) {
			return
		}
		got, rejects := tableText(r, c, columns), rejectedRecords(r, c)
		rest := without(r, strings.ReplaceAll(text, "\r\n", "\n"), rejects)
		reader := csv.NewReader(strings.NewReader(rest))
		reader.LazyQuotes = true // a quote within a field is text
		want, err := reader.ReadAll()
		if err != nil {
			r.Fatalf("without its rejects %q is no CSV: %v", rest, err)
		}
		if len(c.Key) > 0 { // it may be the row number
			slices.SortFunc(got, slices.Compare)
			slices.SortFunc(want[1:], slices.Compare)
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want[1:]) {
			r.Fatalf("the table is\n%q, want\n%q\nrejects: %q", got, want[1:], rejects)
		}
	})
}

// loadInSteps loads, cancels after so many pieces, and goes on, until it is done.
// It says whether there is a table: where no record can be read there is none.
func loadInSteps(r *rapid.T, c *load.Config, stops []int) bool {
	for i := 0; ; i++ {
		left, stopped := 0, make(chan struct{})
		if i < len(stops) {
			left = stops[i]
		}
		run, err := c.Start(context.Background(), func(rows []core.Row) {
			if before := left; before > 0 {
				if left -= len(rows); left <= 0 {
					close(stopped)
				}
			}
		})
		if err != nil {
			r.Fatal(err)
		}
		select {
		case <-stopped:
			run.Cancel()
		case <-run.Done():
		}
		report, err := run.Wait()
		switch {
		case err == nil:
			return true
		case report.Failed == 1 && strings.Contains(err.Error(), "no file can be read"):
			return false
		case !errors.Is(err, core.ErrCancelled):
			r.Fatal(err)
		}
		if list, err := database.List(context.Background(), c.DB); err == nil && len(list) > 0 {
			c.Mode = "resume"
		} else if b, table, err := c.Browse(context.Background()); b != nil && err == nil {
			_, err := b.Columns(context.Background(), table)
			if b.Close(); err == nil { // the stop came just after the end
				return true
			}
		}
	}
}

// tableText is the table as text: NULL is empty, line ends are those of encoding/csv.
func tableText(r *rapid.T, c *load.Config, columns int) [][]string {
	b, err := database.Browse(context.Background(), c.DB)
	if err != nil {
		r.Fatal(err)
	}
	defer b.Close()
	var casts []string
	for _, name := range []string{"a", "b", "c", "d"}[:columns] {
		casts = append(casts, "replace(ifnull(CAST("+name+" AS TEXT), ''), char(13, 10), char(10))")
	}
	g, err := b.Query(context.Background(), "SELECT "+strings.Join(casts, ", ")+" FROM t ORDER BY rowid", 1000)
	if err != nil {
		r.Fatal(err)
	}
	rows := make([][]string, len(g.Rows))
	for i, row := range g.Rows {
		for _, v := range row {
			rows[i] = append(rows[i], v.(string))
		}
	}
	return rows
}

// rejectedRecords are line, reason and record of the rejects.
func rejectedRecords(r *rapid.T, c *load.Config) [][]string {
	text, err := os.ReadFile(beside(c))
	if os.IsNotExist(err) {
		return nil
	}
	rejects, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rejects) < 2 {
		r.Fatalf("%q: %v", text, err)
	}
	return rejects[1:]
}

// without takes rejects out of a text: each stands where its line says, after
// the one before.
func without(r *rapid.T, text string, rejects [][]string) string {
	lines := strings.SplitAfter(text, "\n")
	var rest strings.Builder
	at, line := 0, 1
	for _, reject := range rejects {
		n, err := strconv.Atoi(reject[0])
		if err != nil || n < line {
			r.Fatalf("reject of line %s comes after line %d", reject[0], line)
		}
		begin := len(strings.Join(lines[:n-1], ""))
		if !strings.HasPrefix(text[begin:], reject[2]) || begin < at {
			r.Fatalf("line %d is %q, not %q", n, lines[n-1], reject[2])
		}
		rest.WriteString(text[at:begin])
		at, line = begin+len(reject[2]), n+1
	}
	return rest.String() + text[at:]
}
