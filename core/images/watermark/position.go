package watermark

import (
	"fmt"
	"image"
	"strings"
)

// Position says where on a picture a mark is.
type Position uint8

// The positions, BottomRight if nothing is said.
const (
	BottomRight Position = iota
	Bottom
	BottomLeft
	Right
	Center
	Left
	TopRight
	Top
	TopLeft
	Tile // everywhere
)

var positions = [...]string{"bottom-right", "bottom", "bottom-left", "right", "center", "left", "top-right", "top", "top-left", "tile"}

func parsePosition(text string) (Position, bool) {
	for i, name := range positions {
		if strings.EqualFold(name, text) {
			return Position(i), true
		}
	}
	return 0, false
}

func (p Position) String() string {
	if int(p) >= len(positions) {
		return fmt.Sprintf("position %d", uint8(p))
	}
	return positions[p]
}

// places are the top left corners of marks of a size on a picture of a size.
func (p Position) places(mark, picture image.Point) []image.Point {
	margin := min(picture.X, picture.Y) / 40
	if p == Tile {
		return tiles(mark, picture, max(margin, (mark.X+mark.Y)/4, 1))
	}
	column, row := int(p%3), int(p/3) // from the right, from the bottom
	return []image.Point{{along(column, mark.X, picture.X, margin), along(row, mark.Y, picture.Y, margin)}}
}

// along places a mark along one side: 0 is the end, 1 the middle, 2 the start.
// Where the margin does not fit, it gets what room there is.
func along(third, mark, picture, margin int) int {
	room := picture - mark
	margin = max(min(margin, room/2), 0)
	switch third {
	case 0:
		return room - margin
	case 1:
		return room / 2
	}
	return margin
}

// tiles are places all over a picture, with gaps, every other row shifted by
// half a step.
func tiles(mark, picture image.Point, gap int) (places []image.Point) {
	step := mark.Add(image.Pt(gap, gap))
	shifted := false
	for y := gap / 2; y < picture.Y; y += step.Y {
		x := gap / 2
		if shifted {
			x -= step.X / 2
		}
		for ; x < picture.X; x += step.X {
			places = append(places, image.Pt(x, y))
		}
		shifted = !shifted
	}
	return places
}
