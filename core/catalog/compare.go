package catalog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"manyhands/core"
)

// Compare does the work of cfg once for each number of workers, one run after
// the other, with everything it writes in a scratch folder that is removed.
// watch is told of each run as it starts. The reports are those of the runs
// that ended well; an error is that of the first that did not.
func Compare(ctx context.Context, cfg Config, workers []int, watch func(workers int, run core.Steerable)) ([]core.Report, error) {
	var reports []core.Report
	for _, n := range workers {
		report, err := try(ctx, cfg, n, watch)
		if err != nil {
			return reports, fmt.Errorf("compare with %d workers: %w", n, err)
		}
		reports = append(reports, report)
	}
	return reports, nil
}

func try(ctx context.Context, cfg Config, workers int, watch func(int, core.Steerable)) (report core.Report, err error) {
	cfg = Copy(cfg)
	scratch, ok := cfg.(Scratcher)
	if !ok {
		return report, errors.New("this work cannot be done without leaving a trace")
	}
	dir, err := os.MkdirTemp("", "manyhands-compare-")
	if err != nil {
		return report, fmt.Errorf("make a scratch folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	scratch.Scratch(dir)
	if _, err := Set(cfg, "workers", strconv.Itoa(workers)); err != nil {
		return report, err
	}
	run, err := cfg.Start(ctx, nil)
	if err != nil {
		return report, err
	}
	watch(workers, run)
	return run.Wait()
}

// SpeedUp is how many times as fast as the first, one worker's, the second
// report's work was done.
func SpeedUp(one, many core.Report) float64 {
	if many.Wall <= many.Paused {
		return 0
	}
	return float64(one.Wall-one.Paused) / float64(many.Wall-many.Paused)
}
