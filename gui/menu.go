package gui

import (
	"fmt"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"manyhands/core/catalog"
)

// action is an entry of the menu. Its shortcut works whatever has the focus:
// Fyne looks at the menu's before a text entry can swallow the key.
type action struct {
	item *fyne.MenuItem
	can  func() bool // nil: always
}

const ctrl = fyne.KeyModifierShortcutDefault

// add makes an entry that acts on the page in front. Fyne obeys a disabled
// entry's shortcut, and a shortcut while a question is asked: so it is checked
// again here.
func (w *Window) add(label string, mod fyne.KeyModifier, key fyne.KeyName, do func(*page), can func(*page) bool) *fyne.MenuItem {
	a := &action{}
	a.can = func() bool { return w.selected() != nil && (can == nil || can(w.selected())) }
	a.item = fyne.NewMenuItem(label, func() {
		if a.can() && w.Canvas().Overlays().Top() == nil {
			do(w.selected())
		}
	})
	if key != "" {
		a.item.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: mod}
	}
	w.actions = append(w.actions, a)
	return a.item
}

func (w *Window) menu() *fyne.MainMenu {
	w.actions = nil
	return fyne.NewMainMenu(
		fyne.NewMenu("File", w.fileMenu()...),
		fyne.NewMenu("Edit", w.editMenu()...),
		fyne.NewMenu("Run", w.runMenu()...),
		fyne.NewMenu("Queue", w.queueMenu()...),
		fyne.NewMenu("Database", w.databaseMenu()...),
		fyne.NewMenu("View", w.viewMenu()...),
		fyne.NewMenu("Help", w.helpMenu()...),
	)
}

func (w *Window) fileMenu() []*fyne.MenuItem {
	shift := ctrl | fyne.KeyModifierShift
	w.recent = fyne.NewMenuItem("Recent", nil)
	quit := fyne.NewMenuItem("Quit", w.askToLeave)
	quit.IsQuit = true
	quit.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: ctrl}
	return []*fyne.MenuItem{
		w.add("Open folder…", ctrl, fyne.KeyO, (*page).openFolder, (*page).canOpen),
		w.recent,
		w.add("Use sample data", ctrl, fyne.KeyD, (*page).useSample, (*page).canSample),
		fyne.NewMenuItemSeparator(),
		w.add("Export CSV…", ctrl, fyne.KeyE, (*page).exportCSV, (*page).hasTableRows),
		w.add("Export JSON…", shift, fyne.KeyE, func(p *page) { p.results.exportJSON() }, (*page).hasRows),
		w.add("Save chart as PNG…", ctrl, fyne.KeyS, func(p *page) { p.timing.savePicture() }, (*page).hasPicture),
		w.add("Open output folder", shift, fyne.KeyO, (*page).openPlace, (*page).hasPlace),
		w.add("Open chosen file", shift, fyne.KeyReturn, (*page).openChosen, (*page).hasChosen),
		fyne.NewMenuItemSeparator(),
		quit,
	}
}

func (w *Window) presetMenu() []*fyne.MenuItem {
	shift := ctrl | fyne.KeyModifierShift
	return []*fyne.MenuItem{
		w.add("Choose preset", ctrl, fyne.KeyB, func(p *page) { p.presets.focus() }, (*page).hasPresets),
		w.add("Save as preset…", shift, fyne.KeyB, func(p *page) { p.presets.askName() }, (*page).hasPresets),
		w.add("Import preset…", shift, fyne.KeyI, func(p *page) { p.presets.importFile() }, (*page).hasPresets),
		w.add("Export preset…", shift, fyne.KeyX, func(p *page) { p.presets.exportFile() }, (*page).hasPresets),
		w.add("Delete preset…", shift, fyne.KeyDelete, func(p *page) { p.presets.askDelete() }, (*page).hasOwnPreset),
	}
}

