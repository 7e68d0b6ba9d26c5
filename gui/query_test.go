package gui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"manyhands/core/catalog"
)

func listed(rows int64, exact bool) catalog.Listed { return catalog.Listed{Rows: rows, Exact: exact} }

// query runs a SELECT and waits for its end.
func (d *desk) query(text string) {
	d.Helper()
	b := d.page.database
	b.entry.SetText(text)
	d.choose("Run SELECT")
	d.until("the end of "+text, func() bool { return !b.asking.Busy() })
}

func TestASelectShowsWhatItBrings(t *testing.T) {
	d, b, _ := browsing(t, 10)
	d.query("SELECT name, weight * 2 AS twice FROM people ORDER BY id DESC")
	d.want("titles", titles(b.table), "# | name | twice")
	d.want("line", cells(b.table, 1), "2 | name 9 | (NULL)")
	if !strings.HasPrefix(b.tally.Text, "SELECT: 10 rows · ") || !strings.HasSuffix(b.tally.Text, "s") {
		t.Errorf("said %q", b.tally.Text)
	}
	if !b.filter.Disabled() {
		t.Error("the filter seems to work on it")
	}
	b.table.sortBy(2)
	d.want("NULL first", cells(b.table, 0), "2 | name 9 | (NULL)")
	b.table.sortBy(2)
	d.want("the largest first", cells(b.table, 0), "3 | name 8 | 2")
	b.table.sortBy(2)
	d.want("as they came", cells(b.table, 0), "1 | name 10 | 1")
	d.choose("Refresh")
	d.until("refreshed", func() bool { return !b.listing.Busy() })
	d.want("it stays", titles(b.table), "# | name | twice")
	b.list.Select(2)
	d.database("people: 10 rows")
	d.want("the table is back", titles(b.table), "# | id INTEGER key | name TEXT | weight REAL | photo BLOB")
}

func TestCtrlEnterRunsTheSelectFromItsBox(t *testing.T) {
	d, b, _ := browsing(t, 10)
	d.choose("Go to SELECT")
	if d.Canvas().Focused() != b.entry {
		t.Fatal("the keyboard is not in the box")
	}
	test.Type(b.entry, "SELECT 1 AS one")
	d.choose("Start")
	d.until("the end", func() bool { return titles(b.table) == "# | one" })
	if !d.page.idle() || d.page.ran != nil {
		t.Error("it started a run")
	}
	d.choose("Go to settings")
	d.choose("Start")
	d.want("said", d.page.bar.say.Text, "File: choose the list")
}

func TestOnlyTheFirstRowsOfASelectAreShown(t *testing.T) {
	d, b, _ := browsing(t, 10)
	d.query(fmt.Sprintf(number+"SELECT i FROM n", 20_000))
	if len(b.brought.values.rows) != 10_000 || !strings.HasPrefix(b.tally.Text, "SELECT: the first 10,000 rows, there are more · ") {
		t.Errorf("%d rows, said %q", len(b.brought.values.rows), b.tally.Text)
	}
}

func TestAMistakeInASelectIsSaidBelowIt(t *testing.T) {
	d, b, _ := browsing(t, 10)
	for query, want := range map[string]string{
		"SELECT naem FROM people": "No such column: naem",
		"DROP TABLE people":       "Only one SELECT can be run here (or WITH … SELECT, or VALUES)",
		" ":                       "Type a SELECT first, such as: SELECT * FROM people",
	} {
		d.query(query)
		d.want(query, b.said.Text, want)
		if !b.said.Visible() || !b.table.Visible() {
			t.Error("it is hidden, or the table is")
		}
	}
	d.query("SELECT 1")
	if b.said.Visible() {
		t.Error("the mistake stays")
	}
}

func TestASelectIsStopped(t *testing.T) {
	for name, stop := range map[string]func(*desk, *database){
		"by Escape":     func(d *desk, b *database) { d.key(b.entry, fyne.KeyEscape) },
		"by its button": func(_ *desk, b *database) { test.Tap(b.stop) },
		"by the menu":   func(d *desk, _ *database) { d.choose("Stop SELECT") },
		"by Escape while nothing has the keyboard": func(d *desk, _ *database) {
			d.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, b, _ := browsing(t, 10)
			b.entry.SetText("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n")
			test.Tap(b.run)
			d.until("running", func() bool { return strings.HasPrefix(b.said.Text, "Running…") })
			began := time.Now()
			stop(d, b)
			if !strings.HasPrefix(b.said.Text, "Stopped after ") || !b.stop.Disabled() {
				t.Errorf("said %q", b.said.Text)
			}
			d.until("the end", func() bool { return b.asking.stop == nil })
			took := time.Since(began)
			if t.Logf("it ended after %v", took); took > 3*time.Second {
				t.Error("it went on")
			}
			d.query("SELECT 7 AS seven")
			d.want("the next", titles(b.table), "# | seven")
		})
	}
}

func TestANewerSelectEndsTheOlder(t *testing.T) {
	d, b, _ := browsing(t, 10)
	b.entry.SetText("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n")
	test.Tap(b.run)
	d.query("SELECT 7 AS seven")
	d.want("shown", titles(b.table), "# | seven")
}

func TestTheTableCanBeReadWhileASelectRuns(t *testing.T) {
	d, b, _ := browsing(t, 10)
	b.entry.SetText("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n")
	test.Tap(b.run)
	b.list.Select(0)
	d.database("empty: 0 rows")
	b.stopQuery()
}

func TestWhatIsShownIsExported(t *testing.T) {
	d, b, _ := browsing(t, 1000)
	export := func(want string) []string {
		t.Helper()
		d.asked.path = filepath.Join(t.TempDir(), "out.csv")
		d.choose("Export CSV…")
		d.until(want, func() bool { return d.page.bar.say.Text == want+d.asked.path })
		text, err := os.ReadFile(d.asked.path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(text)), "\n")
	}
	lines := export("1,000 rows exported to ")
	d.want("name", d.asked.from, "people.csv")
	d.want("lines", lines[0]+"; "+lines[3], "id,name,weight,photo; 3,name 3,,x'00112233'")
	b.filter.SetText("name 99")
	d.database("people: 11 rows")
	b.table.sortBy(1)
	b.table.sortBy(1)
	lines = export("11 rows exported to ")
	d.want("first", lines[1][:4], "999,")
	d.query(fmt.Sprintf(number+"SELECT i AS \"n\" FROM n", 12_000))
	lines = export("12,000 rows exported to ")
	d.want("name", d.asked.from, "query.csv")
	d.want("lines", lines[0]+" "+lines[12_000], "n 12000")
	d.asked.path = filepath.Join(t.TempDir(), "none", "out.csv")
	d.choose("Export CSV…")
	d.until("the error", func() bool { return strings.HasPrefix(d.page.bar.say.Text, "Not exported: ") })
}

func TestATablesNameBecomesAFilesName(t *testing.T) {
	if got := fileName("a/b\\c:d*e\n?.x"); got != "a_b_c_d_e__.x" {
		t.Errorf("it is %q", got)
	}
}
