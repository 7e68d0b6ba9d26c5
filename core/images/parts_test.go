package images

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestBudgetBoundsThePixelsInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(100)
		var held, most atomic.Int64
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() { // ends after its share
				pixels := int64(10 + i)
				giveBack, err := b.take(t.Context(), pixels)
				if err != nil {
					t.Error(err)
					return
				}
				most.Store(max(most.Load(), held.Add(pixels)))
				time.Sleep(time.Second)
				held.Add(-pixels)
				giveBack()
			})
		}
		wg.Wait()
		if most.Load() > 100 || most.Load() < 60 {
			t.Errorf("%d pixels at once, of 100", most.Load())
		}
	})
}

func TestBudgetLetsAGiantInAlone(t *testing.T) {
	b := newBudget(100)
	giveBack, err := b.take(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := b.take(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("beside the giant: %v", err)
	}
	giveBack()
	if _, err := b.take(t.Context(), 100); err != nil {
		t.Error(err)
	}
}

func TestGarbageIsCollectedAfterEnoughOfIt(t *testing.T) {
	var g garbage
	g.add(mostGarbage / 2)
	if g.bytes.Load() == 0 {
		t.Error("collected too early")
	}
	g.add(1 << 40)
	if left := g.bytes.Load(); left != 0 {
		t.Errorf("%d bytes are still counted", left)
	}
}

// TestAFolderThatVanishes takes a folder away after it was listed.
func TestAFolderThatVanishes(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "c"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	w := newWalk(&Config{Folder: dir, To: filepath.Join(dir, "out"), Format: "jpeg", Recursive: true})
	var items []Item
	err := w.items(t.Context(), func(it Item) bool {
		items = append(items, it)
		_ = os.Remove(filepath.Join(dir, "b"))
		return true
	})
	want := "the folder cannot be read (no such file or directory): check its permissions"
	if err != nil || len(items) != 3 || items[1].Path != "b/" || items[1].Wrong != want || items[1].Skip {
		t.Errorf("%v, %+v", err, items)
	}
}

func TestTheWalkStops(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c/d", "c/e"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700), os.WriteFile(filepath.Join(dir, name), nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for stop := 1; stop <= 4; stop++ {
		for _, byContext := range []bool{false, true} {
			ctx, cancel := context.WithCancel(t.Context())
			seen := 0
			w := newWalk(&Config{Folder: dir, Format: "jpeg", Recursive: true})
			err := w.items(ctx, func(Item) bool {
				if seen++; seen == stop && byContext {
					cancel()
				}
				return byContext || seen < stop
			})
			cancel()
			if err != nil || seen != stop {
				t.Errorf("stopped at %d (by context: %v), seen %d, %v", stop, byContext, seen, err)
			}
		}
	}
}

func TestGIFFrames(t *testing.T) {
	frame := image.NewPaletted(image.Rect(0, 0, 300, 200), indexed(random(1, 1, true)).Palette)
	for _, n := range []int{1, 2, 12} {
		g := &gif.GIF{}
		for range n {
			g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 0)
		}
		var b bytes.Buffer
		if err := gif.EncodeAll(&b, g); err != nil {
			t.Fatal(err)
		}
		if got := gifFrames(bufio.NewReader(bytes.NewReader(b.Bytes()))); got != n {
			t.Errorf("%d frames, want %d", got, n)
		}
	}
}

func TestPNGBuffersAreUsedAgain(t *testing.T) {
	var buffers pngBuffers
	for range 2 {
		if err := encode(&bytes.Buffer{}, random(9, 9, true), PNG, 0, &buffers); err != nil {
			t.Fatal(err)
		}
	}
	if buffers.kept == nil {
		t.Error("no buffer was kept")
	}
	var _ png.EncoderBufferPool = &buffers
}

func TestSizeText(t *testing.T) {
	for in, want := range map[string]Size{"800x600": {800, 600}, " 1 X 2 ": {1, 2}, "3×4": {3, 4}} {
		var s Size
		if err := s.UnmarshalText([]byte(in)); err != nil || s != want {
			t.Errorf("%q: %v, %v", in, s, err)
		}
	}
	for _, in := range []string{"", "800", "x", "0x5", "-1x5", "800x600x1", "70000x1", "60000x60000", "1.5x2", "99999999999x1"} {
		s := Size{7, 7}
		if err := s.UnmarshalText([]byte(in)); err == nil || s != (Size{7, 7}) {
			t.Errorf("%q was read as %v", in, s)
		}
	}
}

func TestFilterText(t *testing.T) {
	for in, want := range map[string]string{
		"blur": "blur", "Blur": "blur", "gaussian": "gaussian", "gaussian:2": "gaussian", "gaussian:1.5": "gaussian:1.5",
		"brightness:-20": "brightness:-20", "brightness:0": "brightness:0", "none": "none",
	} {
		var f Filter
		if err := f.UnmarshalText([]byte(in)); err != nil {
			t.Errorf("%q: %v", in, err)
		}
		if text, _ := f.MarshalText(); string(text) != want {
			t.Errorf("%q became %q, want %q", in, text, want)
		}
	}
	for _, in := range []string{"", "blurr", "blur:3", "none:0", "gaussian:", "gaussian:x", "gaussian:NaN", "gaussian:-1", "gamma:1e9", "gamma:1:2"} {
		if err := new(Filter).UnmarshalText([]byte(in)); err == nil {
			t.Errorf("%q was accepted", in)
		}
	}
}

func TestSaveName(t *testing.T) {
	for _, test := range []struct {
		name   string
		format Format
		want   string
	}{
		{"a.JPG", JPEG, "a.JPG"},
		{"a.jpeg", JPEG, "a.jpeg"},
		{"a.png", JPEG, "a.jpg"},
		{"a", JPEG, "a.jpg"},
		{"my.holiday", JPEG, "my.holiday.jpg"},
		{"a.jpg", TIFF, "a.tif"},
		{".jpg", PNG, ".png"},
	} {
		if got := saveName(test.name, test.format); got != test.want {
			t.Errorf("%s as %s: %s, want %s", test.name, test.format, got, test.want)
		}
	}
}
