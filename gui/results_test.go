package gui

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
)

func (d *desk) column(title string) int {
	return slices.IndexFunc(d.page.results.table.columns, func(c column) bool { return c.title == title })
}

func TestOnlyFailedShowsThemAndBack(t *testing.T) {
	d := ran(t)
	d.page.results.onlyFailed.SetChecked(true)
	got := d.items()
	slices.Sort(got)
	if !slices.Equal(got, []string{"item-003", "item-006", "item-009", "item-012"}) {
		t.Errorf("shown: %q", got)
	}
	d.want("tally", d.page.results.tally.Text, "4 of 12 shown")
	d.page.results.toggleFailed()
	if len(d.items()) != 12 || d.page.results.tally.Text != "" {
		t.Error("not all are back")
	}
}

func TestFilterWhileTyping(t *testing.T) {
	d := ran(t)
	d.page.results.filter.SetText("SCALES")
	if len(d.items()) != 4 {
		t.Errorf("%d rows for the reason typed", len(d.items()))
	}
	d.page.results.filter.SetText("item-01")
	if len(d.items()) != 3 {
		t.Errorf("%d rows for the name typed", len(d.items()))
	}
}

func TestHeadingsSortAndSortBack(t *testing.T) {
	d := ran(t)
	sort := d.page.results.table.sortBy
	sort(d.column("Parcel"))
	if got := d.items(); !slices.IsSorted(got) {
		t.Errorf("by name: %q", got)
	}
	sort(d.column("Parcel"))
	if got := d.items(); got[0] != "item-012" {
		t.Errorf("by name, backwards: %q", got)
	}
	sort(d.column("Weight"))
	if got := d.items(); !strings.HasSuffix(got[0], "3") && d.page.results.table.descending {
		t.Errorf("by weight: %q", got)
	}
	if got := d.items(); got[4] != "item-001" || got[11] != "item-011" {
		t.Errorf("by weight: %q", got)
	}
}

func TestSortingByKeyboard(t *testing.T) {
	d := ran(t)
	d.page.results.table.sortNext()
	d.page.results.table.sortNext()
	if d.page.results.table.sorted != 1 {
		t.Fatalf("sorted by column %d", d.page.results.table.sorted)
	}
	d.page.results.table.sortBack()
	if d.items()[0] != "item-012" {
		t.Error("not the other way")
	}
}

func TestAHeadingShowsTheDirection(t *testing.T) {
	d := ran(t)
	table := d.page.results.table
	h := table.createHeader().(*heading)
	table.updateHeader(widget.TableCellID{Row: -1, Col: 1}, h)
	d.want("arrow", h.arrow, "")
	h.Tapped(nil)
	table.updateHeader(widget.TableCellID{Row: -1, Col: 1}, h)
	d.want("arrow", h.arrow, " ▲")
	h.Tapped(nil)
	table.updateHeader(widget.TableCellID{Row: -1, Col: 1}, h)
	d.want("arrow", h.arrow, " ▼")
}

func TestASelectedRowIsShownInFull(t *testing.T) {
	d := ran(t)
	d.page.results.onlyFailed.SetChecked(true)
	d.page.results.table.press(0)
	d.want("detail", d.page.results.detail.Text, d.items()[0]+" · failed\nweigh "+d.items()[0]+": the scales are broken\nthey show nothing\ncall someone")
	if !d.page.results.detailBar.Visible() {
		t.Error("the detail does not show")
	}
	if d.Canvas().Focused() != d.page.results.table {
		t.Error("the arrow keys do not go on from there")
	}
	d.page.results.filter.SetText("nothing like it")
	if d.page.results.detailBar.Visible() || d.page.results.table.selected != -1 {
		t.Error("a row that is not shown is still selected")
	}
}

func TestTheSelectionStaysWithItsRow(t *testing.T) {
	d := ran(t)
	d.page.results.table.sortBy(d.column("Parcel"))
	d.page.results.table.press(0)
	d.page.results.table.sortBy(d.column("Parcel"))
	if got := d.page.results.table.selected; got != 11 {
		t.Errorf("line %d is selected, want 11", got)
	}
}

