//go:build unix

package safefile

import (
	"errors"
	"os"
	"syscall"
)

// locks: an unfinished file is locked as long as its process has it open.
const locks = true

// hold locks a new file. It is false if another process has the lock, which
// only one that takes the file for a leftover can have. A file system without
// locks is as good as a lock: there nobody can sweep either.
func hold(file *os.File) bool {
	return !errors.Is(flock(file), syscall.EWOULDBLOCK)
}

// holdPart locks a part. It is false if another has the lock.
func holdPart(file *os.File) bool { return hold(file) }

// abandoned reports whether nobody has the file open any more, and locks it.
func abandoned(file *os.File) bool { return flock(file) == nil }

func flock(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) //nolint:gosec // a descriptor is an int
}

// noWait opens a pipe without waiting for its other end.
const noWait = syscall.O_NONBLOCK

// links is how many names a file has.
func links(file *os.File) uint64 {
	info, err := file.Stat()
	if err != nil {
		return 1
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 1
	}
	return uint64(stat.Nlink) //nolint:unconvert // its type depends on the system
}

// syncFolder makes the names in a folder last. Some file systems cannot, and
// say that the call means nothing for a folder.
func syncFolder(d *os.File) error {
	err := d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
