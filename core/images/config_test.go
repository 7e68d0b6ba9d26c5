package images_test

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"manyhands/core/catalog"
	"manyhands/core/images"
	"manyhands/core/images/filter"
)

func TestDefaultsAreTheUsualJob(t *testing.T) {
	c := catalog.Defaults(new(images.Config))
	want := &images.Config{
		Size: images.Size{Width: 800, Height: 600}, Fit: "exact", Filter: []filter.Filter{{Name: "blur"}},
		Format: "jpeg", Quality: 85, Existing: "rename",
		Name: "{name}", Metadata: "keep", Background: images.Colour{R: 255, G: 255, B: 255}, Truncated: "fail",
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
	want := "pictures= to= size=800x600 fit=exact filter=blur format=jpeg quality=85 watermark= recursive=false existing=rename workers=auto " +
		"name={name} max-kb=0 min-gain=0% metadata=keep keep-dates=false enlarge=false background=white truncated=fail"
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
	if columns := catalog.ColumnsOf[images.Picture](); len(columns) != 10 {
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
		"right":               {func(*images.Config) {}, ""},
		"inside":              {func(c *images.Config) { c.To = filepath.Join(from, "out") }, ""},
		"not there":           {func(c *images.Config) { c.Paths = []string{filepath.Join(base, "no")} }, "does not exist"},
		"a file":              {func(c *images.Config) { c.Paths = []string{file} }, ""},
		"nothing but a name":  {func(c *images.Config) { c.Paths = []string{""} }, "Folder: none is chosen"},
		"beside a file":       {func(c *images.Config) { c.Paths, c.To = []string{file}, base }, "is the folder of the pictures itself"},
		"to a file":           {func(c *images.Config) { c.To = file }, "is a file; choose a folder"},
		"to below a file":     {func(c *images.Config) { c.To = filepath.Join(file, "x") }, "cannot be used"},
		"to the same":         {func(c *images.Config) { c.To = from + "/." }, "is the folder of the pictures itself"},
		"to the same, linked": {func(c *images.Config) { c.To = link }, "is the folder of the pictures itself"},
		"to above":            {func(c *images.Config) { c.Paths, c.To = []string{filepath.Join(from, "in", "side")}, from }, ""},
		"to above, all below": {func(c *images.Config) {
			c.Paths, c.To, c.Recursive = []string{filepath.Join(from, "in", "side")}, link, true
		}, "holds the folder of the pictures"},
		"a quality too high":    {func(c *images.Config) { c.Quality = 101 }, "Quality: 101"},
		"a size too large":      {func(c *images.Config) { c.Size.Width = 70000 }, "Size: 70000x600"},
		"too many pixels":       {func(c *images.Config) { c.Size = images.Size{Width: 60000, Height: 60000} }, "3600 megapixels"},
		"an unknown filter":     {func(c *images.Config) { c.Filter[0].Name = "blurr" }, `Filters: there is no filter "blurr"`},
		"an impossible amount":  {func(c *images.Config) { c.Filter = []filter.Filter{{Name: "gaussian", Amount: 99}} }, "choose 0.1 to 50"},
		"larger than it is":     {func(c *images.Config) { c.Size = images.Size{Percent: 120} }, "tick “Enlarge small ones”"},
		"larger if asked":       {func(c *images.Config) { c.Size, c.Enlarge = images.Size{Percent: 120}, true }, ""},
		"percent of pixels":     {func(c *images.Config) { c.Size, c.Fit = images.Size{Width: 300, Height: 300}, "percent" }, "Size: 300%"},
		"a wrong placeholder":   {func(c *images.Config) { c.Name = "{name}{size}" }, "Name: there is no placeholder {size}; choose from {name}, {number}"},
		"an open brace":         {func(c *images.Config) { c.Name = "{name" }, "Name: there is no placeholder"},
		"a name that leads out": {func(c *images.Config) { c.Name = "../{name}" }, "leads out of the folder"},
		"no name":               {func(c *images.Config) { c.Name = "" }, "Name: is empty"},
		"less than no gain":     {func(c *images.Config) { c.MinGain = -1 }, "Least gain: -1%"},
		"less than no bytes":    {func(c *images.Config) { c.MaxKB = -1 }, "At most KB: -1"},
		"a watermark not there": {func(c *images.Config) { _ = c.Watermark.UnmarshalText([]byte("/no/logo.png")) }, "Watermark: "},
		"workers below none":    {func(c *images.Config) { c.Workers = -1 }, "Workers: -1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := catalog.Defaults(new(images.Config))
			c.Paths, c.To = []string{from}, filepath.Join(base, "new")
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

func TestInputsAreNamedBelowTheFolderThatHoldsThem(t *testing.T) {
	base := t.TempDir()
	for _, name := range []string{"x/a.png", "x/y/b.png", "z/c.png"} {
		write(t, base, name, as(t, "png", quarters(8, 8)))
	}
	for name, test := range map[string]struct {
		paths     []string
		recursive bool
		items     string
	}{
		"a folder":                     {[]string{"x"}, false, "a.png"},
		"a folder and all below":       {[]string{"x"}, true, "a.png y/b.png"},
		"a file":                       {[]string{"x/a.png"}, false, "a.png"},
		"files of a tree":              {[]string{"x/y/b.png", "x/a.png"}, false, "a.png y/b.png"},
		"files of siblings":            {[]string{"x/y/b.png", "z/c.png"}, false, "x/y/b.png z/c.png"},
		"a file and a folder":          {[]string{"z", "x/a.png"}, false, "x/a.png z/c.png"},
		"twice the same":               {[]string{"x", "x/."}, false, "a.png"},
		"a file of a folder":           {[]string{"x", "x/a.png"}, false, "a.png"},
		"a file too deep for a folder": {[]string{"x", "x/y/b.png"}, false, "a.png y/b.png"},
		"a folder and one below":       {[]string{"x", "x/y"}, false, "a.png y/b.png"},
		"a folder and one below, deep": {[]string{"x", "x/y"}, true, "a.png y/b.png"},
	} {
		c := catalog.Defaults(new(images.Config))
		var paths []string
		for _, p := range test.paths {
			paths = append(paths, filepath.Join(base, filepath.FromSlash(p)))
		}
		if err := c.Drop(paths); err != nil {
			t.Fatal(err)
		}
		c.To, c.Recursive = filepath.Join(t.TempDir(), "out"), test.recursive
		o := run(t, c)
		if got := strings.Join(slices.Sorted(maps.Keys(o.rows)), " "); got != test.items {
			t.Errorf("%s: %s, want %s", name, got, test.items)
		}
		for item, row := range o.rows {
			if source, result := c.Files(row); !isFile(source) || !isFile(result) || filepath.Base(source) != filepath.Base(item) {
				t.Errorf("%s: the files of %s are %q and %q", name, item, source, result)
			}
		}
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
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
