package gui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// database is the pane with what is in the database that the settings name:
// its tables, the rows of one of them, and what a SELECT brings.
//
//	settings ── list ──► tables ── choose ──► gridRows ── read ──► pages
//	                                             │
//	                                   table ◄───┴──── values ◄── run ── a SELECT
//
// Each piece of work opens the database and closes it again, so that it sees
// the file that is there now, and nothing is in the way of another program.
type database struct {
	page     *page
	settings catalog.Config // nil: not read yet
	stale    bool           // what is shown is not that of the settings
	named    string         // the table that the settings name
	tables   []catalog.Listed
	chosen   string  // table; "": none
	names    []named // of its columns
	measured bool    // the columns are as wide as rows need
	rows     gridRows
	brought  *brought // by a SELECT, in the table's place; nil: the table is shown

	listing   latest
	reading   latest
	asking    latest
	exporting latest
	filtering later

	tab     *container.TabItem
	list    *items
	filter  *keyEntry
	table   *table
	tally   *widget.Label
	export  *widget.Button
	say     *widget.Label // in the table's place
	entry   *keyEntry     // of a SELECT
	run     *widget.Button
	stop    *widget.Button
	said    *widget.Label // of the SELECT
	right   *fyne.Container
	middle  *fyne.Container
	content *fyne.Container
}

var errNoDatabase = errors.New("there is no database yet: name it above and press Start, then what is in it is shown here")

// newDatabase returns nil if the scenario has no database to be looked at.
func newDatabase(p *page) *database {
	if _, ok := p.scenario.New().(catalog.Browsable); !ok {
		return nil
	}
	d := &database{page: p}
	for _, l := range []*latest{&d.listing, &d.reading, &d.asking, &d.exporting} {
		l.pulse = p.pulse
	}
	d.filtering = later{pulse: p.pulse, beats: moment, do: d.refine}
	d.rows = gridRows{want: d.read, window: func() (from, most int) { return d.table.top(), d.table.lines() }}
	d.rows.clear()
	keys := map[fyne.KeyName]func(){fyne.KeyF5: d.renew, fyne.KeyEscape: d.stopQuery}
	d.list = newItems(d.choose)
	d.list.note, d.list.keys = d.rowsOf, keys
	d.filter = newKeyEntry("Filter: a text in any column", keys)
	d.filter.OnChanged = func(string) { d.filtering.Ask() }
	d.table = newTable(&d.rows, nil)
	d.table.onSelect, d.table.onOpen, d.table.onSort, d.table.onCopy = func(core.Row) {}, d.openRow, d.refine, p.copyValues
	d.table.keys, d.table.unsorts, d.table.unsorted = keys, true, 1
	d.tally = &widget.Label{Truncation: fyne.TextTruncateEllipsis, Importance: widget.LowImportance}
	d.say = &widget.Label{Wrapping: fyne.TextWrapWord, Alignment: fyne.TextAlignCenter, TextStyle: fyne.TextStyle{Bold: true}}
	d.newQuery(keys)
	d.build()
	d.show("", widget.MediumImportance)
	return d
}

func (d *database) build() {
	renew := &widget.Button{Text: "Refresh", Icon: theme.ViewRefreshIcon(), OnTapped: d.renew}
	d.export = &widget.Button{Text: "Export CSV…", Icon: theme.DocumentSaveIcon(), OnTapped: d.exportCSV}
	bar := container.NewBorder(nil, nil, container.New(widthLayout{210}, d.filter), container.NewHBox(renew, d.export), d.tally)
	said := container.NewVBox(layout.NewSpacer(), d.say, layout.NewSpacer())
	d.middle = container.NewStack(d.table, said)
	d.right = container.NewBorder(bar, d.queryBox(), nil, nil, d.middle)
	d.content = container.NewBorder(nil, nil, container.New(widthLayout{listWidth}, d.list), nil, d.right)
	d.tab = container.NewTabItem("Database", d.content)
}

