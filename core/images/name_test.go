package images

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"manyhands/core/images/codec"
)

func TestTemplates(t *testing.T) {
	v := values{
		item: "trips/rome/IMG 1.final.JPG", root: "/home/me/Photos", number: 7, size: area{800, 600},
		taken: time.Date(2024, 5, 31, 14, 22, 33, 0, time.Local),
	}
	for tpl, want := range map[template]string{
		"{name}":                  "IMG 1.final",
		"{name}-{width}x{height}": "IMG 1.final-800x600",
		"{number}_{folder}":       "0007_rome",
		"{date}/{time} {name}":    "2024-05-31/14-22-33 IMG 1.final",
		"holiday":                 "holiday",
		"{name}{name}":            "IMG 1.finalIMG 1.final",
	} {
		if err := tpl.check(); err != nil {
			t.Errorf("%s: %v", tpl, err)
		}
		if got := tpl.name(v); got != want {
			t.Errorf("%s: %q, want %q", tpl, got, want)
		}
	}
	for item, want := range map[string]string{"my.holiday": "my.holiday", ".jpg": "", "a": "a", "x.y/b.webp": "b"} {
		v.item = item
		if got := template("{name}").name(v); got != want {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
	v.item = "a.png"
	if got := template("{folder}").name(v); got != "Photos" {
		t.Errorf("the folder that holds all is %q", got)
	}
}

func TestSaveNameKeepsARightExtension(t *testing.T) {
	for _, test := range []struct {
		source string
		format codec.Format
		want   string
	}{
		{"a.JPEG", codec.JPEG, "a.JPEG"},
		{"a.jfif", codec.JPEG, "a.jfif"},
		{"a.png", codec.JPEG, "a.jpg"},
		{"a", codec.PNG, "a.png"},
		{"a.tif", codec.WebP, "a.webp"},
		{"a.doc", codec.TIFF, "a.tif"},
	} {
		if got := saveName("a", test.source, test.format); got != test.want {
			t.Errorf("%s as %s: %s, want %s", test.source, test.format, got, test.want)
		}
	}
}

// TestClaimsNeverGiveANameTwice also not on file systems that do not tell the
// cases apart, and never one that leads out of the folder.
func TestClaimsNeverGiveANameTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, seen := new(walk), map[string]bool{}
		part := rapid.OneOf(rapid.SampledFrom([]string{"a", "A", "a-2", "a-2-2", "..", "con", "a/b", "ä", "Ä", ""}), rapid.String())
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			dir := rapid.SampledFrom([]string{".", "x", "x/y"}).Draw(t, "dir")
			got := c.claim(dir, part.Draw(t, "name")+".jpg")
			if key := strings.ToLower(got); seen[key] {
				t.Fatalf("%q was given twice", got)
			} else {
				seen[key] = true
			}
			if !filepath.IsLocal(got) || path.Dir(got) != path.Clean(dir) {
				t.Fatalf("%q in %q", got, dir)
			}
		}
	})
}

func TestManyOfTheSameNameAreNumberedFast(t *testing.T) {
	c := new(walk)
	const n = 200_000 // with a search from 1 for each this would take hours
	for i := 1; i <= n; i++ {
		want := "a.jpg"
		if i > 1 {
			want = fmt.Sprintf("a-%d.jpg", i)
		}
		if got := c.claim(".", "a.jpg"); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add("{name}-{width}x{height}", "a/b c.jpg")
	f.Add("{date}/{number}{", "x")
	f.Fuzz(func(t *testing.T, text, item string) {
		tpl := template(text)
		if tpl.check() != nil {
			return
		}
		w := &walk{Config: &Config{Name: text, Format: "jpeg"}}
		if got := w.save(entry{path: item, save: "."}, values{item: item}, codec.JPEG); !filepath.IsLocal(got) {
			t.Errorf("%q of %q leads to %q", text, item, got)
		}
	})
}