func (w *Window) editMenu() []*fyne.MenuItem {
	shift := ctrl | fyne.KeyModifierShift
	items := []*fyne.MenuItem{
		w.add("Copy row", shift, fyne.KeyC, (*page).copyRow, (*page).canCopyRow),
		w.add("Try row at another address…", shift, fyne.KeyN, (*page).askNewAddress, (*page).canReaddress),
		w.add("Filter", ctrl, fyne.KeyF, (*page).focusFilter, (*page).hasTableRows),
		w.add("Only failed", shift, fyne.KeyF, func(p *page) { p.results.toggleFailed() }, (*page).hasRows),
		w.add("Go to results", ctrl, fyne.KeyT, (*page).focusTable, (*page).hasRows),
		w.add("Go to details", ctrl, fyne.KeyG, (*page).focusDetails, (*page).hasDetails),
		w.add("Copy details", shift, fyne.KeyG, (*page).copyDetails, (*page).hasDetails),
		w.add("Go to settings", ctrl, fyne.KeyL, func(p *page) { p.form.focus(-1) }, nil),
		w.add("More or fewer settings", ctrl, fyne.KeyM, func(p *page) { p.form.toggleMore() }, func(p *page) bool { return p.form.more != nil }),
		fyne.NewMenuItemSeparator(),
	}
	return append(items, w.presetMenu()...)
}

func (w *Window) runMenu() []*fyne.MenuItem {
	return []*fyne.MenuItem{
		w.add("Start", ctrl, fyne.KeyReturn, (*page).startOrRun, (*page).canStartOrRun),
		w.add("Pause or resume", ctrl, fyne.KeyP, (*page).pauseOrResume, (*page).canSteer),
		w.add("Cancel", ctrl, fyne.KeyPeriod, (*page).cancel, func(p *page) bool { return !p.idle() }),
		w.add("Retry failed", ctrl, fyne.KeyR, (*page).retryFailed, (*page).canRetry),
		w.add("Compare with one worker", ctrl, fyne.KeyK, (*page).compare, (*page).idle),
	}
}

func (w *Window) databaseMenu() []*fyne.MenuItem {
	shift := ctrl | fyne.KeyModifierShift
	return []*fyne.MenuItem{
		w.add("Go to SELECT", ctrl, fyne.KeyJ, (*page).focusQuery, (*page).hasDatabase),
		w.add("Run SELECT", shift, fyne.KeyJ, func(p *page) { p.database.runQuery() }, (*page).seesDatabase),
		w.add("Stop SELECT", shift, fyne.KeyK, func(p *page) { p.database.stopQuery() }, (*page).seesDatabase),
		w.add("Go to tables", ctrl, fyne.KeyH, (*page).focusTables, (*page).hasDatabase),
		w.add("Refresh", shift, fyne.KeyR, func(p *page) { p.database.renew() }, (*page).seesDatabase),
	}
}

func (w *Window) viewMenu() []*fyne.MenuItem {
	shift := ctrl | fyne.KeyModifierShift
	variant := func(name string) func(*page) { return func(*page) { w.setVariant(name) } }
	return []*fyne.MenuItem{
		w.add("Results", ctrl, fyne.Key1, func(p *page) { p.panes.Select(p.results.tab) }, nil),
		w.add("Preview", ctrl, fyne.Key2, (*page).focusPreview, func(p *page) bool { return p.preview != nil }),
		w.add("Live", ctrl, fyne.Key3, func(p *page) { p.panes.Select(p.live.tab) }, func(p *page) bool { return p.live.shown }),
		w.add("Timing", ctrl, fyne.Key4, func(p *page) { p.panes.Select(p.timing.tab) }, nil),
		w.add("Queue", ctrl, fyne.Key5, (*page).focusQueue, func(p *page) bool { return p.queue.shown }),
		w.add("Source", ctrl, fyne.Key6, (*page).focusSource, func(p *page) bool { return p.source != nil }),
		w.add("Rejects", ctrl, fyne.Key7, (*page).focusRejects, func(p *page) bool { return p.rejects.shown }),
		w.add("Database", ctrl, fyne.Key8, (*page).focusDatabase, (*page).hasDatabase),
		fyne.NewMenuItemSeparator(),
		w.add("Sort by the next column", fyne.KeyModifierAlt, fyne.KeyRight, func(p *page) { p.sortedTable().sortNext() }, (*page).hasTableRows),
		w.add("Sort the other way", fyne.KeyModifierAlt, fyne.KeyDown, func(p *page) { p.sortedTable().sortBack() }, (*page).hasTableRows),
		fyne.NewMenuItemSeparator(),
		w.add("Next tab", ctrl, fyne.KeyPageDown, func(*page) { w.step(1) }, nil),
		w.add("Previous tab", ctrl, fyne.KeyPageUp, func(*page) { w.step(-1) }, nil),
		fyne.NewMenuItemSeparator(),
		w.add("Light theme", shift, fyne.KeyL, variant("light"), nil),
		w.add("Dark theme", shift, fyne.KeyD, variant("dark"), nil),
		w.add("System theme", shift, fyne.KeyS, variant("system"), nil),
	}
}

