package safefile

import (
	"errors"
	"os"
	"syscall"
	"time"
	"unsafe"
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

// holdPart locks a part, by a byte that no file reaches: Windows keeps others
// from reading what is locked. It is false if another has the lock.
func holdPart(file *os.File) bool {
	const exclusivelyAtOnce = 3
	at := syscall.Overlapped{OffsetHigh: 0x7fffffff}
	ok, _, err := lockFileEx.Call(file.Fd(), exclusivelyAtOnce, 0, 1, 0, uintptr(unsafe.Pointer(&at)))
	return ok != 0 || !errors.Is(err, errorLockViolation)
}

// noWait is for pipes, which are no files here.
const noWait = 0

// links is how many names a file has.
func links(file *os.File) uint64 {
	var info syscall.ByHandleFileInformation
	if err := syscall.GetFileInformationByHandle(syscall.Handle(file.Fd()), &info); err != nil {
		return 1
	}
	return uint64(info.NumberOfLinks)
}

// free is how many bytes there is room for on the disk with a folder.
func free(folder string) (int64, bool) {
	name, err := syscall.UTF16PtrFromString(folder)
	if err != nil {
		return 0, false
	}
	var n uint64
	ok, _, _ := getDiskFreeSpaceEx.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&n)), 0, 0)
	return int64(min(n, 1<<62)), ok != 0
}

var (
	kernel32           = syscall.NewLazyDLL("kernel32.dll")
	lockFileEx         = kernel32.NewProc("LockFileEx")
	getDiskFreeSpaceEx = kernel32.NewProc("GetDiskFreeSpaceExW")
)

// syncFolder does nothing: NTFS keeps a journal of its names.
func syncFolder(*os.File) error { return nil }

const (
	errorLockViolation  syscall.Errno = 33
	errorHandleDiskFull syscall.Errno = 39
	errorDiskFull       syscall.Errno = 112
)

func diskFull(err error) bool {
	return errors.Is(err, errorDiskFull) || errors.Is(err, errorHandleDiskFull) || errors.Is(err, syscall.ENOSPC)
}
