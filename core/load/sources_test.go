package load_test

import (
	"fmt"
	"strings"
)

// numbered is a table of so many rows: id from 0, and a text.
func numbered(n int) string {
	var s strings.Builder
	s.WriteString("id,n\n")
	for i := range n {
		fmt.Fprintf(&s, "%d,row %d\n", i, i)
	}
	return s.String()
}
