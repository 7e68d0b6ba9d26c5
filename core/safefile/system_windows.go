package safefile

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// locks: Windows lets an open file be removed here, so age tells leftovers.
const locks = false

// leftoverAge is longer than any file takes to write.
const leftoverAge = 24 * time.Hour

func hold(*os.File) bool { return true }

// abandoned reports whether a file has not been written to for a day.
func abandoned(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && time.Since(info.ModTime()) > leftoverAge
}

// syncFolder does nothing: NTFS keeps a journal of its names.
func syncFolder(*os.File) error { return nil }

const (
	errorHandleDiskFull syscall.Errno = 39
	errorDiskFull       syscall.Errno = 112
)

func diskFull(err error) bool {
	return errors.Is(err, errorDiskFull) || errors.Is(err, errorHandleDiskFull)
}
