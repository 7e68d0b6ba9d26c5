package chart

import (
	"fyne.io/fyne/v2"
)

// Bar is one way of doing the work and how long it took.
type Bar struct {
	Label string
	Value float64 // in any unit that all bars share
	Text  string  // the value in words, after the bar
	Muted bool    // what the others are compared with
}

const gap = 8

// Bars draws one horizontal bar under the other, as long as their values, so
// that the longest and its text fill the width.
func Bars(bars []Bar) Draw {
	return func(size fyne.Size, look Look) []fyne.CanvasObject {
		if len(bars) == 0 {
			return nil
		}
		height := size.Height / float32(len(bars))
		thick := min(height*0.64, 28)
		left, scale := barScale(bars, size.Width, look.Text)
		var objects []fyne.CanvasObject
		for i, b := range bars {
			middle := (float32(i) + 0.5) * height
			objects = append(objects, bar(b, left, middle, thick, scale, look)...)
		}
		return objects
	}
}

// barScale finds where bars begin and how many pixels a unit is.
func barScale(bars []Bar, width, text float32) (left, scale float32) {
	for _, b := range bars {
		left = max(left, measure(b.Label, text)+gap)
	}
	scale = -1
	for _, b := range bars {
		room := max(0, width-left-gap-measure(b.Text, text))
		if s := room / float32(b.Value); b.Value > 0 && (scale < 0 || s < scale) {
			scale = s
		}
	}
	return left, max(0, scale)
}

func bar(b Bar, left, middle, thick, scale float32, look Look) []fyne.CanvasObject {
	colour := look.Working
	if b.Muted {
		colour = look.Muted
	}
	length := max(2, float32(b.Value)*scale)
	shape := box(left, middle-thick/2, length, thick, colour)
	shape.CornerRadius = 3
	name := label(b.Label, fyne.NewPos(0, 0), look.Text, look.Foreground)
	top := middle - name.MinSize().Height/2
	name.Move(fyne.NewPos(left-gap-name.MinSize().Width, top))
	value := label(b.Text, fyne.NewPos(left+length+gap, top), look.Text, look.Foreground)
	return []fyne.CanvasObject{name, shape, value}
}
