package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"manyhands/resources"
)

// showShortcuts lists every entry of the menu with its keys.
func (w *Window) showShortcuts() {
	list := container.New(&twoColumns{})
	add := func(name, keys string) {
		list.Add(&widget.Label{Text: name})
		list.Add(&widget.Label{Text: keys, TextStyle: fyne.TextStyle{Monospace: true}})
	}
	for _, menu := range w.MainMenu().Items {
		list.Add(heading2(menu.Label))
		list.Add(&widget.Label{})
		for _, item := range menu.Items {
			if keys := keyText(item); keys != "" {
				add(item.Label, keys)
			}
		}
	}
	list.Add(heading2("In a table or a box"))
	list.Add(&widget.Label{})
	for _, pair := range keysElsewhere {
		add(pair[0], pair[1])
	}
	scroll := container.NewVScroll(list)
	scroll.SetMinSize(fyne.NewSize(420, min(480, w.Canvas().Size().Height-180)))
	w.ask("Shortcuts", scroll, nil, &answer{text: "Close"})
}

// keysElsewhere are those of no entry of the menu.
var keysElsewhere = [][2]string{
	{"Open row, or show it in full", "Enter"},
	{"Copy row", "Ctrl+C"},
	{"Next column's type", "Right"},
	{"Choose that column's type", "Space"},
	{"Run SELECT, in its box", "Ctrl+Enter"},
	{"Stop SELECT", "Esc"},
	{"Refresh database", "F5"},
	{"Shortcuts", "F1"},
}

// twoColumns lays out pairs below one another, densely.
type twoColumns struct{}

const lineHeight = 22

// MinSize has room for all pairs.
func (*twoColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(380, float32(len(objects)/2)*lineHeight+8)
}

// Layout gives each column its share.
func (*twoColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for i, o := range objects {
		x, width := float32(0), size.Width*0.58
		if i%2 == 1 {
			x, width = width, size.Width-width
		}
		place(o, x, float32(i/2)*lineHeight, width, lineHeight)
	}
}

func (w *Window) showAbout() {
	icon := widget.NewIcon(resources.Icon)
	text := &widget.Label{
		Text:      Title + " " + w.version + "\n\nMany hands make light work:\nbatch jobs by pointing and clicking,\non all the cores there are.",
		Alignment: fyne.TextAlignCenter,
	}
	box := container.NewVBox(container.NewCenter(container.NewGridWrap(fyne.NewSize(96, 96), icon)), text)
	w.ask("About", box, nil, &answer{text: "Close"})
}
