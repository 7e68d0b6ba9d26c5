package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/safefile"
)

// output is where a run's results go.
type output struct {
	flags
	out, err io.Writer
	columns  []catalog.Column
	csv      *catalog.CSV
	folder   *safefile.Folder // of the CSV file
	file     *safefile.File
	weigh    func(any) (before, after int64) // nil: results have no weight
	stop     func()                          // ends the run when results cannot be written
	notes    []string                        // of the run, once it has ended

	mu            sync.Mutex // guards the terminal
	bar           *progressbar.ProgressBar
	before, after int64 // bytes of the results that are ok
	failed        error // the first error in writing results
}

func (p Program) newOutput(f flags, s catalog.Scenario, stop func()) (*output, error) {
	o := &output{flags: f, out: p.Out, err: p.Err, columns: s.Columns, weigh: s.Weigh, stop: stop}
	if mixed := f.JSON && isTerminal(p.Out); !f.Quiet && !mixed && isTerminal(p.Err) {
		o.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(p.Err), progressbar.OptionFullWidth(),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionClearOnFinish())
	}
	if f.CSV == "" {
		return o, nil
	}
	folder, err := safefile.Open(filepath.Dir(f.CSV))
	if err != nil {
		return nil, err
	}
	o.folder = folder
	if o.file, err = folder.Create(filepath.Base(f.CSV), safefile.Replace); err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	o.csv = catalog.NewCSV(o.file, s.Columns)
	return o, nil
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// log is the run's core.Log.
func (o *output) log(rows []core.Row) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed != nil {
		return
	}
	if o.csv != nil {
		o.csv.Write(rows)
	}
	if o.JSON {
		o.failed = o.json(rows)
	}
	for _, r := range rows {
		if r.Status == core.Failed {
			o.say("%s: %v\n", r.Item, r.Err)
		}
		if r.Status == core.OK && o.weigh != nil {
			before, after := o.weigh(r.Out)
			o.before, o.after = o.before+before, o.after+after
		}
	}
	if o.failed != nil {
		o.stop()
	}
}

func (o *output) json(rows []core.Row) error {
	var lines []byte
	for _, r := range rows {
		line, err := catalog.JSONLine(r, o.columns)
		if err != nil {
			return err
		}
		lines = append(lines, line...)
	}
	_, err := o.out.Write(lines)
	return err
}

// say prints a line above the progress bar. The lock is held.
func (o *output) say(format string, args ...any) {
	if o.bar != nil {
		_ = o.bar.Clear()
	}
	fmt.Fprintf(o.err, format, args...)
}

const (
	barEvery  = 200 * time.Millisecond
	lineEvery = 5 * time.Second
)

// follow shows the run's progress until it ends: a bar on a terminal, else a
// line now and then.
func (o *output) follow(run core.Steerable) (core.Report, error) {
	every := lineEvery
	if o.bar != nil {
		every = barEvery
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for !o.Quiet {
		select {
		case <-tick.C:
			o.show(run.Progress(), standing(run))
			continue
		case <-run.Done():
		}
		break
	}
	return run.Wait()
}

// stand is how far a run is beside its items: by bytes, and in its own words.
type stand struct {
	done, all int64 // bytes; all 0: not known
	perSecond float64
	words     string
}

func standing(run core.Steerable) (s stand) {
	if weigher, ok := run.(catalog.Weigher); ok {
		s.done, s.all, s.perSecond = weigher.Bytes()
	}
	if teller, ok := run.(catalog.Teller); ok {
		s.words = teller.Tell()
	}
	return s
}

func (o *output) show(p core.Progress, s stand) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bar == nil {
		fmt.Fprintln(o.err, line(p, s))
		return
	}
	if s.words == "" {
		s.words = fmt.Sprintf("%d failed", p.Failed)
	}
	o.bar.Describe(s.words)
	switch {
	case s.all > 0:
		o.bar.ChangeMax64(s.all)
		_ = o.bar.Set64(min(s.done, s.all))
	case p.Total > 0:
		o.bar.ChangeMax(p.Total)
		fallthrough
	default:
		_ = o.bar.Set(p.Done())
	}
}

// line is progress in words: "120 of 600 · 41.2/s · 3 failed · 12s left".
func line(p core.Progress, s stand) string {
	text := fmt.Sprint(p.Done())
	if p.Total > 0 {
		text += fmt.Sprint(" of ", p.Total)
	}
	text += fmt.Sprintf(" · %.3g/s", p.Rate)
	if p.Failed > 0 {
		text += fmt.Sprintf(" · %d failed", p.Failed)
	}
	left := p.ETA
	if s.all > 0 {
		text += fmt.Sprintf(" · %.0f %% of %s", 100*float64(s.done)/float64(s.all), humanize.Bytes(uint64(s.all))) //nolint:gosec // not negative
		if s.perSecond > 0 {
			left = time.Duration(float64(s.all-s.done) / s.perSecond * float64(time.Second))
		}
	}
	if s.words != "" {
		text += " · " + s.words
	}
	if left > 0 {
		text += fmt.Sprintf(" · %v left", left.Round(time.Second))
	}
	return text
}

// finish writes the summary and closes the files. Its error is the first met
// in writing results.
func (o *output) finish(report core.Report, err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bar != nil {
		_ = o.bar.Clear()
	}
	if o.JSON && o.failed == nil {
		var last []byte
		if last, o.failed = catalog.ReportLine(report, o.notes, err); o.failed == nil {
			_, o.failed = o.out.Write(last)
		}
	} else if !o.Quiet && !o.JSON {
		fmt.Fprintln(o.out, strings.Join(o.ending(report), "\n"))
	}
	return errors.Join(o.failed, o.closeCSV())
}

// ending is what there is to say at a run's end, in lines.
func (o *output) ending(r core.Report) []string {
	first := summary(r)
	if saved := catalog.Saved(o.before, o.after); saved != "" {
		first += ", " + saved
	}
	return append([]string{first}, o.notes...)
}

func (o *output) closeCSV() error {
	if o.csv == nil {
		return nil
	}
	err := o.csv.Flush()
	if err == nil {
		_, err = o.file.Commit(context.Background())
	} else {
		o.file.Abort()
	}
	return errors.Join(err, o.folder.Sync(), o.folder.Close())
}

// abandon leaves nothing behind of a run that did not start.
func (o *output) abandon() {
	if o.csv != nil {
		o.file.Abort()
		_ = o.folder.Close()
	}
}

// summary is a run in one line.
func summary(r core.Report) string {
	s := []string{fmt.Sprintf("%d items: %d ok", r.Items, r.OK)}
	for _, part := range []struct {
		n    int
		word string
	}{{r.Failed, "failed"}, {r.Skipped, "skipped"}, {r.Cancelled, "cancelled"}, {r.Unread, "not started"}} {
		if part.n > 0 {
			s = append(s, fmt.Sprint(part.n, " ", part.word))
		}
	}
	return strings.Join(s, ", ") + fmt.Sprintf(" in %.3g s (%.3g/s, %d workers)", r.Wall.Seconds(), r.Rate, r.Workers)
}
