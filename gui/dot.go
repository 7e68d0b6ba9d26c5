package gui

import (
	"bytes"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// dot is drawn over the right top corner of an icon of 24 units.
const dot = `<circle cx="20" cy="4" r="4"/></svg>`

// dotted puts a dot on an icon. An icon that is no SVG stays as it is.
func dotted(icon fyne.Resource) fyne.Resource {
	content := icon.Content()
	end := bytes.LastIndex(content, []byte("</svg>"))
	if end < 0 {
		return icon
	}
	made := &fyne.StaticResource{StaticName: "dotted-" + icon.Name()}
	made.StaticContent = append(append(made.StaticContent, content[:end]...), dot...)
	return theme.NewThemedResource(made)
}
