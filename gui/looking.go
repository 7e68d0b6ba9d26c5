package gui

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"

	"manyhands/core/catalog"
)

// wish is what a preview is to show, and the work on it. Only one is made
// at a time: pictures are large.
type wish struct {
	item     string             // "": none
	place    string             // where item is
	settings catalog.Config     // nil: not read yet
	mistake  error              // in the form
	stale    bool               // what is shown is not that of all these
	stop     context.CancelFunc // of the one under way; nil: none is
	beats    int                // since it began
	room     image.Point        // it is made for
	refit    later
}

// view is a preview that can be shown.
type view struct {
	fitted
	before, after, note string
}

// change takes over other settings.
func (v *preview) change(cfg catalog.Config, mistake error) {
	v.asked.settings, v.asked.mistake = cfg, mistake
	if place := v.page.form.placeText(); place != v.asked.place {
		v.asked.place = place
		v.choose("")
	}
	v.renew()
}

// choose changes the item.
func (v *preview) choose(item string) {
	if item != v.asked.item {
		v.asked.item = item
		v.list.choose(item)
		v.renew()
	}
}

// resized makes the preview anew for another size of the window, once that
// stays.
func (v *preview) resized() {
	if v.page.seen(v.tab) && v.asked.item != "" && v.picture.room() != v.asked.room {
		v.asked.refit.Ask()
	}
}

// renew makes the preview anew once it is seen.
func (v *preview) renew() {
	v.asked.stale = true
	if v.asked.stop != nil {
		v.asked.stop()
	}
	v.work()
}

// work begins what there is to do. While a preview that is no longer wanted
// has not ended, it waits for that.
func (v *preview) work() {
	a := &v.asked
	if !a.stale || a.stop != nil || !v.page.seen(v.tab) {
		return
	}
	a.stale = false
	switch {
	case a.item == "" || a.settings == nil:
		v.show(view{}, v.invitation())
	case a.mistake != nil:
		v.show(view{}, sentence(a.mistake))
	default:
		v.begin()
	}
}

func (v *preview) invitation() string {
	item := strings.ToLower(v.page.scenario.Item)
	switch {
	case v.page.found.search == nil:
		return "Choose what to work on above: here each " + item + " can be looked at, before and after."
	case v.haul.ended:
		return "There is nothing to look at."
	}
	return "Looking for " + plural(item) + "…"
}

func (v *preview) begin() {
	a := &v.asked
	ctx, stop := context.WithCancel(context.Background())
	a.stop, a.beats, a.room = stop, 0, v.picture.room()
	cfg, item, room := catalog.Copy(a.settings), a.item, a.room
	v.page.pulse.Go(func() func() {
		made, err := makeView(ctx, cfg, item, room)
		return func() { v.made(made, err) }
	})
}

func makeView(ctx context.Context, cfg catalog.Config, item string, room image.Point) (made view, err error) {
	err = caught(func() error {
		if s, ok := cfg.(catalog.Scratcher); ok {
			// Nothing is written: where to save need not be chosen yet.
			s.Scratch(filepath.Join(os.TempDir(), "manyhands-preview"))
		}
		if err := cfg.Check(); err != nil {
			return err
		}
		p, err := cfg.(catalog.Previewer).Preview(ctx, item)
		if err == nil && ctx.Err() == nil {
			made = view{fit(p, room), beforeWords(p), afterWords(p), p.Note}
		}
		return err
	})
	return made, err
}

// made shows a preview, unless another one is wanted by now.
func (v *preview) made(made view, err error) {
	v.asked.stop()
	v.asked.stop = nil
	switch {
	case v.asked.stale:
		v.work()
	case err != nil:
		v.show(view{}, sentence(err))
	default:
		v.show(made, "")
	}
}

func (v *preview) show(made view, text string) {
	v.picture.show(made.fitted)
	v.before.SetText(made.before)
	v.after.SetText(made.after)
	v.note.SetText(made.note)
	setVisible(v.note, made.note != "")
	v.say.SetText(text)
	v.right.Refresh() // it has other heights
}

// showWork says what is worked on, if it takes long enough to be read.
func (v *preview) showWork() {
	if v.asked.stop == nil {
		return
	}
	if v.asked.beats++; v.asked.beats == moment {
		v.picture.dim(true)
		v.say.SetText("Working on " + v.asked.item + "…")
	}
}

func (v *preview) rest() {
	v.asked.refit.Drop()
	if v.asked.stop != nil {
		v.asked.stop()
	}
}
