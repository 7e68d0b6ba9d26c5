package gui

import (
	"slices"

	"fyne.io/fyne/v2/container"

	"manyhands/core/catalog"
)

// follower is a pane that shows what the settings in the form lead to.
type follower interface {
	change(cfg catalog.Config, mistake error) // other settings; the mistake is the form's
	work()                                    // do what was put off while the pane was not seen
	look()                                    // at every beat
	rest()                                    // give up what is under way
}

// tabs are the panes' there are now, in their order.
func (p *page) tabs() []*container.TabItem {
	list := []*container.TabItem{p.results.tab}
	if p.queue.shown {
		list = append(list, p.queue.tab)
	}
	if p.source != nil {
		list = append(list, p.source.tab)
	}
	if p.preview != nil {
		list = append(list, p.preview.tab)
	}
	if p.rejects.shown {
		list = append(list, p.rejects.tab)
	}
	if p.database != nil {
		list = append(list, p.database.tab)
	}
	if p.live.shown {
		list = append(list, p.live.tab)
	}
	return append(list, p.timing.tab)
}

// makeFollowers makes the panes that the scenario's settings have.
func (p *page) makeFollowers() {
	if p.preview = newPreview(p); p.preview != nil {
		p.follows = append(p.follows, p.preview)
	}
	if p.source = newSource(p); p.source != nil {
		p.follows = append(p.follows, p.source)
	}
	if p.database = newDatabase(p); p.database != nil {
		p.follows = append(p.follows, p.database)
	}
}

// arrangePanes shows the panes that there are now. The one in front stays
// there while it is one of them.
func (p *page) arrangePanes() {
	list, selected := p.tabs(), p.panes.Selected()
	if !slices.Contains(list, selected) {
		selected = p.results.tab
	}
	p.panes.SetItems(list)
	p.panes.Select(selected)
	p.Window.settle()
}

// seen tells whether a pane can be seen.
func (p *page) seen(pane *container.TabItem) bool {
	return p.panes != nil && p.panes.Selected() == pane && p.selected() == p
}

// turned shows what a pane did not show while it could not be seen.
func (p *page) turned() {
	p.look()
	for _, f := range p.follows {
		f.work()
	}
	if p.seen(p.results.tab) {
		p.results.table.Refresh()
	}
}

// turnedTo is told that another pane came to the front.
func (p *page) turnedTo() {
	if p.source != nil && !p.source.coming {
		p.source.turned = true
	}
	if p.database != nil && p.work != nil { // it changes while a run goes on
		p.database.stale = true
	}
	p.turned()
	p.Window.settle()
}
