package filter

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/disintegration/imaging"
)

// mostPixels of a rotated picture.
const mostPixels = 200_000_000

// rotate turns a picture clockwise. Multiples of 90 move pixels and change
// none; others make room for all of the picture.
func rotate(_ context.Context, m *image.NRGBA, f Filter, background color.NRGBA) (*image.NRGBA, error) {
	if _, _, err := sizeRotated(f, m.Rect.Dx(), m.Rect.Dy()); err != nil {
		return nil, err
	}
	return imaging.Rotate(m, -f.Amount, background), nil
}

// sizeRotated is the size that imaging.Rotate makes: one more than the box
// around the centres of the corners' pixels, where up to a tenth is let go.
func sizeRotated(f Filter, w, h int) (int, int, error) {
	sin, cos := math.Sincos(math.Pi * f.Amount / 180)
	sin, cos = math.Abs(sin), math.Abs(cos)
	across, down := float64(w-1), float64(h-1)
	width, height := math.Ceil(across*cos+down*sin+0.9), math.Ceil(across*sin+down*cos+0.9)
	if width*height > mostPixels && width*height > float64(w)*float64(h) {
		return 0, 0, fmt.Errorf("the filter %v: the picture would be %.0fx%.0f, more than %d megapixels; make it smaller first", f, width, height, mostPixels/1_000_000)
	}
	return int(width), int(height), nil
}

const (
	horizontal = "horizontal"
	vertical   = "vertical"
)

func tidyFlip(text string) (string, error) {
	if text != horizontal && text != vertical {
		return "", fmt.Errorf("%q is not possible; choose %s or %s", text, horizontal, vertical)
	}
	return text, nil
}

func flip(m *image.NRGBA, f Filter) *image.NRGBA {
	if f.Arg == vertical {
		return imaging.FlipV(m)
	}
	return imaging.FlipH(m)
}

// area is the part of a picture that crop keeps.
type area struct {
	w, h   int
	ratio  bool // w and h are proportions, not pixels
	placed bool // its corner is at x, y; else it is centred
	x, y   int
}

var areaForm = regexp.MustCompile(`^(\d{1,5})([x×/:])(\d{1,5})(?:\+(\d{1,5})\+(\d{1,5}))?$`)

func parseArea(text string) (area, error) {
	parts := areaForm.FindStringSubmatch(strings.ToLower(text))
	if parts == nil {
		return area{}, fmt.Errorf("%q is no part of a picture; give WxH, WxH+X+Y or W/H, like 800x600, 800x600+10+20 or 16/9", text)
	}
	number := func(i int) int { n, _ := strconv.Atoi(parts[i]); return n }
	a := area{w: number(1), h: number(3), ratio: parts[2] == "/" || parts[2] == ":", placed: parts[4] != "", x: number(4), y: number(5)}
	if a.w == 0 || a.h == 0 {
		return area{}, fmt.Errorf("%q has no pixels; give a width and a height of at least 1", text)
	}
	if a.ratio && a.placed {
		return area{}, fmt.Errorf("%q has proportions and a place; give W/H, or pixels and a place as WxH+X+Y", text)
	}
	return a, nil
}

func (a area) String() string {
	switch {
	case a.ratio:
		return fmt.Sprintf("%d/%d", a.w, a.h)
	case a.placed:
		return fmt.Sprintf("%dx%d+%d+%d", a.w, a.h, a.x, a.y)
	}
	return fmt.Sprintf("%dx%d", a.w, a.h)
}

func tidyArea(text string) (string, error) {
	a, err := parseArea(text)
	return a.String(), err
}

// within is the area in a picture of w x h pixels: empty, if it lies outside.
func (a area) within(w, h int) image.Rectangle {
	if a.placed {
		return image.Rect(a.x, a.y, a.x+a.w, a.y+a.h).Intersect(image.Rect(0, 0, w, h))
	}
	width, height := min(a.w, w), min(a.h, h)
	if a.ratio {
		scale := min(float64(w)/float64(a.w), float64(h)/float64(a.h))
		width = min(w, max(1, int(math.Round(float64(a.w)*scale))))
		height = min(h, max(1, int(math.Round(float64(a.h)*scale))))
	}
	corner := image.Pt((w-width)/2, (h-height)/2)
	return image.Rectangle{corner, corner.Add(image.Pt(width, height))}
}

// part is what a crop keeps of a picture.
func part(f Filter, w, h int) (image.Rectangle, error) {
	a, err := parseArea(f.Arg)
	if err != nil {
		return image.Rectangle{}, err
	}
	r := a.within(w, h)
	if r.Empty() {
		return r, fmt.Errorf("the filter %v: that lies outside the picture, which is %dx%d; choose a part of it", f, w, h)
	}
	return r, nil
}

func crop(_ context.Context, m *image.NRGBA, f Filter, _ color.NRGBA) (*image.NRGBA, error) {
	r, err := part(f, m.Rect.Dx(), m.Rect.Dy())
	if err != nil {
		return nil, err
	}
	return imaging.Crop(m, r), nil
}

func sizeCropped(f Filter, w, h int) (int, int, error) {
	r, err := part(f, w, h)
	return r.Dx(), r.Dy(), err
}
