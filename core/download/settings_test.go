package download_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/download"
	"manyhands/core/safefile"
)

func TestMistakesAreNamedWithTheirField(t *testing.T) {
	folder := t.TempDir()
	file := write(t, "list.txt", "https://example.com/a\n")
	for want, spoil := range map[string]func(*download.Config){
		"Addresses: there are none":        func(c *download.Config) { c.URLs = nil },
		"Addresses: none can be loaded":    func(c *download.Config) { c.URLs = []string{"ftp://x/a"} },
		"List: ":                           func(c *download.Config) { c.List = folder },
		"Save to: no folder is chosen":     func(c *download.Config) { c.To = "" },
		"is a file; choose a folder":       func(c *download.Config) { c.To = file },
		"Workers: -1":                      func(c *download.Config) { c.Workers = -1 },
		"Per host: -1":                     func(c *download.Config) { c.PerHost = -1 },
		"Speed limit: 10 bytes":            func(c *download.Config) { c.LimitRate = 10 },
		"Largest size: -5":                 func(c *download.Config) { c.MaxSize = -5 },
		"Segments: 99":                     func(c *download.Config) { c.Segments = 99 },
		"Retries: -1":                      func(c *download.Config) { c.Retries = -1 },
		"Stall: 0s":                        func(c *download.Config) { c.Stall = 0 },
		`If a file exists: "ask"`:          func(c *download.Config) { c.Existing = "ask" },
		"Checksums: ":                      func(c *download.Config) { c.SHA256 = filepath.Join(folder, "gone") },
		`Headers: "Accept" has no colon`:   func(c *download.Config) { c.Header = []string{"Accept"} },
		"Proxy: write it as http://host:p": func(c *download.Config) { c.Proxy = "x" },
	} {
		c := settings(t, "https://example.com/a")
		c.To = folder
		spoil(c)
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
		if r, err := c.Start(t.Context(), nil); err == nil {
			r.Cancel()
			_, _ = r.Wait()
			t.Errorf("%s: it was started", want)
		}
	}
}

func TestWhatIsDroppedIsAListOrAddresses(t *testing.T) {
	file := write(t, "list.txt", "https://example.com/a\n")
	for _, test := range []struct {
		dropped []string
		list    string
		urls    []string
		wrong   bool
	}{
		{[]string{file}, file, nil, false},
		{[]string{"https://a/1\n\n https://a/2 \n"}, "", []string{"https://a/1", "https://a/2"}, false},
		{[]string{file, "https://a/1"}, file, []string{"https://a/1"}, false},
		{[]string{t.TempDir()}, "", []string{"https://old/"}, true},
		{[]string{file, file}, "", []string{"https://old/"}, true},
		{[]string{""}, "", []string{"https://old/"}, false},
	} {
		c := settings(t, "https://old/")
		if err := c.Drop(test.dropped); (err != nil) != test.wrong || c.List != test.list || !slices.Equal(c.URLs, test.urls) {
			t.Errorf("%q: %q, %q, %v", test.dropped, c.List, c.URLs, err)
		}
	}
}

func TestWhatThereIsIsFound(t *testing.T) {
	c := settings(t, "https://a/img{01..03}.jpg")
	c.List = write(t, "list.csv", "name,url\nx,https://b/1\n,https://user:secret@b/2\n")
	var found []string
	keep := func(item string, _ int64) bool { found = append(found, item); return true }
	if err := c.Find(t.Context(), keep); err != nil {
		t.Fatal(err)
	}
	want := []string{"https://a/img01.jpg", "https://a/img02.jpg", "https://a/img03.jpg", "https://b/1", "https://user:xxxxx@b/2"}
	if !slices.Equal(found, want) {
		t.Errorf("%q", found)
	}
	c.URLs = []string{"https://a/1", "magnet:?xt=1"}
	if err := c.Find(t.Context(), keep); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
		t.Errorf("%v", err)
	}
}

func TestScratchLeavesTheFolderAlone(t *testing.T) {
	c := settings(t, "https://a/")
	c.Scratch("/elsewhere")
	if c.Place() != "/elsewhere" || c.Existing != safefile.Rename {
		t.Errorf("%+v", c)
	}
}

func TestRowsKnowTheirFile(t *testing.T) {
	c := settings(t)
	source, result := c.Files(core.Row{Out: download.Download{File: "a.bin"}})
	if source != "" || result != filepath.Join(c.To, "a.bin") {
		t.Errorf("%q, %q", source, result)
	}
	if _, result = c.Files(core.Row{}); result != "" {
		t.Errorf("%q", result)
	}
}

// A form and a command line give the same settings.
func TestSettingsAreReadAsTheyAreWritten(t *testing.T) {
	c := catalog.Defaults(new(download.Config))
	for name, value := range map[string]string{"limit-rate": "5MB", "max-size": "2GB", "segments": "4", "stall": "10s"} {
		if known, err := catalog.Set(c, name, value); !known || err != nil {
			t.Errorf("%s: %v, %v", name, known, err)
		}
	}
	if c.LimitRate != 5e6 || c.MaxSize != 2e9 || c.Segments != 4 || fmt.Sprint(c.Stall) != "10s" {
		t.Errorf("%+v", c)
	}
	fields, err := catalog.Fields(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		if f.Name == "limit-rate" && (!f.Live || f.Text() != "5MB") {
			t.Errorf("%+v", f)
		}
	}
}

func TestAnotherAddressTakesTheOldOnesPlace(t *testing.T) {
	for _, test := range []struct {
		name, list string
		urls, want []string
	}{
		{"typed", "", []string{"https://a/1 x.bin", "https://a/2"}, []string{"https://b/new x.bin", "https://a/2"}},
		{"of a range", "", []string{"https://a/{1..3}"}, []string{"https://a/{1..3}", "https://b/new"}},
		{"of a list", "https://a/1 x.bin\n", []string{"https://a/2"}, []string{"https://a/2", "https://b/new x.bin"}},
	} {
		c := settings(t, test.urls...)
		if test.list != "" {
			c.List = write(t, "list.txt", test.list)
		}
		now, err := c.Readdress("https://a/1", "https://b/new")
		if err != nil || now != "https://b/new" || !slices.Equal(c.URLs, test.want) {
			t.Errorf("%s: %q, %q, %v", test.name, now, c.URLs, err)
		}
		if _, err := c.Readdress("https://a/77", "https://b/new"); err == nil {
			t.Errorf("%s: one that is not there was found", test.name)
		}
		if _, err := c.Readdress("https://b/new", "gopher://x"); err == nil {
			t.Errorf("%s: a bad address was taken", test.name)
		}
	}
}
