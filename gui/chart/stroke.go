package chart

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"time"

	"golang.org/x/image/vector"

	"manyhands/core"
)

// reduce keeps of the points in each of so many columns of time the first,
// the lowest, the highest and the last: the line drawn through them looks the
// same (M4, Jugel et al., VLDB 2014).
func reduce(points []core.Point, from, until time.Duration, columns int) []core.Point {
	if len(points) <= 4*columns {
		return points
	}
	kept := make([]core.Point, 0, 4*columns)
	columnOf := func(p core.Point) int {
		return int(float64(p.At-from) / float64(until-from) * float64(columns))
	}
	for first := 0; first < len(points); {
		low, high, past := first, first, first+1
		column := columnOf(points[first])
		for ; past < len(points) && columnOf(points[past]) == column; past++ {
			if points[past].Value < points[low].Value {
				low = past
			}
			if points[past].Value > points[high].Value {
				high = past
			}
		}
		last := -1
		for _, at := range []int{first, min(low, high), max(low, high), past - 1} {
			if at > last {
				kept, last = append(kept, points[at]), at
			}
		}
		first = past
	}
	return kept
}

// stroke paints the line, the area below it, the dashes of the limit and a dot
// at the end into a picture of the given size in pixels.
func (p frame) stroke(points []core.Point, size image.Point) image.Image {
	picture := image.NewRGBA(image.Rectangle{Max: size})
	if size.X == 0 || size.Y == 0 {
		return picture
	}
	pixel := float32(size.X) / (p.width + rim)
	y := func(value float64) float32 { return (p.y(value) - p.top + rim) * pixel }
	path := make([]vertex, len(points))
	for i, point := range points {
		path[i] = vertex{p.width * pixel * float32(point.At-p.from) / float32(p.until-p.from), y(point.Value)}
	}
	faint := nrgba(p.look.Working)
	faint.A = 0x2c
	ink(picture, faint, func(r *vector.Rasterizer) { area(r, path, y(max(p.least, 0))) })
	if p.limit > 0 {
		dashes(picture, y(p.limit), pixel, p.look.Limited)
	}
	ink(picture, p.look.Working, func(r *vector.Rasterizer) {
		for i := range len(path) - 1 {
			segment(r, path[i], path[i+1], 0.9*pixel)
		}
		dot(r, path[len(path)-1], 3*pixel)
	})
	return picture
}

type vertex struct{ x, y float32 }

func ink(picture *image.RGBA, colour color.Color, shape func(*vector.Rasterizer)) {
	r := vector.NewRasterizer(picture.Rect.Dx(), picture.Rect.Dy())
	r.DrawOp = draw.Over
	shape(r)
	r.Draw(picture, picture.Rect, image.NewUniform(colour), image.Point{})
}

func area(r *vector.Rasterizer, path []vertex, base float32) {
	r.MoveTo(path[0].x, base)
	for _, v := range path {
		r.LineTo(v.x, v.y)
	}
	r.LineTo(path[len(path)-1].x, base)
	r.ClosePath()
}

// segment is a straight line of twice the half width. All of them turn the
// same way, so that where two overlap nothing is cut out.
func segment(r *vector.Rasterizer, a, b vertex, half float32) {
	length := float32(math.Hypot(float64(b.x-a.x), float64(b.y-a.y)))
	if length == 0 {
		return
	}
	along := vertex{(b.x - a.x) / length * half, (b.y - a.y) / length * half}
	a, b = vertex{a.x - along.x/2, a.y - along.y/2}, vertex{b.x + along.x/2, b.y + along.y/2}
	r.MoveTo(a.x+along.y, a.y-along.x)
	r.LineTo(b.x+along.y, b.y-along.x)
	r.LineTo(b.x-along.y, b.y+along.x)
	r.LineTo(a.x-along.y, a.y+along.x)
	r.ClosePath()
}

// dot is a circle, of as many corners as can be told apart. It turns as
// segments do.
func dot(r *vector.Rasterizer, at vertex, radius float32) {
	const corners = 16
	r.MoveTo(at.x+radius, at.y)
	for i := 1; i < corners; i++ {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		r.LineTo(at.x+radius*float32(cos), at.y+radius*float32(sin))
	}
	r.ClosePath()
}

func dashes(picture *image.RGBA, y, pixel float32, colour color.Color) {
	thick := max(1, int(1.5*pixel))
	top := min(max(0, int(y)-thick/2), picture.Rect.Dy()-thick)
	for x := 0; x < int(float32(picture.Rect.Dx())-rim*pixel); x += max(2, int(9*pixel)) {
		dash := image.Rect(x, top, x+max(1, int(5*pixel)), top+thick)
		draw.Draw(picture, dash, image.NewUniform(colour), image.Point{}, draw.Over)
	}
}
