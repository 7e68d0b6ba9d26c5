package watermark

import (
	"image"
	"math"
	"slices"
	"sync"

	"github.com/disintegration/imaging"
	"golang.org/x/image/font/opentype"
)

// Stamp is a mark that is ready to be drawn, by several goroutines at once.
type Stamp struct {
	mark    Mark
	picture *image.NRGBA   // nil for a text
	font    *opentype.Font // nil for a picture

	mu    sync.Mutex
	ready []ready // the oldest first
}

// ready is a mark as it is drawn on pictures of a size.
type ready struct {
	on   image.Point
	mark *image.NRGBA
}

// Open prepares a mark for drawing. It fails if Check does, or if the mark's
// picture is damaged.
func (m Mark) Open() (*Stamp, error) {
	s := &Stamp{mark: m}
	err := m.Check()
	switch {
	case err != nil:
		return nil, err
	case m.IsZero():
		return s, nil
	case isPicture(m.Text):
		s.picture, err = load(m.Text)
	default:
		s.font, err = parsed()
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Draw puts the mark on a picture. A Stamp of no mark, or nil, draws nothing.
func (s *Stamp) Draw(dst *image.NRGBA) {
	if s == nil || s.mark.IsZero() || dst.Rect.Empty() {
		return
	}
	on := dst.Rect.Size()
	mark := s.sized(on)
	for _, at := range s.mark.Position.places(mark.Rect.Size(), on) {
		over(dst, mark, dst.Rect.Min.Add(at))
	}
}

// What a Stamp keeps of the marks it has made.
const (
	keptMarks  = 32
	keptPixels = 4 << 20 // of all of them
)

// sized is the mark for pictures of a size. Most pictures of a batch have the
// same, so it is kept.
func (s *Stamp) sized(on image.Point) *image.NRGBA {
	s.mu.Lock()
	for _, r := range s.ready {
		if r.on == on {
			s.mu.Unlock()
			return r.mark
		}
	}
	s.mu.Unlock()
	mark := s.made(on) // meanwhile others draw; at worst they make the same
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = append(s.ready, ready{on, mark})
	pixels := 0
	for i, r := range slices.Backward(s.ready) {
		if pixels += len(r.mark.Pix) / 4; pixels > keptPixels || len(s.ready)-i > keptMarks {
			s.ready = slices.Delete(s.ready, 0, i+1)
			break
		}
	}
	return mark
}

// made makes the mark for pictures of a size, its opacity included.
func (s *Stamp) made(on image.Point) *image.NRGBA {
	var m *image.NRGBA
	if s.picture != nil {
		m = imaging.Clone(scaled(s.picture, on))
	} else {
		m = lettering(s.font, s.mark.Text, on)
	}
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = uint8(math.Round(float64(m.Pix[i]) * s.mark.Opacity))
	}
	return m
}

// over draws one picture over another with its corner at a place: source-over
// (Porter and Duff, 1984) of colours that are not weighted by their opacity.
// What the mark does not cover keeps its bytes.
func over(dst, mark *image.NRGBA, at image.Point) {
	r := mark.Rect.Add(at).Intersect(dst.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := mark.Pix[mark.PixOffset(r.Min.X-at.X, y-at.Y):]
		to := dst.Pix[dst.PixOffset(r.Min.X, y):]
		for i := 0; i < 4*r.Dx(); i += 4 {
			if from[i+3] > 0 {
				blend(to[i:i+4:i+4], from[i:i+4:i+4])
			}
		}
	}
}

// blend puts a pixel that can be seen over another.
func blend(to, from []uint8) {
	front, back := 255*uint32(from[3]), uint32(to[3])*uint32(255-from[3]) // times 255*255
	sum := front + back
	for c := range 3 {
		to[c] = uint8((uint32(from[c])*front + uint32(to[c])*back + sum/2) / sum)
	}
	to[3] = uint8((sum + 127) / 255)
}
