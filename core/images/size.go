package images

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// mostSide is the largest side of a JPEG picture (ITU-T T.81, B.2.2).
const mostSide = 65535

// Size is the size asked for: "800x600", one number of pixels for both sides,
// or a percentage, "50%".
type Size struct {
	Width, Height int
	Percent       float64 // of the picture's own size; 0: Width and Height count
}

// UnmarshalText reads a size in one of its three forms.
func (s *Size) UnmarshalText(text []byte) error {
	t := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(string(text)), "×", "x"))
	var size Size
	var err error
	if percent, ok := strings.CutSuffix(t, "%"); ok {
		size.Percent, err = strconv.ParseFloat(strings.TrimSpace(percent), 64)
	} else {
		size.Width, size.Height, err = parseSides(t)
	}
	if err != nil {
		return fmt.Errorf("%q is no size; give width and height like 800x600, one number of pixels, or a percentage like 50%%", text)
	}
	if err := size.check(); err != nil {
		return err
	}
	*s = size
	return nil
}

func parseSides(text string) (width, height int, err error) {
	w, h, two := strings.Cut(text, "x")
	if !two {
		h = w
	}
	if width, err = strconv.Atoi(strings.TrimSpace(w)); err != nil {
		return 0, 0, err
	}
	height, err = strconv.Atoi(strings.TrimSpace(h))
	return width, height, err
}

// MarshalText writes what UnmarshalText reads.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s Size) String() string {
	switch {
	case s.Percent != 0:
		return strconv.FormatFloat(s.Percent, 'g', -1, 64) + "%"
	case s.Width == s.Height && s.Width > 0:
		return strconv.Itoa(s.Width)
	}
	return fmt.Sprintf("%dx%d", s.Width, s.Height)
}

func (s Size) check() error {
	if s.Percent != 0 {
		if !(s.Percent >= 0.1 && s.Percent <= 1000) { // also true for not-a-number
			return fmt.Errorf("Size: %v is not possible; choose 0.1%% to 1000%%", s)
		}
		return nil
	}
	if s.Width < 1 || s.Height < 1 || s.Width > mostSide || s.Height > mostSide {
		return fmt.Errorf("Size: %v is not possible; each side can have 1 to %d pixels", s, mostSide)
	}
	if box := s.area(); box.pixels() > mostPixels {
		return fmt.Errorf("Size: %v is %d megapixels; choose at most %d", s, box.pixels()/1e6, mostPixels/1_000_000)
	}
	return nil
}

func (s Size) area() area { return area{s.Width, s.Height} }

// area is a width and a height in pixels.
type area struct{ Width, Height int }

func (a area) String() string { return fmt.Sprintf("%dx%d", a.Width, a.Height) }

func (a area) pixels() int64 { return int64(a.Width) * int64(a.Height) }

// turned is the area of the picture on its side.
func (a area) turned() area { return area{a.Height, a.Width} }

// scaled keeps the proportions.
func (a area) scaled(scale float64) area {
	side := func(n int) int { return int(math.Round(math.Max(1, math.Min(float64(n)*scale, 1<<30)))) }
	return area{side(a.Width), side(a.Height)}
}

// ratios are how many times box is as wide, and as high, as a.
func (a area) ratios(box area) (across, down float64) {
	return float64(box.Width) / float64(a.Width), float64(box.Height) / float64(a.Height)
}

// The ways to fit a picture into a size.
const (
	exact    = "exact"    // that size, whatever the proportions
	inside   = "inside"   // as large as fits into it
	fill     = "fill"     // as small as covers it, the rest cut off
	longest  = "longest"  // the longer side as long as the larger number
	shortest = "shortest" // the shorter side as long as the smaller number
	percent  = "percent"  // so much of its own size
)

// fitted is the area to be made of an upright picture, and the part of the
// picture, in its middle, that is shown in it.
func (c *Config) fitted(from area) (to, part area) {
	box := c.Size.area()
	switch {
	case c.Size.Percent != 0:
		return from.scaled(c.Size.Percent / 100), from
	case c.Fit == percent:
		return from.scaled(float64(box.Width) / 100), from
	case c.Fit == exact:
		return box, from
	}
	across, down := from.ratios(box)
	switch c.Fit {
	case inside:
		to = from.scaled(c.limited(min(across, down)))
		return area{min(to.Width, max(1, box.Width)), min(to.Height, max(1, box.Height))}, from
	case fill:
		return c.filled(from, box)
	case longest:
		return from.scaled(c.limited(float64(max(box.Width, box.Height)) / float64(max(from.Width, from.Height)))), from
	}
	return from.scaled(c.limited(float64(min(box.Width, box.Height)) / float64(min(from.Width, from.Height)))), from
}

// limited is a scale that enlarges only if asked to.
func (c *Config) limited(scale float64) float64 {
	if c.Enlarge {
		return scale
	}
	return min(1, scale)
}

// filled cuts a picture to the proportions of box.
func (c *Config) filled(from, box area) (to, part area) {
	across, down := from.ratios(box)
	part = box.scaled(1 / max(across, down))
	part = area{min(part.Width, from.Width), min(part.Height, from.Height)}
	if max(across, down) <= 1 || c.Enlarge {
		return box, part
	}
	return part, part
}

// Percent is a share: "5%" as text, or just "5".
type Percent float64

// UnmarshalText reads a number from 0 to 100, with or without a % behind it.
func (p *Percent) UnmarshalText(text []byte) error {
	value, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(string(text)), "%")), 64)
	if err != nil {
		return fmt.Errorf("%q is no percentage; give a number like 5%%", text)
	}
	*p = Percent(value)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (p Percent) MarshalText() ([]byte, error) {
	return []byte(strconv.FormatFloat(float64(p), 'g', -1, 64) + "%"), nil
}
