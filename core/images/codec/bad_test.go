package codec_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"

	"manyhands/core/images/codec"
)

func TestBadFilesSayWhatIsWrong(t *testing.T) {
	big := uniform(64, 48, color.NRGBA{9, 8, 7, 255})
	picture, film := as(t, "jpg", shapes()), moving(t, 3, 0)
	png := as(t, "png", shapes())
	frame := image.Rect(0, 0, 2, 2)
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"cut JPEG":                  {picture[:len(picture)/2], "the file ends too early"},
		"stub of a JPEG":            {picture[:30], "the file ends too early"},
		"cut PNG":                   {png[:len(png)/2], "the file ends too early"},
		"cut GIF":                   {film[:60], "the file ends too early"},
		"cut WebP":                  {oneWebP(t)[:30], "the file ends too early"},
		"cut TIFF":                  {as(t, "tif", big)[:500], "the file ends too early"},
		"cut BMP":                   {as(t, "bmp", big)[:500], "the file ends too early"},
		"damaged PNG":               {changedAt(png, len(png)/2, ^png[len(png)/2]), "the picture is damaged"},
		"lossless JPEG":             {ofProcess(picture, 0xc3), "this kind of JPEG is not supported yet: convert it to JPEG or PNG first (lossless JPEG)"},
		"arithmetic JPEG":           {ofProcess(picture, 0xc9), "this kind of JPEG is not supported yet: convert it to JPEG or PNG first (arithmetic coding)"},
		"hierarchical JPEG":         {ofProcess(picture, 0xc5), "this kind of JPEG is not supported yet: convert it to JPEG or PNG first (hierarchical JPEG)"},
		"12 bit JPEG":               {bytes.Replace(picture, []byte{0xff, 0xc0, 0, 17, 8}, []byte{0xff, 0xc0, 0, 17, 12}, 1), "this kind of JPEG is not supported yet"},
		"JPEG of 1000 scans":        {manyScans(t, 1000), "this kind of JPEG is not supported yet: convert it to JPEG or PNG first (1010 scans)"},
		"CMYK TIFF":                 {tiffFile(2, 2, map[uint16]uint32{262: 5}, make([]byte, 4)), "this kind of TIFF is not supported yet"},
		"TIFF beyond its palette":   {testdata(t, "invalid-palette-ref.tiff"), "the picture is damaged"},
		"TIFF without a palette":    {tiffFile(4, 4, map[uint16]uint32{262: 3}, make([]byte, 16)), "the picture is damaged"},
		"strips of gigabytes":       {tiffFile(4, 4, map[uint16]uint32{273: 1 << 31, 279: 1 << 31}, make([]byte, 16)), "the picture is damaged"},
		"strips beyond the end":     {tiffFile(4, 4, map[uint16]uint32{273: 1 << 31}, make([]byte, 16)), "the file ends too early"},
		"RLE BMP":                   {changedAt(as(t, "bmp", image.NewPaletted(big.Rect, color.Palette{color.Black})), 30, 1), "this kind of BMP is not supported yet"},
		"GIF of no picture":         {gifFile(2, 2), "the picture is damaged"},
		"GIF with an unknown block": {gifFile(2, 2, []byte{0x99}), "the picture is damaged"},
		"GIF without colours":       {append([]byte("GIF89a\x02\x00\x02\x00\x00\x00\x00"), gifFrame(frame, 0, 0)...), "the picture is damaged"},
		"GIF with a giant frame":    {gifFile(2, 2, gifFrame(image.Rect(0, 0, 60000, 60000), 0, 1)), "the picture is damaged"},
		"GIF beyond its palette":    {gifFile(2, 2, gifFrame(frame, 0, 0, 1, 9, 3)), "the picture is damaged"},
		"GIF with too few pixels":   {gifFile(2, 2, gifFrame(frame, 0, 0, 1)), "the file ends too early"},
		"GIF with codes of 9 bits":  {bytes.Replace(gifFile(2, 2, gifFrame(frame, 0, 0, 1)), []byte{0, 4}, []byte{0, 9}, 1), "the picture is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			f, refused := codec.Sniff(test.content)
			if f == "" {
				t.Fatalf("it is %q", refused)
			}
			m, _, err := decode(t, test.content, codec.Options{})
			if err == nil || m != nil {
				t.Fatalf("%T, %v", m, err)
			}
			if got := codec.Explain(err, f); !strings.HasPrefix(got.Error(), test.want) || !errors.Is(got, err) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// manyScans repeats the last scan of a progressive JPEG.
func manyScans(t *testing.T, n int) []byte {
	t.Helper()
	file := testdata(t, "progressive.jpg")
	last := file[bytes.LastIndex(file, []byte{0xff, 0xda}) : len(file)-2]
	return append(file[:len(file)-2:len(file)-2], append(bytes.Repeat(last, n), file[len(file)-2:]...)...)
}

func TestWhatIsAllRightNeedsNoExplanation(t *testing.T) {
	if err := codec.Explain(nil, codec.JPEG); err != nil {
		t.Error(err)
	}
}

func TestAnimatedWebPIsRefusedByName(t *testing.T) {
	if f, refused := codec.Sniff(animated(oneWebP(t))); f != "" || refused != "animated WebP" {
		t.Errorf("%q, %q", f, refused)
	}
}
