package images_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"manyhands/core/catalog"
	"manyhands/core/images"
)

func TestDefaultsAreTheUsualJob(t *testing.T) {
	c := catalog.Defaults(new(images.Config))
	want := &images.Config{
		Size: images.Size{Width: 800, Height: 600}, Fit: "exact", Filter: []images.Filter{{Name: "blur"}},
		Format: "jpeg", Quality: 85, Existing: "rename",
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

func TestFieldsMakeAForm(t *testing.T) {
	c := catalog.Defaults(new(images.Config))
	fields, err := catalog.Fields(c)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range fields {
		got = append(got, f.Name+"="+f.Text())
		if f.Help == "" {
			t.Errorf("%s has no help", f.Name)
		}
	}
	want := "folder= to= size=800x600 fit=exact filter=blur format=jpeg quality=85 recursive=false existing=rename workers=auto"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
	for name, value := range map[string]string{"filter": "sharpen:2,gamma", "size": "1024X768", "existing": "skip", "workers": "3"} {
		if ok, err := catalog.Set(c, name, value); !ok || err != nil {
			t.Errorf("set %s: %v, %v", name, ok, err)
		}
	}
	if len(c.Filter) != 2 || c.Filter[0].Amount != 2 || c.Filter[1].Amount != 1.2 || c.Size.Width != 1024 || c.Workers != 3 {
		t.Errorf("got %+v", c)
	}
	if columns := catalog.ColumnsOf[images.Picture](); len(columns) != 9 {
		t.Errorf("%d columns", len(columns))
	}
}

func TestCheckNamesEveryMistake(t *testing.T) {
	err := new(images.Config).Check()
	if err == nil {
		t.Fatal("nothing is set and nothing is wrong")
	}
	for _, want := range []string{"Folder: none is chosen", "Save to: no folder", "Size: 0x0", "Fit: ", "Format: ", "Quality: 0", "If a file exists: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
}

func TestCheck(t *testing.T) {
	base := t.TempDir()
	from, file := filepath.Join(base, "from"), filepath.Join(base, "file")
	write(t, from, "in/side/a.txt", nil)
	write(t, base, "file", nil)
	link := filepath.Join(base, "link")
	if err := os.Symlink(from, link); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(*images.Config)
		want   string
	}{
		"right":                {func(*images.Config) {}, ""},
		"inside":               {func(c *images.Config) { c.To = filepath.Join(from, "out") }, ""},
		"not there":            {func(c *images.Config) { c.Folder = filepath.Join(base, "no") }, "does not exist"},
		"a file":               {func(c *images.Config) { c.Folder = file }, "is a file; choose the folder it is in"},
		"to a file":            {func(c *images.Config) { c.To = file }, "is a file; choose a folder"},
		"to below a file":      {func(c *images.Config) { c.To = filepath.Join(file, "x") }, "cannot be used"},
		"to the same":          {func(c *images.Config) { c.To = from + "/." }, "is the folder of the pictures itself"},
		"to the same, linked":  {func(c *images.Config) { c.To = link }, "is the folder of the pictures itself"},
		"to above":             {func(c *images.Config) { c.Folder, c.To = filepath.Join(from, "in", "side"), from }, ""},
		"to above, all below":  {func(c *images.Config) { c.Folder, c.To, c.Recursive = filepath.Join(from, "in", "side"), link, true }, "holds the folder of the pictures"},
		"a quality too high":   {func(c *images.Config) { c.Quality = 101 }, "Quality: 101"},
		"a size too large":     {func(c *images.Config) { c.Size.Width = 70000 }, "Size: 70000x600"},
		"too many pixels":      {func(c *images.Config) { c.Size = images.Size{Width: 60000, Height: 60000} }, "3600 megapixels"},
		"an unknown filter":    {func(c *images.Config) { c.Filter[0].Name = "blurr" }, `Filters: there is no filter "blurr"`},
		"an impossible amount": {func(c *images.Config) { c.Filter = []images.Filter{{Name: "gaussian", Amount: 99}} }, "choose 0.1 to 50"},
		"workers below none":   {func(c *images.Config) { c.Workers = -1 }, "Workers: -1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := catalog.Defaults(new(images.Config))
			c.Folder, c.To = from, filepath.Join(base, "new")
			test.change(c)
			err := c.Check()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if err != nil {
				if _, startErr := c.Start(t.Context(), nil); startErr == nil {
					t.Error("a run was started")
				}
			}
		})
	}
}

func TestDrop(t *testing.T) {
	base := t.TempDir()
	for _, name := range []string{"x/a.png", "x/y/b.png", "z/c.png"} {
		write(t, base, name, nil)
	}
	at := func(names ...string) (paths []string) {
		for _, name := range names {
			paths = append(paths, filepath.Join(base, filepath.FromSlash(name)))
		}
		return paths
	}
	for name, test := range map[string]struct {
		paths     []string
		folder    string
		recursive bool
	}{
		"a folder":          {at("x"), "x", false},
		"a file":            {at("x/a.png"), "x", false},
		"files of a tree":   {at("x/y/b.png", "x/a.png"), "x", true},
		"files of siblings": {at("x/y/b.png", "z/c.png"), "", true},
	} {
		c := catalog.Defaults(new(images.Config))
		if err := c.Drop(test.paths); err != nil || c.Folder != filepath.Join(base, test.folder) || c.Recursive != test.recursive {
			t.Errorf("%s: %s, %v, %v", name, c.Folder, c.Recursive, err)
		}
	}
	c := catalog.Defaults(new(images.Config))
	if err := c.Drop(at("x/a.png", "z")); err == nil || c.Folder != "" {
		t.Errorf("a file and a folder: %s, %v", c.Folder, err)
	}
	if err := c.Drop(nil); err != nil {
		t.Error(err)
	}
}

func TestDroppedFilesAreTheOnlyItems(t *testing.T) {
	from := t.TempDir()
	for _, name := range []string{"a.png", "b.png", ".c.png"} {
		write(t, from, name, as(t, "png", quarters(8, 8)))
	}
	c := settings(t, from)
	if err := c.Drop([]string{filepath.Join(from, "b.png"), filepath.Join(from, ".c.png")}); err != nil {
		t.Fatal(err)
	}
	run(t, c)
	expectResults(t, c, ".c.jpg", "b.jpg")
}

func TestScratchAndPlace(t *testing.T) {
	c := catalog.Defaults(new(images.Config))
	c.To, c.Existing = "/results", "replace"
	if c.Place() != "/results" {
		t.Error(c.Place())
	}
	c.Scratch("/scratch")
	if c.Place() != "/scratch" || c.Existing != "rename" {
		t.Errorf("%+v", c)
	}
}
