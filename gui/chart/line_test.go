package chart

import (
	"bytes"
	"image"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"manyhands/core"
)

// wave is a rate that goes up to its limit and stays there, a point each tenth
// of a second.
func wave(n int) core.Chart {
	c := core.Chart{Title: "Requests per second", Unit: "/s", Limit: 50}
	for i := range n {
		at := float64(i) / float64(n)
		value := 50*(1-math.Exp(-8*at)) - 3*math.Abs(math.Sin(60*at))
		c.Points = append(c.Points, core.Point{At: time.Duration(i) * 100 * time.Millisecond, Value: value})
	}
	return c
}

func words(objects []fyne.CanvasObject) (list []string) {
	for _, o := range objects {
		if text, ok := o.(*canvas.Text); ok {
			list = append(list, text.Text)
		}
	}
	return list
}

func dark() Look { return LookOf(theme.DefaultTheme(), theme.VariantDark) }

func TestPicturesOfLines(t *testing.T) {
	size := fyne.NewSize(460, 180)
	golden(t, "line", Line(wave(200)), size)
	goldenIn(t, "line-light", Line(wave(200)), size, theme.VariantLight)
	golden(t, "line-many", Line(wave(100_000)), size)
	golden(t, "line-below-zero", Line(core.Chart{Unit: "ms", Points: []core.Point{
		{At: 0, Value: -12}, {At: time.Second, Value: 30.5}, {At: 2 * time.Second, Value: -4.25},
	}}), size)
}

