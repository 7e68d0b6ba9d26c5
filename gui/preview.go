package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// preview is the pane that shows one item before and after, as the settings in
// the form would have it. Left are the items that were found, to choose from.
type preview struct {
	page    *page
	tab     *container.TabItem
	filter  *widget.Entry
	list    *items
	listed  *widget.Label // what the list leaves out
	picture *beforeAfter
	say     *widget.Label // in the picture's place
	before  *widget.Label
	after   *widget.Label
	note    *widget.Label
	right   *fyne.Container // all but the list
	asked   wish

	haul haul    // the items to choose from
	from *search // that found them; nil: none
}

const listWidth = 220

// newPreview returns nil if the effect of the scenario's settings cannot be
// looked at without a run.
func newPreview(p *page) *preview {
	if _, ok := p.scenario.New().(catalog.Previewer); !ok || p.found == nil {
		return nil
	}
	v := &preview{page: p}
	v.filter = &widget.Entry{PlaceHolder: "Filter by name", OnChanged: func(string) { v.arrange() }}
	v.list = newItems(v.choose)
	v.listed = &widget.Label{Importance: widget.LowImportance, Wrapping: fyne.TextWrapWord}
	v.picture = newBeforeAfter()
	v.say = &widget.Label{Wrapping: fyne.TextWrapWord, Alignment: fyne.TextAlignCenter, TextStyle: fyne.TextStyle{Bold: true}}
	v.before = &widget.Label{Truncation: fyne.TextTruncateEllipsis}
	v.after = &widget.Label{Truncation: fyne.TextTruncateEllipsis, Alignment: fyne.TextAlignTrailing}
	v.note = &widget.Label{Wrapping: fyne.TextWrapWord, Importance: widget.WarningImportance}
	v.asked = wish{stale: true, refit: later{pulse: p.pulse, beats: moment, do: v.renew}}
	v.picture.onResize = v.resized
	v.build()
	return v
}

func (v *preview) build() {
	left := container.NewBorder(v.filter, v.listed, nil, nil, v.list)
	texts := container.NewVBox(container.NewGridWithColumns(2, v.before, v.after), v.note)
	said := container.NewVBox(layout.NewSpacer(), v.say, layout.NewSpacer())
	v.right = container.NewBorder(nil, texts, nil, nil, container.NewStack(v.picture, said))
	v.tab = container.NewTabItem("Preview",
		container.NewBorder(nil, nil, container.New(widthLayout{listWidth}, left), nil, v.right))
	v.listed.Hide()
	v.note.Hide()
}

// look shows what has come. It runs at every beat.
func (v *preview) look() {
	if !v.page.seen(v.tab) {
		return
	}
	v.takeFound()
	v.showWork()
}

// takeFound takes over what the search has found. As with its count, that of a
// short search is taken when it has ended.
func (v *preview) takeFound() {
	s := v.page.found.search
	var h haul
	if s != nil {
		h = s.look()
		if !h.ended && v.page.found.beats < moment {
			return
		}
	}
	if s == v.from && len(h.names) == len(v.haul.names) && h.ended == v.haul.ended {
		return
	}
	v.from, v.haul = s, h
	say(v.listed, leftOut(h))
	setVisible(v.listed, v.listed.Text != "")
	v.arrange()
	v.keepChosen()
}

func leftOut(h haul) string {
	if h.items == len(h.names) {
		return ""
	}
	return "The first " + count(len(h.names)) + " of " + count(h.items) + " are listed."
}

// keepChosen goes to the first item if the one chosen is not there.
func (v *preview) keepChosen() {
	gone := v.asked.item == "" || v.haul.ended && leftOut(v.haul) == "" && !slices.Contains(v.haul.names, v.asked.item)
	switch {
	case gone && len(v.haul.names) > 0:
		v.choose(v.haul.names[0])
	case gone:
		v.choose("")
		v.renew()
	}
}

// arrange lists the names that the filter lets through.
func (v *preview) arrange() {
	names := v.haul.names
	if text := strings.ToLower(strings.TrimSpace(v.filter.Text)); text != "" {
		names = nil
		for _, name := range v.haul.names {
			if strings.Contains(strings.ToLower(name), text) {
				names = append(names, name)
			}
		}
	}
	v.list.set(names, v.asked.item)
}

// lookAt has the preview show an item.
func (p *page) lookAt(item string) {
	if p.preview != nil {
		p.preview.choose(item)
	}
}

// focusPreview shows the preview and moves the keyboard into its list.
func (p *page) focusPreview() {
	p.panes.Select(p.preview.tab)
	p.Canvas().Focus(p.preview.list)
}
