package gui

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// brought is what a SELECT has brought.
type brought struct {
	query  string
	values values
	more   bool
	took   time.Duration
}

const mostBrought = 10_000 // rows

func (b *brought) words() string {
	rows := "SELECT: " + countOf(len(b.values.rows), "row")
	if b.more {
		rows = "SELECT: the first " + count(len(b.values.rows)) + " rows, there are more"
	}
	return rows + " · " + duration(b.took)
}

// newQuery makes the box for a SELECT.
func (d *database) newQuery(keys map[fyne.KeyName]func()) {
	d.entry = newKeyEntry("SELECT …", keys)
	d.entry.MultiLine, d.entry.Wrapping = true, fyne.TextWrapBreak
	d.entry.SetMinRowsVisible(2)
	d.run = &widget.Button{Text: "Run", Icon: theme.MediaPlayIcon(), OnTapped: d.runQuery}
	d.stop = &widget.Button{Text: "Stop", Icon: theme.MediaStopIcon(), OnTapped: d.stopQuery}
	d.stop.Disable()
	d.said = &widget.Label{Wrapping: fyne.TextWrapWord, Selectable: true}
	d.said.Hide()
}

func (d *database) queryBox() fyne.CanvasObject {
	buttons := container.NewCenter(container.NewVBox(d.run, d.stop))
	return container.NewBorder(nil, d.said, nil, buttons, d.entry)
}

// typing tells whether the keyboard is in the box for a SELECT.
func (d *database) typing() bool {
	return d.page.seen(d.tab) && d.page.Canvas().Focused() == fyne.Focusable(d.entry)
}

// runQuery runs what is in the box. One under way is given up.
func (d *database) runQuery() {
	query := strings.TrimSpace(d.entry.Text)
	if query == "" || d.settings == nil {
		d.tell("Type a SELECT first, such as: SELECT * FROM "+cmp.Or(d.chosen, "users"), widget.MediumImportance)
		d.page.Canvas().Focus(d.entry)
		return
	}
	cfg := catalog.Copy(d.settings)
	d.asking.Ask(func(ctx context.Context) func() {
		var grid catalog.Grid
		var took time.Duration
		err := browse(ctx, cfg, func(b *catalog.Browser, _ string) (err error) {
			began := time.Now()
			grid, err = b.Query(ctx, query, mostBrought)
			took = time.Since(began)
			return err
		})
		return func() { d.bring(query, grid, took, err) }
	})
	d.tell("", widget.MediumImportance)
	d.settle()
}

// stopQuery gives up the SELECT under way.
func (d *database) stopQuery() {
	if !d.asking.Busy() {
		return
	}
	took := time.Since(d.asking.since)
	d.asking.Stop()
	d.tell("Stopped after "+duration(took)+".", widget.MediumImportance)
	d.settle()
}

// bring shows what a SELECT has brought.
func (d *database) bring(query string, grid catalog.Grid, took time.Duration, err error) {
	if err != nil {
		d.tell(sentence(err), widget.DangerImportance)
		d.settle()
		return
	}
	chosen := d.chosen
	d.forget()
	d.chosen = chosen
	d.brought = &brought{query: query, values: values{rows: grid.Rows}, more: grid.More, took: took}
	names := make([]named, len(grid.Columns))
	for i, name := range grid.Columns {
		names[i] = named{name: name}
	}
	d.table.rows = &d.brought.values
	d.table.setColumns(valueColumns(names, grid.Rows))
	d.list.UnselectAll() // so that a click leads back to the table
	d.list.at = -1
	d.tell("", widget.MediumImportance)
	d.show("", widget.MediumImportance)
	d.table.Refresh()
	d.page.Window.settle()
	d.tellTally()
}

// tellQuery says that a SELECT takes long, if it does.
func (d *database) tellQuery() {
	if words := d.asking.Words("Running"); words != "" && d.said.Text != words {
		d.tell(words, widget.MediumImportance)
	}
}

// tell says something below the box.
func (d *database) tell(text string, importance widget.Importance) {
	d.said.Importance = importance
	d.said.SetText(text)
	if d.said.Visible() != (text != "") {
		setVisible(d.said, text != "")
		d.right.Refresh()
	}
}

// focusQuery moves the keyboard into the box for a SELECT.
func (p *page) focusQuery() {
	p.panes.Select(p.database.tab)
	p.Canvas().Focus(p.database.entry)
}
