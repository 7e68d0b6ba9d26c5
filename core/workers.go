package core

import (
	"fmt"
	"runtime"
	"strconv"
)

// Workers is a number of workers as a person gives it: "auto", or 1 and more.
// Its zero value is auto.
type Workers int

// MostWorkers is the largest number of workers a person may ask for.
const MostWorkers = 1024

// UnmarshalText reads "auto", "0" or a number up to MostWorkers.
func (w *Workers) UnmarshalText(text []byte) error {
	if len(text) == 0 || string(text) == "auto" {
		*w = 0
		return nil
	}
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 0 || n > MostWorkers {
		return fmt.Errorf("%q is no number of workers: give auto or 1 to %d", text, MostWorkers)
	}
	*w = Workers(n)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (w Workers) MarshalText() ([]byte, error) {
	if w == 0 {
		return []byte("auto"), nil
	}
	return strconv.AppendInt(nil, int64(w), 10), nil
}

// Count is the number of workers meant: for auto, one for each core.
func (w Workers) Count() int {
	if w == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return int(w)
}
