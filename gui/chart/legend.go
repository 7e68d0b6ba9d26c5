package chart

import (
	"image/color"

	"fyne.io/fyne/v2"

	"manyhands/core"
)

type entry struct {
	name   string
	colour color.Color
}

// entries names the colours that a chart of these lanes can show. The rare
// ones are named only if they occur.
func entries(lanes [][]core.Bar, look Look) []entry {
	var spent core.Bar
	for _, bars := range lanes {
		for _, b := range bars {
			spent.Failed += b.Failed
			for activity, d := range b.Spent {
				spent.Spent[activity] += d
			}
		}
	}
	list := []entry{{"working", look.Working}}
	if spent.Failed > 0 {
		list = append(list, entry{"an item failed", look.Failed})
	}
	if spent.Spent[core.Opening] > 0 {
		list = append(list, entry{"getting ready", look.Opening})
	}
	if spent.Spent[core.Limited] > 0 {
		list = append(list, entry{"held back by the rate limit", look.Limited})
	}
	if spent.Spent[core.Delivering] > 0 {
		list = append(list, entry{"handing over results", look.Delivering})
	}
	return append(list, entry{"waiting", idle(look)})
}

const swatch = 10

// key is an entry and where it stands in the legend, from its left.
type key struct {
	entry
	x    float32
	line int
}

// explain places the entries, in as many lines as they need.
func (p *layout) explain(list []entry) {
	x := float32(0)
	for _, e := range list {
		width := swatch + gap/2 + measure(e.name, p.look.Text)
		if x > 0 && x+width > p.width {
			x = 0
			p.lines++
		}
		p.keys = append(p.keys, key{e, x, p.lines})
		x += width + 2*gap
	}
	p.lines++
}

// legend draws the names of the colours below the axis.
func (p layout) legend() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for _, k := range p.keys {
		y := p.height + gap + float32(k.line+1)*p.line
		objects = append(objects, box(p.left+k.x, y+(p.line-swatch)/2, swatch, swatch, k.colour),
			label(k.name, fyne.NewPos(p.left+k.x+swatch+gap/2, y), p.look.Text, p.look.Muted))
	}
	return objects
}
