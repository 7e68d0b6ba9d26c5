package load

import (
	"context"
	"strings"

	"manyhands/core"
	"manyhands/core/database"
)

// undo takes back a load that was stopped.
func (c *Config) undo(ctx context.Context, log core.Log) core.Steerable {
	return core.Start(ctx, core.Job[string, Batch]{
		Source: core.From(func(yield func(string) bool) { yield(strings.TrimSpace(c.called() + " into table " + c.Table)) }),
		Total:  1,
		Open: core.Func(func(ctx context.Context, _ string) (Batch, error) {
			load, err := c.unfinished(ctx)
			if err == nil {
				err = database.Undo(ctx, c.DB, load.ID)
			}
			if err != nil {
				return Batch{}, c.advise(err)
			}
			p := load.Progress
			return Batch{Step: modeUndo, Rows: int(p.Inserted + p.Updated + p.Skipped)}, nil
		}),
		Log: log, Workers: 1,
	})
}
