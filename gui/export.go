package gui

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"manyhands/core"
	"manyhands/core/catalog"
)

// format is a way to write rows to a file.
type format struct {
	name  string
	ext   string
	write func(io.Writer, []core.Row, []catalog.Column) error
}

var (
	formatCSV  = format{"CSV", ".csv", writeCSV}
	formatJSON = format{"JSON", ".jsonl", writeJSON}
)

func (r *results) askFormat() {
	popUpUnder(r.export, fyne.NewMenu("",
		fyne.NewMenuItem("CSV, for a spreadsheet…", r.exportCSV),
		fyne.NewMenuItem("JSON, an object a line…", r.exportJSON),
	))
}

func (r *results) exportCSV()  { r.exportAs(formatCSV) }
func (r *results) exportJSON() { r.exportAs(formatJSON) }

// exportAs asks for a file and writes the rows shown, as they are shown.
func (r *results) exportAs(f format) {
	p := r.page
	if r.all == 0 {
		return
	}
	p.pick.save("Export as "+f.name, p.scenario.Name+f.ext, func(path string) {
		rows, all, columns := r.rows.Shown(), r.all, r.columns
		p.pulse.Go(func() func() {
			err := writeFile(path, func(w io.Writer) error { return f.write(w, rows, columns) })
			return func() { p.exported(path, len(rows), all, err) }
		})
	})
}

func (p *page) exported(path string, rows, all int, err error) {
	if err != nil {
		p.bar.complain("Not exported: " + err.Error())
		return
	}
	what := countOf(rows, "row")
	if rows < all {
		what = fmt.Sprintf("The %s shown, of %s,", countOf(rows, "row"), count(all))
	}
	p.bar.tell(what + " exported to " + path)
}

func writeCSV(w io.Writer, rows []core.Row, columns []catalog.Column) error {
	table := catalog.NewCSV(w, columns)
	table.Write(rows)
	return table.Flush()
}

func writeJSON(w io.Writer, rows []core.Row, columns []catalog.Column) error {
	for _, row := range rows {
		line, err := catalog.JSONLine(row, columns)
		if err != nil {
			return err
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// writeFile puts a file in its place whole or not at all.
func writeFile(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".manyhands-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()
	buffer := bufio.NewWriterSize(file, 1<<16)
	if err = write(buffer); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err = finish(file, buffer); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(file.Name(), path)
}

// finish flushes a file and gives it the access rights of a new one: a
// temporary file can be read by its owner only.
func finish(file *os.File, buffer *bufio.Writer) error {
	if err := buffer.Flush(); err != nil {
		return err
	}
	if err := file.Chmod(0o644); err != nil { //nolint:gosec // an export is for others to read, too
		return err
	}
	return file.Close()
}

// copyChosen puts the selected row on the clipboard: its cells with tabs
// between them, for a spreadsheet, and the whole of its reason.
func (r *results) copyChosen() {
	if r.chosen.Seq == 0 {
		return
	}
	r.page.app.Clipboard().SetContent(tabbed(r.chosen, r.table.columns))
	r.page.bar.tell(fmt.Sprintf("Row %s copied.", count(r.chosen.Seq)))
}

func tabbed(row core.Row, columns []column) string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.text(row)
	}
	return strings.Join(cells, "\t")
}