func (w *Window) helpMenu() []*fyne.MenuItem {
	return []*fyne.MenuItem{
		w.add("Shortcuts", ctrl, fyne.KeySlash, func(*page) { w.showShortcuts() }, nil),
		w.add("About "+Title, ctrl, fyne.KeyI, func(*page) { w.showAbout() }, nil),
	}
}

// settleMenu greys out what cannot be done now, and lists the recent folders.
func (w *Window) settleMenu() {
	if w.MainMenu() == nil {
		return
	}
	for _, a := range w.actions {
		a.item.Disabled = !a.can()
	}
	for _, a := range w.actions {
		if name, ok := strings.CutSuffix(a.item.Label, " theme"); ok {
			a.item.Checked = strings.ToLower(name) == w.memory.Variant()
		}
	}
	w.recent.ChildMenu = fyne.NewMenu("", w.recentItems()...)
	w.recent.Disabled = len(w.recent.ChildMenu.Items) == 0
	w.MainMenu().Refresh()
}

// recentItems puts a folder used before into the form's first place.
func (w *Window) recentItems() []*fyne.MenuItem {
	p := w.selected()
	if p == nil || !p.canOpen() {
		return nil
	}
	var items []*fyne.MenuItem
	for i, folder := range w.memory.Recent(p.scenario.Name) {
		item := fyne.NewMenuItem(shortPath(folder), func() { p.openRecent(folder) })
		item.Shortcut = &desktop.CustomShortcut{
			KeyName: fyne.KeyName(fmt.Sprint(i + 1)), Modifier: fyne.KeyModifierAlt,
		}
		items = append(items, item)
	}
	return items
}

func shortPath(path string) string {
	runes := []rune(path)
	if len(runes) <= 60 {
		return path
	}
	return cut(runes, 58, true)
}

func keyText(item *fyne.MenuItem) string {
	s, ok := item.Shortcut.(*desktop.CustomShortcut)
	if !ok {
		return ""
	}
	var parts []string
	for _, m := range []struct {
		bit  fyne.KeyModifier
		name string
	}{{fyne.KeyModifierControl, "Ctrl"}, {fyne.KeyModifierSuper, super()}, {fyne.KeyModifierAlt, "Alt"}, {fyne.KeyModifierShift, "Shift"}} {
		if s.Modifier&m.bit != 0 {
			parts = append(parts, m.name)
		}
	}
	names := map[fyne.KeyName]string{fyne.KeyReturn: "Enter", fyne.KeyPageDown: "Page Down", fyne.KeyPageUp: "Page Up"}
	if name, ok := names[s.KeyName]; ok {
		return strings.Join(append(parts, name), "+")
	}
	return strings.Join(append(parts, string(s.KeyName)), "+")
}

func super() string {
	if runtime.GOOS == "darwin" {
		return "Cmd"
	}
	return "Super"
}

func (p *page) canOpen() bool    { return p.idle() && p.form.find(catalog.Folder, catalog.File) >= 0 }
func (p *page) canSample() bool  { return p.idle() && p.scenario.Sample != nil }
func (p *page) hasRows() bool    { return p.results.all > 0 }
func (p *page) hasPlace() bool   { return p.place() != "" }
func (p *page) hasChosen() bool  { return p.results.chosen.Seq > 0 }
func (p *page) hasPicture() bool { return p.timing.hasPicture() }
func (p *page) canSteer() bool   { return p.work != nil && p.work.steer != nil }
func (p *page) hasPresets() bool { return p.presets != nil }

func (p *page) hasOwnPreset() bool {
	if p.presets == nil {
		return false
	}
	_, own := p.presets.own()
	return own
}

func (p *page) openRecent(folder string) {
	if p.canOpen() {
		p.form.setPlace(folder)
	}
}
