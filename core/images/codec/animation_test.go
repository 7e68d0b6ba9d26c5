package codec_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"io"
	"iter"
	"slices"
	"testing"

	"golang.org/x/image/webp"
	"pgregory.net/rapid"

	"manyhands/core/images/codec"
)

// film is what Frames yields, kept.
func film(t testing.TB, content []byte, o codec.Options) (frames []codec.Frame, warning string, err error) {
	t.Helper()
	s := open(t, content)
	h, err := codec.ReadHeader(s, codec.GIF)
	if err != nil {
		t.Fatal(err)
	}
	all, warning := codec.Frames(s, h, o)
	for f, err := range all {
		if err != nil {
			return frames, warning, err
		}
		kept := *f.Image
		kept.Pix = bytes.Clone(f.Image.Pix)
		frames = append(frames, codec.Frame{Image: &kept, Delay: f.Delay})
	}
	return frames, warning, nil
}

func TestDisposal(t *testing.T) {
	all, left, right := image.Rect(0, 0, 2, 1), image.Rect(0, 0, 1, 1), image.Rect(1, 0, 2, 1)
	const none, not, clear, previous = 0, 1, 2, 3
	frame := func(disposal byte, r image.Rectangle, indexes ...byte) []byte {
		return append(gifControl(disposal, 5, 1), gifFrame(r, 0, indexes...)...)
	}
	for name, test := range map[string]struct {
		frames [][]byte
		want   []string // w is a hole
	}{
		"none":              {[][]byte{frame(none, all, 0, 2), frame(none, left, 3), frame(none, right, 1)}, []string{"kr", "br", "br"}},
		"left as it is":     {[][]byte{frame(not, all, 0, 2), frame(not, left, 3), frame(not, right, 0)}, []string{"kr", "br", "bk"}},
		"cleared":           {[][]byte{frame(not, all, 0, 2), frame(clear, left, 3), frame(not, right, 1)}, []string{"kr", "br", ".r"}},
		"all cleared":       {[][]byte{frame(clear, all, 0, 2), frame(not, right, 3)}, []string{"kr", ".b"}},
		"undone":            {[][]byte{frame(not, all, 0, 2), frame(previous, left, 3), frame(not, right, 0)}, []string{"kr", "br", "kk"}},
		"undone twice":      {[][]byte{frame(not, all, 0, 2), frame(previous, left, 3), frame(previous, right, 3), frame(not, right, 1)}, []string{"kr", "br", "kb", "kr"}},
		"the first undone":  {[][]byte{frame(previous, all, 0, 2), frame(not, left, 3)}, []string{"kr", "b."}},
		"undone to cleared": {[][]byte{frame(clear, all, 0, 2), frame(previous, left, 3), frame(not, right, 0)}, []string{"kr", "b.", ".k"}},
		"holes show":        {[][]byte{frame(not, all, 1, 2), frame(not, all, 3, 1)}, []string{".r", "br"}},
		"reserved":          {[][]byte{frame(5, all, 0, 2), frame(not, left, 3)}, []string{"kr", "br"}},
	} {
		frames, _, err := film(t, gifFile(2, 1, test.frames...), codec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range frames {
			got = append(got, letters(f.Image))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, expected %q", name, got, test.want)
		}
	}
}

func TestDelaysBelongToTheirFrames(t *testing.T) {
	one := image.Rect(0, 0, 1, 1)
	content := gifFile(1, 1,
		gifControl(0, 7, -1), gifFrame(one, 0, 0), gifFrame(one, 0, 0), gifControl(0, 65535, -1), gifFrame(one, 0, 0))
	frames, _, err := film(t, content, codec.Options{})
	if err != nil || len(frames) != 3 || frames[0].Delay != 7 || frames[1].Delay != 0 || frames[2].Delay != 65535 {
		t.Errorf("%v, %+v", err, frames)
	}
}

func TestCutAnimations(t *testing.T) {
	one := image.Rect(0, 0, 2, 1)
	content := gifFile(2, 1, gifFrame(one, 0, 0, 1), gifFrame(one, 0, 1, 2), gifFrame(one, 0, 2, 3))
	each := len(gifFrame(one, 0, 0, 1))
	start := len(content) - 1 - 3*each
	for name, test := range map[string]struct {
		content []byte
		frames  int
		warning string
	}{
		"whole":          {content, 3, ""},
		"no trailer":     {content[:len(content)-1], 3, "the file ends too early: only the first 3 frames are there"},
		"in the third":   {content[:start+3*each-4], 2, "the file ends too early: only the first 2 frames are whole"},
		"between frames": {content[:start+2*each], 2, "the file ends too early: only the first 2 frames are there"},
		"in the first":   {content[:start+each-1], 0, ""},
	} {
		frames, warning, err := film(t, test.content, take)
		if len(frames) != test.frames || warning != test.warning || (err != nil) != (test.frames == 0) {
			t.Errorf("%s: %d frames, %q, %v", name, len(frames), warning, err)
		}
		frames, warning, err = film(t, test.content, codec.Options{})
		if whole := name == "whole"; (err == nil) != whole || !whole && len(frames) > 0 || warning != "" {
			t.Errorf("%s: %d frames, %q, %v", name, len(frames), warning, err)
		}
	}
}

func TestDamagedAnimationsAreErrors(t *testing.T) {
	one := image.Rect(0, 0, 2, 1)
	for name, content := range map[string][]byte{
		"unknown block":      gifFile(2, 1, gifFrame(one, 0, 0, 1), []byte{0x77}),
		"beyond the palette": gifFile(2, 1, gifFrame(one, 0, 0, 9)),
		"no frame":           gifFile(2, 1),
	} {
		if frames, _, err := film(t, content, take); err == nil {
			t.Errorf("%s: %d frames", name, len(frames))
		}
	}
}

func TestALoopMayStop(t *testing.T) {
	content := moving(t, 5, 0)
	s := open(t, content)
	h, _ := codec.ReadHeader(s, codec.GIF)
	frames, _ := codec.Frames(s, h, codec.Options{})
	n := 0
	for range frames {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d frames", n)
	}
}

// scenes is an animation of hard cases: holes come and go, parts move, and one
// frame is as the one before.
func scenes(width, height int) []codec.Frame {
	frame := func(delay int, at func(x, y int) color.NRGBA) codec.Frame {
		return codec.Frame{Image: drawn(width, height, at), Delay: delay}
	}
	ball := func(cx int, on color.NRGBA) func(x, y int) color.NRGBA {
		return func(x, y int) color.NRGBA {
			if d := (x-cx)*(x-cx) + (y-height/2)*(y-height/2); d < 50 {
				return color.NRGBA{uint8(200 + d), 10, uint8(y), 255}
			}
			return on
		}
	}
	grey, red := color.NRGBA{90, 90, 90, 255}, color.NRGBA{180, 0, 0, 255}
	return []codec.Frame{
		frame(3, ball(5, grey)),
		frame(4, ball(9, grey)),
		frame(4, ball(9, grey)),
		frame(0, ball(12, color.NRGBA{})),
		frame(9, ball(14, color.NRGBA{})),
		frame(9, ball(14, red)),
		frame(10, func(int, int) color.NRGBA { return color.NRGBA{} }),
		frame(2000, ball(3, red)),
	}
}

// played is an animation for EncodeFrames, with one picture used again for
// each frame, as Frames does.
func played(frames []codec.Frame) iter.Seq2[codec.Frame, error] {
	return func(yield func(codec.Frame, error) bool) {
		canvas := image.NewNRGBA(frames[0].Image.Rect)
		for _, f := range frames {
			copy(canvas.Pix, f.Image.Pix)
			if !yield(codec.Frame{Image: canvas, Delay: f.Delay}, nil) {
				return
			}
		}
	}
}

func TestAnimationsAreWrittenAsGIF(t *testing.T) {
	var e codec.Encoder
	want := scenes(30, 20)
	for _, loop := range []int{-1, 0, 3} {
		var b bytes.Buffer
		if err := e.EncodeFrames(&b, played(want), loop, codec.Encoding{Format: codec.GIF}); err != nil {
			t.Fatal(err)
		}
		content := b.Bytes()
		if _, err := gif.DecodeAll(bytes.NewReader(content)); err != nil {
			t.Fatalf("for another decoder: %v", err)
		}
		if h := header(t, content); h.Loop != loop || h.Frames != len(want) {
			t.Errorf("loop %d became %d, %d frames", loop, h.Loop, h.Frames)
		}
		got, _, err := film(t, content, codec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range got {
			if off := furthest(t, f.Image, want[i].Image); off != 0 || f.Delay != want[i].Delay {
				t.Errorf("frame %d: off by %d, shown for %d", i, off, f.Delay)
			}
		}
	}
}

// TestAnyAnimationComesBack draws rectangles of a few colours and holes at
// random.
func TestAnyAnimationComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(1, 12).Draw(t, "width"), rapid.IntRange(1, 12).Draw(t, "height")
		colours := []color.NRGBA{{}, {255, 0, 0, 255}, {0, 0, 200, 255}, {7, 7, 7, 255}}
		m := image.NewNRGBA(image.Rect(0, 0, width, height))
		var want []codec.Frame
		for range rapid.IntRange(1, 6).Draw(t, "frames") {
			for range rapid.IntRange(0, 2).Draw(t, "rectangles") {
				x, y := rapid.IntRange(0, width-1).Draw(t, "x"), rapid.IntRange(0, height-1).Draw(t, "y")
				c := colours[rapid.IntRange(0, 3).Draw(t, "colour")]
				r := image.Rect(x, y, x+rapid.IntRange(1, 12).Draw(t, "across"), y+rapid.IntRange(1, 12).Draw(t, "down"))
				draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
			}
			kept := *m
			kept.Pix = bytes.Clone(m.Pix)
			want = append(want, codec.Frame{Image: &kept, Delay: rapid.IntRange(0, 65535).Draw(t, "delay")})
		}
		var b bytes.Buffer
		var e codec.Encoder
		if err := e.EncodeFrames(&b, played(want), 0, codec.Encoding{Format: codec.GIF}); err != nil {
			t.Fatal(err)
		}
		s := codec.NewSource(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), nil)
		h, err := codec.ReadHeader(s, codec.GIF)
		if err != nil || h.Frames != len(want) {
			t.Fatalf("%d frames, %v", h.Frames, err)
		}
		frames, _ := codec.Frames(s, h, codec.Options{})
		i := 0
		for f, err := range frames {
			if err != nil || f.Delay != want[i].Delay || !bytes.Equal(f.Image.Pix, want[i].Image.Pix) {
				t.Fatalf("frame %d: %v, delay %d", i, err, f.Delay)
			}
			i++
		}
	})
}

