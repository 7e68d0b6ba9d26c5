package gui

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

const mostNames = 100_000 // kept to choose from in the preview

// found tells beside the first folder how much there is to do: it looks for
// the items of the settings in the background.
type found struct {
	page   *page
	label  *widget.Label
	row    *fyne.Container // the first folder's, with the label
	search *search         // the last one; nil: there is nowhere to look
	beats  int             // since it began
}

// search is one look for items. Its own goroutine fills it, the GUI goroutine
// reads it.
type search struct {
	stop context.CancelFunc
	mu   sync.Mutex
	haul haul
}

// haul is what a search has brought so far.
type haul struct {
	names []string // of the first mostNames
	items int
	bytes int64
	ended bool
	err   error
}

// newFound returns nil if the scenario's items cannot be looked for.
func newFound(p *page) *found {
	if _, ok := p.scenario.New().(catalog.Finder); !ok {
		return nil
	}
	return &found{page: p, label: &widget.Label{Truncation: fyne.TextTruncateEllipsis}}
}

// seek gives up the search that goes on and begins another one.
func (f *found) seek(cfg catalog.Config) {
	f.rest()
	if f.page.form.placeText() == "" {
		f.search = nil
		f.tell("", widget.MediumImportance)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &search{stop: stop}
	f.search, f.beats = s, 0
	f.page.pulse.Go(func() func() {
		s.end(caught(func() error {
			return cfg.(catalog.Finder).Find(ctx, func(item string, bytes int64) bool {
				s.add(item, bytes)
				return ctx.Err() == nil
			})
		}))
		return nil
	})
}

// rest gives up the search that goes on.
func (f *found) rest() {
	if f.search != nil {
		f.search.stop()
	}
}

func (s *search) add(item string, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.haul.items++
	s.haul.bytes += bytes
	if len(s.haul.names) < mostNames {
		s.haul.names = append(s.haul.names, item)
	}
}

func (s *search) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.haul.ended, s.haul.err = true, err
	s.stop()
}

func (s *search) look() haul {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.haul
}

// look shows how the search stands. A short one shows only what it came to:
// the words are not to flicker with every letter that is typed.
func (f *found) look() {
	if f.search == nil {
		return
	}
	f.beats++
	h := f.search.look()
	switch {
	case h.err != nil:
		f.tell(foundWords(h, f.page.scenario.Item), widget.DangerImportance)
	case h.ended || f.beats >= moment:
		f.tell(foundWords(h, f.page.scenario.Item), widget.MediumImportance)
	}
}

func (f *found) tell(text string, importance widget.Importance) {
	if text = oneLine(text); f.label.Text != text || f.label.Importance != importance {
		f.label.Importance = importance
		f.label.SetText(text)
		f.row.Layout.Layout(f.row.Objects, f.row.Size())
	}
}

// beside puts the label into a folder's row.
func (f *found) beside(o fyne.CanvasObject) fyne.CanvasObject {
	f.row = container.New(besideLayout{}, o, f.label)
	return f.row
}
