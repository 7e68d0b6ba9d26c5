//go:build !headless

package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"fyne.io/fyne/v2/app"

	"manyhands/cli"
	"manyhands/gui"
	"manyhands/resources"
)

// window opens the window and returns when it is closed.
func window(p cli.Program) int {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		fmt.Fprintln(p.Err, "manyhands: there is no display to open a window on. Try: manyhands demo, or manyhands --help")
		return 3
	}
	if os.Getenv("GOGC") == "" { // results are kept, so the heap grows: half the slack costs little
		debug.SetGCPercent(50)
	}
	a := app.NewWithID("io.github.manyhands.Manyhands")
	a.SetIcon(resources.Icon)
	gui.Show(a, p.Scenarios, p.Version)
	return 0
}
