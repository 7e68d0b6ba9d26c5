package database

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// value is any value that a source can have.
func value() *rapid.Generator[any] {
	texts := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"", "\x00", "a\x00b", "it's", `"q"`, "''", "\u00e9\u4e2d\U0001F600", "\ufeffbom", "NULL", "'; DROP TABLE t; --", "line\r\nline", " 1 ", strings.Repeat("x", 70_000)}),
		rapid.StringMatching(`[+-]?[0-9]{1,25}(\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?`),
	)
	return rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{0, -1, math.MinInt64, math.MaxInt64, 1 << 53, 1<<53 + 1})), func(i int64) any { return i }),
		rapid.Map(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64, -math.MaxFloat64, 0.1, 3, 1e21, math.Inf(1), math.Inf(-1), math.NaN()})), func(r float64) any { return r }),
		rapid.Map(texts, func(s string) any { return s }),
	)
}

// TestValuesReadBackAsTheyStood writes any values into columns of every type.
// Either a value is there afterwards, as it was, or as a number of another
// spelling, which is counted; or its row is rejected.
func TestValuesReadBackAsTheyStood(t *testing.T) {
	types := []string{"", "INTEGER", "REAL", "TEXT", "NUMERIC", "DATE", "BLOB", "VARCHAR(3)"}
	var names, definitions []string
	for i, typ := range types {
		names = append(names, fmt.Sprintf("c%d", i))
		definitions = append(definitions, fmt.Sprintf("c%d %s", i, typ))
	}
	for _, encoding := range []string{"UTF-8", "UTF-16le"} {
		path := database(t, fmt.Sprintf("PRAGMA encoding = '%s'", encoding), "CREATE TABLE t("+strings.Join(definitions, ", ")+")")
		l := open(t, Options{Path: path, Table: "t", Columns: cols(names...), Mode: Append})
		ctx := context.Background()
		rapid.Check(t, func(t *rapid.T) {
			rows := rapid.SliceOfN(rapid.SliceOfN(value(), len(types), len(types)), 1, 5).Draw(t, "rows")
			if _, err := l.Write(ctx, sheet{rows: [][]any{make([]any, len(types))}}); err != nil {
				t.Fatal(err)
			}
			if err := l.link.exec(ctx, "DELETE FROM t"); err != nil {
				t.Fatal(err)
			}
			o, err := l.Write(ctx, sheet{rows: rows})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range o.Rejects {
				rows[r.Line-1] = nil
			}
			checkValues(t, l.link, rows, o.Converted)
		})
	}
}

func checkValues(t *rapid.T, k *link, rows [][]any, converted int) {
	var kept [][]any
	for _, r := range rows {
		if r != nil {
			kept = append(kept, r)
		}
	}
	at := 0
	query := "SELECT +c0, +c1, +c2, +c3, +c4, +c5, +c6, +c7 FROM t ORDER BY rowid"
	err := k.each(context.Background(), query, nil, func(found *sql.Rows) error {
		got := make([]any, 8)
		dest := make([]any, 8)
		for i := range got {
			dest[i] = &got[i]
		}
		if err := found.Scan(dest...); err != nil {
			return err
		}
		for i, want := range kept[at] {
			if !sameValue(got[i], want) {
				if !equalNumber(got[i], want) {
					t.Fatalf("column %d: %#v, want %#v", i, got[i], want)
				}
				converted--
			}
		}
		at++
		return nil
	})
	if err != nil || at != len(kept) || converted < 0 {
		t.Fatalf("%v: %d rows of %d, %d conversions", err, at, len(kept), converted)
	}
}

// sameValue says that a value prints as it stood.
func sameValue(got, want any) bool {
	if reflect.DeepEqual(got, want) {
		r, isReal := got.(float64)
		w, _ := want.(float64)
		return !isReal || math.Signbit(r) == math.Signbit(w)
	}
	switch w := want.(type) {
	case int64:
		switch g := got.(type) {
		case string:
			return g == strconv.FormatInt(w, 10)
		case float64:
			return g < 1<<63 && int64(g) == w
		}
	case float64:
		switch g := got.(type) {
		case int64: // the same number, in a column for integers
			return float64(g) == w && !math.Signbit(w) || g < 0
		case string:
			return g == strconv.FormatFloat(w, 'g', -1, 64)
		}
	case string:
		switch g := got.(type) {
		case int64:
			return w == strconv.FormatInt(g, 10)
		case float64:
			return w == strconv.FormatFloat(g, 'g', -1, 64) || w == strconv.FormatFloat(g, 'f', -1, 64)
		}
	}
	return false
}

