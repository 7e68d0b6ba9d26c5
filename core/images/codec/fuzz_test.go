package codec_test

import (
	"bytes"
	"image"
	"testing"

	"manyhands/core/images/codec"
)

const mostFuzzed = 1_000_000 // pixels

// addFiles seeds with files of one format, or of all.
func addFiles(f *testing.F, only codec.Format) {
	f.Helper()
	m := shapes()
	for _, content := range [][]byte{
		as(f, "jpg", m), as(f, "png", m), as(f, "gif", m), as(f, "bmp", m), as(f, "tif", m), oneWebP(f),
		testdata(f, "progressive.jpg"), testdata(f, "restart.jpg"), testdata(f, "cmyk.jpg"),
		testdata(f, "interlaced-alpha.png"), testdata(f, "interlaced-palette.png"), testdata(f, "grey-alpha.png"),
		testdata(f, "interlaced.gif"), moving(f, 3, 0), gifFile(2, 2, gifControl(2, 1, 1), gifFrame(image.Rect(0, 0, 2, 2), 0, 0, 1, 2, 3)),
		tiffFile(4, 4, nil, make([]byte, 16)), testdata(f, "invalid-palette-ref.tiff"), pages(0, 0, 1, 0),
		testdata(f, "lossy-alpha.webp"), animated(oneWebP(f)),
	} {
		if format, _ := codec.Sniff(content); only == "" || format == only {
			f.Add(content)
			f.Add(content[:len(content)*2/3])
		}
	}
}

func FuzzVerdict(f *testing.F) {
	for _, head := range []string{"\xff\xd8\xff", "GIF89a", "BM", "RIFF\x00\x00\x00\x00WEBPVP8X", "\x00\x00\x00\x18ftypheic", "<html>", ""} {
		f.Add("a.jpg", []byte(head))
	}
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		format, wrong, skip := codec.Verdict(name, head)
		if (format == "") == (wrong == "") || skip && wrong == "" {
			t.Errorf("%q: %q, %q, %v", name, format, wrong, skip)
		}
		if format != "" && codec.Named(format.Extensions()[0]) != format {
			t.Errorf("%q has no extension", format)
		}
	})
}

// fuzzDecode reads a file in both ways, and looks at every pixel.
func fuzzDecode(f *testing.F, only codec.Format) {
	addFiles(f, only)
	f.Fuzz(func(t *testing.T, content []byte) {
		s := open(t, content)
		h, err := codec.ReadHeader(s, only)
		if err == nil && (h.Width < 1 || h.Height < 1 || h.Frames < 1 || h.Memory() < 1) {
			t.Fatalf("%+v", h)
		}
		if err != nil || h.Width*h.Height > mostFuzzed {
			return
		}
		m, warning, err := codec.Decode(s, h, codec.Options{})
		if (m == nil) == (err == nil) || warning != "" {
			t.Fatalf("%T, %q, %v", m, warning, err)
		}
		part, warning, partErr := codec.Decode(s, h, take)
		if err == nil && (partErr != nil || warning != "") {
			t.Fatalf("whole, but in part %q, %v", warning, partErr)
		}
		for _, m := range []image.Image{m, part} {
			if m != nil && (m.Bounds().Size() != image.Pt(h.Width, h.Height) || nrgba(m) == nil) {
				t.Fatalf("%v, the header says %dx%d", m.Bounds(), h.Width, h.Height)
			}
		}
	})
}

func FuzzJPEG(f *testing.F) { fuzzDecode(f, codec.JPEG) }
func FuzzPNG(f *testing.F)  { fuzzDecode(f, codec.PNG) }
func FuzzGIF(f *testing.F)  { fuzzDecode(f, codec.GIF) }
func FuzzBMP(f *testing.F)  { fuzzDecode(f, codec.BMP) }
func FuzzTIFF(f *testing.F) { fuzzDecode(f, codec.TIFF) }
func FuzzWebP(f *testing.F) { fuzzDecode(f, codec.WebP) }

// FuzzFrames plays animations, and writes what could be read.
func FuzzFrames(f *testing.F) {
	addFiles(f, codec.GIF)
	f.Fuzz(func(t *testing.T, content []byte) {
		s := open(t, content)
		h, err := codec.ReadHeader(s, codec.GIF)
		if err != nil || h.Width*h.Height*h.Frames > mostFuzzed {
			return
		}
		if h.Frames > len(content) {
			t.Fatalf("%d frames in %d bytes", h.Frames, len(content))
		}
		frames, _ := codec.Frames(s, h, take)
		n := 0
		for frame, err := range frames {
			if err == nil && frame.Image.Rect != image.Rect(0, 0, h.Width, h.Height) {
				t.Fatalf("%v of %dx%d", frame.Image.Rect, h.Width, h.Height)
			}
			n++
		}
		if n == 0 || n > h.Frames+1 {
			t.Fatalf("%d frames of %d", n, h.Frames)
		}
		var b bytes.Buffer
		var e codec.Encoder
		if e.EncodeFrames(&b, frames, h.Loop, codec.Encoding{Format: codec.GIF}) != nil {
			return
		}
		if again := header(t, b.Bytes()); again.Frames != n || again.Loop != h.Loop {
			t.Fatalf("%d frames became %d", n, again.Frames)
		}
	})
}

// FuzzCut takes pictures that are all right and ends them anywhere.
func FuzzCut(f *testing.F) {
	files := [][]byte{
		as(f, "jpg", shapes()), testdata(f, "progressive.jpg"), testdata(f, "restart.jpg"), as(f, "png", shapes()),
		testdata(f, "interlaced-alpha.png"), as(f, "gif", shapes()), as(f, "bmp", shapes()), as(f, "tif", shapes()), testdata(f, "lossy-alpha.webp"),
	}
	for i := range files {
		f.Add(uint8(i), uint16(300))
	}
	f.Fuzz(func(t *testing.T, file uint8, end uint16) {
		content := files[int(file)%len(files)]
		format, _ := codec.Sniff(content)
		s := open(t, content[:min(int(end), len(content))])
		h, err := codec.ReadHeader(s, format)
		if err != nil {
			return
		}
		m, warning, err := codec.Decode(s, h, take)
		if err == nil && warning == "" && furthest(t, m, whole(t, content)) != 0 {
			t.Error("another picture, without a warning")
		}
	})
}

// FuzzEncode writes any pixels, and reads them back.
func FuzzEncode(f *testing.F) {
	for i := range formats {
		f.Add(uint8(i), uint8(2), []byte("\xff\xff\xff\xff\x00\x00\x00\x00abc\xffabc\x80"))
	}
	var e codec.Encoder
	f.Fuzz(func(t *testing.T, format, width uint8, pixels []byte) {
		w := max(int(width), 1)
		h := len(pixels) / 4 / w
		if h == 0 {
			return
		}
		m := &image.NRGBA{Pix: pixels[:4*w*h], Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
		how := codec.Encoding{Format: formats[int(format)%len(formats)]}
		got := encoded(t, &e, m, how)
		switch {
		case got.Rect != m.Rect:
			t.Errorf("%s: %v", how.Format, got.Rect)
		case how.Format == codec.JPEG, !m.Opaque() && (how.Format == codec.BMP || how.Format == codec.GIF):
		case how.Format == codec.GIF && w*h > 256: // it may have too many colours
		case furthest(t, got, m) != 0:
			t.Errorf("%s: off by %d", how.Format, furthest(t, got, m))
		}
	})
}