// TestHolesInAPhotoThatMoves has more colours in each frame than a palette.
func TestHolesInAPhotoThatMoves(t *testing.T) {
	photo := photo(90, 60)
	var want []codec.Frame
	for i := range 4 {
		m := drawn(80, 60, func(x, y int) color.NRGBA {
			c := photo.NRGBAAt(x+3*i, y)
			if (x-20*i)*(x-20*i)+(y-30)*(y-30) < 100 {
				c.A = 0
			}
			return c
		})
		want = append(want, codec.Frame{Image: m, Delay: 4})
	}
	var b bytes.Buffer
	var e codec.Encoder
	if err := e.EncodeFrames(&b, played(want), 0, codec.Encoding{Format: codec.GIF}); err != nil {
		t.Fatal(err)
	}
	got, _, err := film(t, b.Bytes(), codec.Options{})
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d frames, %v", len(got), err)
	}
	for i, f := range got {
		for at := 3; at < len(f.Image.Pix); at += 4 {
			if f.Image.Pix[at] != want[i].Image.Pix[at] {
				t.Fatalf("frame %d, pixel %d: opacity %d", i, at/4, f.Image.Pix[at])
			}
		}
		if off := furthest(t, f.Image, want[i].Image); off > 40 {
			t.Errorf("frame %d: off by %d", i, off)
		}
	}
}