// change takes over other settings.
func (d *database) change(cfg catalog.Config, _ error) {
	d.settings = cfg
	d.renew()
}

// renew reads everything anew once it is seen.
func (d *database) renew() {
	d.stale = true
	d.work()
}

// work begins what there is to do.
func (d *database) work() {
	if !d.stale || d.settings == nil || !d.page.seen(d.tab) {
		return
	}
	d.stale = false
	cfg := catalog.Copy(d.settings)
	d.listing.Ask(func(ctx context.Context) func() {
		var tables []catalog.Listed
		var named string
		err := browse(ctx, cfg, func(b *catalog.Browser, name string) (err error) {
			named = name
			tables, err = b.Tables(ctx)
			return err
		})
		return func() { d.listed(tables, named, err) }
	})
}

// browse opens the database that settings name, for as long as do takes.
func browse(ctx context.Context, cfg catalog.Config, do func(b *catalog.Browser, named string) error) error {
	return caught(func() error {
		b, named, err := cfg.(catalog.Browsable).Browse(ctx)
		switch {
		case err != nil:
			return err
		case b == nil:
			return errNoDatabase
		}
		err = do(b, named)
		return errors.Join(err, b.Close())
	})
}

// listed shows the tables, and of them the one that was shown, or the one that
// is named now.
func (d *database) listed(tables []catalog.Listed, named string, err error) {
	d.tables = tables
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	chosen := d.chosen
	at := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, named) })
	if at >= 0 && (named != d.named || !slices.Contains(names, chosen)) {
		chosen = names[at]
	} else if !slices.Contains(names, chosen) && len(names) > 0 {
		chosen = names[0]
	}
	d.named = named
	switch {
	case errors.Is(err, errNoDatabase):
		d.show(sentence(err), widget.MediumImportance)
	case err != nil:
		d.show(sentence(err), widget.DangerImportance)
	case len(names) == 0:
		d.show("The database has no tables yet.", widget.MediumImportance)
	}
	if err != nil || len(names) == 0 {
		d.forget()
		d.list.set(nil, "")
		return
	}
	if d.brought != nil {
		d.list.set(names, "")
		return
	}
	d.turn(chosen)
	d.list.set(names, chosen)
}

// rowsOf is how many rows a table has, for the list.
func (d *database) rowsOf(table string) string {
	i := slices.IndexFunc(d.tables, func(t catalog.Listed) bool { return t.Name == table })
	if i < 0 {
		return ""
	}
	text := tableRows(d.tables[i])
	if d.tables[i].View {
		text = strings.TrimSuffix("view, "+text, ", ")
	}
	return text
}

// look shows how the work stands. It runs at every beat.
func (d *database) look() {
	if !d.page.seen(d.tab) {
		return
	}
	d.tellTally()
	d.tellQuery()
	if words := d.listing.Words("Reading the database"); words != "" && !d.table.Visible() {
		d.show(words, widget.MediumImportance)
	}
}

// show says something in the table's place; "": the table is shown.
func (d *database) show(text string, importance widget.Importance) {
	d.say.Importance = importance
	d.say.SetText(text)
	setVisible(d.table, text == "")
	d.settle()
	d.middle.Refresh()
}

// settle brings the buttons up to date with what can be done now.
func (d *database) settle() {
	setEnabled(d.export, d.canExport())
	setEnabled(d.stop, d.asking.Busy())
	setEnabled(d.filter, d.chosen != "" && d.brought == nil)
}

func (d *database) rest() {
	d.filtering.Drop()
	d.listing.Stop()
	d.reading.Stop()
	d.asking.Stop()
	d.exporting.Stop()
}

// focusDatabase shows the database and moves the keyboard into its table.
func (p *page) focusDatabase() {
	p.panes.Select(p.database.tab)
	if p.database.table.Visible() {
		p.Canvas().Focus(p.database.table)
	}
}
