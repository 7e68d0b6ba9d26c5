// Manyhands does batch work with many workers: in a window, a tab for each
// kind of work, or without one, a command for each.
package main

import (
	"context"
	"os"

	"manyhands/cli"
	"manyhands/core/catalog"
)

const version = "0.1.0"

func main() {
	closeLog := keepCrashLog()
	status := run()
	closeLog()
	os.Exit(status)
}

func run() int {
	program := cli.Program{Scenarios: catalog.All(), Version: version, Out: os.Stdout, Err: os.Stderr}
	if len(os.Args) == 1 {
		return window(program)
	}
	return program.Main(context.Background(), os.Args[1:])
}