// TestOnlyWhatChangesIsWritten has a photo on which one pixel moves.
func TestOnlyWhatChangesIsWritten(t *testing.T) {
	background := photo(120, 90)
	var frames []codec.Frame
	for i := range 20 {
		m := *background
		m.Pix = bytes.Clone(m.Pix)
		m.SetNRGBA(i, i, color.NRGBA{255, 0, 0, 255})
		frames = append(frames, codec.Frame{Image: &m, Delay: 5})
	}
	var e codec.Encoder
	for _, f := range []codec.Format{codec.GIF, codec.WebP} {
		var still, moving bytes.Buffer
		if err := errors.Join(e.Encode(&still, background, codec.Encoding{Format: f}),
			e.EncodeFrames(&moving, played(frames), 0, codec.Encoding{Format: f})); err != nil {
			t.Fatal(err)
		}
		if most := still.Len() + 20*150; moving.Len() > most {
			t.Errorf("%s: %d bytes for the animation, %d for a still", f, moving.Len(), still.Len())
		}
	}
}

// anmf is a frame of an animated WebP (RFC 9649, 2.7.1.1).
type anmf struct {
	place    image.Rectangle
	duration int
	flags    byte
	picture  image.Image
}

// parseWebP reads what no decoder at hand does, strictly.
func parseWebP(t *testing.T, content []byte) (size image.Point, plays int, frames []anmf) {
	t.Helper()
	number := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
	if string(content[:4]) != "RIFF" || string(content[8:12]) != "WEBP" || int(binary.LittleEndian.Uint32(content[4:])) != len(content)-8 {
		t.Fatalf("%q", content[:12])
	}
	for b := content[12:]; len(b) > 0; {
		n := int(binary.LittleEndian.Uint32(b[4:]))
		data := b[8 : 8+n]
		switch string(b[:4]) {
		case "VP8X":
			if data[0] != 0b00010010 {
				t.Errorf("flags %b", data[0])
			}
			size = image.Pt(number(data[4:])+1, number(data[7:])+1)
		case "ANIM":
			plays = int(binary.LittleEndian.Uint16(data[4:]))
		case "ANMF":
			at := image.Pt(2*number(data), 2*number(data[3:]))
			f := anmf{image.Rectangle{at, at.Add(image.Pt(number(data[6:])+1, number(data[9:])+1))}, number(data[12:]), data[15], nil}
			still := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+len(data)-16))
			m, err := webp.Decode(bytes.NewReader(append(append(still, "WEBP"...), data[16:]...)))
			if err != nil {
				t.Fatal(err)
			}
			f.picture = m
			frames = append(frames, f)
		default:
			t.Fatalf("chunk %q", b[:4])
		}
		b = b[8+n+n%2:]
	}
	return size, plays, frames
}

