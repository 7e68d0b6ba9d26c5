package gui

import (
	"runtime/debug"

	"manyhands/core"
)

// caught does what a scenario offers beside its runs, and makes a panic in it
// an error: a damaged file is not to end the program.
func caught(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &core.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return do()
}
