package records

import (
	"bytes"
	"math"
	"strconv"
)

func float(bits uint64) float64 { return math.Float64frombits(bits) }

// number reads text as a value of kind, Integer or Real, as the package
// comment says: exactly, or as a person asked for it. The value is in 64 bits.
func number(text []byte, kind Kind, given bool) (value uint64, ok bool) {
	if kind == Integer {
		whole, ok := wholeNumber(text)
		if !ok && given {
			whole, ok = anyWhole(text)
		}
		return uint64(whole), ok
	}
	decimal, ok := decimalNumber(text)
	if !ok && given {
		decimal, ok = anyDecimal(text)
	}
	return math.Float64bits(decimal), ok
}

// wholeNumber reads a number that SQLite prints just so.
func wholeNumber(text []byte) (int64, bool) {
	digits, negative := text, false
	if len(text) > 0 && text[0] == '-' {
		digits, negative = text[1:], true
	}
	if len(digits) == 0 || len(digits) > 19 || digits[0] == '0' && len(text) > 1 {
		return 0, false
	}
	var n uint64 // 19 digits fit
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = 10*n + uint64(c)
	}
	switch {
	case negative && n <= 1<<63:
		return -int64(n), true
	case !negative && n < 1<<63:
		return int64(n), true
	}
	return 0, false
}

// manyDigits is a number with more digits than SQLite prints back of a decimal
// for sure, which are 13. It prints 17, and leaves out the last ones if they
// look like noise.
const manyDigits = 1e13

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimalNumber reads a number that SQLite prints just so. Dividing two whole
// numbers below 2^53 rounds once, so the result is the nearest float64.
func decimalNumber(text []byte) (float64, bool) {
	digits, negative := text, false
	if len(text) > 0 && text[0] == '-' {
		digits, negative = text[1:], true
	}
	point := bytes.IndexByte(digits, '.')
	places := len(digits) - point - 1
	if point < 1 || places < 1 || len(digits) > 20 || digits[0] == '0' && point > 1 {
		return 0, false
	}
	if digits[len(digits)-1] == '0' && places > 1 {
		return 0, false
	}
	var n uint64 // 19 digits fit
	for i, c := range digits {
		switch c -= '0'; {
		case i == point:
		case c > 9:
			return 0, false
		default:
			n = 10*n + uint64(c)
		}
	}
	if n >= manyDigits || places >= len(powers) || n == 0 && negative {
		return 0, false
	}
	value := float64(n) / powers[places]
	if n > 0 && value < 0.001 {
		return 0, false
	}
	if negative {
		value = -value
	}
	return value, true
}

// anyWhole reads a whole number of 64 bits, however it is written.
func anyWhole(text []byte) (int64, bool) {
	n, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64)
	return n, err == nil
}

// anyDecimal reads a decimal number, also with an exponent, as the nearest
// float64. There is none for numbers beyond its range.
func anyDecimal(text []byte) (float64, bool) {
	text = bytes.TrimSpace(text)
	for _, c := range text {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false // infinities, hexadecimal and underscores, which ParseFloat takes
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil
}
