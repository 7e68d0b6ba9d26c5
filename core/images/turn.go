package images

import (
	"image"

	"github.com/disintegration/imaging"
)

// upright turns a picture so that it stands as its orientation says.
func upright(m *image.NRGBA, orientation int) *image.NRGBA {
	switch orientation {
	case 2:
		return imaging.FlipH(m)
	case 3:
		return imaging.Rotate180(m)
	case 4:
		return imaging.FlipV(m)
	case 5:
		return imaging.Transpose(m)
	case 6:
		return imaging.Rotate270(m) // counter-clockwise: a quarter to the right
	case 7:
		return imaging.Transverse(m)
	case 8:
		return imaging.Rotate90(m)
	}
	return m
}

// onItsSide reports whether an orientation swaps width and height.
func onItsSide(orientation int) bool { return orientation >= 5 }
