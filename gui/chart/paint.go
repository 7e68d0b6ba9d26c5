package chart

import (
	"image"
	"image/color"
	"time"

	"manyhands/core"
)

// share is how much of a pixel column a lane spent in each way.
type share struct {
	spent  [4]float32 // by core.Activity
	failed bool
	starts bool // an item begins in this column
}

// paint draws the lanes into a picture of the given size in pixels. The time
// it takes depends on the number of bars, what it draws only on the size: a
// bar narrower than a pixel adds to its column's share.
func paint(lanes [][]core.Bar, rows int, until time.Duration, size image.Point, look Look) *image.NRGBA {
	picture := image.NewNRGBA(image.Rectangle{Max: size})
	if size.X == 0 || size.Y == 0 {
		return picture
	}
	for row := range rows {
		columns := make([]share, size.X)
		first, past := row*len(lanes)/rows, (row+1)*len(lanes)/rows
		for _, bars := range lanes[first:past] {
			spread(columns, bars, until, float32(past-first))
		}
		top, bottom := row*size.Y/rows, (row+1)*size.Y/rows
		lane := image.Rect(0, top, size.X, max(top+1, bottom-max(1, (bottom-top)/6)))
		fill(picture, lane, columns, look)
	}
	return picture
}

// spread adds a worker's bars to the columns they fall in.
func spread(columns []share, bars []core.Bar, until time.Duration, workers float32) {
	scale := float64(len(columns)) / float64(until)
	for _, b := range bars {
		from, to := float64(b.Start)*scale, float64(b.End)*scale
		first := min(int(from), len(columns)-1)
		last := min(int(to), len(columns)-1)
		columns[first].starts = columns[first].starts || to-from > 6
		for at := first; at <= last; at++ {
			part := min(to, float64(at+1)) - max(from, float64(at))
			columns[at].add(b, float32(max(0, part))/workers)
		}
	}
}

// add takes in a bar that covers part of the column.
func (s *share) add(b core.Bar, part float32) {
	s.failed = s.failed || b.Failed > 0
	length := float32(b.End - b.Start)
	if length <= 0 {
		return
	}
	for activity, d := range b.Spent {
		s.spent[activity] += part * float32(d) / length
	}
}

// fill paints the top line of a lane, and the others like it.
func fill(picture *image.NRGBA, lane image.Rectangle, columns []share, look Look) {
	back := nrgba(idle(look))
	for x, column := range columns {
		colour := column.colour(look, back)
		if column.starts && x > 0 {
			colour = blend(back, colour, 0.45)
		}
		picture.SetNRGBA(x, lane.Min.Y, colour)
	}
	first := picture.Pix[lane.Min.Y*picture.Stride:][:picture.Stride]
	for y := lane.Min.Y + 1; y < lane.Max.Y; y++ {
		copy(picture.Pix[y*picture.Stride:], first)
	}
}

// colour mixes the activities with the background, by how long each took. An
// item that failed is never mixed away.
func (s share) colour(look Look, back color.NRGBA) color.NRGBA {
	if s.failed {
		return nrgba(look.Failed)
	}
	colours := [...]color.Color{look.Opening, look.Limited, look.Working, look.Delivering}
	mixed, sum := back, float32(0)
	for activity, part := range s.spent {
		if part <= 0 {
			continue
		}
		sum += part
		mixed = blend(mixed, nrgba(colours[activity]), part/sum)
	}
	return blend(back, mixed, min(1, sum))
}

// idle is the colour of a lane whose worker waits.
func idle(look Look) color.Color {
	return blend(nrgba(look.Background), nrgba(look.Foreground), 0.09)
}

func nrgba(c color.Color) color.NRGBA {
	return color.NRGBAModel.Convert(c).(color.NRGBA)
}

// blend is a with part of b over it.
func blend(a, b color.NRGBA, part float32) color.NRGBA {
	mix := func(x, y uint8) uint8 { return uint8(float32(x) + (float32(y)-float32(x))*part) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}
