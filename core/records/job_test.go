package records

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"manyhands/core"
)

// parsing is a Worker that reads blocks.
type parsing struct{ *Parser }

func (p parsing) Do(_ context.Context, b *Block) (*Batch, error) { return p.Parse(b), nil }
func (parsing) Close() error                                     { return nil }

func worker(f *File, columns []Column) func(context.Context) (core.Worker[*Block, *Batch], error) {
	return func(context.Context) (core.Worker[*Block, *Batch], error) {
		return parsing{NewParser(f.Layout, columns)}, nil
	}
}

// Blocks is a Source, and a Parser a Worker, of the concurrent core.
func TestInAJob(t *testing.T) {
	const rows = 50_000
	var text strings.Builder
	text.WriteString("id,name\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,\"Ann, %d\"\n", i, i)
	}
	f := open(t, text.String(), Options{BlockSize: 10_000})
	columns := typed(f.Layout, Integer, Text)
	next := int64(0)
	run := core.Start(t.Context(), core.Job[*Block, *Batch]{
		Source: f.Blocks(Position{}), Open: worker(f, columns), Workers: 4, Window: 8, Ordered: true,
		Sink: func(results []core.Result[*Block, *Batch]) error {
			for _, r := range results {
				for row := range r.Out.Len() {
					if r.Out.Int(row, 0) != next || r.Out.Text(row, 1) != fmt.Sprintf("Ann, %d", next) || r.Out.Line(row) != next+2 {
						return fmt.Errorf("line %d is %q", r.Out.Line(row), r.Out.Raw(row))
					}
					next++
				}
				r.Out.Release()
			}
			return nil
		},
	})
	if _, err := run.Wait(); err != nil || next != rows {
		t.Errorf("%d rows, %v", next, err)
	}
}
