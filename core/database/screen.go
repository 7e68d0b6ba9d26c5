package database

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"manyhands/core/cell"
)

// guard looks at the values of one column before SQLite gets them, where SQLite
// would store something else than it was given and not say so.
type guard struct {
	col      int
	name     string
	affinity affinity
	key      bool // NULL would never meet its like; as a row number it would become a number
	filled   bool // OR REPLACE puts the default in the place of a NULL
	counts   bool // it is the row number: the smallest is wanted
	figures  bool // its type says that it has numbers, though SQLite would store a text
}

// guard finds the columns that need one.
func (p *plan) guard(key []string) {
	for i, f := range p.fields {
		g := guard{
			col: i, name: f.name, affinity: f.affinity,
			key:     contains(key, f.name),
			filled:  p.policy == ReplaceRow && f.notNull && f.hasDefault,
			counts:  f.name == p.alias,
			figures: !p.strict && f.name != p.alias && sayNumbers(f.declared),
		}
		numeric := f.affinity == integerAffinity || f.affinity == realAffinity
		if numeric || g.key || g.filled {
			p.guards = append(p.guards, g)
		}
	}
}

// sayNumbers tells whether a column's type is one for numbers. NUMERIC is none:
// DATE, DATETIME and BOOLEAN are NUMERIC to SQLite.
func sayNumbers(declared string) bool {
	a := affinityOf(declared, false)
	return a == realAffinity || a == integerAffinity && strings.Contains(strings.ToUpper(declared), "INT")
}

// findings is what the guards have to say about a row.
type findings struct {
	reason    string // why it must be refused; "": it need not
	converted int    // values that will be spelled in another way
	number    int64  // its row number, where it brings one
	numbered  bool
	odd       bool // its row number is not given as an integer
}

// screen looks at one row.
func (p *plan) screen(b Batch, row int) (f findings) {
	for i := range p.guards {
		g := &p.guards[i]
		kind := b.Kind(row, g.col)
		if g.counts && kind != cell.Null {
			f.odd = kind != cell.Integer
			if f.numbered = !f.odd; f.numbered {
				f.number = b.Int(row, g.col)
			}
		}
		switch {
		case kind == cell.Integer && g.affinity != realAffinity: // most values
		case kind == cell.Null && g.key:
			f.reason = g.name + ": a value is needed here: it is the key"
		case kind == cell.Null && g.filled:
			f.reason = g.name + ": a value is needed here (NOT NULL)"
		case kind == cell.Integer && !exactReal(b.Int(row, g.col)):
			f.reason = fmt.Sprintf("%s: %d would lose digits in a REAL column", g.name, b.Int(row, g.col))
		case kind == cell.Text && g.affinity >= integerAffinity:
			f.text(g, b.Text(row, g.col))
		case kind == cell.Real && g.affinity >= integerAffinity && b.Real(row, g.col) == 0 && math.Signbit(b.Real(row, g.col)):
			f.converted++ // -0.0 is stored as 0
		}
		if f.reason != "" {
			return f
		}
	}
	return f
}

func (f *findings) text(g *guard, text string) {
	switch becomes, same := numberOf(text, g.affinity); same {
	case spelled:
		if becomes == "" && g.figures {
			f.reason = fmt.Sprintf("%s: %.60q is no number, and the column is one of numbers", g.name, text)
		}
	case equal:
		f.converted++
	case lossy:
		f.reason = fmt.Sprintf("%s: %.60q would become %s in a column of numbers", g.name, text, becomes)
	}
}

func exactReal(i int64) bool {
	const exact = 1 << 53
	if -exact <= i && i <= exact {
		return true
	}
	r := float64(i)
	return r < math.MaxInt64 && int64(r) == i // 2^63 is no int64
}

// sameness is what is left of a text in a column of numbers.
type sameness uint8

const (
	spelled sameness = iota // it is no number, or prints as it stood
	equal                   // another spelling of the same number
	lossy                   // another number
)

// numberOf tells what SQLite makes of a text in a column of numbers: what
// looks like a decimal number becomes one (sqlite.org/datatype3 section 3).
func numberOf(text string, a affinity) (string, sameness) {
	if text == "" || text[0] > '9' || text[len(text)-1] > '9' {
		return "", spelled
	}
	trimmed := strings.Trim(text, " \t\n\v\f\r")
	if strings.Trim(trimmed, "0123456789+-.eE") != "" {
		return "", spelled
	}
	if i, err := strconv.ParseInt(trimmed, 10, 64); err == nil {
		becomes := strconv.FormatInt(i, 10)
		switch {
		case a == realAffinity && !exactReal(i):
			return strconv.FormatFloat(float64(i), 'g', -1, 64), lossy
		case becomes == text:
			return becomes, spelled
		}
		return becomes, equal
	}
	r, err := strconv.ParseFloat(trimmed, 64)
	if math.IsInf(r, 0) {
		return "infinite", lossy
	}
	if err != nil {
		return "", spelled
	}
	becomes := strconv.FormatFloat(r, 'g', -1, 64)
	switch {
	case becomes == text:
		return becomes, spelled
	case sameNumber(trimmed, becomes, r):
		return becomes, equal
	}
	return becomes, lossy
}

// sameNumber compares two decimal numbers exactly. r is about their value: it
// keeps exponents away that would take gigabytes.
func sameNumber(a, b string, r float64) bool {
	if r == 0 {
		mantissa, _, _ := strings.Cut(strings.ToLower(a), "e")
		return !strings.ContainsAny(mantissa, "123456789")
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}
