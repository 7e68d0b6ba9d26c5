package images

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"manyhands/core/safefile"
)

// open opens a regular file. Anything else is refused in words, and never
// opened in a way that waits for it or acts on it.
func open(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("is %s, not a file: leave it out", kindOf(info.Mode()))
	}
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // it may be another by now
	if err != nil {
		return nil, unreadable(name, err)
	}
	if info, err = f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(errors.New("is not a file any more"), err, f.Close())
	}
	return f, nil
}

func unreadable(name string, err error) error {
	link, linkErr := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) && linkErr == nil && link.Mode()&fs.ModeSymlink != 0 {
		return errors.New("is a link to a file that does not exist")
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("cannot be opened (%w): check its permissions", safefile.Cause(err))
	}
	return fmt.Errorf("cannot be opened: %w", safefile.Cause(err))
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode.IsDir():
		return "a folder"
	}
	return "something special"
}
