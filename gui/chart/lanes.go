package chart

import (
	"cmp"
	"fmt"
	"image"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"manyhands/core"
)

// Lanes draws what each worker did over the whole run: a lane a worker, time
// to the right, with an axis and a legend below. Lanes that would be too thin
// to see are joined, neighbour to neighbour.
func Lanes(lanes [][]core.Bar) Draw {
	return func(size fyne.Size, look Look) []fyne.CanvasObject {
		if len(lanes) == 0 {
			return nil
		}
		p := plan(len(lanes), until(lanes), size, look)
		p.explain(entries(lanes, look))
		p.share()
		objects := p.axis()
		raster := canvas.NewRaster(func(w, h int) image.Image {
			return paint(lanes, p.rows, p.until, image.Pt(w, h), look)
		})
		raster.Move(fyne.NewPos(p.left, 0))
		raster.Resize(fyne.NewSize(p.width, p.height))
		objects = append(objects, raster)
		objects = append(objects, p.names()...)
		return append(objects, p.legend()...)
	}
}

func until(lanes [][]core.Bar) time.Duration {
	last := time.Millisecond
	for _, bars := range lanes {
		if len(bars) > 0 {
			last = max(last, bars[len(bars)-1].End)
		}
	}
	return last
}

// layout is where the parts of a lanes chart are.
type layout struct {
	look Look
	workers,
	rows int // lanes drawn, each of one worker or of several
	until  time.Duration
	size   fyne.Size
	left   float32 // of the lanes, after their names
	width  float32 // of the lanes
	height float32 // of the lanes
	line   float32 // height of a line of text
	keys   []key
	lines  int // of keys
}

const (
	leastLane = 5
	mostLane  = 56
)

func plan(workers int, until time.Duration, size fyne.Size, look Look) layout {
	p := layout{look: look, workers: workers, rows: workers, until: until, size: size}
	p.line = fyne.MeasureText("W", look.Text, fyne.TextStyle{}).Height
	p.left = measure(fmt.Sprintf("W%d–%d", workers, workers), look.Text) + gap
	p.width = max(1, size.Width-p.left)
	return p
}

// share gives the lanes the height that axis and legend leave, and joins
// lanes until each can be seen.
func (p *layout) share() {
	room := max(leastLane, p.size.Height-float32(1+p.lines)*p.line-gap)
	for float32(p.rows)*leastLane > room {
		p.rows = (p.rows + 1) / 2
	}
	p.height = min(room, float32(p.rows)*mostLane)
	if p.rows == p.workers {
		p.left = measure(p.name(p.rows-1), p.look.Text) + gap
		p.width = max(1, p.size.Width-p.left)
	}
}

// name is W3, or W5–8 for a lane of several.
func (p layout) name(row int) string {
	first, past := row*p.workers/p.rows+1, (row+1)*p.workers/p.rows
	if first == past {
		return fmt.Sprintf("W%d", first)
	}
	return fmt.Sprintf("W%d–%d", first, past)
}

// names labels the lanes, leaving out those that would touch.
func (p layout) names() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	lane := p.height / float32(p.rows)
	step := 1
	for float32(step)*lane < p.line {
		step++
	}
	for row := 0; row < p.rows; row += step {
		y := (float32(row)+0.5)*lane - p.line/2
		objects = append(objects, label(p.name(row), fyne.NewPos(0, y), p.look.Text, p.look.Muted))
	}
	return objects
}

// axis draws a thin line and a time at every round time. A label
// that would reach over the right edge is moved inside.
func (p layout) axis() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	step := tick(p.until, int(p.width/90))
	for at := time.Duration(0); at <= p.until; at += step {
		x := p.left + p.width*float32(at)/float32(p.until)
		objects = append(objects, box(x, 0, 1, p.height+3, p.look.Grid))
		text := timeText(at, step)
		left := min(x-measure(text, p.look.Text)/2, p.size.Width-measure(text, p.look.Text))
		objects = append(objects, label(text, fyne.NewPos(max(0, left), p.height+4), p.look.Text, p.look.Muted))
	}
	return objects
}

const shortAxis = 3 * time.Minute // and less is divided into seconds

// longSteps divide what is longer.
var longSteps = []time.Duration{
	30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// tick is a round step that divides whole into at most about n parts.
func tick(whole time.Duration, n int) time.Duration {
	least := whole / time.Duration(max(1, n))
	if whole > shortAxis {
		for _, step := range longSteps {
			if step >= least {
				return step
			}
		}
		return (least + 24*time.Hour - 1).Truncate(24 * time.Hour)
	}
	for unit := time.Millisecond; ; unit *= 10 {
		for _, m := range []time.Duration{1, 2, 5} {
			if unit*m >= least {
				return unit * m
			}
		}
	}
}

// timeText labels a time of an axis with that step: "1.5 s", "2 min", "1 h 30 min".
func timeText(at, step time.Duration) string {
	switch {
	case step < time.Second:
		decimals := len(strings.TrimRight(fmt.Sprintf("%03d", step.Milliseconds()), "0"))
		return fmt.Sprintf("%.*f s", decimals, at.Seconds())
	case !slices.Contains(longSteps, step) && step < 24*time.Hour:
		return fmt.Sprintf("%d s", int(at.Seconds()))
	}
	var parts []string
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := at / unit.size; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
		}
		at %= unit.size
	}
	return cmp.Or(strings.Join(parts, " "), "0 min")
}
