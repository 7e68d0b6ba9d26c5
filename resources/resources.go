// Package resources holds what is built into the program.
package resources

import (
	_ "embed"

	"fyne.io/fyne/v2"
)

//go:embed icon.png
var icon []byte

// Icon is the program's icon, 512 pixels square.
var Icon fyne.Resource = &fyne.StaticResource{StaticName: "icon.png", StaticContent: icon}
