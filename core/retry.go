package core

import (
	"math/rand/v2"
	"time"
)

// Retry decides about a failed attempt, the tries-th of its item: whether to
// try again, and after what wait.
type Retry func(err error, tries int) (wait time.Duration, again bool)

// Backoff makes at most tries attempts. The wait before the second is random
// up to first, and its bound doubles each time, up to most ("full jitter":
// Brooker, "Exponential Backoff and Jitter", 2015).
func Backoff(tries int, first, most time.Duration) Retry {
	return func(_ error, done int) (time.Duration, bool) {
		if done >= tries {
			return 0, false
		}
		bound := most
		if shift := done - 1; shift < 32 && first<<shift < most {
			bound = first << shift
		}
		return rand.N(bound + 1), true
	}
}
