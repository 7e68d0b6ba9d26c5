package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/adrg/xdg"
)

// keepCrashLog has a fatal error's report written to a file in the user's
// state folder, too, where a person who started the window from a menu finds
// it. The function it returns removes the file of a program that ended well.
func keepCrashLog() (ended func()) {
	name := fmt.Sprintf("manyhands/crash-%s-%d.log", time.Now().Format("20060102-150405"), os.Getpid())
	path, err := xdg.StateFile(filepath.FromSlash(name))
	if err != nil {
		return func() {}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return func() {}
	}
	defer file.Close()
	if err := debug.SetCrashOutput(file, debug.CrashOptions{}); err != nil {
		_ = os.Remove(path)
	}
	return func() { _ = os.Remove(path) }
}
