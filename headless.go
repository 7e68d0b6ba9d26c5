//go:build headless

package main

import (
	"context"

	"manyhands/cli"
)

// window is not in this build: it shows the commands instead.
func window(p cli.Program) int { return p.Main(context.Background(), []string{"--help"}) }