// equalNumber says that a text became a number, the same one.
func equalNumber(got, want any) bool {
	text, ok := want.(string)
	if !ok {
		return got == 0.0 && want == 0.0 || got == int64(0) && want == 0.0 // -0.0
	}
	text = strings.TrimSpace(text)
	switch g := got.(type) {
	case int64:
		r, err := strconv.ParseFloat(text, 64)
		return err == nil && (r == float64(g))
	case float64:
		r, err := strconv.ParseFloat(text, 64)
		return err == nil && r == g
	}
	return false
}

func TestTextsInColumnsOfNumbers(t *testing.T) {
	for text, want := range map[string]struct {
		becomes string
		same    sameness
	}{
		"":                      {"", spelled},
		"abc":                   {"", spelled},
		"1":                     {"1", spelled},
		"-7":                    {"-7", spelled},
		"1.5":                   {"1.5", spelled},
		"01":                    {"1", equal},
		"+1":                    {"1", equal},
		" 1":                    {"1", equal},
		"1\n":                   {"1", equal},
		"1.50":                  {"1.5", equal},
		"1e3":                   {"1000", equal},
		"1.":                    {"1", equal},
		".5":                    {"0.5", equal},
		"-0":                    {"0", equal},
		"0.0":                   {"0", equal},
		"0e99999999999":         {"0", equal},
		"9223372036854775807":   {"9223372036854775807", spelled},
		"9223372036854775808":   {"9.223372036854776e+18", lossy},
		"-9223372036854775808":  {"-9223372036854775808", spelled},
		"0.1234567890123456789": {"0.12345678901234568", lossy},
		"9007199254740993":      {"9007199254740993", spelled},
		"1e400":                 {"infinite", lossy},
		"1e-400":                {"0", lossy},
		"1e99999999999":         {"infinite", lossy},
		"1e-99999999999":        {"0", lossy},
		"1,5":                   {"", spelled},
		"1_000":                 {"", spelled},
		"0x10":                  {"", spelled},
		"1 2":                   {"", spelled},
		"1e":                    {"", spelled},
		"e1":                    {"", spelled},
		"inf":                   {"", spelled},
		"NaN":                   {"", spelled},
		"2024-01-02":            {"", spelled},
		"12:30":                 {"", spelled},
		"1\x00":                 {"", spelled},
		".":                     {"", spelled},
		"--1":                   {"", spelled},
		"\u00a01":               {"", spelled},
	} {
		becomes, same := numberOf(text, integerAffinity)
		if becomes != want.becomes || same != want.same {
			t.Errorf("%q: %q %d, want %q %d", text, becomes, same, want.becomes, want.same)
		}
	}
}

// FuzzNumberOf asks SQLite whether the texts that are said to stay do so.
func FuzzNumberOf(f *testing.F) {
	for _, s := range []string{"1", "01", "1.5e3", " 1 ", "1e400", "-0.0", ".", "+", "1e+", "9223372036854775808", "0.1", "1e23", "\v1"} {
		f.Add(s)
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE t(n NUMERIC)"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsRune(text, 0) {
			return // the driver's own arguments end there
		}
		becomes, same := numberOf(text, integerAffinity)
		var got any
		if err := db.QueryRow("INSERT OR REPLACE INTO t(rowid, n) VALUES (1, ?) RETURNING +n", text).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if _, isText := got.(string); isText {
			if same != spelled {
				t.Errorf("%q stays text, but is said to become %s", text, becomes)
			}
			return
		}
		if becomes == "" || same == spelled && !sameValue(got, text) {
			t.Errorf("%q becomes %v, but is said to become %q (%d)", text, got, becomes, same)
		}
	})
}

func TestTextStaysWhereATypeOnlySaysNumeric(t *testing.T) {
	path := database(t, `CREATE TABLE t(d DATE, b BOOLEAN, n NUMERIC, x)`)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("d", "b", "n", "x"), Mode: Append}, row("2026-01-02", "yes", "n/a", "x"))
	expect(t, "rejects", rejects(o), "")
	expect(t, "table", read(t, path, "SELECT quote(d), b, n, x FROM t"), "'2026-01-02' yes n/a x")
}

func TestConvertedValuesAreCounted(t *testing.T) {
	path := database(t, `CREATE TABLE t(n INTEGER, r REAL, s TEXT)`)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("n", "r", "s"), Mode: Append},
		row("01", "1.50", "01"), row(1, 1, 1), row("x", 1, 1), row(2, "2.5", nil), row(2, "n/a", nil), row("12345678901234567890", 1, 1))
	expect(t, "converted", o.Converted, 2)
	expect(t, "rejects", rejects(o), `3 n: "x" is no number, and the column is one of numbers
5 r: "n/a" is no number, and the column is one of numbers
6 n: "12345678901234567890" would become 1.2345678901234567e+19 in a column of numbers`)
	expect(t, "table", read(t, path, "SELECT n, r, quote(s) FROM t"), "1 1.5 '01'\n1 1 '1'\n2 2.5 NULL")
}
