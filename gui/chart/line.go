package chart

import (
	"image"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/dustin/go-humanize"

	"manyhands/core"
)

// Line draws a value over time: a line above its area, the last value beside
// its end, the limit as dashes with its label. What is drawn depends on the
// width, not on the number of points.
func Line(c core.Chart) Draw {
	return func(size fyne.Size, look Look) []fyne.CanvasObject {
		points := drawable(c.Points)
		if len(points) == 0 || size.Width < 1 || size.Height < 1 {
			return nil
		}
		p := frameOf(c, points, size, look)
		points = reduce(points, p.from, p.until, max(1, int(p.width)))
		raster := canvas.NewRaster(func(w, h int) image.Image { return p.stroke(points, image.Pt(w, h)) })
		raster.Move(fyne.NewPos(p.left, p.top-rim))
		raster.Resize(fyne.NewSize(p.width+rim, p.height+2*rim))
		objects := append(p.valueAxis(), p.timeAxis()...)
		objects = append(objects, raster)
		if c.Limit > 0 {
			objects = append(objects, p.limitLabel())
		}
		return append(objects, p.lastLabel(points[len(points)-1]))
	}
}

// drawable leaves out what cannot be drawn: what is no number, or beyond all
// measure, and what is out of order.
func drawable(points []core.Point) []core.Point {
	const beyond = 1e18
	last := time.Duration(math.MinInt64)
	fine := func(p core.Point) bool {
		ok := math.Abs(p.Value) < beyond && p.At >= last
		if ok {
			last = p.At
		}
		return ok
	}
	odd := slices.IndexFunc(points, func(p core.Point) bool { return !fine(p) })
	if odd < 0 {
		return points
	}
	kept := slices.Clone(points[:odd])
	for _, p := range points[odd:] {
		if fine(p) {
			kept = append(kept, p)
		}
	}
	return kept
}

const rim = 4 // of the picture around the place for the line: half of the dot

// frame is where the parts of a line chart are, and what its axes span.
type frame struct {
	look          Look
	unit          string
	limit         float64
	from, until   time.Duration
	least, most   float64 // multiples of step
	step          float64
	left, top     float32 // of the place for the line
	width, height float32
	line          float32 // height of a line of text
	size          fyne.Size
}

func frameOf(c core.Chart, points []core.Point, size fyne.Size, look Look) frame {
	p := frame{look: look, unit: c.Unit, limit: c.Limit, size: size, from: points[0].At}
	p.until = max(points[len(points)-1].At, p.from+time.Millisecond)
	p.line = fyne.MeasureText("W", look.Text, fyne.TextStyle{}).Height
	p.top = p.line / 2
	p.height = max(1, size.Height-p.top-p.line-gap)
	p.span(points)
	p.left = max(measure(p.text(p.most), look.Text), measure(p.text(p.least), look.Text)) + gap
	p.width = max(1, size.Width-p.left-gap-measure(valueText(points[len(points)-1].Value, p.unit), look.Text))
	return p
}

// span finds the values that the axis reaches over: from 0 to at least the
// limit, in round steps.
func (p *frame) span(points []core.Point) {
	most := p.limit * 1.05 // room for its label
	for _, v := range points {
		p.least, most = min(p.least, v.Value), max(most, v.Value)
	}
	if most-p.least < 1e-9*max(1e-3, most, -p.least) {
		most = p.least + 1
	}
	p.step = round(most-p.least, max(1, int(p.height/(2*p.line))))
	p.least = math.Floor(p.least/p.step) * p.step
	p.most = math.Ceil(most/p.step) * p.step
}

// round is a round step, 1, 2 or 5 times a power of ten, of which the span has
// at most n.
func round(span float64, n int) float64 {
	least := span / float64(n)
	unit := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{1, 2, 5} {
		if unit*m >= least*0.999 {
			return unit * m
		}
	}
	return unit * 10
}

// y is where a value is.
func (p frame) y(value float64) float32 {
	return p.top + p.height*float32(1-(value-p.least)/(p.most-p.least))
}

// text labels a value of the axis with no more decimals than its step has.
func (p frame) text(value float64) string {
	decimals := max(0, int(math.Ceil(-math.Log10(p.step)-1e-9)))
	if decimals > 6 || math.Abs(value) >= 1e9 {
		return strconv.FormatFloat(value, 'g', 3, 64)
	}
	return humanize.CommafWithDigits(value, decimals)
}

// valueText is a value in three digits or more, with its unit.
func valueText(value float64, unit string) string {
	var text string
	switch size := math.Abs(value); {
	case size >= 1e9 || size < 1e-3 && size > 0:
		text = strconv.FormatFloat(value, 'g', 3, 64)
	case size >= 100:
		text = humanize.Commaf(math.Round(value))
	default:
		text = strconv.FormatFloat(value, 'f', max(0, 2-len(strconv.Itoa(int(size)))+1), 64)
		if strings.Contains(text, ".") {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
	}
	if unit == "" || strings.HasPrefix(unit, "/") {
		return text + unit
	}
	return text + " " + unit
}

// valueAxis draws a thin line and a value at every step.
func (p frame) valueAxis() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for i := range int(math.Round((p.most-p.least)/p.step)) + 1 {
		value := p.least + float64(i)*p.step
		y := p.y(value)
		objects = append(objects, box(p.left, y, p.width, 1, p.look.Grid))
		text := p.text(value)
		left := p.left - gap - measure(text, p.look.Text)
		objects = append(objects, label(text, fyne.NewPos(left, y-p.line/2), p.look.Text, p.look.Muted))
	}
	return objects
}

// timeAxis names round times below the line.
func (p frame) timeAxis() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	whole := p.until - p.from
	step := tick(whole, int(p.width/90))
	for at := (p.from + step - 1) / step * step; at <= p.until; at += step {
		x := p.left + p.width*float32(at-p.from)/float32(whole)
		text := timeText(at, step)
		width := measure(text, p.look.Text)
		objects = append(objects, box(x, p.top+p.height, 1, 4, p.look.Grid))
		left := max(0, min(x-width/2, p.size.Width-width))
		objects = append(objects, label(text, fyne.NewPos(left, p.top+p.height+5), p.look.Text, p.look.Muted))
	}
	return objects
}

// limitLabel stands on the dashes, or below them where there is no room.
func (p frame) limitLabel() fyne.CanvasObject {
	y := p.y(p.limit)
	top := y - p.line - 1
	if top < 0 {
		top = y + 2
	}
	return label("limit "+valueText(p.limit, p.unit), fyne.NewPos(p.left+gap, top), p.look.Text, p.look.Limited)
}

// lastLabel stands beside the end of the line.
func (p frame) lastLabel(last core.Point) fyne.CanvasObject {
	y := p.y(last.Value) - p.line/2
	return label(valueText(last.Value, p.unit), fyne.NewPos(p.left+p.width+gap, max(0, y)), p.look.Text, p.look.Foreground)
}
