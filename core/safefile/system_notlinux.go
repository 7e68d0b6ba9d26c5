//go:build !linux

package safefile

import (
	"errors"
	"os"
)

func syncFileSystem(*os.File) error { return errors.ErrUnsupported }
