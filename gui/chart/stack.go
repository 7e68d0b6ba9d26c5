package chart

import (
	"fyne.io/fyne/v2"
)

// Part is one of several charts in a picture.
type Part struct {
	Title  string
	Height float32 // 0: what is left over
	Draw   Draw
}

// Stack draws charts below one another, each under its title.
func Stack(title string, parts []Part) Draw {
	return func(size fyne.Size, look Look) []fyne.CanvasObject {
		line := fyne.MeasureText("W", look.Text+2, fyne.TextStyle{}).Height + gap
		objects := []fyne.CanvasObject{bold(title, 0, look)}
		left, flexible := size.Height-line, 0
		for _, p := range parts {
			left -= line + gap + p.Height
			if p.Height == 0 {
				flexible++
			}
		}
		y := line
		for _, p := range parts {
			height := p.Height
			if height == 0 {
				height = max(0, left/float32(flexible))
			}
			objects = append(objects, bold(p.Title, y, look))
			objects = append(objects, moved(p.Draw(fyne.NewSize(size.Width, height), look), y+line)...)
			y += line + height + gap
		}
		return objects
	}
}

func bold(text string, y float32, look Look) fyne.CanvasObject {
	t := label(text, fyne.NewPos(0, y), look.Text+2, look.Foreground)
	t.TextStyle.Bold = true
	return t
}

func moved(objects []fyne.CanvasObject, down float32) []fyne.CanvasObject {
	for _, o := range objects {
		o.Move(o.Position().AddXY(0, down))
	}
	return objects
}
