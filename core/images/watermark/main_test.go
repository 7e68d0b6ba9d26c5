package watermark

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// plain is a picture of one colour.
func plain(width, height int, c color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = c.R, c.G, c.B, c.A
	}
	return m
}

var (
	black = color.NRGBA{0, 0, 0, 255}
	grey  = color.NRGBA{128, 128, 128, 255}
	white = color.NRGBA{255, 255, 255, 255}
	red   = color.NRGBA{255, 0, 0, 255}
)

// file writes a file, and returns its path.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func pngFile(t *testing.T, m image.Image) string {
	t.Helper()
	var content bytes.Buffer
	if err := png.Encode(&content, m); err != nil {
		t.Fatal(err)
	}
	return file(t, "logo.png", content.Bytes())
}

func stamp(t *testing.T, m Mark) *Stamp {
	t.Helper()
	s, err := m.Open()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// changed is the box around the pixels in which two pictures differ.
func changed(a, b *image.NRGBA) (box image.Rectangle) {
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			if a.NRGBAAt(x, y) != b.NRGBAAt(x, y) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}
