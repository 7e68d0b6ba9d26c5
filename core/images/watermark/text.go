package watermark

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/disintegration/imaging"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A text's letters are white, with a soft dark edge that shows them on white.
const (
	share   = 0.05 // of the picture's shorter side: the height of the letters' line
	least   = 10   // pixels of that height, where there is room
	most    = 0.9  // of the picture's sides may be covered
	soft    = 0.06 // of the letters' height: the sigma of the edge
	strong  = 3    // times what is left of the letters, softened: the edge
	longest = 200  // letters
)

var parsed = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gobold.TTF) })

// checkLetters makes sure that there is something to draw, and names the
// letters that the font does not have.
func checkLetters(text string) error {
	f, err := parsed()
	if err != nil {
		return fmt.Errorf("read the font: %w", err)
	}
	if strings.TrimSpace(text) == "" {
		return errors.New("the text is empty; write something")
	}
	if n := utf8.RuneCountInString(text); n > longest {
		return fmt.Errorf("the text has %d letters; write at most %d", n, longest)
	}
	var buffer sfnt.Buffer
	missing := ""
	for _, r := range text {
		glyph, err := f.GlyphIndex(&buffer, r)
		if (glyph == 0 || err != nil || r == utf8.RuneError) && !strings.ContainsRune(missing, r) {
			missing += string(r)
		}
	}
	if missing != "" {
		return fmt.Errorf("the letters %q cannot be drawn: use a picture as the watermark", missing)
	}
	return nil
}

// lettering draws a text for a picture of a size.
func lettering(f *opentype.Font, text string, on image.Point) *image.NRGBA {
	const sample = 100 // pixels, to measure with
	ink, _ := font.BoundString(face(f, sample), text)
	size := max(share*float64(min(on.X, on.Y)), least)
	for _, side := range [2][2]int{{on.X, int(ink.Max.X - ink.Min.X)}, {on.Y, int(ink.Max.Y - ink.Min.Y)}} {
		size = min(size, most*float64(side[0])*sample*64/float64(max(side[1], 1)))
	}
	return edged(letters(f, text, size), size*soft)
}

// face is the font at a height in pixels.
func face(f *opentype.Font, size float64) font.Face {
	face, _ := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72}) // it reports no error
	return face
}

// letters draws a text in black, with room for its edge.
func letters(f *opentype.Font, text string, size float64) *image.NRGBA {
	face, room := face(f, size), int(math.Ceil(3*size*soft))
	ink, _ := font.BoundString(face, text)
	from := image.Pt(ink.Min.X.Floor()-room, ink.Min.Y.Floor()-room)
	to := image.Pt(ink.Max.X.Ceil()+room, ink.Max.Y.Ceil()+room)
	out := image.NewRGBA(image.Rectangle{Max: to.Sub(from)})
	drawer := font.Drawer{Dst: out, Src: image.Black, Face: face, Dot: fixed.P(-from.X, -from.Y)}
	drawer.DrawString(text)
	return &image.NRGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect} // the same for black
}

// edged makes letters white, over a dark edge.
func edged(letters *image.NRGBA, sigma float64) *image.NRGBA {
	out := imaging.Blur(letters, sigma)
	for i := 3; i < len(out.Pix); i += 4 {
		letter, edge := int(letters.Pix[i]), min(strong*int(out.Pix[i]), 255)
		opacity := letter + (255-letter)*edge/255
		white := uint8(255 * letter / max(opacity, 1))
		out.Pix[i-3], out.Pix[i-2], out.Pix[i-1], out.Pix[i] = white, white, white, uint8(opacity)
	}
	return out
}
