package gui

import (
	"fmt"
	"net/url"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/adrg/xdg"

	"manyhands/core"
	"manyhands/core/catalog"
)

// Title is the program's name.
const Title = "Manyhands"

// Window is the main window: a tab for each scenario.
type Window struct {
	fyne.Window
	app        fyne.App
	version    string
	memory     memory
	pulse      *pulse
	pick       picker
	ownPresets catalog.PresetFolder
	visit      func(*url.URL) error // opens a file with the desktop's program for it
	pages      []*page
	tabs       *container.AppTabs
	actions    []*action
	recent     *fyne.MenuItem

	away    bool // another program's window has the focus
	asking  bool // whether to close
	leaving bool // close when nothing is under way any more
	shown   string
}

// Show opens the window and returns when it has been closed.
func Show(a fyne.App, scenarios []catalog.Scenario, version string) {
	w := New(a, scenarios, version)
	a.Lifecycle().SetOnStarted(w.recall)
	w.ShowAndRun()
}

// New makes the window without showing it. It panics if a scenario's settings
// cannot be described, which is a mistake in their tags.
func New(a fyne.App, scenarios []catalog.Scenario, version string) *Window {
	w := &Window{
		Window: a.NewWindow(Title), app: a, version: version,
		memory: memory{a.Preferences(), filepath.Join(xdg.StateHome, "manyhands")}, ownPresets: catalog.OwnPresets(), visit: a.OpenURL,
	}
	w.pulse = &pulse{show: w.look}
	w.pick = &chooser{w.Window, w.pulse}
	a.Settings().SetTheme(newLook(w.memory.Variant()))
	w.tabs = container.NewAppTabs()
	w.tabs.OnSelected = w.selectedTab
	for _, s := range scenarios {
		p, err := newPage(w, s)
		if err != nil {
			panic(fmt.Errorf("show %s: %w", s.Name, err))
		}
		w.pages = append(w.pages, p)
		w.tabs.Append(p.tab)
	}
	w.tabs.SetTabLocation(container.TabLocationLeading)
	w.open()
	return w
}

// open puts the parts into the window.
func (w *Window) open() {
	w.SetMainMenu(w.menu())
	w.SetContent(w.tabs)
	w.Resize(w.memory.Size())
	w.SetMaster()
	w.SetOnDropped(w.dropped)
	w.SetCloseIntercept(w.askToLeave)
	w.Canvas().SetOnTypedKey(w.typedKey)
	w.app.Lifecycle().SetOnEnteredForeground(func() { w.away = false })
	w.app.Lifecycle().SetOnExitedForeground(func() { w.away = true })
	if p := w.selected(); p != nil {
		p.form.focus(-1)
	}
	w.settle()
}

// typedKey is for keys while nothing has the keyboard.
func (w *Window) typedKey(event *fyne.KeyEvent) {
	p := w.selected()
	switch {
	case w.Canvas().Overlays().Top() != nil || p == nil:
	case event.Name == fyne.KeyF1:
		w.showShortcuts()
	case event.Name == fyne.KeyF5 && p.seesDatabase():
		p.database.renew()
	case event.Name == fyne.KeyEscape && p.seesDatabase():
		p.database.stopQuery()
	}
}

// recall has every page look at what it remembers.
func (w *Window) recall() {
	for _, p := range w.pages {
		if p.presets != nil {
			p.presets.load(nil)
		}
		p.changed()
	}
}

// selected is the page whose tab is in front.
func (w *Window) selected() *page {
	for _, p := range w.pages {
		if w.tabs != nil && w.tabs.Selected() == p.tab {
			return p
		}
	}
	return nil
}

func (w *Window) selectedTab(*container.TabItem) {
	w.settle()
	if p := w.selected(); p != nil {
		p.turned()
	}
}

// step goes to the next tab, or to the one before.
func (w *Window) step(by int) {
	n := len(w.pages)
	w.tabs.SelectIndex((w.tabs.SelectedIndex() + by + n) % n)
}

// look shows how every page stands. It is what the pulse beats for.
func (w *Window) look() {
	for _, p := range w.pages {
		p.look()
	}
	w.showTitle()
}

// settle brings menu, tabs and title up to date with what can be done now.
func (w *Window) settle() {
	if w.tabs == nil || w.tabs.Selected() == nil {
		return
	}
	w.settleMenu()
	changed := false
	for _, p := range w.pages {
		icon := p.icon()
		changed = changed || p.tab.Icon.Name() != icon.Name()
		p.tab.Icon = icon
	}
	if changed {
		w.tabs.Refresh()
	}
	w.showTitle()
}

// showTitle tells of the selected page, or of the first that is busy while
// that is not: it is all one sees of the window in a task bar.
func (w *Window) showTitle() {
	title := ""
	for _, p := range w.pages {
		busy := !p.idle() && title == ""
		if busy || p == w.selected() && (!p.idle() || p.ended != "") {
			title = p.title()
		}
	}
	if title += Title; title != w.shown {
		w.shown = title
		w.SetTitle(title)
	}
}

// title is the page's part of the window's title.
func (p *page) title() string {
	switch {
	case p.work != nil && p.work.steer != nil:
		progress, w := p.work.steer.Progress(), weightOf(p.work.steer)
		if _, known := w.share(progress); known {
			return fmt.Sprintf("%s %s%s – ", p.scenario.Title, w.percent(progress), standing(progress))
		}
		return fmt.Sprintf("%s %s%s – ", p.scenario.Title, count(progress.Done()), standing(progress))
	case p.work != nil:
		return p.scenario.Title + " – "
	}
	return p.scenario.Title + ": " + p.ended + " – "
}

// standing tells in a title why a run gets no further.
func standing(p core.Progress) string {
	if p.State == core.Paused {
		return ", paused"
	}
	return ""
}

func (w *Window) dropped(_ fyne.Position, uris []fyne.URI) {
	var paths []string
	for _, uri := range uris {
		if uri.Scheme() == "file" {
			paths = append(paths, addressOr(uri.Path()))
		}
	}
	if p := w.selected(); p != nil && len(paths) > 0 {
		p.drop(paths)
	}
}

// setVariant changes to the light, the dark or the system's theme.
func (w *Window) setVariant(name string) {
	w.memory.KeepVariant(name)
	w.app.Settings().SetTheme(newLook(name))
	w.settleMenu()
}

// notify tells of an end that a person may not see.
func (w *Window) notify(title, text string) {
	if w.away {
		w.app.SendNotification(fyne.NewNotification(title, text))
	}
}

// icon is the tab's icon, with a dot on it while the page is busy.
func (p *page) icon() fyne.Resource {
	icon := theme.Icon(fyne.ThemeIconName(p.scenario.Icon))
	if p.idle() {
		return icon
	}
	return dotted(icon)
}
