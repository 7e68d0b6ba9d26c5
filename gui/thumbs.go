package gui

import (
	"context"
	"image"
	"slices"
	"sync"

	"fyne.io/fyne/v2"

	"manyhands/core"
	"manyhands/core/catalog"
)

const (
	mostThumbs = 300 // kept
	thumbSide  = 28
)

// thumbs are the small pictures in the result table. They are made one after
// the other and only for rows that were drawn, those drawn last first:
//
//	cell ── Of ──> kept, or wanted ── a goroutine ──> kept ── look ──> cell
type thumbs struct {
	page *page

	mu     sync.Mutex
	kept   map[thumbKey]*image.RGBA // nil: there is none
	used   []thumbKey               // of kept, the one used last at the end
	wanted []core.Row               // the newest at the end
	making thumbKey                 // no longer wanted, not yet kept
	maker  catalog.Thumbnailer      // of those wanted
	busy   bool                     // the goroutine is at work
	fresh  bool                     // something was kept since the last look
	ctx    context.Context          //nolint:containedctx // ends when the table is cleared
	stop   context.CancelFunc
}

// thumbKey tells a row from the one that a retry puts in its place.
type thumbKey struct {
	seq    int
	status core.Status
}

// newThumbs returns nil if the scenario's rows have no pictures.
func newThumbs(p *page) *thumbs {
	if _, ok := p.scenario.New().(catalog.Thumbnailer); !ok {
		return nil
	}
	t := &thumbs{page: p, stop: func() {}}
	t.clear()
	return t
}

// Of returns the picture of a row that is drawn, nil while there is none.
func (t *thumbs) Of(row core.Row) *image.RGBA {
	maker, ok := t.page.ran.(catalog.Thumbnailer)
	if !ok || !t.page.seen(t.page.results.tab) {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	key := thumbKey{row.Seq, row.Status}
	picture, ok := t.kept[key]
	switch {
	case ok:
		t.use(key)
	case key != t.making:
		t.want(maker, row)
	}
	return picture
}

// use makes a key the one used last. The caller holds mu.
func (t *thumbs) use(key thumbKey) {
	if i := slices.Index(t.used, key); i >= 0 {
		t.used = slices.Delete(t.used, i, i+1)
	}
	t.used = append(t.used, key)
}

// want asks for a picture. Once more are wanted than fit on the screen, those
// asked for first have left it. The caller holds mu.
func (t *thumbs) want(maker catalog.Thumbnailer, row core.Row) {
	t.wanted = slices.DeleteFunc(t.wanted, func(r core.Row) bool { return r.Seq == row.Seq })
	t.wanted = append(t.wanted, row)
	t.wanted = t.wanted[max(0, len(t.wanted)-t.page.results.table.lines()):]
	t.maker = maker
	if t.busy {
		return
	}
	t.busy = true
	side, _ := t.page.Canvas().PixelCoordinateForPosition(fyne.NewPos(thumbSide, thumbSide))
	t.page.pulse.Go(func() func() {
		for t.makeNext(side) {
		}
		return nil
	})
}

// makeNext makes the picture asked for last. It returns false when none is
// wanted any more.
func (t *thumbs) makeNext(side int) bool {
	ctx, maker, row := t.next()
	if maker == nil {
		return false
	}
	var picture *image.RGBA
	_ = caught(func() error { // a row whose picture cannot be made has none
		made, err := maker.Thumbnail(ctx, row, side)
		if err == nil && made != nil {
			picture = flat(made)
		}
		return err
	})
	t.keep(ctx, thumbKey{row.Seq, row.Status}, picture)
	return true
}

func (t *thumbs) next() (context.Context, catalog.Thumbnailer, core.Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := len(t.wanted) - 1
	if t.busy = last >= 0; !t.busy {
		return nil, nil, core.Row{}
	}
	row := t.wanted[last]
	t.wanted, t.making = t.wanted[:last], thumbKey{row.Seq, row.Status}
	return t.ctx, t.maker, row
}

func (t *thumbs) keep(ctx context.Context, key thumbKey, picture *image.RGBA) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	t.kept[key], t.fresh, t.making = picture, true, thumbKey{}
	t.use(key)
	if len(t.used) > mostThumbs {
		delete(t.kept, t.used[0])
		t.used = t.used[1:]
	}
}

// look draws the table again if pictures have come. It runs at every beat.
func (t *thumbs) look() {
	t.mu.Lock()
	fresh := t.fresh
	t.fresh = false
	t.mu.Unlock()
	if fresh {
		t.page.results.table.Refresh()
	}
}

// clear forgets all pictures, and gives up the one that is being made.
func (t *thumbs) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop()
	t.ctx, t.stop = context.WithCancel(context.Background())
	t.kept, t.used, t.wanted, t.making = map[thumbKey]*image.RGBA{}, nil, nil, thumbKey{}
}
