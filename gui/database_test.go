package gui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

const number = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < %d) "

// people are a table with so many rows, an empty one and a view.
func people(rows int) []string {
	return []string{
		"CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT, weight REAL, photo BLOB)",
		fmt.Sprintf("INSERT INTO people "+number+"SELECT i, 'name ' || i, nullif(i %% 3, 0) * 0.5, x'00112233' FROM n", rows),
		"CREATE TABLE empty(a, b)",
		"CREATE VIEW heavy AS SELECT id, weight FROM people WHERE weight > 0.5",
	}
}

// browsing is a desk that shows the table people, of so many rows.
func browsing(t *testing.T, rows int) (*desk, *database, string) {
	t.Helper()
	d, _ := docks(t)
	path := warehouse(t, people(rows)...)
	d.fill("table", "people")
	d.fill("to", path)
	d.choose("Database")
	d.database("people: ")
	return d, d.page.database, path
}

// database waits until the words about the table begin so, and nothing is to
// come.
func (d *desk) database(tally string) {
	d.Helper()
	b := d.page.database
	d.until(tally, func() bool {
		return strings.HasPrefix(b.tally.Text, tally) && !b.listing.Busy() && !b.reading.Busy() && b.filtering.left == 0
	})
}

func TestTheDatabaseShowsItsTables(t *testing.T) {
	d, b, _ := browsing(t, 1234)
	d.want("tables", strings.Join(b.list.names, ", "), "empty, heavy, people")
	for table, want := range map[string]string{"empty": "0", "heavy": "view, 411", "people": "1,234", "none": ""} {
		d.want("rows of "+table, b.rowsOf(table), want)
	}
	d.want("chosen", b.list.names[b.list.at], "people")
	d.want("tally", b.tally.Text, "people: 1,234 rows")
	d.want("titles", titles(b.table), "# | id INTEGER key | name TEXT | weight REAL | photo BLOB")
	for at, want := range []string{"1 | 1 | name 1 | 0.5 | (4 B)", "2 | 2 | name 2 | 1 | (4 B)", "3 | 3 | name 3 | (NULL) | (4 B)"} {
		d.want("line", cells(b.table, at), want)
	}
	if !b.table.columns[3].number || b.table.columns[2].number || b.table.columns[4].number {
		t.Error("numbers are not at the right")
	}
	b.list.Select(0)
	d.database("empty: 0 rows")
	d.want("titles", titles(b.table), "# | a | b")
	b.list.Select(1)
	d.database("heavy: 411 rows")
	d.want("line", cells(b.table, 1), "2 | 5 | 1")
}

func TestAListItemHasItsRowsAtTheRight(t *testing.T) {
	_, b, _ := browsing(t, 10)
	o := newItem()
	b.list.show(2, o)
	texts := o.(*fyne.Container).Objects
	if texts[0].(*canvas.Text).Text != "people" || texts[1].(*canvas.Text).Text != "10" {
		t.Error("the list shows something else")
	}
}

func TestRowsAreReadAsTheyAreScrolledTo(t *testing.T) {
	d, b, _ := browsing(t, 5000)
	if n := len(b.rows.pages); n != 1 {
		t.Errorf("%d pages were read", n)
	}
	b.table.ScrollTo(widget.TableCellID{Row: 3000})
	d.want("not there yet", cells(b.table, 3000), "3,001 | (…) | (…) | (…) | (…)")
	d.until("the row", func() bool { return cells(b.table, 3000) == "3,001 | 3001 | name 3001 | 0.5 | (4 B)" })
	b.table.ScrollToBottom()
	d.until("the last", func() bool { return strings.HasPrefix(cells(b.table, 4999), "5,000 | 5000 |") })
	if _, ok := b.rows.At(5000); ok {
		t.Error("there is a line behind the last")
	}
	for row := 0; row < 5000; row += pageRows {
		b.table.ScrollTo(widget.TableCellID{Row: row})
		d.until("row", func() bool { return !strings.Contains(cells(b.table, row), "…") })
	}
	if n := len(b.rows.pages); n > mostPages {
		t.Errorf("%d pages are kept", n)
	}
}

