package vp8l_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/webp"

	"manyhands/core/images/codec/vp8l"
)

// decoded reads a VP8L chunk's data back, with a decoder that is not ours.
func decoded(t testing.TB, data []byte) image.Image {
	t.Helper()
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+8+len(data)+len(data)%2))
	b = append(b, "WEBPVP8L"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	b = append(append(b, data...), make([]byte, len(data)%2)...)
	m, err := webp.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// same compares with what a lossless picture may lose: unseen colours.
func same(t testing.TB, got image.Image, want *image.NRGBA) {
	t.Helper()
	if got.Bounds().Size() != want.Rect.Size() {
		t.Fatalf("%v, want %v", got.Bounds(), want.Rect)
	}
	m := got.(*image.NRGBA)
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			w := want.NRGBAAt(want.Rect.Min.X+x, want.Rect.Min.Y+y)
			if w.A == 0 {
				w = color.NRGBA{}
			}
			if g := m.NRGBAAt(x, y); g != w {
				t.Fatalf("%d,%d: %v, want %v", x, y, g, w)
			}
		}
	}
}

func drawn(width, height int, at func(x, y int) color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, at(x, y))
		}
	}
	return m
}

func grey(v int) color.NRGBA { return color.NRGBA{uint8(v), uint8(v), uint8(v), 255} }

func TestPicturesComeBackAsTheyWere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(int, int) color.NRGBA {
		v := r.Uint32()
		return color.NRGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), uint8(v >> 24)}
	}
	for name, m := range map[string]*image.NRGBA{
		"one pixel":       drawn(1, 1, noise),
		"two colours":     drawn(50, 40, func(x, y int) color.NRGBA { return grey((x / 7 & 1) * 255) }),
		"one colour":      drawn(200, 300, func(int, int) color.NRGBA { return color.NRGBA{1, 2, 3, 4} }),
		"nothing":         drawn(33, 17, func(int, int) color.NRGBA { return color.NRGBA{} }),
		"unseen colours":  drawn(33, 17, func(x, y int) color.NRGBA { return color.NRGBA{uint8(x), uint8(y), 9, 0} }),
		"noise":           drawn(257, 129, noise),
		"every value":     drawn(256, 256, func(x, y int) color.NRGBA { return color.NRGBA{uint8(x), uint8(x), uint8(x), uint8(y)} }),
		"gradient":        drawn(100, 100, func(x, y int) color.NRGBA { return color.NRGBA{uint8(x), uint8(y), uint8(x + y), 255} }),
		"long copies":     drawn(5000, 3, func(x, _ int) color.NRGBA { return grey(x / 4999) }),
		"one row":         drawn(1000, 1, noise),
		"one column":      drawn(1, 1000, noise),
		"two columns":     drawn(2, 500, func(x, y int) color.NRGBA { return grey(x*y/9 + y%3) }),
		"the widest":      drawn(vp8l.MaxSide, 1, func(x, _ int) color.NRGBA { return grey(x % 251) }),
		"the highest":     drawn(1, vp8l.MaxSide, func(_, y int) color.NRGBA { return grey(y % 251) }),
		"far repetitions": drawn(500, 300, func(x, y int) color.NRGBA { return grey(x*(y%170)*7919>>9 + x ^ y%170) }),
		"a part":          drawn(40, 40, noise).SubImage(image.Rect(5, 6, 31, 29)).(*image.NRGBA),
	} {
		t.Run(name, func(t *testing.T) {
			var e vp8l.Encoder
			for range 2 { // the second time with used buffers
				data, err := e.Append(nil, m)
				if err != nil {
					t.Fatal(err)
				}
				same(t, decoded(t, data), m)
			}
		})
	}
}

// TestSkewedCounts makes codes that Huffman's method alone would make longer
// than the format allows: the counts are Fibonacci numbers, and geometric.
func TestSkewedCounts(t *testing.T) {
	var e vp8l.Encoder
	r := rand.New(rand.NewPCG(3, 4))
	for _, ratio := range []float64{1.3, 1.618, 2, 3} {
		var values []uint8
		n := 1.0
		for v := uint8(0); len(values) < 100_000; v += 11 {
			for range int(n) {
				values = append(values, v)
			}
			n = max(n*ratio, n+1)
		}
		r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		at := 0
		row := uint8(0)
		m := drawn(300, 300, func(x, _ int) color.NRGBA {
			at++
			row += values[at]
			return grey(int(row))
		})
		data, err := e.Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		same(t, decoded(t, data), m)
	}
}

func TestManySmallPicturesComeBack(t *testing.T) {
	var e vp8l.Encoder
	r := rand.New(rand.NewPCG(5, 6))
	for range 150 {
		steep := 0.05 + 0.9*r.Float64()
		colours := 1 + r.IntN(200)
		m := drawn(1+r.IntN(60), 1+r.IntN(60), func(x, y int) color.NRGBA {
			v := int(math.Log(r.Float64())/math.Log(steep)) % colours
			return color.NRGBA{uint8(v), uint8(v * x), uint8(y / 8), uint8(255 - v%3)}
		})
		data, err := e.Append([]byte("before"), m)
		if err != nil || string(data[:6]) != "before" {
			t.Fatalf("%q, %v", data[:6], err)
		}
		same(t, decoded(t, data[6:]), m)
	}
}

func TestSizesThatTheFormatHasNot(t *testing.T) {
	var e vp8l.Encoder
	for _, size := range []image.Point{{0, 5}, {5, 0}, {vp8l.MaxSide + 1, 1}, {1, vp8l.MaxSide + 1}} {
		if _, err := e.Append(nil, image.NewNRGBA(image.Rectangle{Max: size})); err == nil {
			t.Errorf("%v was written", size)
		}
	}
}

// photo is what is hard to write: soft shapes with noise on them.
func photo(width, height int) *image.NRGBA {
	r := rand.New(rand.NewPCG(7, 8))
	return drawn(width, height, func(x, y int) color.NRGBA {
		v := 120 + 60*math.Sin(float64(x)/50) + 50*math.Cos(float64(y)/70) + 3*r.NormFloat64()
		return color.NRGBA{uint8(v), uint8(v * 0.8), uint8(v*0.5 + float64(y%97)), 255}
	})
}

func TestPhotosAreWrittenSmallerThanTheyAre(t *testing.T) {
	var e vp8l.Encoder
	m := photo(400, 300)
	data, err := e.Append(nil, m)
	if most := 3 * 400 * 300 * 2 / 3; err != nil || len(data) > most {
		t.Errorf("%d bytes, expected at most %d; %v", len(data), most, err)
	}
}

func FuzzEncode(f *testing.F) {
	f.Add(uint8(3), []byte("\x00\x01\x02\xff\x00\x01\x02\xffabcdefgh"))
	f.Fuzz(func(t *testing.T, width uint8, pixels []byte) {
		w := max(int(width), 1)
		h := len(pixels) / 4 / w
		if h == 0 {
			return
		}
		m := &image.NRGBA{Pix: pixels, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
		var e vp8l.Encoder
		data, err := e.Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		same(t, decoded(t, data), m)
	})
}

func BenchmarkPhoto(b *testing.B) {
	m := photo(800, 600)
	var e vp8l.Encoder
	var data []byte
	for b.Loop() {
		data, _ = e.Append(data[:0], m)
	}
	b.ReportMetric(float64(len(data)), "bytes")
}
