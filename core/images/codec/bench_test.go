package codec_test

import (
	"bytes"
	"io"
	"testing"

	"manyhands/core/images/codec"
)

func BenchmarkEncode(b *testing.B) {
	m := photo(800, 600)
	for _, f := range formats {
		b.Run(string(f), func(b *testing.B) {
			var e codec.Encoder
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := e.Encode(&out, m, codec.Encoding{Format: f, Quality: 85}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(out.Len()), "bytes")
		})
	}
}

func BenchmarkAnimation(b *testing.B) {
	frames := scenes(800, 600)
	for _, f := range []codec.Format{codec.GIF, codec.WebP} {
		b.Run(string(f), func(b *testing.B) {
			var e codec.Encoder
			for b.Loop() {
				if err := e.EncodeFrames(io.Discard, played(frames), 0, codec.Encoding{Format: f}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRescue reads four fifths of a photo.
func BenchmarkRescue(b *testing.B) {
	for _, ext := range []string{"jpg", "png"} {
		content := as(b, ext, photo(1600, 1200))
		b.Run(ext, func(b *testing.B) {
			for b.Loop() {
				if _, warning, err := decode(b, content[:len(content)*4/5], take); err != nil || warning == "" {
					b.Fatal(warning, err)
				}
			}
		})
	}
}
