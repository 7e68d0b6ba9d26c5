package images_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/images"
	"manyhands/core/images/filter"
)

// moving is a GIF whose frames are red, green, blue…, each for 0.2 s.
func moving(t *testing.T, frames int) []byte {
	t.Helper()
	palette := color.Palette{colours[0], colours[1], colours[2], colours[3]}
	g := gif.GIF{LoopCount: 5}
	for i := range frames {
		m := image.NewPaletted(image.Rect(0, 0, 64, 48), palette)
		for j := range m.Pix {
			m.Pix[j] = uint8(i % 4)
		}
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 20)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func resultGIF(t *testing.T, c *images.Config, name string) *gif.GIF {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(c.To, name))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// noisy is a picture whose file is large.
func noisy(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = uint8(random.Uint32()) | 255*uint8(i%4/3)
	}
	return m
}

func TestFilesAreMadeSmallEnough(t *testing.T) {
	from := t.TempDir()
	write(t, from, "noise.png", as(t, "png", noisy(200, 200)))
	write(t, from, "plain.png", as(t, "png", quarters(200, 200)))
	c := settings(t, from)
	c.Size, c.Filter, c.Quality, c.MaxKB = images.Size{Width: 200, Height: 200}, nil, 95, 12
	o := run(t, c)
	if p := o.picture("plain.png"); p.Note != "" {
		t.Errorf("a small one: %q", p.Note)
	}
	p := o.picture("noise.png")
	var quality int
	if _, err := fmt.Sscanf(p.Note, "quality %d", &quality); err != nil || p.After > 12_000 || p.After < 9_000 {
		t.Fatalf("%d bytes, %q", p.After, p.Note)
	}
	c.Quality, c.MaxKB, c.Existing = quality+1, 0, "replace"
	if larger := run(t, c).picture("noise.png").After; larger <= 12_000 {
		t.Errorf("quality %d was possible: %d bytes", quality+1, larger)
	}
	c.MaxKB = 1
	if got := run(t, c).reason("noise.png"); !strings.Contains(got, "more than 1 KB even at the lowest quality: choose a smaller size") {
		t.Error(got)
	}
	c.Format = "png"
	if got := run(t, c).reason("noise.png"); !strings.Contains(got, "as PNG, more than 1 KB: choose JPEG") {
		t.Error(got)
	}
}

func TestPicturesThatGainTooLittleAreSkipped(t *testing.T) {
	from := t.TempDir()
	write(t, from, "small.jpg", as(t, "jpg", quarters(40, 30)))
	write(t, from, "large.bmp", as(t, "bmp", quarters(400, 300)))
	c := settings(t, from)
	c.Filter, c.Quality, c.MinGain = nil, 95, 5
	o := run(t, c)
	if o.rows["small.jpg"].Status != core.Skipped || !strings.HasPrefix(o.reason("small.jpg"), "would ") {
		t.Errorf("%v: %s", o.rows["small.jpg"].Status, o.reason("small.jpg"))
	}
	expectResults(t, c, "large.jpg")
}

func TestDatesAreKeptIfAskedFor(t *testing.T) {
	from := t.TempDir()
	write(t, from, "a.png", as(t, "png", quarters(8, 8)))
	when := time.Date(2003, 4, 5, 6, 7, 8, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(from, "a.png"), when, when); err != nil {
		t.Fatal(err)
	}
	for _, keep := range []bool{true, false} {
		c := settings(t, from)
		c.KeepDates = keep
		run(t, c)
		info, err := os.Stat(filepath.Join(c.To, "a.jpg"))
		if err != nil || info.ModTime().Equal(when) != keep {
			t.Errorf("keep %v: %v, %v", keep, info.ModTime(), err)
		}
	}
}

