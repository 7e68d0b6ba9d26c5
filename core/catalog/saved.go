package catalog

import (
	"fmt"
	"math"

	"github.com/dustin/go-humanize"
)

// Saved compares what there was with what came of it, in bytes: "3.1 GB →
// 410 MB, 87 % smaller". It is empty if nothing was weighed; see
// Scenario.Weigh.
func Saved(before, after int64) string {
	if before <= 0 {
		return ""
	}
	return size(before) + " → " + size(after) + ", " + Growth(before, after)
}

func size(n int64) string { return humanize.Bytes(uint64(max(0, n))) }

// Growth says by how much a size changed. Only nothing is 100 % smaller.
func Growth(before, after int64) string {
	share := int(math.Round(100 * float64(after-before) / float64(before)))
	switch {
	case share < 0 && after > 0:
		return fmt.Sprintf("%d %% smaller", min(99, -share))
	case share < 0:
		return "100 % smaller"
	case share > 0:
		return fmt.Sprintf("%s %% larger", humanize.Comma(int64(share)))
	}
	return "as large as before"
}
