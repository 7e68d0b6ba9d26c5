package gui

import "fyne.io/fyne/v2/widget"

// askToLeave closes the window, after a question if that ends a run.
func (w *Window) askToLeave() {
	busy := w.busy()
	if len(busy) == 0 {
		w.leave()
		return
	}
	if w.asking {
		return
	}
	w.asking = true
	text := &widget.Label{Text: busy[0].scenario.Title + " is still at work. What is done stays; the rest is dropped."}
	w.ask("Stop and close?", text, w.keepOpen,
		&answer{text: "Keep working", do: w.keepOpen},
		&answer{text: "Stop and close", importance: widget.DangerImportance, do: w.stopAndLeave})
}

func (w *Window) keepOpen() { w.asking = false }

func (w *Window) busy() []*page {
	var list []*page
	for _, p := range w.pages {
		if !p.idle() {
			list = append(list, p)
		}
	}
	return list
}

func (w *Window) stopAndLeave() {
	w.asking, w.leaving = false, true
	for _, p := range w.busy() {
		p.cancel()
	}
	w.leaveIfAsked()
}

// leaveIfAsked closes the window when the last work it waits for has ended.
func (w *Window) leaveIfAsked() {
	if w.leaving && len(w.busy()) == 0 {
		w.leave()
	}
}

func (w *Window) leave() {
	for _, p := range w.pages {
		p.rest()
	}
	w.memory.KeepSize(w.Canvas().Size())
	w.Close()
}