func TestKeysMoveTheSelection(t *testing.T) {
	d := ran(t)
	table := d.page.results.table
	d.page.focusTable()
	for _, step := range []struct {
		key  fyne.KeyName
		line int
	}{{fyne.KeyDown, 1}, {fyne.KeyDown, 2}, {fyne.KeyUp, 1}, {fyne.KeyEnd, 11}, {fyne.KeyDown, 11}, {fyne.KeyHome, 0}, {fyne.KeyUp, 0}, {fyne.KeyPageDown, 11}} {
		table.TypedKey(&fyne.KeyEvent{Name: step.key})
		if table.selected != step.line {
			t.Errorf("after %s line %d is selected, want %d", step.key, table.selected, step.line)
		}
	}
	table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // opens nothing: it is no file
}

func TestATableTooSmallToShowIsEmpty(t *testing.T) {
	d := ran(t)
	d.page.results.table.Resize(fyne.NewSize(500, 99))
	if lines, columns := d.page.results.table.length(); lines != 0 || columns == 0 {
		t.Errorf("%d lines, %d columns", lines, columns)
	}
	d.page.results.table.Resize(fyne.NewSize(500, 100))
	if lines, _ := d.page.results.table.length(); lines != 12 {
		t.Errorf("%d lines", lines)
	}
}

func TestCellsShowRows(t *testing.T) {
	d := ran(t)
	table := d.page.results.table
	table.sortBy(0)
	at := func(line int, title string) *cell {
		c := table.createCell().(*cell)
		table.updateCell(widget.TableCellID{Row: line, Col: d.column(title)}, c)
		return c
	}
	d.want("number", at(0, "#").text, "1")
	d.want("weight", at(1, "Weight").text, "2.0 kB")
	d.want("unit in the heading", table.columns[d.column("Cost (ms)")].text(d.page.results.rows.Shown()[0]), "1.5")
	d.want("result", at(0, "Result").text, "ok")
	d.want("reason", at(2, "Result").text, "weigh item-003: the scales are broken they show nothing call someone")
	d.want("colour", string(at(2, "Result").colour), string(theme.ColorNameError))
	d.want("colour", string(at(0, "Result").colour), string(theme.ColorNameForeground))
	d.want("weight of a failed one", at(2, "Weight").text, "")
	if !at(0, "#").number || at(0, "Parcel").number {
		t.Error("numbers are not told from texts")
	}
	at(3, "Parcel").MouseDown(nil)
	if table.selected != 3 {
		t.Error("a press does not select")
	}
}

func TestColoursAndTextsOfResults(t *testing.T) {
	skipped := core.Row{Status: core.Skipped, Err: core.Skip("already there")}
	cancelled := core.Row{Status: core.Cancelled}
	if got := resultText(skipped); got != "skipped: already there" {
		t.Error(got)
	}
	if got := resultText(cancelled); got != "cancelled" {
		t.Error(got)
	}
	if resultColour(skipped) != theme.ColorNamePlaceHolder || itemColour(skipped) != theme.ColorNameForeground {
		t.Error("a skipped row's result is not pale")
	}
	if workerText(core.Row{}) != "" || workerText(core.Row{Worker: 3}) != "3" {
		t.Error("workers")
	}
}

func TestCopyRow(t *testing.T) {
	d := ran(t)
	d.page.results.copyChosen() // nothing is selected
	d.want("clipboard", d.app.Clipboard().Content(), "")
	d.page.results.table.sortBy(0)
	d.page.results.table.press(1)
	d.page.results.copyChosen()
	cells := strings.Split(d.app.Clipboard().Content(), "\t")
	if len(cells) != 8 || cells[1] != "item-002" || cells[2] != "ok" {
		t.Errorf("copied %q", cells)
	}
}

