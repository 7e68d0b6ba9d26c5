package images

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

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
	small, err := s.resized(b.Context(), photo, Size{800, 600})
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
			_, err = s.resized(b.Context(), photo, Size{800, 600})
		}
	})
	b.Run("blur", func(b *testing.B) {
		for b.Loop() {
			ring(small)
		}
	})
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			var out bytes.Buffer
			err = encode(&out, small, JPEG, 85, nil)
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
		Folder: from, Size: Size{800, 600}, Fit: "exact", Filter: []Filter{{Name: "blur"}},
		Format: "jpeg", Quality: 85, Existing: safefile.Replace,
	}
	w := newWorker(config, to, newBudget(budgetPixels), new(garbage))
	for b.Loop() {
		if _, err := w.Do(context.Background(), Item{Path: "photo.jpg", Save: "photo.jpg", Format: JPEG}); err != nil {
			b.Fatal(err)
		}
	}
}
