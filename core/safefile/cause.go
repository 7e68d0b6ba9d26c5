package safefile

import (
	"errors"
	"io/fs"
)

// Cause is an error without the system call and the path it came with, for
// words that name the file themselves.
func Cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
