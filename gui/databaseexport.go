package gui

import (
	"context"
	"io"
	"strings"

	"manyhands/core/catalog"
)

const mostExported = 1_000_000 // rows

// canExport tells whether anything is shown that could be written to a file.
func (d *database) canExport() bool {
	if d.brought != nil {
		return len(d.brought.values.rows) > 0
	}
	return d.chosen != "" && d.table.Visible()
}

// exportCSV asks for a file and writes what is shown: all that the SELECT
// finds, or all rows of the table that the filter lets through, as they are
// sorted.
func (d *database) exportCSV() {
	if !d.canExport() {
		return
	}
	cfg, name := catalog.Copy(d.settings), d.chosen
	v := d.wanted(0, mostExported)
	read := func(ctx context.Context, b *catalog.Browser) (catalog.Grid, error) { return b.Page(ctx, v) }
	if d.brought != nil {
		query := d.brought.query
		name = "query"
		read = func(ctx context.Context, b *catalog.Browser) (catalog.Grid, error) {
			return b.Query(ctx, query, mostExported)
		}
	}
	d.page.pick.save("Export as CSV", fileName(name)+".csv", func(path string) { d.write(path, cfg, read) })
}

// fileName has none of the characters that a file's name cannot have.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
}

func (d *database) write(path string, cfg catalog.Config, read func(context.Context, *catalog.Browser) (catalog.Grid, error)) {
	p := d.page
	p.bar.tell("Exporting to " + path + "…")
	d.exporting.Ask(func(ctx context.Context) func() {
		var grid catalog.Grid
		err := browse(ctx, cfg, func(b *catalog.Browser, _ string) (err error) {
			grid, err = read(ctx, b)
			return err
		})
		if err == nil {
			err = writeFile(path, func(w io.Writer) error { return catalog.WriteGrid(w, grid) })
		}
		rows, more := len(grid.Rows), grid.More
		return func() { p.exportedGrid(path, rows, more, err) }
	})
}

func (p *page) exportedGrid(path string, rows int, more bool, err error) {
	switch {
	case err != nil:
		p.bar.complain("Not exported: " + err.Error())
	case more:
		p.bar.tell("The first " + countOf(rows, "row") + " exported to " + path + ": there are more.")
	default:
		p.bar.tell(countOf(rows, "row") + " exported to " + path)
	}
}
