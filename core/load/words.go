package load

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"manyhands/core"
	"manyhands/core/database"
)

// advise says what can be done about an error of the database.
func (c *Config) advise(err error) error {
	unfinished, begun := errors.AsType[*database.UnfinishedError](err)
	advice := ""
	switch {
	case begun:
		u := unfinished.Load
		return fmt.Errorf("a load of %s into table %s is under way, or was stopped, after %s rows: wait for it, go on with it (--resume) or take it back (--undo)",
			u.Source.Name, u.Table, humanize.Comma(u.Progress.Inserted+u.Progress.Updated+u.Progress.Skipped))
	case errors.Is(err, database.ErrExists):
		advice = "add to it (--append), put a new one in its place (--replace-table), or give another name"
	case errors.Is(err, database.ErrNoTable):
		advice = "make it (--create), or give the name of one that is there"
	case errors.Is(err, database.ErrNoLoad) && c.Mode == modeUndo:
		advice = "only one that was stopped can be taken back"
	case errors.Is(err, database.ErrNoLoad):
		advice = "begin it (--create or --append)"
	case errors.Is(err, database.ErrChanged):
		advice = "restore the files and settings of that time, or take it back (--undo) and begin anew"
	case errors.Is(err, database.ErrNoUndo):
		advice = "delete its rows by hand if they must go"
	default:
		return err
	}
	return fmt.Errorf("%w: %s", err, advice)
}

// tooMany ends a load with more rejects than are allowed.
func (r *run) tooMany() error {
	list, all := r.rejects.list(0, 1)
	example := ""
	if len(list) > 0 {
		example = fmt.Sprintf(", for example %s line %d: %s", list[0].Source, list[0].Line, list[0].Reason)
	}
	return fmt.Errorf("%s rejected, and no more than %d are allowed%s. What was written stays; allow more (--max-rejects) and go on (--resume), or take it back (--undo)",
		rows(int64(all)), r.MaxRejects.n, example)
}

// rows says how many rows: "1 row", "1,240 rows".
func rows(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return humanize.Comma(n) + " rows"
}

// Tell says how the load stands.
func (r *run) Tell() string {
	f := r.meter.figures()
	parts := []string{rows(f.inserted+f.updated) + " written"}
	switch {
	case f.writing:
	case f.looking > 0:
		parts = []string{"finding the types of the columns"}
	default:
		parts = nil
	}
	if f.skipped > 0 {
		parts = append(parts, humanize.Comma(f.skipped)+" skipped")
	}
	if n := r.rejects.count(); n > 0 {
		parts = append(parts, humanize.Comma(int64(n))+" rejected")
	}
	if f.finishing {
		parts = append(parts, "finishing the table")
	}
	if r.waits.Load() {
		parts = append(parts, "waiting for another program that has the database")
	}
	return strings.Join(parts, " · ")
}

// Notes are what rows came to, and what can be done about a load that has not
// ended.
func (r *run) Notes() []string {
	f := r.meter.figures()
	if r.writer == nil {
		return nil
	}
	notes := []string{f.String()}
	if f.converted > 0 {
		notes = append(notes, humanize.Comma(f.converted)+" values are spelled as columns of numbers spell them: 01 became 1")
	}
	notes = append(notes, r.rejects.notes()...)
	if r.ended {
		return append(notes, r.notes...)
	}
	return append(notes, fmt.Sprintf("The load into table %s has not ended: go on with it (--resume) or take it back (--undo)", r.Table))
}

// Rejects are some of the rows that were not loaded, of which the first 10,000
// are kept, and how many there are.
func (r *run) Rejects(from, most int) ([]core.Reject, int) { return r.rejects.list(from, most) }
