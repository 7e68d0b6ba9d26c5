package filter

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// random is a picture of noise.
func random(width, height int, opaque bool) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	for i := range m.Pix {
		m.Pix[i] = uint8(r.Uint32())
		if opaque && i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

// numbered is a picture whose pixels tell where they were.
func numbered(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), 100, 255})
		}
	}
	return m
}

// difference is the largest difference of two pictures' samples.
func difference(a, b *image.NRGBA) (largest int) {
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		largest = max(largest, d, -d)
	}
	return largest
}

func parse(t testing.TB, texts ...string) (filters []Filter) {
	t.Helper()
	for _, text := range texts {
		var f Filter
		if err := f.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		filters = append(filters, f)
	}
	return filters
}

func apply(t *testing.T, m *image.NRGBA, texts ...string) *image.NRGBA {
	t.Helper()
	out, err := Apply(t.Context(), m, parse(t, texts...), color.NRGBA{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// anyFilter draws a filter that is possible, if not for every picture.
func anyFilter() *rapid.Generator[Filter] {
	return rapid.Custom(func(t *rapid.T) Filter {
		e := rapid.SampledFrom(effects).Draw(t, "effect")
		f := Filter{Name: e.name, Arg: e.usualArg}
		switch e.name {
		case "flip":
			f.Arg = rapid.SampledFrom([]string{horizontal, vertical}).Draw(t, "direction")
		case "crop":
			f.Arg = anyArea(t).String()
		case "rotate":
			f.Amount = rapid.OneOf(rapid.Float64Range(e.least, e.most), rapid.Map(rapid.IntRange(-24, 24), func(n int) float64 { return 15 * float64(n) })).Draw(t, "degrees")
		case "gaussian", "sharpen":
			f.Amount = math.Round(10*rapid.Float64Range(e.least, 5).Draw(t, "sigma")) / 10 // larger ones take long
		default:
			f.Amount = rapid.Float64Range(e.least, max(e.least, e.most)).Draw(t, "amount")
		}
		return f
	})
}

func anyArea(t *rapid.T) area {
	side := rapid.IntRange(1, 60)
	a := area{w: side.Draw(t, "w"), h: side.Draw(t, "h"), ratio: rapid.Bool().Draw(t, "ratio")}
	if !a.ratio && rapid.Bool().Draw(t, "placed") {
		a.placed, a.x, a.y = true, rapid.IntRange(0, 60).Draw(t, "x"), rapid.IntRange(0, 60).Draw(t, "y")
	}
	return a
}
