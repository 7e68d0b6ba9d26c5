package chart

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"manyhands/core"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew")

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	flag.Parse()
	os.Exit(m.Run())
}

// golden compares a chart with the picture of this name. A channel may differ
// by a little: processors round differently.
func golden(t *testing.T, name string, draw Draw, size fyne.Size) {
	t.Helper()
	goldenIn(t, name, draw, size, theme.VariantDark)
}

func goldenIn(t *testing.T, name string, draw Draw, size fyne.Size, variant fyne.ThemeVariant) {
	t.Helper()
	test.NewTempApp(t)
	path := filepath.Join("testdata", name+".png")
	var made bytes.Buffer
	if err := PNG(&made, draw, size, theme.DefaultTheme(), variant); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, made.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := different(t, made.Bytes(), want); n > 0 {
		got := filepath.Join(t.TempDir(), name+".png")
		_ = os.WriteFile(got, made.Bytes(), 0o600)
		t.Errorf("%d pixels differ from %s; -update accepts what is drawn now", n, path)
	}
}

func different(t *testing.T, a, b []byte) int {
	t.Helper()
	got, want := decode(t, a), decode(t, b)
	if got.Bounds() != want.Bounds() {
		t.Fatalf("size %v, want %v", got.Bounds(), want.Bounds())
	}
	n := 0
	for y := range got.Bounds().Dy() {
		for x := range got.Bounds().Dx() {
			if !near(got.At(x, y), want.At(x, y)) {
				n++
			}
		}
	}
	return n
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func near(a, b color.Color) bool {
	p, q := nrgba(a), nrgba(b)
	apart := func(x, y uint8) bool { return max(x, y)-min(x, y) > 8 }
	return !apart(p.R, q.R) && !apart(p.G, q.G) && !apart(p.B, q.B)
}

// work is a bar of one item that took from start to end.
func work(start, end time.Duration, failed int) core.Bar {
	b := core.Bar{Start: start * time.Millisecond, End: end * time.Millisecond, Items: 1, Failed: failed}
	b.Spent[core.Working] = b.End - b.Start
	return b
}

// day is a run of three workers with all that can happen in it.
func day() [][]core.Bar {
	opening := core.Bar{End: 300 * time.Millisecond}
	opening.Spent[core.Opening] = opening.End
	limited := core.Bar{Start: 1100 * time.Millisecond, End: 1500 * time.Millisecond}
	limited.Spent[core.Limited] = limited.End - limited.Start
	handing := core.Bar{Start: 1500 * time.Millisecond, End: 1600 * time.Millisecond}
	handing.Spent[core.Delivering] = handing.End - handing.Start
	half := work(1000, 2000, 0)
	half.Spent[core.Working] /= 2
	return [][]core.Bar{
		{opening, work(300, 700, 0), work(700, 1100, 0), limited, handing, work(1600, 2000, 0)},
		{work(0, 400, 0), work(500, 600, 1), work(600, 1000, 0), half},
		{work(0, 3, 0), work(3, 6, 0), work(6, 9, 1), work(1900, 2000, 0)},
	}
}

func TestPictures(t *testing.T) {
	bars := Bars([]Bar{
		{Label: "One by one", Value: 61.2, Text: "61.2 s", Muted: true},
		{Label: "8 workers", Value: 9.4, Text: "9.4 s, 6.5 times as fast"},
	})
	golden(t, "bars", bars, fyne.NewSize(460, 120))
	golden(t, "lanes", Lanes(day()), fyne.NewSize(460, 200))
	golden(t, "both", Stack("Images", []Part{
		{Title: "One by one against many workers", Height: 70, Draw: bars},
		{Title: "What each worker did", Draw: Lanes(day())},
	}), fyne.NewSize(460, 340))
}

func TestNothingIsDrawnOutsideTheChart(t *testing.T) {
	test.NewTempApp(t)
	look := LookOf(theme.DefaultTheme(), theme.VariantLight)
	for _, size := range []fyne.Size{{Width: 300, Height: 160}, {Width: 901, Height: 333}, {Width: 1600, Height: 900}} {
		charts := map[string]Draw{
			"lanes":      Lanes(day()),
			"many lanes": Lanes(make([][]core.Bar, 300)),
			"bars":       Bars([]Bar{{Label: "a", Value: 1, Text: "1 s"}, {Label: "bcd", Value: 3, Text: "3 s, long"}, {Label: "x"}}),
		}
		for name, draw := range charts {
			for _, o := range draw(size, look) {
				end := o.Position().Add(o.Size())
				if o.Position().X < -0.5 || end.X > size.Width+1 || end.Y > size.Height+1 {
					t.Errorf("%s in %v: %T at %v, %v", name, size, o, o.Position(), o.Size())
				}
			}
		}
	}
}

func TestAChartOfNothingIsEmpty(t *testing.T) {
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	if n := len(Lanes(nil)(fyne.NewSize(100, 100), look)) + len(Bars(nil)(fyne.NewSize(100, 100), look)); n != 0 {
		t.Errorf("%d objects", n)
	}
}

func TestLanesOfAThousandWorkersAreJoined(t *testing.T) {
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	p := plan(1024, time.Second, fyne.NewSize(800, 300), look)
	p.share()
	if lane := p.height / float32(p.rows); lane < leastLane {
		t.Errorf("a lane is %v high", lane)
	}
	if got := p.name(p.rows - 1); !strings.HasPrefix(got, "W") || !strings.HasSuffix(got, "–1024") {
		t.Errorf("the last lane is called %q", got)
	}
	if got := plan(3, time.Second, fyne.NewSize(800, 300), look).name(2); got != "W3" {
		t.Errorf("the third of three is called %q", got)
	}
}

func TestAxisStepsAreRoundAndFew(t *testing.T) {
	for whole, want := range map[time.Duration]time.Duration{
		time.Second:             200 * time.Millisecond,
		8600 * time.Millisecond: time.Second,
		61 * time.Second:        10 * time.Second,
		time.Millisecond:        time.Millisecond,
		180 * time.Second:       20 * time.Second,
		181 * time.Second:       30 * time.Second,
		14 * time.Minute:        2 * time.Minute,
		6 * time.Hour:           time.Hour,
		400 * 24 * time.Hour:    45 * 24 * time.Hour,
	} {
		if got := tick(whole, 9); got != want {
			t.Errorf("%v is divided into %v, want %v", whole, got, want)
		}
	}
	for got, want := range map[string]string{
		timeText(1500*time.Millisecond, 500*time.Millisecond): "1.5 s",
		timeText(50*time.Millisecond, 10*time.Millisecond):    "0.05 s",
		timeText(120*time.Second, 20*time.Second):             "120 s",
		timeText(0, 20*time.Second):                           "0 s",
		timeText(0, time.Minute):                              "0 min",
		timeText(150*time.Second, 30*time.Second):             "2 min 30 s",
		timeText(90*time.Minute, 30*time.Minute):              "1 h 30 min",
		timeText(49*time.Hour, 24*time.Hour):                  "49 h",
	} {
		if got != want {
			t.Errorf("label %q, want %q", got, want)
		}
	}
}

func pixel(lanes [][]core.Bar, rows, x, y int) color.NRGBA {
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	return paint(lanes, rows, until(lanes), image.Pt(200, 90), look).NRGBAAt(x, y)
}

func TestEachActivityHasItsColour(t *testing.T) {
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	for at, want := range map[[2]int]color.Color{
		{10, 5}: look.Opening, {50, 5}: look.Working, {130, 5}: look.Limited, {155, 5}: look.Delivering,
		{55, 35}: look.Failed, {45, 35}: idle(look), {100, 65}: idle(look),
	} {
		if got := pixel(day(), 3, at[0], at[1]); !near(got, want) {
			t.Errorf("at %v it is %v, want %v", at, got, want)
		}
	}
}

func TestAHalfBusyColumnIsHalfAsBright(t *testing.T) {
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	want := blend(nrgba(idle(look)), nrgba(look.Working), 0.5)
	if got := pixel(day(), 3, 150, 35); !near(got, want) {
		t.Errorf("it is %v, want %v", got, want)
	}
}

func TestAFailedItemIsSeenHoweverShort(t *testing.T) {
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	if got := pixel(day(), 3, 0, 65); !near(got, look.Failed) {
		t.Errorf("it is %v", got)
	}
	if got := pixel(day(), 1, 0, 5); !near(got, look.Failed) {
		t.Errorf("joined with others it is %v", got)
	}
}

func TestPaintCopesWithNoRoom(t *testing.T) {
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	for _, size := range []image.Point{{0, 0}, {0, 10}, {10, 0}, {1, 1}} {
		if got := paint(day(), 3, time.Second, size, look).Bounds().Size(); got != size {
			t.Errorf("%v, want %v", got, size)
		}
	}
}

func TestLegendNamesWhatOccurs(t *testing.T) {
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	names := func(lanes [][]core.Bar) string {
		var list []string
		for _, e := range entries(lanes, look) {
			list = append(list, e.name)
		}
		return strings.Join(list, ", ")
	}
	if got := names([][]core.Bar{{work(0, 1, 0)}}); got != "working, waiting" {
		t.Error(got)
	}
	if got := names(day()); got != "working, an item failed, getting ready, held back by the rate limit, handing over results, waiting" {
		t.Error(got)
	}
}

func TestWidgetDrawsAgainWhenItMust(t *testing.T) {
	test.NewTempApp(t)
	drawn := 0
	w := New(func(fyne.Size, Look) []fyne.CanvasObject {
		drawn++
		return []fyne.CanvasObject{canvas.NewRectangle(color.Black)}
	}, fyne.NewSize(50, 40))
	window := test.NewTempWindow(t, w)
	window.Resize(fyne.NewSize(200, 100))
	before := drawn
	w.Refresh()
	if drawn != before+1 {
		t.Errorf("drawn %d times for a refresh", drawn-before)
	}
	window.Resize(fyne.NewSize(300, 100))
	if drawn == before+1 {
		t.Error("not drawn for the new size")
	}
	if w.MinSize() != fyne.NewSize(50, 40) {
		t.Errorf("least size is %v", w.MinSize())
	}
}

// BenchmarkPaint draws 16 workers with 1,024 bars each.
func BenchmarkPaint(b *testing.B) {
	lanes := make([][]core.Bar, 16)
	for i := range lanes {
		for at := range time.Duration(1024) {
			lanes[i] = append(lanes[i], work(at*10, at*10+9, 0))
		}
	}
	look := LookOf(theme.DefaultTheme(), theme.VariantDark)
	for b.Loop() {
		paint(lanes, 16, until(lanes), image.Pt(1100, 400), look)
	}
}

func TestLayingOutAtTheSameSizeKeepsTheObjects(t *testing.T) {
	w := New(Lanes([][]core.Bar{{{End: time.Second, Items: 1}}}), fyne.NewSize(10, 10))
	w.Resize(fyne.NewSize(300, 200))
	r := w.CreateRenderer()
	before := r.Objects()[0]
	r.Layout(fyne.NewSize(300, 200))
	if r.Objects()[0] != before {
		t.Error("new objects without need: the window would be laid out and painted without end")
	}
	if r.Layout(fyne.NewSize(400, 200)); r.Objects()[0] == before {
		t.Error("not drawn anew at a new size")
	}
	before = r.Objects()[0]
	if r.Refresh(); r.Objects()[0] == before {
		t.Error("not drawn anew when told to")
	}
}
