// Package cell names what a value of a table can be.
package cell

// Kind is the type of one value, as SQLite knows it (blobs are not loaded).
type Kind uint8

// The four kinds of values.
const (
	Null Kind = iota
	Integer
	Real
	Text
)

var names = [...]string{Null: "NULL", Integer: "INTEGER", Real: "REAL", Text: "TEXT"}

// String is the name that SQL uses.
func (k Kind) String() string {
	if int(k) < len(names) {
		return names[k]
	}
	return "UNKNOWN"
}
