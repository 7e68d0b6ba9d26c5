package codec

import (
	"bytes"
	"image"
	"image/color"
)

// raster is a picture that has its pixels in one slice.
type raster struct {
	pix    []byte
	stride int
	nobody []byte // a pixel as it is where nothing is known: transparent if it can be, else grey
}

// rasterOf takes the kinds of pictures that decoders return, but for YCbCr.
func rasterOf(m image.Image) raster {
	switch m := m.(type) {
	case *image.Gray:
		return raster{m.Pix, m.Stride, []byte{128}}
	case *image.Gray16:
		return raster{m.Pix, m.Stride, []byte{128, 128}}
	case *image.RGBA:
		return raster{m.Pix, m.Stride, []byte{128, 128, 128, 255}}
	case *image.NRGBA:
		return raster{m.Pix, m.Stride, make([]byte, 4)}
	case *image.RGBA64:
		return raster{m.Pix, m.Stride, []byte{128, 128, 128, 128, 128, 128, 255, 255}}
	case *image.NRGBA64:
		return raster{m.Pix, m.Stride, make([]byte, 8)}
	case *image.CMYK:
		return raster{m.Pix, m.Stride, []byte{0, 0, 0, 127}}
	case *image.Paletted:
		return raster{m.Pix, m.Stride, []byte{blankIndex(m.Palette)}}
	}
	return raster{}
}

// blankIndex is the colour that is transparent, or else nearest to grey.
func blankIndex(p color.Palette) uint8 {
	for i, c := range p {
		if _, _, _, alpha := c.RGBA(); alpha == 0 {
			return uint8(i)
		}
	}
	return uint8(p.Index(color.Gray{128}))
}

// pixel is one pixel's bytes.
func (r raster) pixel(x, y int) []byte {
	size := len(r.nobody)
	return r.pix[y*r.stride+x*size:][:size]
}

// row is one row's bytes, for a picture of a width.
func (r raster) row(y, width int) []byte {
	return r.pix[y*r.stride:][:width*len(r.nobody)]
}

// blank makes some rows of a picture transparent or grey.
func blank(m image.Image, from, to int) {
	if y, ok := m.(*image.YCbCr); ok {
		blankPlanes(y, from)
		return
	}
	r, width := rasterOf(m), m.Bounds().Dx()
	for y := from; y < to; y++ {
		copy(r.row(y, width), bytes.Repeat(r.nobody, width))
	}
}
