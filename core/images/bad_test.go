package images_test

import (
	"strings"
	"testing"

	"manyhands/core"
)

func TestBadFilesSayWhatIsWrong(t *testing.T) {
	picture := as(t, "jpg", quarters(640, 480))
	png := as(t, "png", quarters(640, 480))
	gif := as(t, "gif", quarters(64, 48))
	damaged := append([]byte{}, png...)
	damaged[len(damaged)/2] ^= 0xff
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"empty.jpg":     {nil, "empty file"},
		"page.jpg":      {[]byte("<!DOCTYPE html><title>404</title>"), "named .jpg but is text/html"},
		"noise.png":     {[]byte{1, 2, 3, 4}, "named .png but is no picture, or a damaged one"},
		"photo.heic":    {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "HEIC pictures are not supported yet"},
		"photo.avif":    {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), "AVIF pictures are not supported yet"},
		"big.tif":       {[]byte("II+\x00\x08\x00\x00\x00"), "BigTIFF pictures are not supported yet"},
		"moves.webp":    {webpWith(2, nil, oneWebP(t)), "animated WebP pictures are not supported yet"},
		"raw.NEF":       {tiffFile(2, 2, nil, make([]byte, 4)), "raw camera files (.nef) are not supported yet"},
		"cut.jpg":       {picture[:len(picture)/2], "the file ends too early"},
		"stub.jpg":      {picture[:30], "the file ends too early"},
		"cut.png":       {png[:len(png)/2], "the file ends too early"},
		"cut.gif":       {gif[:len(gif)/2], "the file ends too early"},
		"cut.webp":      {oneWebP(t)[:30], "the file ends too early"},
		"cut.tif":       {as(t, "tif", quarters(64, 48))[:500], "the file ends too early"},
		"cut.bmp":       {as(t, "bmp", quarters(64, 48))[:500], "the file ends too early"},
		"damaged.png":   {damaged, "the picture is damaged"},
		"lossless.jpg":  {lossless(picture), "this kind of JPEG is not supported yet"},
		"cmyk.tif":      {tiffFile(2, 2, map[uint16]uint32{262: 5}, make([]byte, 4)), "this kind of TIFF is not supported yet"},
		"crafted.tif":   {tiffFile(4, 4, map[uint16]uint32{262: 3}, make([]byte, 16)), "the picture is damaged"},
		"strips.tif":    {tiffFile(4, 4, map[uint16]uint32{273: 1 << 31, 279: 1 << 31}, make([]byte, 16)), "the picture is damaged"},
		"bomb.png":      {bomb(60000, 60000), "is 60000x60000 pixels, 3600 megapixels: more than the 200 that are read"},
		"long bomb.png": {bomb(3, 66_000_000), "too high to be made 40 wide"},
	} {
		t.Run(name, func(t *testing.T) {
			from := t.TempDir()
			write(t, from, name, test.content)
			c := settings(t, from)
			o := run(t, c)
			if got := o.reason(name); !strings.Contains(got, test.want) || o.rows[name].Status != core.Failed {
				t.Errorf("%v: %q, want %q", o.rows[name].Status, got, test.want)
			}
			expectResults(t, c)
		})
	}
}

func TestWhatIsNoPictureIsSkipped(t *testing.T) {
	from := t.TempDir()
	write(t, from, "notes.txt", []byte("hello"))
	write(t, from, "empty", nil)
	write(t, from, "BMW.md", []byte("BMW, and more text than a header has"))
	o := run(t, settings(t, from))
	for _, item := range []string{"notes.txt", "empty", "BMW.md"} {
		if o.rows[item].Status != core.Skipped || o.reason(item) != "not a picture" {
			t.Errorf("%s: %v %q", item, o.rows[item].Status, o.reason(item))
		}
	}
}
