package records

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
	"pgregory.net/rapid"
)

// written is a way to write a table.
type written struct {
	delimiter, quote, eol string
	always                bool // quote every field
	mark, wide, packed    bool // byte order mark, UTF-16, gzip
}

func (w written) file(t testing.TB, table [][]string) string {
	var b strings.Builder
	if w.mark {
		b.WriteString("\uFEFF")
	}
	for _, row := range table {
		for i, field := range row {
			if w.always || field == "" || strings.ContainsAny(field, w.delimiter+w.quote+"\r\n") {
				field = w.quote + strings.ReplaceAll(field, w.quote, w.quote+w.quote) + w.quote
			}
			row[i] = field
		}
		b.WriteString(strings.Join(row, w.delimiter) + w.eol)
	}
	text := b.String()
	if w.wide {
		text = in16(text, false)
	}
	if w.packed {
		text = gzipped(t, text)
	}
	return text
}

var ways = rapid.Custom(func(t *rapid.T) written {
	return written{
		delimiter: rapid.SampledFrom([]string{",", ";", "\t", "|", "\x01", " "}).Draw(t, "delimiter"),
		quote:     rapid.SampledFrom([]string{`"`, "'"}).Draw(t, "quote"),
		eol:       rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end of line"),
		always:    rapid.Bool().Draw(t, "always quoted"),
		mark:      rapid.Bool().Draw(t, "mark"), wide: rapid.Bool().Draw(t, "UTF-16"), packed: rapid.Bool().Draw(t, "gzip"),
	}
})

func (w written) options() Options {
	o := Options{Format: CSV, Delimiter: w.delimiter[0], Quote: w.quote[0], Header: HeaderYes, BlockSize: 50}
	if w.wide {
		o.Encoding = "utf-16"
	}
	return o
}

// fields are texts that make trouble.
var fields = rapid.OneOf(
	rapid.StringMatching(`[-+]?[0-9]{0,5}[.,]?[0-9]{0,4}`),
	rapid.SampledFrom([]string{"", "NULL", "01", "-0", "1.0", "5", "5.5", "9223372036854775808", "2026-01-02", "é", "日本 😀", "\r\n", "\n\n", `"`, `""`, "''", "a\rb", " x ", "{}"}),
	rapid.StringMatching(`[a-c,;|'"\t\n ]{0,12}`),
)

func tables(t *rapid.T, field *rapid.Generator[string]) [][]string {
	columns := rapid.IntRange(1, 4).Draw(t, "columns")
	row := rapid.SliceOfN(field, columns, columns)
	return rapid.SliceOfN(row, 1, 20).Draw(t, "rows")
}

func withHeader(table [][]string) [][]string {
	header := make([]string, len(table[0]))
	for i := range header {
		header[i] = fmt.Sprintf("column %d", i)
	}
	all := [][]string{header}
	for _, row := range table {
		all = append(all, slices.Clone(row))
	}
	return all
}

// What is written comes back field by field, in any dialect and encoding.
func TestWrittenComesBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, table := ways.Draw(rt, "way"), tables(rt, fields)
		all := readAll(t, open(t, w.file(t, withHeader(table)), w.options()), nil, Position{})
		if len(all) != len(table) {
			rt.Fatalf("%d records of %d: %v", len(all), len(table), all)
		}
		for i, row := range table {
			if want := strings.Join(row, "|"); all[i].fields != want || all[i].reason != "" {
				rt.Fatalf("row %d is %q (%s), want %q", i, all[i].fields, all[i].reason, want)
			}
		}
	})
}

func openDB(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// insert puts a batch into a table with the types of the columns.
func insert(b *Batch, columns []Column, exec func(query string, args ...any) error) error {
	marks := strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",")
	for row := range b.Len() {
		values := make([]any, len(columns))
		for col := range columns {
			switch b.Kind(row, col) {
			case Integer:
				values[col] = b.Int(row, col)
			case Real:
				values[col] = b.Real(row, col)
			case Text:
				values[col] = strings.Clone(b.Text(row, col))
			}
		}
		if err := exec("INSERT INTO t VALUES ("+marks+")", values...); err != nil {
			return err
		}
	}
	return nil
}

