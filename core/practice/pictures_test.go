package practice

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPicturesAreReadable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	if err := Pictures(t.Context(), dir, 3); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for name, content := range files(t, dir) {
		c, kind, err := image.DecodeConfig(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kinds[kind]++
		if pixels := c.Width * c.Height; kind == "jpeg" && (pixels < 3e6 || pixels > 4e6) {
			t.Errorf("%s has %d pixels, want 3 to 4 million", name, pixels)
		}
		if _, _, err := image.Decode(bytes.NewReader(content)); kind == "png" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if kinds["jpeg"] != 2 || kinds["png"] != 1 {
		t.Errorf("got %v, want 2 jpeg and 1 png", kinds)
	}
}

func TestScenesAreTheSameEachTime(t *testing.T) {
	size := image.Pt(320, 200)
	first, again, other := scene(1, size), scene(1, size), scene(2, size)
	if !bytes.Equal(first.Y, again.Y) || !bytes.Equal(first.Cb, again.Cb) {
		t.Error("a scene differs from run to run")
	}
	if bytes.Equal(first.Y, other.Y) {
		t.Error("two scenes are the same")
	}
}

func TestPicturesLeaveWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	mine := []byte("mine")
	if err := os.WriteFile(filepath.Join(dir, "photo-001.jpg"), mine, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Pictures(t.Context(), dir, 1); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir)["photo-001.jpg"]; !bytes.Equal(got, mine) {
		t.Errorf("the file has %d bytes now", len(got))
	}
}

func TestPicturesStopWhenCancelled(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Pictures(ctx, dir, 100); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("%d files were left", len(left))
	}
}

func TestPicturesSayWhatIsWrongWithTheFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Pictures(t.Context(), file, 1); err == nil {
		t.Error("a file was taken for a folder")
	}
}

// BenchmarkPictures makes what the demonstration needs.
func BenchmarkPictures(b *testing.B) {
	for b.Loop() {
		if err := Pictures(b.Context(), b.TempDir(), 24); err != nil {
			b.Fatal(err)
		}
	}
}

func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name) //nolint:gosec // of the test
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(name)] = content
	}
	return found
}