func TestNamesAreMadeOfPlaceholders(t *testing.T) {
	from := t.TempDir()
	for _, name := range []string{"a.png", "b c.png", "x/a.png"} {
		write(t, from, name, as(t, "png", quarters(64, 48)))
		when := time.Date(2003, 4, 5, 6, 7, 8, 0, time.Local)
		if err := os.Chtimes(filepath.Join(from, filepath.FromSlash(name)), when, when); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string][]string{
		"{name}-{width}x{height}": {"a-40x30.jpg", "b c-40x30.jpg", "x/a-40x30.jpg"},
		"{number}":                {"0001.jpg", "0002.jpg", "x/0003.jpg"},
		"{date}":                  {"2003-04-05-2.jpg", "2003-04-05.jpg", "x/2003-04-05.jpg"},
		"{folder}/{time}":         {filepath.Base(from) + "/06-07-08-2.jpg", filepath.Base(from) + "/06-07-08.jpg", "x/x/06-07-08.jpg"},
	} {
		c := settings(t, from)
		c.Recursive, c.Existing, c.Name = true, "skip", text
		run(t, c)
		expectResults(t, c, want...)
		if o := run(t, c); o.report.Skipped != 3 {
			t.Errorf("%s: another run makes other names: %+v", text, o.report)
		}
	}
}

func TestWatermarkIsOnEveryResult(t *testing.T) {
	from := t.TempDir()
	write(t, from, "a.png", as(t, "png", quarters(400, 300)))
	var without, with image.Image
	for _, mark := range []string{"", "© Many Hands:center:1"} {
		c := settings(t, from)
		c.Size, c.Filter, c.Format = images.Size{Width: 200, Height: 150}, nil, "png"
		if err := c.Watermark.UnmarshalText([]byte(mark)); mark != "" && err != nil {
			t.Fatal(err)
		}
		run(t, c)
		without = with
		with, _ = result(t, c, "a.png")
	}
	changed := 0
	for y := range 150 {
		for x := range 200 {
			if without.At(x, y) != with.At(x, y) {
				changed++
				if y < 50 || y > 100 {
					t.Fatalf("the mark is at %d,%d", x, y)
				}
			}
		}
	}
	if changed < 100 {
		t.Errorf("the mark has %d pixels", changed)
	}
}

func TestFiltersMayChangeTheSize(t *testing.T) {
	from := t.TempDir()
	write(t, from, "a.png", as(t, "png", quarters(64, 48)))
	c := settings(t, from)
	c.Filter, c.Name = []filter.Filter{parsed(t, "rotate:90"), parsed(t, "crop:20x20")}, "{width}x{height}"
	o := run(t, c)
	if p := o.picture("a.png"); p.NewWidth != 20 || p.NewHeight != 20 || p.Saved != "20x20.jpg" {
		t.Errorf("%+v", p)
	}
	if m, _ := result(t, c, "20x20.jpg"); look(m) != "brwg" || m.Bounds().Size() != image.Pt(20, 20) {
		t.Errorf("%s %v", look(m), m.Bounds())
	}
}