// stored loads a file into a real table, and reads it back as text. What is
// NULL comes as empty text: it can come from nothing else here.
func stored(t *testing.T, db *sql.DB, f *File) [][]string {
	columns, _ := load(t, f)
	var definitions, texts []string
	for i, c := range columns {
		definitions = append(definitions, fmt.Sprintf("c%d %s", i, c.Type))
		texts = append(texts, fmt.Sprintf("coalesce(CAST(c%d AS TEXT), '')", i))
	}
	exec := func(query string, args ...any) error { _, err := db.Exec(query, args...); return err }
	if err := exec("DROP TABLE IF EXISTS t; CREATE TABLE t (" + strings.Join(definitions, ",") + ")"); err != nil {
		t.Fatal(err)
	}
	p := NewParser(f.Layout, columns)
	err := f.Blocks(Position{})(t.Context(), func(block *Block) bool {
		b := p.Parse(block)
		defer b.Release()
		if err := insert(b, columns, exec); err != nil {
			t.Error(err)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return texted(t, db, "SELECT "+strings.Join(texts, ",")+" FROM t ORDER BY rowid", len(columns))
}

func texted(t *testing.T, db *sql.DB, query string, columns int) [][]string {
	found, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var table [][]string
	for found.Next() {
		row, into := make([]string, columns), make([]any, columns)
		for i := range row {
			into[i] = &row[i]
		}
		if err := found.Scan(into...); err != nil {
			t.Fatal(err)
		}
		table = append(table, row)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return table
}

// No value changes between a file and a real table, whatever types were found.
func TestStoredAsItStood(t *testing.T) {
	db := openDB(t)
	numbers := rapid.OneOf(
		rapid.SampledFrom([]string{"", "0", "-7", "12345678901234"}),
		rapid.StringMatching(`-?[1-9][0-9]{0,18}`),
		rapid.StringMatching(`-?[1-9][0-9]{0,5}\.[0-9]{0,5}[1-9]`),
	)
	decimals := rapid.OneOf(rapid.StringMatching(`-?[1-9][0-9]{0,9}\.[0-9]{0,5}[1-9]`), rapid.SampledFrom([]string{"0.0", "5.0", "0.5", ""}))
	typesFound := make(map[Kind]bool)
	for _, field := range []*rapid.Generator[string]{fields, numbers, decimals, rapid.StringMatching(`-?[1-9][0-9]{0,18}`)} {
		rapid.Check(t, func(rt *rapid.T) {
			table := tables(rt, field)
			f := open(t, written{delimiter: ",", quote: `"`, eol: "\n"}.file(t, withHeader(table)), Options{Header: HeaderYes, Delimiter: ',', Quote: '"'})
			columns, _ := load(t, f)
			typesFound[columns[0].Type] = true
			if got := stored(t, db, f); !slices.EqualFunc(got, table, slices.Equal) {
				rt.Fatalf("stored %q\n want %q\nas %+v", got, table, columns)
			}
		})
	}
	if len(typesFound) != 3 {
		t.Errorf("only %v were tried", typesFound)
	}
}

// Strings of JSON lines come back, whatever is escaped.
func TestJSONComesBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		table := tables(rt, rapid.OneOf(fields, rapid.String()))
		var text strings.Builder
		for _, row := range table {
			object := make(map[string]string)
			for i, field := range row {
				field = strings.ToValidUTF8(strings.ReplaceAll(field, "\x00", ""), "")
				row[i], object[fmt.Sprintf("k%d", i)] = field, field
			}
			line, err := json.Marshal(object)
			if err != nil {
				rt.Fatal(err)
			}
			text.Write(append(line, '\n'))
		}
		_, all := load(t, open(t, text.String(), Options{BlockSize: 100}))
		for i, row := range table {
			if want := strings.Join(row, "|"); len(all) != len(table) || all[i].fields != want {
				rt.Fatalf("%q: %+v", table, all)
			}
		}
	})
}