func TestALineSaysItsUnitLimitAndLastValue(t *testing.T) {
	test.NewTempApp(t)
	c := wave(200)
	c.Points[199].Value = 43.21
	got := words(Line(c)(fyne.NewSize(500, 200), dark()))
	for _, want := range []string{"limit 50/s", "43.2/s", "0", "10 s"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	c.Limit = 0
	if got := strings.Join(words(Line(c)(fyne.NewSize(500, 200), dark())), ", "); strings.Contains(got, "limit") {
		t.Errorf("without a limit it says %s", got)
	}
}

func TestValuesAreSaidInFewDigits(t *testing.T) {
	for want, of := range map[string]struct {
		value float64
		unit  string
	}{
		"0/s": {0, "/s"}, "0.25 ms": {0.25, "ms"}, "9.87 ms": {9.871, "ms"}, "43.2/s": {43.21, "/s"}, "100": {100, ""},
		"1,235/s": {1234.6, "/s"}, "-3.5 ms": {-3.5, "ms"}, "1e+12": {1e12, ""}, "1e-05": {0.00001, ""}, "20": {20, ""},
	} {
		if got := valueText(of.value, of.unit); got != want {
			t.Errorf("%v %s is %q, want %q", of.value, of.unit, got, want)
		}
	}
}

func TestTheAxisReachesOverLimitAndValuesInRoundSteps(t *testing.T) {
	for name, c := range map[string]struct {
		values []float64
		limit  float64
		want   string
	}{
		"up to the limit":   {[]float64{3}, 50, "0, 20, 40, 60"},
		"over the limit":    {[]float64{73}, 50, "0, 20, 40, 60, 80"},
		"nothing happens":   {[]float64{0, 0}, 0, "0.0, 0.2, 0.4, 0.6, 0.8, 1.0"},
		"below zero":        {[]float64{-15, 15}, 0, "-20, -10, 0, 10, 20"},
		"parts of one":      {[]float64{0.031}, 0, "0.00, 0.01, 0.02, 0.03, 0.04"},
		"thousands":         {[]float64{4800}, 0, "0, 1,000, 2,000, 3,000, 4,000, 5,000"},
		"what is no number": {[]float64{math.NaN(), 5, math.Inf(1)}, 0, "0, 1, 2, 3, 4, 5"},
	} {
		t.Run(name, func(t *testing.T) {
			test.NewTempApp(t)
			var chart core.Chart
			for i, v := range c.values {
				chart.Points = append(chart.Points, core.Point{At: time.Duration(i) * time.Second, Value: v})
			}
			chart.Limit = c.limit
			points := drawable(chart.Points)
			p := frameOf(chart, points, fyne.NewSize(400, 210), dark())
			if got := strings.Join(words(p.valueAxis()), ", "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestAMillionPointsAreBoundedByTheWidth(t *testing.T) {
	points := wave(1_000_000).Points
	points[123_456].Value, points[700_001].Value = 999, -999
	until := points[len(points)-1].At
	kept := reduce(points, 0, until, 300)
	if len(kept) > 4*301 {
		t.Errorf("%d points are left", len(kept))
	}
	if !slices.Contains(kept, points[123_456]) || !slices.Contains(kept, points[700_001]) || kept[len(kept)-1] != points[len(points)-1] {
		t.Error("a peak, a pit or the end is lost")
	}
	if !slices.IsSortedFunc(kept, func(a, b core.Point) int { return int(a.At - b.At) }) {
		t.Error("they are out of order")
	}
}

func TestALineCopesWithOddData(t *testing.T) {
	test.NewTempApp(t)
	for name, points := range map[string][]core.Point{
		"none":            nil,
		"no number":       {{Value: math.NaN()}, {Value: math.Inf(-1)}},
		"one":             {{At: time.Second, Value: 4}},
		"all at once":     {{Value: 1}, {Value: 2}, {Value: 3}},
		"huge":            {{Value: 1e300}, {At: time.Second, Value: -1e300}},
		"largest":         {{Value: math.MaxFloat64}, {At: time.Second, Value: -math.MaxFloat64}},
		"tiny":            {{Value: 5e-324}, {At: time.Second, Value: 1e-320}},
		"backwards":       {{At: time.Hour, Value: 1}, {At: 0, Value: 2}, {At: 2 * time.Hour, Value: 1}},
		"a long time":     {{Value: 1}, {At: 1000 * time.Hour, Value: 2}},
		"late and sudden": {{At: time.Hour, Value: 1}, {At: time.Hour + 1, Value: 1}},
	} {
		for _, size := range []fyne.Size{{}, {Width: 1, Height: 1}, {Width: 40, Height: 20}, {Width: 900, Height: 400}} {
			objects := Line(core.Chart{Points: points})(size, dark())
			if len(objects) > 200 {
				t.Errorf("%s in %v: %d objects", name, size, len(objects))
			}
			for _, o := range objects {
				if raster, ok := o.(*canvas.Raster); ok {
					raster.Generator(200, 100)
					raster.Generator(0, 0)
				}
			}
		}
	}
}

func TestTheDashesAreWhereTheLimitIs(t *testing.T) {
	test.NewTempApp(t)
	c := core.Chart{Limit: 50, Points: []core.Point{{Value: 0}, {At: time.Second, Value: 100}}}
	p := frameOf(c, c.Points, fyne.NewSize(300, 200), dark())
	w, h := int(p.width+rim), int(p.height+2*rim)
	picture := p.stroke(c.Points, image.Pt(w, h))
	middle := picture.At(1, int(p.y(50)-p.top+rim))
	if !near(middle, dark().Limited) {
		t.Errorf("half way up it is %v", middle)
	}
	var empty bytes.Buffer
	if err := PNG(&empty, Line(core.Chart{}), fyne.NewSize(50, 50), theme.DefaultTheme(), theme.VariantLight); err != nil {
		t.Error(err)
	}
}

// BenchmarkLine draws a million points.
func BenchmarkLine(b *testing.B) {
	test.NewTempApp(b)
	c := wave(1_000_000)
	for b.Loop() {
		for _, o := range Line(c)(fyne.NewSize(1000, 300), dark()) {
			if raster, ok := o.(*canvas.Raster); ok {
				raster.Generator(1000, 300)
			}
		}
	}
}
