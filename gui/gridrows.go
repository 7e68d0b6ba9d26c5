package gui

import (
	"manyhands/core"
	"manyhands/core/catalog"
)

const (
	pageRows     = 300       // read at once
	mostPages    = 8         // kept
	mostScrolled = 1_000_000 // that can be scrolled to: Fyne's positions are too coarse for more
)

// gridRows are the rows of a database's table as a table shows them: pages
// that were read lately. Any other is asked for once it can be seen.
//
//	At ── not there ──► want ──► a page is read ──► take ──► At
type gridRows struct {
	want   func(page int)
	window func() (from, most int) // what can be seen
	pages  map[int]catalog.Grid
	used   map[int]int // when a page was last seen
	clock  int
	lines  int  // as far as is known
	ended  bool // there are no more than lines
	asked  int  // page under way; -1: none
	anew   bool // that page takes the place of all
}

// Look tells how many lines there are.
func (g *gridRows) Look() (shown, all, failed int) { return g.lines, g.lines, 0 }

// At is the row in a line; its Out is nil while it is not there.
func (g *gridRows) At(line int) (core.Row, bool) {
	if line < 0 || line >= g.lines {
		return core.Row{}, false
	}
	page, ok := g.pages[line/pageRows]
	if !ok || line%pageRows >= len(page.Rows) {
		g.seek()
		return core.Row{Seq: line + 1}, true
	}
	g.clock++
	g.used[line/pageRows] = g.clock
	return core.Row{Seq: line + 1, Out: page.Rows[line%pageRows]}, true
}

// seek asks for the first page that can be seen and is not there.
func (g *gridRows) seek() {
	from, most := g.window()
	last := max(from, min(from+most, g.lines)-1)
	for page := from / pageRows; page <= last/pageRows && !g.anew; page++ {
		if _, ok := g.pages[page]; ok {
			continue
		}
		if page != g.asked {
			g.asked = page
			g.want(page)
		}
		return
	}
}

// restart reads everything anew, beginning at a page. Until that is there what
// was read before is shown.
func (g *gridRows) restart(page int) {
	g.asked, g.anew = page, true
	g.want(page)
}

// clear forgets everything.
func (g *gridRows) clear() {
	g.pages, g.used, g.lines, g.ended, g.asked, g.anew = map[int]catalog.Grid{}, map[int]int{}, 0, false, -1, false
}

// expect tells how many lines there will be.
func (g *gridRows) expect(lines int) { g.lines = min(max(g.lines, lines), mostScrolled) }

// take takes over a page that was read. It tells whether all others are gone.
func (g *gridRows) take(page int, read catalog.Grid) (anew bool) {
	if anew = g.anew; anew {
		g.clear()
	}
	g.asked = -1
	g.forgetOne()
	if len(read.Rows) > 0 || page == 0 {
		g.pages[page] = read
	}
	g.clock++
	g.used[page] = g.clock
	switch end := page*pageRows + len(read.Rows); {
	case read.More && !g.ended:
		g.expect(end + pageRows)
	case read.More:
	case len(read.Rows) > 0 || page == 0:
		g.lines, g.ended = min(end, mostScrolled), true
	default: // they end somewhere before
		g.lines, g.ended = g.known(page), false
	}
	return anew
}

// known is where the rows end before a page, as far as was read, and a page
// more if there is one.
func (g *gridRows) known(before int) int {
	end := 0
	for page, read := range g.pages {
		if page >= before {
			continue
		}
		to := page*pageRows + len(read.Rows)
		if read.More {
			to += pageRows
		}
		end = max(end, min(to, before*pageRows))
	}
	return end
}

// forgetOne makes room for a page.
func (g *gridRows) forgetOne() {
	oldest := -1
	for page := range g.pages {
		if oldest < 0 || g.used[page] < g.used[oldest] {
			oldest = page
		}
	}
	if len(g.pages) >= mostPages {
		delete(g.pages, oldest)
		delete(g.used, oldest)
	}
}
