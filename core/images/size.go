package images

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// mostSide is the largest side of a JPEG picture (ITU-T T.81, B.2.2).
const mostSide = 65535

// Size is a width and a height in pixels, "800x600" as text.
type Size struct{ Width, Height int }

// UnmarshalText reads a width and a height with an x between them.
func (s *Size) UnmarshalText(text []byte) error {
	w, h, ok := strings.Cut(strings.ToLower(strings.ReplaceAll(string(text), "×", "x")), "x")
	width, errW := strconv.ParseUint(strings.TrimSpace(w), 10, 31)
	height, errH := strconv.ParseUint(strings.TrimSpace(h), 10, 31)
	if !ok || errW != nil || errH != nil {
		return fmt.Errorf("%q is no size; give width and height, like 800x600", text)
	}
	size := Size{int(width), int(height)} //nolint:gosec // 31 bits fit
	if err := size.check(); err != nil {
		return err
	}
	*s = size
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s Size) String() string { return fmt.Sprintf("%dx%d", s.Width, s.Height) }

func (s Size) check() error {
	if s.Width < 1 || s.Height < 1 || s.Width > mostSide || s.Height > mostSide {
		return fmt.Errorf("Size: %v is not possible; each side can have 1 to %d pixels", s, mostSide)
	}
	if s.pixels() > mostPixels {
		return fmt.Errorf("Size: %v is %d megapixels; choose at most %d", s, s.pixels()/1e6, mostPixels/1_000_000)
	}
	return nil
}

func (s Size) pixels() int64 { return int64(s.Width) * int64(s.Height) }

// turned is the size of the picture on its side.
func (s Size) turned() Size { return Size{s.Height, s.Width} }

// inside is the largest size with the proportions of s that fits into box,
// but no larger than s.
func (s Size) inside(box Size) Size {
	scale := min(1, float64(box.Width)/float64(s.Width), float64(box.Height)/float64(s.Height))
	side := func(n, most int) int { return min(most, max(1, int(math.Round(float64(n)*scale)))) }
	return Size{side(s.Width, box.Width), side(s.Height, box.Height)}
}
