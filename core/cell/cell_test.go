package cell_test

import (
	"testing"

	"manyhands/core/cell"
)

func TestKindsAreNamedAsInSQL(t *testing.T) {
	for kind, want := range map[cell.Kind]string{
		cell.Null: "NULL", cell.Integer: "INTEGER", cell.Real: "REAL", cell.Text: "TEXT", 9: "UNKNOWN",
	} {
		if got := kind.String(); got != want {
			t.Errorf("kind %d is %s, want %s", kind, got, want)
		}
	}
}
