//go:build linux || darwin || freebsd

package safefile

import "syscall"

// free is how many bytes there is room for on the disk with a folder.
func free(folder string) (int64, bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, false
	}
	return int64(max(0, stat.Bavail)) * int64(stat.Bsize), true //nolint:unconvert // their types depend on the system
}
