package catalog

import (
	"strings"
	"testing"
)

func TestWriteGrid(t *testing.T) {
	var b strings.Builder
	err := WriteGrid(&b, Grid{Columns: []string{"a", "=b"}, Rows: [][]any{
		{nil, int64(-7)},
		{"=1+1", 0.1},
		{"-5", []byte{0, 255}},
		{"two\nlines, \"quoted\"", 1e300},
	}})
	want := "a,'=b\n,-7\n'=1+1,0.1\n-5,x'00ff'\n\"two\nlines, \"\"quoted\"\"\",1e+300\n"
	if err != nil || b.String() != want {
		t.Errorf("%v:\n%s\nwant\n%s", err, b.String(), want)
	}
}
