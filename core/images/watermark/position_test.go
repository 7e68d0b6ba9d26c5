package watermark

import (
	"image"
	"testing"

	"pgregory.net/rapid"
)

func TestPlaces(t *testing.T) {
	mark, picture := image.Pt(100, 50), image.Pt(800, 600) // the margin is 15
	for p, want := range map[Position]image.Point{
		TopLeft: {15, 15}, Top: {350, 15}, TopRight: {685, 15},
		Left: {15, 275}, Center: {350, 275}, Right: {685, 275},
		BottomLeft: {15, 535}, Bottom: {350, 535}, BottomRight: {685, 535},
	} {
		if got := p.places(mark, picture); len(got) != 1 || got[0] != want {
			t.Errorf("%v: %v, want %v", p, got, want)
		}
	}
}

func TestAMarkThatFitsIsInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.IntRange(1, 300)
		picture := image.Pt(side.Draw(t, "width"), side.Draw(t, "height"))
		mark := image.Pt(rapid.IntRange(1, picture.X).Draw(t, "across"), rapid.IntRange(1, picture.Y).Draw(t, "down"))
		p := Position(rapid.IntRange(0, int(TopLeft)).Draw(t, "position"))
		at := p.places(mark, picture)[0]
		if !(image.Rectangle{at, at.Add(mark)}).In(image.Rectangle{Max: picture}) {
			t.Fatalf("%v of %v on %v: %v", p, mark, picture, at)
		}
	})
}

func TestTilesCoverThePictureAndNotEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side, small := rapid.IntRange(1, 300), rapid.IntRange(1, 60)
		picture := image.Pt(side.Draw(t, "width"), side.Draw(t, "height"))
		mark := image.Pt(small.Draw(t, "across"), small.Draw(t, "down"))
		places := Tile.places(mark, picture)
		covered := image.Rectangle{}
		for i, at := range places {
			r := image.Rectangle{at, at.Add(mark)}
			covered = covered.Union(r)
			for _, other := range places[:i] {
				if r.Overlaps(image.Rectangle{other, other.Add(mark)}) {
					t.Fatalf("%v of %v overlap", at, mark)
				}
			}
		}
		gap := max((mark.X+mark.Y)/4, min(picture.X, picture.Y)/40, 1)
		if !(image.Rectangle{Max: picture}).Inset(gap).In(covered) {
			t.Fatalf("%v on %v covers %v", mark, picture, covered)
		}
	})
}

func TestPositionsHaveNames(t *testing.T) {
	for i, name := range positions {
		if p, ok := parsePosition(name); !ok || p != Position(i) || p.String() != name {
			t.Errorf("%s is %v", name, p)
		}
	}
	if p, ok := parsePosition("middle"); ok {
		t.Errorf("middle is %v", p)
	}
	if Position(99).String() != "position 99" {
		t.Error(Position(99).String())
	}
}
