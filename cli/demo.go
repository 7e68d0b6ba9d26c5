package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"manyhands/core"
	"manyhands/core/catalog"
)

// demo runs every scenario on its sample data.
type demo struct {
	Workers core.Workers `default:"auto" help:"Workers of the second run; auto: one for each core, at least 2."`
}

// outcome is one scenario's line of the demo's table.
type outcome struct {
	Scenario string  `json:"scenario"`
	Items    int     `json:"items"`
	OneByOne float64 `json:"one_by_one_s"`
	Workers  int     `json:"workers"`
	Together float64 `json:"workers_s"`
	SpeedUp  float64 `json:"speed_up"`
}

func (p Program) demo(ctx context.Context, f flags) int {
	workers := max(2, f.Demo.Workers.Count())
	var outcomes []outcome
	for _, s := range p.Scenarios {
		o, err := p.try(ctx, s, workers, f.Quiet)
		if ctx.Err() != nil {
			return p.fail(interrupted, errors.New("the demo was interrupted"))
		}
		if err != nil {
			return p.fail(couldNotRun, fmt.Errorf("%s: %w", s.Name, err))
		}
		outcomes = append(outcomes, o)
	}
	if err := p.table(outcomes, f.JSON); err != nil {
		return p.fail(couldNotRun, err)
	}
	return allWell
}

// try runs one scenario's sample with one worker and with several.
func (p Program) try(ctx context.Context, s catalog.Scenario, workers int, quiet bool) (o outcome, err error) {
	say := func(format string, args ...any) {
		if !quiet {
			fmt.Fprintf(p.Err, format+"\n", args...)
		}
	}
	dir, err := os.MkdirTemp("", "manyhands-demo-")
	if err != nil {
		return o, fmt.Errorf("make a folder for sample data: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	say("%s: making sample data", s.Title)
	cfg, err := s.Sample(ctx, filepath.Join(dir, s.Name))
	if err != nil {
		return o, fmt.Errorf("make sample data: %w", err)
	}
	reports, err := catalog.Compare(ctx, cfg, []int{1, workers}, func(n int, _ core.Steerable) {
		say("%s: running with %d worker(s)", s.Title, n)
	})
	if err != nil {
		return o, err
	}
	one, many := reports[0], reports[1]
	if one.Failed+many.Failed > 0 {
		return o, fmt.Errorf("%d of %d sample items failed", one.Failed+many.Failed, one.Items+many.Items)
	}
	return outcome{
		Scenario: s.Name, Items: many.Items, OneByOne: one.Wall.Seconds(), Workers: workers,
		Together: many.Wall.Seconds(), SpeedUp: catalog.SpeedUp(one, many),
	}, nil
}

func (p Program) table(outcomes []outcome, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(p.Out).Encode(outcomes)
	}
	t := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "scenario\titems\tone by one\tworkers\ttogether\tspeed-up\t")
	for _, o := range outcomes {
		fmt.Fprintf(t, "%s\t%d\t%.2f s\t%d\t%.2f s\t%.2fx\t\n", o.Scenario, o.Items, o.OneByOne, o.Workers, o.Together, o.SpeedUp)
	}
	return t.Flush()
}
