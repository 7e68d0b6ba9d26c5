package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// look is Fyne's own theme, made denser, in light or dark or as the system
// has it.
type look struct {
	fyne.Theme
	variant string // "light", "dark"; else the system's
}

var compact = map[fyne.ThemeSizeName]float32{
	theme.SizeNamePadding:            4,
	theme.SizeNameInnerPadding:       6,
	theme.SizeNameText:               13,
	theme.SizeNameCaptionText:        11,
	theme.SizeNameSubHeadingText:     16,
	theme.SizeNameHeadingText:        20,
	theme.SizeNameInlineIcon:         18,
	theme.SizeNameScrollBar:          12,
	theme.SizeNameScrollBarSmall:     5,
	theme.SizeNameSelectionRadius:    2,
	theme.SizeNameWindowButtonIcon:   12,
	theme.SizeNameSeparatorThickness: 1,
}

// colours are those that Fyne's own makes too faint to read, or that it has no
// use for: the dark one, then the light one.
var colours = map[fyne.ThemeColorName][2]color.NRGBA{
	theme.ColorNameDisabled:         {{0x80, 0x80, 0x88, 0xff}, {0x86, 0x86, 0x8c, 0xff}},
	theme.ColorNameHeaderBackground: {{0x2a, 0x2a, 0x30, 0xff}, {0xe6, 0xe6, 0xea, 0xff}},
}

func newLook(variant string) fyne.Theme { return &look{theme.DefaultTheme(), variant} }

func (l *look) Size(name fyne.ThemeSizeName) float32 {
	if size, ok := compact[name]; ok {
		return size
	}
	return l.Theme.Size(name)
}

func (l *look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch l.variant {
	case "light":
		variant = theme.VariantLight
	case "dark":
		variant = theme.VariantDark
	}
	if pair, ok := colours[name]; ok {
		if variant == theme.VariantLight {
			return pair[1]
		}
		return pair[0]
	}
	return l.Theme.Color(name, variant)
}
