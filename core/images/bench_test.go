package images

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"manyhands/core/images/codec"
	"manyhands/core/images/filter"
	"manyhands/core/safefile"
)

// photograph makes a picture with the traits of a photo: soft gradients, hard
// edges and noise, in the colour format that cameras use.
func photograph(width, height int) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	noise := rand.New(rand.NewPCG(1, 2))
	for y := range height {
		for x := range width {
			v := 60 + 100*x/width + 60*y/height + noise.IntN(9)
			if (x/97+y/61)%5 == 0 {
				v /= 2
			}
			m.Y[y*m.YStride+x] = uint8(v)
		}
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(100+i%m.CStride*50/m.CStride), uint8(150-i/m.CStride%40)
	}
	return m
}

// BenchmarkPicture shows where the time of one 12-megapixel photo goes:
//
//	go test -run none -bench Picture ./core/images
func BenchmarkPicture(b *testing.B) {
	photo := photograph(4000, 3000)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, photo, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	var s scaler
	small, err := s.resized(b.Context(), photo, area{800, 600})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			_, err = jpeg.Decode(bytes.NewReader(file.Bytes()))
		}
	})
	b.Run("resize", func(b *testing.B) {
		for b.Loop() {
			_, err = s.resized(b.Context(), photo, area{800, 600})
		}
	})
	b.Run("blur", func(b *testing.B) {
		for b.Loop() {
			_, err = filter.Apply(b.Context(), small, []filter.Filter{{Name: "blur"}}, color.NRGBA{})
		}
	})
	b.Run("encode", func(b *testing.B) {
		var encoder codec.Encoder
		for b.Loop() {
			var out bytes.Buffer
			err = encoder.Encode(&out, small, codec.Encoding{Format: codec.JPEG, Quality: 85})
		}
	})
	b.Run("all", func(b *testing.B) { benchmarkWhole(b, file.Bytes()) })
	if err != nil {
		b.Fatal(err)
	}
}

func benchmarkWhole(b *testing.B, file []byte) {
	from := b.TempDir()
	if err := os.WriteFile(filepath.Join(from, "photo.jpg"), file, 0o600); err != nil {
		b.Fatal(err)
	}
	to, err := safefile.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer to.Close() //nolint:errcheck // a benchmark
	config := &Config{
		Paths: []string{from}, Size: Size{Width: 800, Height: 600}, Fit: exact, Filter: []filter.Filter{{Name: "blur"}},
		Format: "jpeg", Quality: 85, Existing: safefile.Replace, Metadata: "keep",
	}
	w := &worker{maker: newMaker(config, nil, newBudget(budgetPixels), new(garbage)), root: from, to: to}
	for b.Loop() {
		if _, err := w.Do(context.Background(), Item{Path: "photo.jpg", Save: "photo.jpg", Format: codec.JPEG}); err != nil {
			b.Fatal(err)
		}
	}
}
