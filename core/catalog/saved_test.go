package catalog_test

import (
	"testing"

	"manyhands/core/catalog"
)

func TestSavingsInWords(t *testing.T) {
	for want, sizes := range map[string][2]int64{
		"3.1 GB → 410 MB, 87 % smaller":       {3_100_000_000, 410_000_000},
		"1.0 MB → 2.5 MB, 150 % larger":       {1_000_000, 2_500_000},
		"1.0 kB → 12 MB, 1,199,900 % larger":  {1000, 12_000_000},
		"1.0 MB → 1 B, 99 % smaller":          {1_000_000, 1},
		"1.0 MB → 0 B, 100 % smaller":         {1_000_000, 0},
		"1.0 MB → 1.0 MB, as large as before": {1_000_000, 1_001_000},
		"":                                    {0, 500},
	} {
		if got := catalog.Saved(sizes[0], sizes[1]); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}
