package images

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"strings"

	"manyhands/core/images/codec"
	"manyhands/core/images/filter"
	"manyhands/core/images/meta"
	"manyhands/core/images/watermark"
)

// maker makes the contents of result files, one after the other, with buffers
// that it keeps. What it returns is good until it makes the next one.
type maker struct {
	*Config
	stamp   *watermark.Stamp // nil: no watermark
	pixels  *budget
	dead    *garbage
	in      *bufio.Reader
	scaler  scaler
	encoder codec.Encoder
	out     bytes.Buffer
}

const bufferSize = 64 << 10

func newMaker(c *Config, stamp *watermark.Stamp, pixels *budget, dead *garbage) *maker {
	return &maker{Config: c, stamp: stamp, pixels: pixels, dead: dead, in: bufio.NewReaderSize(nil, bufferSize)}
}

// trim gives up buffers that were needed for an unusually large picture.
func (m *maker) trim() {
	m.scaler.trim()
	if m.out.Cap() > kept {
		m.out = bytes.Buffer{}
	}
}

// sight is what is known of a picture before its pixels are read.
type sight struct {
	header      codec.Header
	data        meta.Data
	orientation int
	size        area // upright
	fitted      area // upright
	part        area // of size, in its middle, that is to be seen in fitted
	final       area // after the filters
	most        area // of those between and after the filters
}

// look reads what a picture's file says of it, and settles what is to be made
// of it.
func (c *Config) look(src *codec.Source, format codec.Format) (sight, error) {
	s := sight{data: meta.Read(src, src.Size(), string(format))}
	s.orientation = s.data.Orientation()
	var err error
	if s.header, err = codec.ReadHeader(src, format); err != nil {
		return s, codec.Explain(err, format)
	}
	s.size = s.turned(area{s.header.Width, s.header.Height})
	s.fitted, s.part = c.fitted(s.size)
	s.final, s.most = s.fitted, s.fitted
	for i := range c.Filter {
		s.final.Width, s.final.Height = filter.Size(c.Filter[:i+1], s.fitted.Width, s.fitted.Height)
		if s.final.pixels() > s.most.pixels() {
			s.most = s.final
		}
	}
	return s, nil
}

// turned is an area of the upright picture as stored, and the other way round.
func (s sight) turned(a area) area {
	if onItsSide(s.orientation) {
		return a.turned()
	}
	return a
}

// make makes one picture of an open file. What is known of it is returned also
// when it fails.
func (m *maker) make(ctx context.Context, src *codec.Source, format codec.Format) (content []byte, p Picture, err error) {
	s, err := m.look(src, format)
	p = Picture{Format: format, Before: src.Size(), Width: s.size.Width, Height: s.size.Height, Frames: s.header.Frames}
	if err != nil {
		return nil, p, err
	}
	giveBack, err := m.room(ctx, s)
	if err != nil {
		return nil, p, err
	}
	defer giveBack()
	var notes []string
	if m.moves(s) {
		content, notes, err = m.animation(ctx, src, s)
	} else {
		content, notes, err = m.still(ctx, src, s)
	}
	p.NewWidth, p.NewHeight, p.After = s.final.Width, s.final.Height, int64(len(content))
	p.Note = strings.Join(notes, ", ")
	if err == nil {
		err = m.worthwhile(p)
	}
	return content, p, err
}

// room takes the share of the budget that a picture needs: its own pixels, the
// result's with its file and what encoding takes, and those in between, which
// are bytes where the others are four.
func (m *maker) room(ctx context.Context, s sight) (giveBack func(), err error) {
	from, to := s.size, s.fitted
	between := area{to.Width, from.Height}.pixels()
	switch {
	case from.pixels() > mostPixels:
		return nil, fmt.Errorf("is %v pixels, %d megapixels: more than the %d that are read", from, from.pixels()/1e6, mostPixels/1_000_000)
	case between > mostPixels:
		return nil, fmt.Errorf("is %v pixels: too high to be made %d wide, choose a smaller size", from, to.Width)
	case s.most.pixels() > mostPixels:
		return nil, fmt.Errorf("would become %v pixels, %d megapixels: choose a smaller size", s.most, s.most.pixels()/1e6)
	}
	encoding := m.encoding(m.target(s.header.Format), 0).Memory(s.final.Width, s.final.Height)
	return m.pixels.take(ctx, max(from.pixels(), s.header.Memory()/4)+to.pixels()+2*s.most.pixels()+(between+encoding)/4)
}

// still makes a picture that does not move.
func (m *maker) still(ctx context.Context, src *codec.Source, s sight) (content []byte, notes []string, err error) {
	if s.header.Frames > 1 {
		notes = append(notes, fmt.Sprintf("first of %d %s", s.header.Frames, framesOf(s.header.Format)))
	}
	picture, warning, err := m.decoded(src, s)
	if err != nil {
		return nil, notes, err
	}
	if warning != "" {
		notes = append(notes, warning)
	}
	changed, err := m.changed(ctx, picture, s)
	m.dead.add(s.header.Memory())
	if err != nil {
		return nil, notes, err
	}
	content, note, err := m.encoded(changed, s)
	if note != "" {
		notes = append(notes, note)
	}
	return content, notes, err
}

func framesOf(format codec.Format) string {
	if format == codec.TIFF {
		return "pages"
	}
	return "frames"
}

func (m *maker) decoded(src *codec.Source, s sight) (image.Image, string, error) {
	least := s.turned(s.least())
	picture, warning, err := codec.Decode(src, s.header, codec.Options{
		Width: least.Width, Height: least.Height, Truncated: m.Truncated == "keep",
	})
	if err != nil {
		return nil, "", codec.Explain(err, s.header.Format)
	}
	return picture, warning, nil
}

// least is the smallest area of the whole picture that has all the pixels the
// result needs.
func (s sight) least() area {
	across, down := s.part.ratios(s.fitted)
	return s.size.scaled(max(across, down))
}

// changed cuts, resizes, turns and filters a picture as it was stored.
func (m *maker) changed(ctx context.Context, picture image.Image, s sight) (*image.NRGBA, error) {
	picture = middle(picture, s.turned(s.part), s.turned(s.size))
	out, err := m.scaler.resized(ctx, picture, s.turned(s.fitted))
	if err != nil {
		return nil, err
	}
	out, err = filter.Apply(ctx, upright(out, s.orientation), m.Filter, m.Background.nrgba())
	if err != nil {
		return nil, err
	}
	if m.stamp != nil {
		m.stamp.Draw(out)
	}
	return out, ctx.Err()
}

// middle cuts a picture, which may be smaller than the whole as it is stored,
// to the part of the whole in its middle.
func middle(picture image.Image, part, whole area) image.Image {
	if part == whole {
		return picture
	}
	bounds := picture.Bounds()
	across, down := whole.ratios(area{bounds.Dx(), bounds.Dy()})
	width := min(bounds.Dx(), max(1, int(float64(part.Width)*across+0.5)))
	height := min(bounds.Dy(), max(1, int(float64(part.Height)*down+0.5)))
	from := bounds.Min.Add(image.Pt((bounds.Dx()-width)/2&^1, (bounds.Dy()-height)/2&^1)) // even: a sample of colour may cover two pixels
	area := image.Rectangle{from, from.Add(image.Pt(width, height))}
	if m, ok := picture.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok {
		return m.SubImage(area)
	}
	out := image.NewNRGBA(area)
	draw.Draw(out, area, picture, from, draw.Src)
	return out
}