func TestATableThatGrewScrolls(t *testing.T) {
	d, b, path := browsing(t, 3)
	alter(t, path, people(500)[1]+" WHERE i > 3")
	b.renew()
	d.database("people: 500 rows")
	b.table.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -2200}})
	if top := b.table.top(); top != 100 {
		t.Errorf("line %d is on top", top)
	}
}

func TestAClickOnAHeadingSorts(t *testing.T) {
	d, b, _ := browsing(t, 1000)
	b.table.sortBy(2)
	d.until("up", func() bool { return strings.HasPrefix(cells(b.table, 2), "3 | 100 | name 100 |") })
	b.table.sortBy(2)
	d.until("down", func() bool { return strings.HasPrefix(cells(b.table, 0), "1 | 999 |") })
	b.table.sortBy(2)
	d.until("off", func() bool { return strings.HasPrefix(cells(b.table, 0), "1 | 1 |") })
	if b.table.sorted != -1 {
		t.Error("the heading shows an arrow still")
	}
	b.table.sortBy(0)
	if b.table.sorted != -1 {
		t.Error("the numbers of the rows sort")
	}
	d.choose("Sort by the next column")
	d.choose("Sort the other way")
	d.until("down", func() bool { return strings.HasPrefix(cells(b.table, 0), "1 | 1000 |") })
	d.choose("Refresh")
	d.database("people: ")
	d.want("after a refresh", cells(b.table, 0)[:8], "1 | 1000")
}

func TestTheFilterLooksIntoEveryColumn(t *testing.T) {
	d, b, _ := browsing(t, 1000)
	d.choose("Filter")
	if d.Canvas().Focused() != b.filter {
		t.Error("the keyboard is not in the filter")
	}
	test.Type(b.filter, "name 99")
	d.database("people: 11 rows with this text")
	d.want("line", cells(b.table, 1)[:9], "2 | 990 |")
	b.filter.SetText("name")
	d.database("people: more than 300 rows with this text")
	b.table.ScrollToBottom()
	d.until("further", func() bool { return len(b.rows.pages) > 1 })
	b.filter.SetText("none has it")
	d.database("people: 0 rows with this text")
	if !b.table.columns[1].number {
		t.Error("the columns change when nothing is found")
	}
	b.filter.SetText("")
	d.database("people: 1,000 rows")
}

func TestATableOfWhichTheRowsWereNotCounted(t *testing.T) {
	d, b, _ := browsing(t, 1000)
	b.rows.clear()
	b.rows.take(0, pageOf(pageRows, true))
	for want, rows := range map[string]int64{"people: more than 300 rows": -1, "people: ~1.2 M rows": 1_234_567} {
		for i := range b.tables {
			b.tables[i].Rows, b.tables[i].Exact = rows, false
		}
		d.want("tally", b.tallyWords(), want)
	}
	b.rows.take(1, pageOf(5, false))
	d.want("tally", b.tallyWords(), "people: 305 rows")
}

func TestAWindowWithADatabaseFitsASmallScreen(t *testing.T) {
	d, b, _ := browsing(t, 10)
	b.tell("a mistake", widget.DangerImportance)
	if got := d.Canvas().Content().MinSize(); got.Width > 900 || got.Height > 600 {
		t.Errorf("the window needs %v", got)
	}
}

func TestTheDatabaseFollowsTheForm(t *testing.T) {
	d, b, path := browsing(t, 10)
	d.fill("table", "EMPTY")
	d.database("empty: 0 rows")
	b.list.choose("people")
	d.database("people: 10 rows")
	d.fill("workers", "2")
	d.until("followed", func() bool { return b.settings.(*cargo).Workers == 2 })
	d.database("people: 10 rows")
	d.fill("to", warehouse(t, "CREATE TABLE other(x)"))
	d.database("other: 0 rows")
	d.fill("to", warehouse(t, "PRAGMA user_version = 1"))
	d.until("none", func() bool { return b.say.Text == "The database has no tables yet." })
	if b.table.Visible() || len(b.list.names) != 0 {
		t.Error("another database's table shows")
	}
	d.fill("to", path)
	d.database("empty: 0 rows")
	d.fill("to", filepath.Join(t.TempDir(), "new.db"))
	d.until("no database", func() bool { return b.say.Text == sentence(errNoDatabase) })
}

