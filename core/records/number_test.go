package records

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersAsTheyStand(t *testing.T) {
	for text, want := range map[string]Kind{
		"0": Integer, "7": Integer, "-7": Integer, "10": Integer, "9223372036854775807": Integer, "-9223372036854775808": Integer,
		"9223372036854775808": Text, "-9223372036854775809": Text, "99999999999999999999": Text, "18446744073709551616": Text,
		"01": Text, "-01": Text, "00": Text, "+1": Text, "-0": Text, "-": Text, "": Text, " 1": Text, "1 ": Text, "1_000": Text, "0x1": Text, "１": Text,
		"0.0": Real, "5.0": Real, "-5.0": Real, "0.5": Real, "-0.25": Real, "10.01": Real, "0.001": Real, "0.001234567890123": Real, "1234567890123.0": Text,
		"123456789012.0": Real, "123456789012.3": Real, "1234567890123.4": Text, "425232097413.65": Text,
		"-0.0": Text, "1.50": Text, "1.00": Text, ".5": Text, "5.": Text, "00.5": Text, "01.5": Text, "0.0001": Text, "0.0009": Text, "1e5": Text, "1.5e5": Text,
		"1,7": Text, "1.000,5": Text, "NaN": Text, "inf": Text, "-inf": Text, "1.2.3": Text, ".": Text, "-.": Text, "-.5": Text, "1.": Text,
		"2026-01-02": Text, "5%": Text, "true": Text,
	} {
		if got := kindOf(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func kindOf(text string) Kind {
	for _, kind := range []Kind{Integer, Real} {
		if _, ok := number([]byte(text), kind, false); ok {
			return kind
		}
	}
	return Text
}

// What counts as a number comes back from SQLite as it stood, and as the
// shortest decimal of its float64.
func TestNumbersComeBack(t *testing.T) {
	db := openDB(t)
	numbers := 0
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.StringMatching(`-?[0-9]{1,19}`),
			rapid.StringMatching(`-?(0|[1-9][0-9]{0,12})\.[0-9]{1,14}`),
			rapid.StringMatching(`-?0\.0{0,3}[1-9]{1,13}`),
			rapid.StringMatching(`[-+]?[0-9.,e]{1,8}`),
		).Draw(t, "text")
		var back string
		var err error
		switch kindOf(text) {
		case Integer:
			bits, _ := number([]byte(text), Integer, false)
			err = db.QueryRow("SELECT CAST(? AS TEXT)", int64(bits)).Scan(&back)
		case Real:
			bits, _ := number([]byte(text), Real, false)
			value := math.Float64frombits(bits)
			if exact, err := strconv.ParseFloat(text, 64); err != nil || exact != value {
				t.Fatalf("%s read as %v", text, value)
			}
			if shortest := strconv.FormatFloat(value, 'f', -1, 64); shortest != strings.TrimSuffix(text, ".0") {
				t.Fatalf("%s is %s", text, shortest)
			}
			err = db.QueryRow("SELECT CAST(? AS TEXT)", value).Scan(&back)
		default:
			return
		}
		numbers++
		if err != nil || back != text {
			t.Fatalf("%s came back as %s, %v", text, back, err)
		}
	})
	if numbers == 0 {
		t.Error("no number was tried")
	}
}

func TestGivenNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		kind Kind
		want float64
	}{
		{"01", Integer, 1},
		{" +7\t", Integer, 7},
		{"-0", Integer, 0},
		{"1.50", Real, 1.5},
		{".5", Real, 0.5},
		{"1e3", Real, 1000},
		{"7", Real, 7},
		{"0.1234567890123456789", Real, 0.12345678901234568},
	} {
		bits, ok := number([]byte(c.text), c.kind, true)
		got := float64(int64(bits))
		if c.kind == Real {
			got = float(bits)
		}
		if !ok || got != c.want {
			t.Errorf("%q as %s is %v, %v", c.text, c.kind, got, ok)
		}
	}
	for _, text := range []string{"", " ", "1.0", "1e3", "0x1", "1_0", "9223372036854775808", "x"} {
		if n, ok := number([]byte(text), Integer, true); ok {
			t.Errorf("%q as INTEGER is %d", text, n)
		}
	}
	for _, text := range []string{"", "NaN", "inf", "1e999", "0x1p-2", "1_0.5", "1,7", "1.2.3"} {
		if bits, ok := number([]byte(text), Real, true); ok {
			t.Errorf("%q as REAL is %v", text, float(bits))
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-9223372036854775808", "5.0", "-0.25", "1234567890123456789012", "1.e", "--1", "0.000000000000000000000000000001"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if bits, ok := number([]byte(text), Integer, false); ok && strconv.FormatInt(int64(bits), 10) != text {
			t.Errorf("%q is %d", text, int64(bits))
		}
		bits, ok := number([]byte(text), Real, false)
		if ok && strconv.FormatFloat(float(bits), 'f', -1, 64) != strings.TrimSuffix(text, ".0") {
			t.Errorf("%q is %v", text, float(bits))
		}
	})
}