func TestExportCSV(t *testing.T) {
	d := ran(t)
	d.asked.path = filepath.Join(t.TempDir(), "out.csv")
	d.page.results.table.sortBy(d.column("Parcel"))
	d.page.results.exportCSV()
	d.until("exported", func() bool { return d.page.bar.say.Text == "12 rows exported to "+d.asked.path })
	file, err := os.Open(d.asked.path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil || len(records) != 13 || records[1][1] != "item-001" {
		t.Errorf("%v %q", err, records)
	}
	d.want("name offered", d.asked.from, "parcels.csv")
}

func TestExportJSONOfWhatIsShown(t *testing.T) {
	d := ran(t)
	d.asked.path = filepath.Join(t.TempDir(), "out.jsonl")
	d.page.results.onlyFailed.SetChecked(true)
	d.page.results.exportJSON()
	d.until("exported", func() bool { return strings.HasPrefix(d.page.bar.say.Text, "The 4 rows shown, of 12") })
	file, err := os.Open(d.asked.path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := 0
	for scan := bufio.NewScanner(file); scan.Scan(); lines++ {
		var line struct{ Status string }
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil || line.Status != "failed" {
			t.Errorf("%v: %s", err, scan.Text())
		}
	}
	if lines != 4 {
		t.Errorf("%d lines", lines)
	}
}

func TestAnExportThatFailsSaysWhyAndLeavesNothing(t *testing.T) {
	d := ran(t)
	d.asked.path = filepath.Join(t.TempDir(), "no such folder", "out.csv")
	d.page.results.exportCSV()
	d.until("the mistake", func() bool { return strings.HasPrefix(d.page.bar.say.Text, "Not exported: ") })
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := writeFile(path, func(w io.Writer) error { _, _ = w.Write([]byte("half")); return broken })
	if !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	got, _ := os.ReadFile(path)
	if string(got) != "before" {
		t.Errorf("the file holds %q", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestShortenKeepsBothEndsOfAPath(t *testing.T) {
	const long = "a very long folder/with another one in it/IMG_0001.jpg"
	short := shorten(long, 200, 13, true)
	if !strings.HasPrefix(short, "a very") || !strings.HasSuffix(short, "0001.jpg") || !strings.Contains(short, "…") {
		t.Errorf("shortened to %q", short)
	}
	if width := fyne.MeasureText(short, 13, fyne.TextStyle{}).Width; width > 200 || width < 170 {
		t.Errorf("it is %v wide", width)
	}
	if end := shorten(long, 200, 13, false); !strings.HasSuffix(end, "…") || !strings.HasPrefix(long, strings.TrimSuffix(end, "…")) {
		t.Errorf("shortened to %q", end)
	}
	for _, text := range []string{"", "short"} {
		if shorten(text, 200, 13, true) != text {
			t.Errorf("%q was shortened", text)
		}
	}
	if got := shorten(long, 0, 13, true); got != "…" {
		t.Errorf("no room gives %q", got)
	}
}

func TestWidthsFillTheTable(t *testing.T) {
	columns := []column{{least: 50}, {least: 100, share: 1}, {least: 100, share: 3}}
	if got := widths(columns, 450); !slices.Equal(got, []float32{50, 150, 250}) {
		t.Errorf("widths are %v", got)
	}
	if got := widths(columns, 90); !slices.Equal(got, []float32{50, 100, 100}) {
		t.Errorf("in a narrow table: %v", got)
	}
}

// However narrow the table is: the items are what tells its rows apart.
func TestItemsHaveRoom(t *testing.T) {
	d := sit(t)
	table := d.page.results.table
	table.Resize(fyne.NewSize(500, 300))
	for _, item := range []string{"short", "https://api.example.org/record/12345", strings.Repeat("https://", 100)} {
		d.page.results.rows.Append([]core.Row{{Seq: 1, Item: item}})
		d.page.results.look()
		room := table.columns[1].least - 2*cellPad
		if need := fyne.MeasureText(item, theme.TextSize(), fyne.TextStyle{}).Width; room < min(need, mostRoom-2*cellPad) || room > mostRoom {
			t.Errorf("%.40s needs %v, and has %v", item, need, room)
		}
	}
	d.page.results.clear()
	d.page.results.follow(d.page.scenario.New())
	if got := table.columns[1].least; got != 160 {
		t.Errorf("an empty table has %v for items", got)
	}
}

func TestKeysOfValues(t *testing.T) {
	inOrder := []any{nil, -5, uint8(3), 3.5, int64(1 << 40)}
	for i := range len(inOrder) - 1 {
		if keyOf(inOrder[i]).compare(keyOf(inOrder[i+1])) >= 0 {
			t.Errorf("%v does not come before %v", inOrder[i], inOrder[i+1])
		}
	}
	if keyOf("B").compare(keyOf("a")) <= 0 {
		t.Error("texts are sorted by case")
	}
}
