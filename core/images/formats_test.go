package images_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"path/filepath"
	"strings"
	"testing"

	_ "golang.org/x/image/webp"

	"manyhands/core/images/codec"
	"manyhands/core/images/meta"
)

// upright is how the four quarters look when turned as an orientation says.
var upright = []string{"", "rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"}

// oriented writes a picture with an EXIF orientation, by its format.
func oriented(t *testing.T, ext string, m *image.NRGBA, orientation uint16) []byte {
	t.Helper()
	var content []byte
	if ext == "webp" {
		var b bytes.Buffer
		if err := new(codec.Encoder).Encode(&b, m, codec.Encoding{Format: codec.WebP}); err != nil {
			t.Fatal(err)
		}
		content = b.Bytes()
	} else {
		content = as(t, ext, m)
	}
	file, left := meta.Data{EXIF: exif(binary.BigEndian, orientation)}.Embed(content, string(codec.Named("."+ext)))
	if left != "" {
		t.Fatalf("%s has no place for the orientation", ext)
	}
	return file
}

// TestEveryFormatOrientationAndFit looks at the pixels of every combination,
// in every format of results.
func TestEveryFormatOrientationAndFit(t *testing.T) {
	from := t.TempDir()
	for _, ext := range []string{"jpg", "png", "tif", "webp"} {
		for orientation := range uint16(8) {
			write(t, from, fmt.Sprintf("%s%d.%s", ext, orientation+1, ext), oriented(t, ext, quarters(64, 48), orientation+1))
		}
	}
	for i, test := range []struct {
		fit, size    string
		wide, turned image.Point // of the results of pictures that lie, and that stand
	}{
		{"exact", "40x20", image.Pt(40, 20), image.Pt(40, 20)},
		{"inside", "40x30", image.Pt(40, 30), image.Pt(23, 30)},
		{"fill", "40x20", image.Pt(40, 20), image.Pt(40, 20)},
		{"longest", "32", image.Pt(32, 24), image.Pt(24, 32)},
		{"shortest", "24", image.Pt(32, 24), image.Pt(24, 32)},
		{"percent", "50%", image.Pt(32, 24), image.Pt(24, 32)},
	} {
		formats := []string{"jpeg", "png", "gif", "bmp", "tiff", "webp"}
		if testing.Short() {
			formats = formats[i:][:1]
		}
		c := settings(t, from)
		c.Fit, c.Filter = test.fit, nil
		if err := c.Size.UnmarshalText([]byte(test.size)); err != nil {
			t.Fatal(err)
		}
		for _, format := range formats {
			c.Format, c.To = format, filepath.Join(t.TempDir(), "out")
			o := run(t, c)
			for item, row := range o.rows {
				p := o.picture(item)
				if row.Err != nil {
					t.Fatalf("%s: %v", item, row.Err)
				}
				var orientation int
				_, _ = fmt.Sscanf(strings.TrimLeft(item, "jpngtifweb"), "%d", &orientation)
				size := test.wide
				if orientation >= 5 {
					size = test.turned
				}
				m, kind := result(t, c, p.Saved)
				if kind != format || m.Bounds().Size() != size || look(m) != upright[orientation] {
					t.Errorf("%s %s %s as %s: %s %v %s, want %v %s", item, test.fit, test.size, format, kind, m.Bounds().Size(), look(m), size, upright[orientation])
				}
				if got := (image.Point{p.NewWidth, p.NewHeight}); got != size {
					t.Errorf("%s: the row says %v, the file has %v", item, got, size)
				}
			}
		}
	}
}

func TestKeepKeepsTheFormat(t *testing.T) {
	from := t.TempDir()
	for ext, name := range map[string]string{"jpg": "a.JPEG", "png": "b.jpg", "gif": "c.gif", "bmp": "d.bmp", "tif": "e.tiff"} {
		write(t, from, name, as(t, ext, quarters(64, 48)))
	}
	write(t, from, "f.webp", oriented(t, "webp", quarters(64, 48), 1))
	c := settings(t, from)
	c.Format = "keep"
	run(t, c)
	expectResults(t, c, "a.JPEG", "b.png", "c.gif", "d.bmp", "e.tiff", "f.webp")
	for name, want := range map[string]string{"a.JPEG": "jpeg", "b.png": "png", "c.gif": "gif", "d.bmp": "bmp", "e.tiff": "tiff", "f.webp": "webp"} {
		if m, kind := result(t, c, name); kind != want || look(m) != "rgbw" {
			t.Errorf("%s is %s with %s", name, kind, look(m))
		}
	}
}

func TestTransparencyIsOnTheBackgroundWhereAFormatHasNone(t *testing.T) {
	from := t.TempDir()
	write(t, from, "clear.png", as(t, "png", image.NewNRGBA(image.Rect(0, 0, 64, 48))))
	for format, clear := range map[string]bool{"jpeg": false, "bmp": false, "png": true, "gif": true, "tiff": true, "webp": true, "keep": true} {
		for colour, want := range map[string]uint32{"white": 0xffff, "black": 0} {
			c := settings(t, from)
			c.Format, c.Filter = format, nil
			if err := c.Background.UnmarshalText([]byte(colour)); err != nil {
				t.Fatal(err)
			}
			run(t, c)
			m, _ := result(t, c, results(t, c.To)[0])
			r, _, _, a := m.At(20, 15).RGBA()
			if clear && a != 0 || !clear && (a != 0xffff || r != want) {
				t.Errorf("%s on %s: red %x, opacity %x", format, colour, r, a)
			}
		}
	}
}

func TestMovingGIFsKeepMovingAsGIF(t *testing.T) {
	from := t.TempDir()
	write(t, from, "moves.gif", moving(t, 3))
	c := settings(t, from)
	c.Format = "keep"
	o := run(t, c)
	g := resultGIF(t, c, "moves.gif")
	if len(g.Image) != 3 || g.Config.Width != 40 || g.LoopCount != 5 || g.Delay[1] != 20 {
		t.Errorf("%d frames, %d wide, %d times, delays %v", len(g.Image), g.Config.Width, g.LoopCount, g.Delay)
	}
	for i, want := range []string{"rrrr", "gggg", "bbbb"} {
		if got := look(g.Image[i]); got != want {
			t.Errorf("frame %d: %s, want %s", i, got, want)
		}
	}
	if note := o.picture("moves.gif").Note; note != "" {
		t.Errorf("note: %q", note)
	}
	c = settings(t, from)
	o = run(t, c)
	if m, _ := result(t, c, "moves.jpg"); look(m) != "rrrr" {
		t.Error(look(m))
	}
	if note := o.picture("moves.gif").Note; note != "first of 3 frames" {
		t.Errorf("note: %q", note)
	}
}