func TestWhatIsNoDatabaseIsNamed(t *testing.T) {
	d, b, _ := browsing(t, 10)
	path := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database at all ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	d.fill("to", path)
	d.until("the error", func() bool { return strings.Contains(b.say.Text, "letter.txt") })
	if b.say.Importance != widget.DangerImportance || b.table.Visible() {
		t.Errorf("%q is not shown as an error", b.say.Text)
	}
}

func TestTheDatabaseIsReadAnew(t *testing.T) {
	d, b, path := browsing(t, 10)
	alter(t, path, "DELETE FROM people WHERE id > 4")
	d.key(b.table, fyne.KeyF5)
	d.database("people: 4 rows")
	alter(t, path, "INSERT INTO people(name) VALUES('new')")
	d.Canvas().Unfocus()
	d.typedKey(&fyne.KeyEvent{Name: fyne.KeyF5})
	d.database("people: 5 rows")
	alter(t, path, "DROP TABLE people")
	d.choose("Refresh")
	d.database("empty: 0 rows")
}

func TestAShorterTableIsShownFromItsBeginning(t *testing.T) {
	d, b, path := browsing(t, 5000)
	b.table.ScrollToBottom()
	d.until("the last", func() bool { return strings.HasPrefix(cells(b.table, 4999), "5,000 | 5000 |") })
	alter(t, path, "DELETE FROM people WHERE id > 20")
	b.renew()
	d.database("people: 20 rows")
	d.want("last", cells(b.table, 19)[:8], "20 | 20 ")
}

func TestTheDatabaseIsReadAnewAfterARun(t *testing.T) {
	d, _, path := browsing(t, 10)
	in := d.page.form.cfg.(*cargo).hold
	d.fill("file", list(t, "name", "tea"))
	test.Tap(d.page.bar.start)
	d.until("the run", func() bool { return d.page.bar.pause.Visible() })
	in.lines <- func() { alter(t, path, "INSERT INTO people(name) VALUES('a')") }
	d.choose("Timing")
	d.choose("Database") // while the run goes on
	close(in.lines)
	d.finish()
	d.database("people: 11 rows")
}

func TestNothingIsOpenedWhileTheDatabaseIsNotSeen(t *testing.T) {
	d, b, _ := browsing(t, 10)
	d.choose("Timing")
	d.fill("to", warehouse(t, "CREATE TABLE other(x)"))
	d.until("followed", func() bool { return b.stale && b.settings.(*cargo).To == d.field("to") })
	if b.listing.Busy() || b.chosen != "people" {
		t.Error("it was opened")
	}
	d.choose("Database")
	d.database("other: 0 rows")
}

func TestARowOfTheDatabaseIsReadInFullAndCopied(t *testing.T) {
	d, b, path := browsing(t, 10)
	alter(t, path, "UPDATE people SET name = 'two\nlines' WHERE id = 3")
	b.renew()
	d.until("two lines", func() bool { return strings.Contains(cells(b.table, 2), "two lines") })
	b.table.press(2)
	b.table.TypedShortcut(&fyne.ShortcutCopy{})
	d.want("copied", d.app.Clipboard().Content(), "3\t\"two\nlines\"\t\tx'00112233'")
	d.key(b.table, fyne.KeyReturn)
	if len(d.answers()) != 2 {
		t.Fatal("it does not open")
	}
	d.press("Close")
}

func TestRowsAreCountedInWords(t *testing.T) {
	d, _, _ := browsing(t, 10)
	for _, c := range []struct {
		rows  int64
		exact bool
		want  string
	}{{-1, false, ""}, {1204, true, "1,204"}, {1_234_567, false, "~1.2 M"}, {950, false, "~950"}, {45_000, false, "~45 k"}} {
		d.want("words", tableRows(listed(c.rows, c.exact)), c.want)
	}
}
