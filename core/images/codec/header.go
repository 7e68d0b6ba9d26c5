package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// Header is what is known of a picture before its pixels are read.
type Header struct {
	Format        Format
	Width, Height int  // as stored: not turned
	Frames        int  // of an animated GIF or PNG, pages of a TIFF; otherwise 1
	Loop          int  // of a GIF: 0 repeats for ever, -1 not at all, else so many times more
	Progressive   bool // of a JPEG

	memory int64
	whole  int   // frames of a GIF that are whole
	broken error // why a GIF has no more of them, nil at its end
}

// Memory is about how many bytes Decode takes for the picture, with what it
// returns; for an animated GIF, how many Frames takes at any time. A file that
// ends early may take twice that.
func (h Header) Memory() int64 { return h.memory }

func (h Header) pixels() int64 { return int64(h.Width) * int64(h.Height) }

// ReadHeader reads what a picture's file says of it. What is known is returned
// also with an error.
func ReadHeader(s *Source, f Format) (Header, error) {
	h := Header{Format: f, Frames: 1, Loop: -1}
	var jpg frame
	if f == JPEG {
		jpg = frameOf(s)
		if err := readable(jpg.marker); err != nil {
			return h, err
		}
	}
	config, err := decodeConfig(s, f)
	h.Width, h.Height = config.Width, config.Height
	if err == nil && (h.Width < 1 || h.Height < 1) {
		err = fmt.Errorf("it has no pixels (%dx%d)", h.Width, h.Height)
	}
	if err != nil {
		return h, err
	}
	h.memory = h.pixels() * perPixel(config.ColorModel)
	switch f {
	case JPEG:
		h.Progressive, h.memory = jpg.progressive(), jpg.memory(h.pixels())
	case PNG:
		h.Frames = pngFrames(s)
	case GIF:
		err = h.countGIF(s)
	case TIFF:
		h.Frames, h.memory = tiffPages(s), 2*h.memory // it may be one strip
	case WebP:
		h.memory *= 2 // the bits of a lossless one, or the alpha of a lossy one
	}
	return h, err
}

func decodeConfig(s *Source, f Format) (image.Config, error) {
	switch f {
	case JPEG:
		return jpeg.DecodeConfig(s.start())
	case PNG:
		return png.DecodeConfig(s.start())
	case GIF:
		g, err := openGIF(s.start())
		return image.Config{ColorModel: color.NRGBAModel, Width: g.width, Height: g.height}, err
	case BMP:
		return bmp.DecodeConfig(s.start())
	case TIFF:
		return tiff.DecodeConfig(s.whole())
	case WebP:
		return webp.DecodeConfig(s.start())
	}
	return image.Config{}, fmt.Errorf("no decoder for %q", f)
}

// perPixel is how many bytes a pixel takes that is decoded to a colour model.
func perPixel(m color.Model) int64 {
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	return 4
}

// mostChunks bounds the chunks of a PNG before its pixels.
const mostChunks = 10_000

// pngFrames looks for the chunk that says how many frames an animated PNG has
// (PNG, third edition, 11.3.4.1).
func pngFrames(s *Source) int {
	var b [12]byte
	for at, n := int64(8), 0; n < mostChunks; n++ {
		if _, err := s.ReadAt(b[:], at); err != nil || string(b[4:8]) == "IDAT" {
			break
		}
		length := int64(binary.BigEndian.Uint32(b[:]))
		if string(b[4:8]) == "acTL" && length == 8 {
			return max(1, int(binary.BigEndian.Uint32(b[8:])&0x7fffffff))
		}
		at += 12 + length
	}
	return 1
}

// countGIF passes all frames, decoding none.
func (h *Header) countGIF(s *Source) error {
	g, err := openGIF(s.start())
	for err == nil {
		if _, err = g.next(); err == nil {
			h.Frames = h.whole + 1
			if err = g.skip(); err == nil {
				h.whole++
			}
		}
	}
	h.Loop = g.loop
	if h.broken = err; errors.Is(err, io.EOF) {
		h.broken = nil
	}
	if h.whole == 0 && h.broken == nil {
		h.broken = errNoFrames
	}
	h.memory = 5 * h.pixels()
	if h.Frames > 1 {
		h.memory = 9 * h.pixels() // a frame may be undone
	}
	return s.ctx.Err() // a file that ends early has the frames that were met
}
