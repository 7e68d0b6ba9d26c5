package safefile

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNamesWantedAgainAreNumbered(t *testing.T) {
	var n Names
	for _, step := range [][2]string{
		{"a.jpg", "a.jpg"},
		{"A.JPG", "A-2.JPG"},
		{"a-2.jpg", "a-2-2.jpg"}, // the one before took it
		{"a.jpg", "a-3.jpg"},
		{"sub/a.jpg", "sub/a.jpg"},
		{"b", "b"},
	} {
		if got := n.Give(step[0]); got != step[1] {
			t.Errorf("%s: %s, want %s", step[0], got, step[1])
		}
	}
}

func TestNamesAreGivenOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var n Names
		given := map[string]bool{}
		for _, name := range rapid.SliceOf(rapid.SampledFrom([]string{"a", "A", "a-2", "a-3.x", "a.x", "b/a"})).Draw(t, "names") {
			got := strings.ToLower(n.Give(name))
			if given[got] {
				t.Fatalf("%s was given twice", got)
			}
			given[got] = true
		}
	})
}
