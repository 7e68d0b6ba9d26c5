package gui

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/disintegration/imaging"

	"manyhands/core/catalog"
)

// fitted are the two pictures of a preview as they are drawn, pixel by pixel.
// They lie on one another with their centres.
type fitted struct {
	before, after *image.RGBA // nil: there is none
	size          image.Point // of the place that both fit into
}

// fit scales both pictures of a preview, keeping their proportions, to the
// same place: as large as there is room, and no larger than the larger picture.
func fit(p catalog.Preview, room image.Point) fitted {
	var f fitted
	if room.X < 1 || room.Y < 1 {
		return f
	}
	for _, picture := range []image.Image{p.Before, p.After} {
		if picture != nil {
			size := within(picture.Bounds().Size(), room)
			f.size = image.Pt(max(f.size.X, size.X), max(f.size.Y, size.Y))
		}
	}
	f.before, f.after = scaled(p.Before, f.size), scaled(p.After, f.size)
	return f
}

// within is the size with the same proportions that fits into room; one that
// fits already stays as it is.
func within(size, room image.Point) image.Point {
	if size.X <= room.X && size.Y <= room.Y {
		return size
	}
	return filling(size, room)
}

// filling is the largest size with the same proportions that fits into room.
func filling(size, room image.Point) image.Point {
	share := min(float64(room.X)/float64(max(1, size.X)), float64(room.Y)/float64(max(1, size.Y)))
	return image.Pt(max(1, int(float64(size.X)*share+0.5)), max(1, int(float64(size.Y)*share+0.5)))
}

func scaled(picture image.Image, room image.Point) *image.RGBA {
	if picture == nil || picture.Bounds().Empty() {
		return nil
	}
	if paletted, ok := picture.(*image.Paletted); ok {
		// A colour that is not in the palette panics. imaging would read it on
		// goroutines of its own, where nobody can catch that.
		plain := image.NewNRGBA(paletted.Bounds())
		draw.Draw(plain, plain.Bounds(), paletted, paletted.Bounds().Min, draw.Src)
		picture = plain
	}
	size := filling(picture.Bounds().Size(), room)
	return flat(imaging.Resize(picture, size.X, size.Y, imaging.CatmullRom))
}

// Squares that show where a picture is transparent.
const square = 8

var squares = [2]color.RGBA{{0x99, 0x99, 0x99, 0xff}, {0x66, 0x66, 0x66, 0xff}}

// flat puts a picture on squares, if it is transparent. Fyne hands an RGBA
// that begins at its corner to the screen as it is.
func flat(picture image.Image) *image.RGBA {
	bounds := picture.Bounds()
	made := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	if seen, ok := picture.(interface{ Opaque() bool }); !ok || !seen.Opaque() {
		for at := 0; at < len(made.Pix); at += 4 {
			x, y := at/4%bounds.Dx(), at/4/bounds.Dx()
			c := squares[(x/square+y/square)%2]
			made.Pix[at], made.Pix[at+1], made.Pix[at+2], made.Pix[at+3] = c.R, c.G, c.B, c.A
		}
	}
	draw.Draw(made, made.Bounds(), picture, bounds.Min, draw.Over)
	return made
}
