package images

import (
	"fmt"
	"image"
	"strconv"
	"strings"

	"github.com/disintegration/imaging"
)

// Filter is one change of a picture's pixels, "gaussian:1.5" as text. Without
// an amount the filter's usual one is meant.
type Filter struct {
	Name   string
	Amount float64
}

// effect is what a filter's name stands for. One whose most is 0 takes no
// amount.
type effect struct {
	name               string
	usual, least, most float64
	apply              func(*image.NRGBA, float64) *image.NRGBA
}

var effects = []effect{
	{name: "none", apply: func(m *image.NRGBA, _ float64) *image.NRGBA { return m }},
	{name: "blur", apply: func(m *image.NRGBA, _ float64) *image.NRGBA { return ring(m) }},
	{"gaussian", 2, 0.1, 50, func(m *image.NRGBA, sigma float64) *image.NRGBA { return imaging.Blur(m, sigma) }},
	{"sharpen", 1, 0.1, 50, func(m *image.NRGBA, sigma float64) *image.NRGBA { return imaging.Sharpen(m, sigma) }},
	{name: "grayscale", apply: func(m *image.NRGBA, _ float64) *image.NRGBA { return imaging.Grayscale(m) }},
	{name: "invert", apply: func(m *image.NRGBA, _ float64) *image.NRGBA { return imaging.Invert(m) }},
	{"brightness", 10, -100, 100, func(m *image.NRGBA, p float64) *image.NRGBA { return imaging.AdjustBrightness(m, p) }},
	{"contrast", 10, -100, 100, func(m *image.NRGBA, p float64) *image.NRGBA { return imaging.AdjustContrast(m, p) }},
	{"saturation", 20, -100, 100, func(m *image.NRGBA, p float64) *image.NRGBA { return imaging.AdjustSaturation(m, p) }},
	{"gamma", 1.2, 0.1, 10, func(m *image.NRGBA, g float64) *image.NRGBA { return imaging.AdjustGamma(m, g) }},
}

// UnmarshalText reads NAME or NAME:AMOUNT.
func (f *Filter) UnmarshalText(text []byte) error {
	name, amount, given := strings.Cut(strings.TrimSpace(string(text)), ":")
	e, err := find(name)
	if err != nil {
		return err
	}
	filter := Filter{Name: e.name, Amount: e.usual}
	if given && e.most == 0 {
		return fmt.Errorf("the filter %s takes no amount; give just %s", e.name, e.name)
	}
	if given {
		if filter.Amount, err = strconv.ParseFloat(amount, 64); err != nil {
			return fmt.Errorf("the filter %s: %q is no number", e.name, amount)
		}
	}
	if err := filter.check(); err != nil {
		return err
	}
	*f = filter
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (f Filter) MarshalText() ([]byte, error) {
	if e, err := find(f.Name); err == nil && e.usual == f.Amount {
		return []byte(f.Name), nil
	}
	return []byte(f.Name + ":" + strconv.FormatFloat(f.Amount, 'g', -1, 64)), nil
}

func find(name string) (effect, error) {
	var names []string
	for _, e := range effects {
		if strings.EqualFold(e.name, name) {
			return e, nil
		}
		names = append(names, e.name)
	}
	return effect{}, fmt.Errorf("there is no filter %q; choose from %s", name, strings.Join(names, ", "))
}

func (f Filter) check() error {
	e, err := find(f.Name)
	if err != nil {
		return err
	}
	if !(f.Amount >= e.least && f.Amount <= e.most) { // also true for not-a-number
		return fmt.Errorf("the filter %s: the amount %g is not possible; choose %g to %g", e.name, f.Amount, e.least, e.most)
	}
	return nil
}

// filtered applies filters in their order. The picture may be changed.
func filtered(m *image.NRGBA, filters []Filter) *image.NRGBA {
	for _, f := range filters {
		if e, err := find(f.Name); err == nil {
			m = e.apply(m, f.Amount)
		}
	}
	return m
}
