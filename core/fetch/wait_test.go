package fetch

import (
	"time"

	"manyhands/core"
)

// Tests need not wait as long as servers do.
func init() { backOff = core.Backoff(1<<30, time.Millisecond, time.Millisecond) }
