package gui

import (
	"testing"

	"manyhands/core/catalog"
)

// shelf are rows of which a test brings the pages that were asked for.
func shelf(from *int) (*gridRows, *[]int) {
	var asked []int
	g := &gridRows{want: func(page int) { asked = append(asked, page) }, window: func() (int, int) { return *from, 20 }}
	g.clear()
	g.restart(0)
	return g, &asked
}

func pageOf(n int, more bool) catalog.Grid {
	g := catalog.Grid{More: more}
	for i := range n {
		g.Rows = append(g.Rows, []any{int64(i)})
	}
	return g
}

func TestLinesGrowWhileThereIsMore(t *testing.T) {
	from := 0
	g, _ := shelf(&from)
	for page, want := range []int{600, 900, 650} {
		read := pageOf(pageRows, true)
		if page == 2 {
			read = pageOf(50, false)
		}
		g.take(page, read)
		if shown, _, _ := g.Look(); shown != want {
			t.Errorf("%d lines after page %d, want %d", shown, page, want)
		}
	}
	if !g.ended {
		t.Error("the end is not known")
	}
}

func TestAPageIsAskedForOnce(t *testing.T) {
	from := 0
	g, asked := shelf(&from)
	g.take(0, pageOf(pageRows, true))
	g.expect(2000)
	from = 590 // both pages 1 and 2 can be seen
	for range 3 {
		for line := from; line < from+20; line++ {
			g.At(line)
		}
	}
	if len(*asked) != 2 || (*asked)[1] != 1 {
		t.Fatalf("asked for %v", *asked)
	}
	g.take(1, pageOf(pageRows, true))
	g.At(600)
	if len(*asked) != 3 || (*asked)[2] != 2 {
		t.Errorf("asked for %v", *asked)
	}
}

func TestRowsThatAreNotThereEndTheTable(t *testing.T) {
	from := 0
	g, _ := shelf(&from)
	g.take(0, pageOf(pageRows, true))
	g.expect(100_000) // an estimate
	g.take(200, pageOf(0, false))
	if shown, _, _ := g.Look(); shown != 2*pageRows {
		t.Errorf("%d lines", shown)
	}
	g.take(1, pageOf(10, false))
	if shown, _, _ := g.Look(); shown != pageRows+10 {
		t.Errorf("%d lines", shown)
	}
}

func TestNothingIsAskedForBesideANewBeginning(t *testing.T) {
	from := 0
	g, asked := shelf(&from)
	g.take(0, pageOf(pageRows, true))
	g.restart(0)
	if row, ok := g.At(3); !ok || row.Out == nil {
		t.Error("what was read before is gone")
	}
	from = 500
	g.At(500)
	if len(*asked) != 2 {
		t.Errorf("asked for %v", *asked)
	}
	if !g.take(0, pageOf(5, false)) || g.lines != 5 {
		t.Error("what was read before stays")
	}
}

func TestThereAreNoMoreLinesThanCanBeScrolledTo(t *testing.T) {
	from := 0
	g, _ := shelf(&from)
	g.take(0, pageOf(pageRows, true))
	if g.expect(2_000_000_000); g.lines != mostScrolled {
		t.Errorf("%d lines", g.lines)
	}
}

func TestValuesSortAsInSQLite(t *testing.T) {
	v := values{rows: [][]any{{"b"}, {[]byte{1}}, {int64(3)}, {nil}, {2.5}, {"a"}, {int64(1) << 60}, {int64(1)<<60 + 1}}}
	v.sort(0, false)
	text := ""
	for line := range v.rows {
		row, _ := v.At(line)
		text += valueText(row.Out.([]any)[0]) + " "
	}
	if want := "NULL 2.5 3 1152921504606846976 1152921504606846977 a b 1 B "; text != want {
		t.Errorf("sorted %q, want %q", text, want)
	}
}
