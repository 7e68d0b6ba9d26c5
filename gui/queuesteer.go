package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core"
	"manyhands/core/catalog"
)

// able is what can be done with the queue now.
type able struct {
	add    bool // the run goes on
	all    bool // something has not ended
	chosen bool // an item is
	held   bool // that item is
	up     bool // it can come forward
	down   bool
}

// deed is something to do with the queue: a button, and an entry of the menus.
type deed struct {
	name   string // in the menus
	button string // "": there is none
	icon   fyne.Resource
	mod    fyne.KeyModifier
	key    fyne.KeyName
	do     func(*queue)
	can    func(able) bool
}

// Names of deeds that keys do, too.
const (
	holdItem      = "Pause or resume item"
	cancelItem    = "Cancel item"
	changeAddress = "Change address…"
)

func deeds() []deed {
	shift, alt := ctrl|fyne.KeyModifierShift, fyne.KeyModifierAlt|fyne.KeyModifierShift
	adds, all := func(a able) bool { return a.add }, func(a able) bool { return a.all }
	chosen, up := func(a able) bool { return a.chosen }, func(a able) bool { return a.up }
	return []deed{
		{"Add addresses…", "Add…", theme.ContentAddIcon(), ctrl, fyne.KeyN, (*queue).askMore, adds},
		{holdItem, "Pause item", theme.MediaPauseIcon(), shift, fyne.KeyP, (*queue).holdOrRelease, chosen},
		{cancelItem, "Cancel item", theme.CancelIcon(), shift, fyne.KeyPeriod, (*queue).drop, chosen},
		{"Move up", "Up", theme.MoveUpIcon(), ctrl, fyne.KeyUp, (*queue).moveUp, up},
		{"Move down", "Down", theme.MoveDownIcon(), ctrl, fyne.KeyDown, (*queue).moveDown, func(a able) bool { return a.down }},
		{"Move to the top", "To the top", nil, shift, fyne.KeyT, (*queue).moveFirst, up},
		{changeAddress, "Address…", nil, shift, fyne.KeyA, (*queue).askAddress, chosen},
		{"Copy address", "", theme.ContentCopyIcon(), shift, fyne.KeyU, (*queue).copyAddress, chosen},
		{"Pause all items", "", nil, alt, fyne.KeyP, (*queue).holdAll, all},
		{"Resume all items", "", nil, alt, fyne.KeyR, (*queue).releaseAll, all},
		{"Cancel all items", "", nil, alt, fyne.KeyPeriod, (*queue).dropAll, all},
	}
}

// bar has the buttons.
func (q *queue) bar() fyne.CanvasObject {
	bar := container.NewHBox()
	for _, d := range deeds() {
		if d.button != "" {
			b := &widget.Button{Text: d.button, Icon: d.icon, OnTapped: func() { q.do(d.name) }}
			b.Disable()
			q.buttons[d.name] = b
			bar.Add(b)
		}
	}
	more := &widget.Button{Icon: theme.MoreHorizontalIcon()}
	more.OnTapped = func() { popUpUnder(more, fyne.NewMenu("", q.entries()...)) }
	bar.Add(more)
	return bar
}

// entries are the deeds for a menu that pops up.
func (q *queue) entries() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for i, d := range deeds() {
		if i == 1 || i == 3 || i == 6 || i == 8 {
			items = append(items, fyne.NewMenuItemSeparator())
		}
		item := fyne.NewMenuItem(d.name, func() { q.do(d.name) })
		item.Disabled = !d.can(q.able)
		if d.name == holdItem {
			item.Label = q.holdText()
		}
		items = append(items, item)
	}
	return items
}

// offer opens the menu of the chosen item.
func (q *queue) offer(at fyne.Position) {
	if q.able.chosen {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", q.entries()...), q.page.Canvas(), at)
	}
}

// queueMenu is the menu bar's.
func (w *Window) queueMenu() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, d := range deeds() {
		do := func(p *page) { p.queue.do(d.name) }
		items = append(items, w.add(d.name, d.mod, d.key, do, func(p *page) bool { return d.can(p.queue.able) }))
	}
	paste := w.add("Paste addresses", ctrl|fyne.KeyModifierShift, fyne.KeyV, (*page).pasteAddresses, (*page).canPaste)
	return slices.Insert(items, 1, paste)
}

// settle shows what can be done now.
func (q *queue) settle() {
	now := q.ability()
	if now == q.able {
		return
	}
	q.able = now
	for _, d := range deeds() {
		if b := q.buttons[d.name]; b != nil {
			setEnabled(b, d.can(now))
		}
	}
	setText(q.buttons[holdItem], q.holdText(), map[bool]fyne.Resource{true: theme.MediaPlayIcon(), false: theme.MediaPauseIcon()}[now.held])
	q.page.Window.settle()
}

func (q *queue) ability() able {
	r := q.rows
	a := able{add: q.going(), all: q.going() && r.all > 0}
	if q.going() && r.line >= 0 && q.page.seen(q.tab) {
		a.chosen, a.held = true, r.chosen.Held
		a.up = !r.chosen.Active && r.follows()
		a.down = !r.chosen.Active && r.line < r.all-1
	}
	return a
}

func (q *queue) holdText() string {
	if q.able.held {
		return "Resume item"
	}
	return "Pause item"
}

// do does the deed of a name, if that can be done still, and shows it.
func (q *queue) do(name string) {
	for _, d := range deeds() {
		if d.name == name && d.can(q.ability()) {
			d.do(q)
			q.look()
		}
	}
}

func (q *queue) holdOrRelease() {
	if q.rows.chosen.Held {
		q.rows.run.Release(q.rows.chosen.ID)
	} else {
		q.rows.run.Hold(q.rows.chosen.ID)
	}
}

func (q *queue) drop() { q.rows.run.Drop(q.rows.chosen.ID) }

func (q *queue) moveUp()    { q.move(q.rows.line - 1) }
func (q *queue) moveDown()  { q.move(q.rows.line + 1) }
func (q *queue) moveFirst() { q.rows.move(q.rows.inHand()) }

// move keeps the item in sight.
func (q *queue) move(line int) {
	q.rows.move(line)
	if q.rows.line >= 0 {
		q.table.ScrollTo(widget.TableCellID{Row: q.rows.line})
	}
}

func (q *queue) copyAddress() {
	q.page.app.Clipboard().SetContent(q.rows.chosen.Item)
	q.page.bar.tell("Copied " + shortPath(q.rows.chosen.Item))
}

func (q *queue) holdAll() {
	q.each(catalog.Queuer.Hold, func(one core.Pending) bool { return !one.Held })
}

func (q *queue) releaseAll() {
	q.each(catalog.Queuer.Release, func(one core.Pending) bool { return one.Held })
}

func (q *queue) dropAll() { q.each(catalog.Queuer.Drop, func(core.Pending) bool { return true }) }

// each does something to every item that is listed now and wants it.
func (q *queue) each(do func(catalog.Queuer, int), wants func(core.Pending) bool) {
	const some = 500
	run := q.rows.run
	q.page.pulse.Go(func() func() {
		var ids []int
		for from := 0; ; from += some {
			items, _ := run.Pending(from, some)
			for _, one := range items {
				if wants(one) {
					ids = append(ids, one.ID)
				}
			}
			if len(items) < some {
				break
			}
		}
		for _, id := range ids {
			do(run, id)
		}
		return q.look
	})
}
