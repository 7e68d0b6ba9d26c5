package images_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/images"
)

func TestMain(m *testing.M) {
	if from := os.Getenv("IMAGES_CHILD_FROM"); from != "" {
		child(from, os.Getenv("IMAGES_CHILD_TO"))
	}
	goleak.VerifyTestMain(m)
}

// child is what a second process of this test does: a run that goes on where
// an earlier one ended.
func child(from, to string) {
	c := catalog.Defaults(new(images.Config))
	c.Paths, c.To, c.Existing, c.Recursive = []string{from}, to, "skip", true
	r, err := c.Start(context.Background(), nil)
	if err == nil {
		_, err = r.Wait()
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// outcome is what a run came to, by item.
type outcome struct {
	rows   map[string]core.Row
	report core.Report
	err    error
}

func (o outcome) picture(item string) images.Picture {
	p, _ := o.rows[item].Out.(images.Picture)
	return p
}

func (o outcome) reason(item string) string {
	if err := o.rows[item].Err; err != nil {
		return err.Error()
	}
	return ""
}

// settings are the defaults for a folder, with a new folder for the results.
func settings(t *testing.T, folder string) *images.Config {
	t.Helper()
	c := catalog.Defaults(new(images.Config))
	c.Paths, c.To = []string{folder}, filepath.Join(t.TempDir(), "out")
	c.Size = images.Size{Width: 40, Height: 30}
	return c
}

// run runs to the end, and makes sure that it changed no source.
func run(t *testing.T, c *images.Config) outcome {
	t.Helper()
	before := hashes(t, c.Paths, c.To)
	o := outcome{rows: map[string]core.Row{}}
	r, err := c.Start(t.Context(), func(rows []core.Row) {
		for _, row := range rows {
			o.rows[row.Item] = row
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	total := r.Progress().Total
	o.report, o.err = r.Wait()
	if o.err != nil {
		t.Fatal(o.err)
	}
	if total != o.report.Items {
		t.Errorf("%d items announced, %d found", total, o.report.Items)
	}
	after := hashes(t, c.Paths, c.To)
	for name, hash := range before {
		if after[name] != hash {
			t.Errorf("the source %s was changed", name)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files in the source folder, %d before", len(after), len(before))
	}
	return o
}

func hashes(t *testing.T, folders []string, except string) map[string][32]byte {
	t.Helper()
	found := map[string][32]byte{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err == nil && path == except:
				return fs.SkipDir
			case err != nil || !d.Type().IsRegular():
				return err
			}
			content, err := os.ReadFile(path) //nolint:gosec // of the test
			found[path] = sha256.Sum256(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// results lists the files below a folder, with slashes.
func results(t *testing.T, folder string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && d.IsDir() {
			return nil
		}
		rel, _ := filepath.Rel(folder, path)
		found = append(found, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func expectResults(t *testing.T, c *images.Config, want ...string) {
	t.Helper()
	if got := results(t, c.To); !slices.Equal(got, want) {
		t.Errorf("results: %q, want %q", got, want)
	}
}

// result decodes one result, and tells its format.
func result(t *testing.T, c *images.Config, name string) (image.Image, string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(c.To, name))
	if err != nil {
		t.Fatal(err)
	}
	m, kind, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m, kind
}

func write(t *testing.T, folder, name string, content []byte) {
	t.Helper()
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, content, 0o600)); err != nil {
		t.Fatal(err)
	}
}

// quarters is a picture of four colours: red, green, blue, white.
func quarters(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, colours[2*(2*y/height)+2*x/width])
		}
	}
	return m
}

var colours = [4]color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}

// look names the colours of a picture's four quarters.
func look(m image.Image) string {
	b, seen := m.Bounds(), ""
	for i := range 4 {
		x, y := b.Min.X+b.Dx()*(1+2*(i%2))/4, b.Min.Y+b.Dy()*(1+2*(i/2))/4
		best, least := 0, 1<<30
		for j, c := range colours {
			r, g, bl, _ := m.At(x, y).RGBA()
			dr, dg, db := int(r>>8)-int(c.R), int(g>>8)-int(c.G), int(bl>>8)-int(c.B)
			if d := dr*dr + dg*dg + db*db; d < least {
				best, least = j, d
			}
		}
		seen += string("rgbw"[best])
	}
	return seen
}

// as encodes a picture by its format's extension.
func as(t testing.TB, ext string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch ext {
	case "jpg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	case "png":
		err = png.Encode(&b, m)
	case "gif":
		err = gif.Encode(&b, m, nil)
	case "bmp":
		err = bmp.Encode(&b, m)
	case "tif":
		err = tiff.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func start(t *testing.T, c *images.Config, log core.Log) core.Steerable {
	t.Helper()
	r, err := c.Start(context.Background(), log)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