func TestAnimationsAreWrittenAsWebP(t *testing.T) {
	var e codec.Encoder
	want := scenes(31, 21)
	for i := range want[5].Image.Pix { // WebP keeps what is half transparent, too
		if i%4 == 3 && i%5 == 0 {
			want[5].Image.Pix[i] = uint8(i)
		}
	}
	for loop, plays := range map[int]int{-1: 1, 0: 0, 3: 4} {
		var b bytes.Buffer
		if err := e.EncodeFrames(&b, played(want), loop, codec.Encoding{Format: codec.WebP}); err != nil {
			t.Fatal(err)
		}
		size, n, frames := parseWebP(t, b.Bytes())
		if size != image.Pt(31, 21) || n != plays || len(frames) != len(want) {
			t.Fatalf("%v, %d plays, %d frames", size, n, len(frames))
		}
		canvas := image.NewNRGBA(image.Rectangle{Max: size})
		for i, f := range frames {
			if !f.place.In(canvas.Rect) || f.flags != 2 || f.duration != 10*want[i].Delay || f.picture.Bounds().Size() != f.place.Size() {
				t.Fatalf("frame %d: %+v", i, f)
			}
			p := nrgba(f.picture)
			for y := range f.place.Dy() {
				copy(canvas.Pix[canvas.PixOffset(f.place.Min.X, f.place.Min.Y+y):], p.Pix[y*p.Stride:][:4*f.place.Dx()])
			}
			if off := furthest(t, canvas, want[i].Image); off != 0 {
				t.Errorf("frame %d: off by %d", i, off)
			}
		}
	}
}

func TestAnimationsThatCannotBeWritten(t *testing.T) {
	var e codec.Encoder
	broken := errors.New("broken")
	fails := func(yield func(codec.Frame, error) bool) {
		if yield(codec.Frame{Image: shapes()}, nil) {
			yield(codec.Frame{}, broken)
		}
	}
	uneven := []codec.Frame{{Image: shapes()}, {Image: uniform(3, 3, color.NRGBA{})}}
	for _, f := range []codec.Format{codec.GIF, codec.WebP} {
		how := codec.Encoding{Format: f}
		if err := e.EncodeFrames(io.Discard, fails, 0, how); !errors.Is(err, broken) {
			t.Errorf("%s: %v", f, err)
		}
		if err := e.EncodeFrames(io.Discard, func(func(codec.Frame, error) bool) {}, 0, how); err == nil {
			t.Errorf("%s without frames was written", f)
		}
		err := e.EncodeFrames(io.Discard, func(yield func(codec.Frame, error) bool) {
			_ = yield(uneven[0], nil) && yield(uneven[1], nil)
		}, 0, how)
		if err == nil {
			t.Errorf("%s of two sizes was written", f)
		}
		wide := []codec.Frame{{Image: image.NewNRGBA(image.Rect(0, 0, 70000, 1))}}
		if err := e.EncodeFrames(io.Discard, played(wide), 0, how); err == nil {
			t.Errorf("%s of 70000 pixels was written", f)
		}
		for left := 0; left < 300; left += 9 {
			if err := e.EncodeFrames(&full{left}, played(scenes(30, 20)), 0, how); !errors.Is(err, errFull) {
				t.Fatalf("%s on a full disk: %v", f, err)
			}
		}
	}
	if err := e.EncodeFrames(io.Discard, played(scenes(3, 3)), 0, codec.Encoding{Format: codec.PNG}); err == nil {
		t.Error("an animated PNG was written")
	}
}
