package images

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// source is an open picture file. Reading ends with its context, so that a
// large picture does not hold up a cancelled run.
type source struct {
	ctx    context.Context //nolint:containedctx // of the one picture being read
	file   *os.File
	buffer *bufio.Reader
	size   int64
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.file.Read(p)
}

func (s *source) ReadAt(p []byte, at int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.file.ReadAt(p, at)
}

// rewind returns a reader of the file from its start.
func (s *source) rewind() (*bufio.Reader, error) {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	s.buffer.Reset(s)
	return s.buffer, nil
}

// header is what is known of a picture before its pixels are read.
type header struct {
	format      Format
	size        Size // as stored
	orientation int
	frames      int
	progressive bool
}

// memory estimates the bytes that decoding a picture takes: of a JPEG 4:2:0
// planes, and for a progressive one also all of its coefficients, as int32.
func memory(h header) int64 {
	switch {
	case h.progressive:
		return h.size.pixels() * (3 + 12) / 2
	case h.format == JPEG:
		return h.size.pixels() * 3 / 2
	}
	return h.size.pixels() * 4
}

// readHeader reads what a picture's file says of it.
func readHeader(s *source, format Format) (header, error) {
	h := header{format: format, orientation: orientation(s, s.size, format), frames: 1}
	if format == JPEG {
		frame := jpegSegments(s, s.size).frame
		if err := readable(frame); err != nil {
			return h, err
		}
		h.progressive = frame == 0xc2
	}
	r, err := s.rewind()
	if err != nil {
		return h, err
	}
	if format == GIF {
		h.frames = gifFrames(r)
		if r, err = s.rewind(); err != nil {
			return h, err
		}
	}
	config, err := decodeConfig(s, r, format)
	h.size = Size{config.Width, config.Height}
	if err == nil && (config.Width < 1 || config.Height < 1) {
		err = fmt.Errorf("it has no pixels (%v)", h.size)
	}
	return h, err
}

func decodeConfig(s *source, r io.Reader, format Format) (image.Config, error) {
	switch format {
	case JPEG:
		return jpeg.DecodeConfig(r)
	case PNG:
		return png.DecodeConfig(r)
	case GIF:
		return gif.DecodeConfig(r)
	case BMP:
		return bmp.DecodeConfig(r)
	case TIFF:
		return tiff.DecodeConfig(s)
	case WebP:
		return webp.DecodeConfig(r)
	}
	return image.Config{}, fmt.Errorf("no decoder for %q", format)
}

// decode reads a picture's pixels as they are stored: not turned, and in
// whatever form they come cheapest. size is that of the result to be made from
// them, which a decoder may use to read less than all of it, as long as what
// it returns is no smaller.
func decode(s *source, h header, size Size) (image.Image, error) {
	r, err := s.rewind()
	if err != nil {
		return nil, err
	}
	switch h.format {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	case GIF:
		return decodeGIF(r, h.size)
	case BMP:
		return bmp.Decode(r)
	case TIFF:
		return tiff.Decode(s)
	case WebP:
		return webp.Decode(r)
	}
	return nil, fmt.Errorf("no decoder for %q", h.format)
}

// decodeGIF puts the first frame, which may be smaller, in its place.
func decodeGIF(r io.Reader, size Size) (image.Image, error) {
	frame, err := gif.Decode(r)
	if err != nil {
		return nil, err
	}
	canvas := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return canvas, nil
}
