package codec_test

import (
	"strings"
	"testing"

	"manyhands/core/images/codec"
)

func TestVerdict(t *testing.T) {
	for name, test := range map[string]struct {
		head, wrong string
		format      codec.Format
		skip        bool
	}{
		"a.jpg":       {"\xff\xd8\xff\xe0", "", codec.JPEG, false},
		"wrong.gif":   {"\xff\xd8\xff\xe0", "", codec.JPEG, false},
		"none":        {"\x89PNG\r\n\x1a\n", "", codec.PNG, false},
		"old.gif":     {"GIF87a", "", codec.GIF, false},
		"big.tif":     {"MM\x00*", "", codec.TIFF, false},
		"a.bmp":       {"BM\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x28\x00\x00\x00", "", codec.BMP, false},
		"a.webp":      {"RIFF\x00\x00\x00\x00WEBPVP8 ", "", codec.WebP, false},
		"moves.webp":  {"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02", "animated WebP pictures", "", false},
		"a.heic":      {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC pictures", "", false},
		"b.heic":      {"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "HEIC pictures", "", false},
		"a.avif":      {"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", "AVIF pictures", "", false},
		"b.avif":      {"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "AVIF pictures", "", false},
		"none.avif":   {"\x00\x00\x00\x00ftypmif1", "HEIC pictures", "", false},
		"film.mp4":    {"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", "not a picture", "", true},
		"a.jxl":       {"\xff\x0a", "JPEG XL pictures", "", false},
		"b.jxl":       {"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL pictures", "", false},
		"a.jp2":       {"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000 pictures", "", false},
		"a.j2k":       {"\xff\x4f\xff\x51\x00", "JPEG 2000 pictures", "", false},
		"a.psd":       {"8BPS\x00\x01", "Photoshop pictures", "", false},
		"a.ico":       {"\x00\x00\x01\x00", "icon pictures", "", false},
		"huge.tif":    {"II+\x00\x08\x00\x00\x00", "BigTIFF pictures", "", false},
		"raw.NEF":     {"II*\x00", "raw camera files (.nef)", "", false},
		"notes.txt":   {"hello", "not a picture", "", true},
		"BMW.md":      {"BMW, and more text than a header has", "not a picture", "", true},
		"empty.jpg":   {"", "empty file", "", false},
		"empty":       {"", "not a picture", "", true},
		"page.jpg":    {"<!DOCTYPE html><title>404</title>", "named .jpg but is text/html", "", false},
		"noise.png":   {"\x01\x02\x03\x04", "named .png but is no picture, or a damaged one", "", false},
		"riff.webp":   {"RIFF\x00\x00\x00\x00WAVEfmt ", "named .webp but is audio/wave", "", false},
		"letters.bmp": {"BM, two letters", "named .bmp but is image/bmp", "", false},
	} {
		f, wrong, skip := codec.Verdict(name, []byte(test.head))
		if f != test.format || !strings.Contains(wrong, test.wrong) || (wrong == "") != (test.wrong == "") || skip != test.skip {
			t.Errorf("%s: %q, %q, %v", name, f, wrong, skip)
		}
	}
}

func TestExtensions(t *testing.T) {
	for _, f := range []codec.Format{codec.JPEG, codec.PNG, codec.GIF, codec.BMP, codec.TIFF, codec.WebP} {
		if len(f.Extensions()) == 0 {
			t.Errorf("%s has no extension", f)
		}
		for _, ext := range f.Extensions() {
			if got := codec.Named(strings.ToUpper(ext)); got != f {
				t.Errorf("%s is of %q, not %s", ext, got, f)
			}
		}
	}
	if f := codec.Named(".txt"); f != "" {
		t.Errorf(".txt is %q", f)
	}
	if codec.JPEG.Extensions()[0] = "x"; codec.JPEG.Extensions()[0] != ".jpg" {
		t.Error("the list can be changed from outside")
	}
}
