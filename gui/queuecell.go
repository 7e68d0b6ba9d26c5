package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

const percentWidth = 44 // beside a cell's bar

// measure places a cell's bar, which leaves the text its room at the right.
func (r *cellRenderer) measure(th fyne.Theme, v fyne.ThemeVariant) {
	shown := r.cell.fill != ""
	if shown && r.bar[0] == nil {
		for i := range r.bar {
			r.bar[i] = &canvas.Rectangle{CornerRadius: 2}
			r.objects = append(r.objects, r.bar[i])
		}
	}
	if r.bar[0] == nil {
		return
	}
	size := r.cell.Size().SubtractWidthHeight(2*cellPad+percentWidth, 0)
	height := r.text.TextSize * 0.65
	r.bar[0].Hidden, r.bar[1].Hidden = !shown, !shown || r.cell.percent == 0
	r.bar[0].FillColor = th.Color(theme.ColorNameSeparator, v)
	place(r.bar[0], cellPad, (size.Height-height)/2, max(0, size.Width), height)
	if r.bar[1].Hidden {
		return
	}
	r.bar[1].FillColor = th.Color(r.cell.fill, v)
	done := max(2, size.Width*float32(min(r.cell.percent, 100))/100)
	place(r.bar[1], cellPad, (size.Height-height)/2, done, height)
}