func parsed(t *testing.T, text string) (f filter.Filter) {
	t.Helper()
	if err := f.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTruncatedFilesFailOrAreKeptWithAWarning(t *testing.T) {
	from := t.TempDir()
	for _, ext := range []string{"jpg", "png"} {
		content := as(t, ext, noisy(64, 48))
		write(t, from, ext+"."+ext, content[:len(content)*2/3])
	}
	c := settings(t, from)
	if o := run(t, c); o.report.Failed != 2 {
		t.Errorf("%+v", o.rows)
	}
	c.Truncated = "keep"
	o := run(t, c)
	for _, item := range []string{"jpg.jpg", "png.png"} {
		if note := o.picture(item).Note; !strings.Contains(note, "ends too early") {
			t.Errorf("%s: %q, %s", item, note, o.reason(item))
		}
	}
}

func TestFindFindsWhatARunWorksOn(t *testing.T) {
	from := t.TempDir()
	for _, name := range []string{"a.png", "b.JPG", "notes.txt", ".hidden.png", "x/c.gif"} {
		write(t, from, name, make([]byte, 100))
	}
	c := settings(t, from)
	c.Recursive = true
	var found []string
	total := int64(0)
	err := c.Find(t.Context(), func(item string, bytes int64) bool {
		found, total = append(found, item), total+bytes
		return true
	})
	if err != nil || strings.Join(found, " ") != "a.png b.JPG x/c.gif" || total != 300 {
		t.Errorf("%v, %d bytes, %v", found, total, err)
	}
	found = nil
	if err := c.Find(t.Context(), func(item string, _ int64) bool { found = append(found, item); return false }); err != nil || len(found) != 1 {
		t.Errorf("after the end: %v, %v", found, err)
	}
	c.Paths = []string{filepath.Join(from, "gone")}
	if err := c.Find(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Error(err)
	}
}

func TestPreviewShowsWhatARunMakes(t *testing.T) {
	from := t.TempDir()
	write(t, from, "a.png", as(t, "png", quarters(400, 300)))
	write(t, from, "bad.png", []byte("no picture"))
	c := settings(t, from)
	c.To, c.Size = "", images.Size{Width: 200, Height: 150}
	p, err := c.Preview(t.Context(), "a.png")
	if err != nil {
		t.Fatal(err)
	}
	if look(p.Before) != "rgbw" || look(p.After) != "rgbw" || p.Before.Bounds().Dx() != 400 || p.After.Bounds().Dx() != 200 {
		t.Errorf("%v, %v", p.Before.Bounds(), p.After.Bounds())
	}
	if p.BeforeText != "PNG, 400x300" || p.AfterText != "JPEG, 200x150" {
		t.Errorf("%s, %s", p.BeforeText, p.AfterText)
	}
	c = settings(t, from)
	c.Size = images.Size{Width: 200, Height: 150}
	o := run(t, c)
	if made := o.picture("a.png"); made.Before != p.BeforeBytes || made.After != p.AfterBytes {
		t.Errorf("a run makes %d of %d bytes, the preview says %d of %d", made.After, made.Before, p.AfterBytes, p.BeforeBytes)
	}
	thumb, err := c.Thumbnail(t.Context(), o.rows["a.png"], 32)
	if err != nil || thumb.Bounds().Size() != image.Pt(32, 24) || look(thumb) != "rgbw" {
		t.Errorf("thumbnail: %v", err)
	}
	if thumb, err := c.Thumbnail(t.Context(), o.rows["bad.png"], 32); err != nil || thumb != nil {
		t.Errorf("a failed row has a thumbnail: %v", err)
	}
	if _, err := c.Preview(t.Context(), "bad.png"); err == nil || !strings.Contains(err.Error(), "named .png but is text/plain") {
		t.Error(err)
	}
	c.MinGain = 99
	if p, err := c.Preview(t.Context(), "a.png"); err != nil || !strings.Contains(p.Note, "it is skipped") {
		t.Errorf("%q, %v", p.Note, err)
	}
	c.Quality = 0
	if _, err := c.Preview(t.Context(), "a.png"); err == nil || !strings.Contains(err.Error(), "Quality: 0") {
		t.Error(err)
	}
}

func TestPreviewOfAnAnimationShowsItsFirstFrame(t *testing.T) {
	from := t.TempDir()
	write(t, from, "moves.gif", moving(t, 3))
	for _, format := range []string{"gif", "webp", "jpeg"} {
		c := settings(t, from)
		c.Format, c.Filter = format, nil
		p, err := c.Preview(t.Context(), "moves.gif")
		if err != nil || look(p.Before) != "rrrr" || look(p.After) != "rrrr" || p.AfterText != strings.ReplaceAll(strings.ToUpper(format), "WEBP", "WebP")+", 40x30" {
			t.Errorf("as %s: %+v, %v", format, p, err)
		}
	}
}
