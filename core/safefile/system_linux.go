package safefile

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncFileSystem has everything written to the disk that the folder is on.
func syncFileSystem(folder *os.File) error { return unix.Syncfs(int(folder.Fd())) } //nolint:gosec // a descriptor is an int
