package codec_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"

	"manyhands/core/images/codec"
)

// A file that ends early is an error, unless the part that is there is wanted.
func ExampleDecode() {
	var file bytes.Buffer
	_ = jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 640, 480)), nil)
	content := file.Bytes()[:file.Len()*2/3]

	f, _ := codec.Sniff(content)
	s := codec.NewSource(context.Background(), bytes.NewReader(content), int64(len(content)), nil)
	h, _ := codec.ReadHeader(s, f)
	fmt.Println(h.Format, h.Width, h.Height)

	_, _, err := codec.Decode(s, h, codec.Options{})
	fmt.Println(codec.Explain(err, f))

	m, warning, _ := codec.Decode(s, h, codec.Options{Truncated: true})
	fmt.Println(m.Bounds().Size(), warning)
	// Output:
	// JPEG 640 480
	// the file ends too early: copy it again from where it came from (invalid JPEG format: short Huffman data)
	// (640,480) the file ends too early: the lower 38 % are missing
}

// An animation is written while it is read: one frame is in memory.
func ExampleFrames() {
	var file bytes.Buffer
	film := &gif.GIF{LoopCount: 2}
	for i := range 3 {
		frame := image.NewPaletted(image.Rect(0, 0, 40, 30), palette.WebSafe)
		frame.Set(i, i, color.White)
		film.Image, film.Delay = append(film.Image, frame), append(film.Delay, 10*i)
	}
	_ = gif.EncodeAll(&file, film)

	s := codec.NewSource(context.Background(), bytes.NewReader(file.Bytes()), int64(file.Len()), nil)
	h, _ := codec.ReadHeader(s, codec.GIF)
	frames, _ := codec.Frames(s, h, codec.Options{})

	var e codec.Encoder
	var out bytes.Buffer
	err := e.EncodeFrames(&out, frames, h.Loop, codec.Encoding{Format: codec.GIF})

	again, _ := gif.DecodeAll(&out)
	fmt.Println(err, len(again.Image), again.Delay, again.LoopCount, again.Image[2].Bounds())
	// Output: <nil> 3 [0 10 20] 2 (1,1)-(3,3)
}
