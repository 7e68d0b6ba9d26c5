package catalog

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"manyhands/core/download"
	"manyhands/core/fetch"
	"manyhands/core/images"
	"manyhands/core/load"
	"manyhands/core/practice"
)

// All lists the scenarios in the order of their tabs.
func All() []Scenario {
	return []Scenario{downloads, pictures, tables, webAPI}
}

var downloads = Scenario{
	Name:    "download",
	Title:   "Downloads",
	About:   "Load many addresses into files, and go on where it stopped.",
	Item:    "Address",
	Icon:    "download",
	New:     func() Config { return Defaults(new(download.Config)) },
	Columns: ColumnsOf[download.Download](),
	Presets: []Preset{
		{Name: "5 at once", About: "Five files at once, as fast as it goes.", Settings: map[string]string{}},
		{Name: "In the background", About: "Two files at once, at most 1 MB a second.", Settings: map[string]string{
			"workers": "2", "limit-rate": "1MB", "segments": "1",
		}},
	},
	Sample: func(_ context.Context, dir string) (Config, error) {
		server, err := practising()
		if err != nil {
			return nil, err
		}
		cfg := Defaults(new(download.Config))
		cfg.URLs = []string{
			server.URL() + "/delay/0.5?file={1..10} file{1..10}.txt",
			server.URL() + "/drip/4MB?duration=2&disk={1..2} disk{1..2}.img",
			server.URL() + "/file/archive.zip?size=20MB",
		}
		cfg.To, cfg.Proxy = filepath.Join(dir, "downloads"), "none"
		return cfg, nil
	},
}

var pictures = Scenario{
	Name:    "images",
	Title:   "Images",
	About:   "Resize, filter and convert a folder of pictures.",
	Item:    "File",
	Icon:    "fileImage",
	New:     func() Config { return Defaults(new(images.Config)) },
	Columns: ColumnsOf[images.Picture](),
	Weigh:   images.Weigh,
	Presets: []Preset{
		{Name: "800x600, blurred", About: "Exactly 800x600, blurred, as JPEG.", Settings: map[string]string{}},
		{Name: "Web 1600", About: "At most 1600 pixels wide and high, as JPEG without the position.", Settings: map[string]string{
			"size": "1600", "fit": "inside", "filter": "none", "format": "jpeg", "quality": "82", "metadata": "no-gps",
		}},
		{Name: "Thumbnail 400", About: "400x400, cut to the middle, as JPEG.", Settings: map[string]string{
			"size": "400", "fit": "fill", "filter": "none", "format": "jpeg", "quality": "80", "metadata": "strip",
		}},
		{Name: "Email under 500 KB", About: "At most 1600 pixels wide and high, each file under 500 KB.", Settings: map[string]string{
			"size": "1600", "fit": "inside", "filter": "none", "format": "jpeg", "quality": "90", "max-kb": "500", "metadata": "no-gps",
		}},
	},
	Sample: func(ctx context.Context, dir string) (Config, error) {
		cfg := Defaults(new(images.Config))
		folder := filepath.Join(dir, "pictures")
		cfg.Paths, cfg.To = []string{folder}, filepath.Join(dir, "results")
		return cfg, practice.Pictures(ctx, folder, 24)
	},
}

var tables = Scenario{
	Name:    "load",
	Title:   "Database",
	About:   "Load tables of records into a database, every row exactly once.",
	Item:    "Part",
	Icon:    "storage",
	New:     func() Config { return Defaults(new(load.Config)) },
	Columns: ColumnsOf[load.Batch](),
	Presets: []Preset{
		{Name: "New table", About: "Make a table; rows that do not fit go into a file of rejects.", Settings: map[string]string{}},
		{Name: "Add and update", About: "Add rows to a table, and update those whose key is there.", Settings: map[string]string{
			"mode": "append", "on-conflict": "update",
		}},
		{Name: "A commit each", About: "Commit every row by itself, as many programs do, to see what that costs.", Settings: map[string]string{
			"commit": "each-row", "workers": "4",
		}},
	},
	Sample: func(ctx context.Context, dir string) (Config, error) {
		cfg := Defaults(new(load.Config))
		path, err := practice.Users(ctx, dir, 200_000)
		made := filepath.Join(dir, "loaded") // by an earlier trial
		cfg.Files, cfg.Table, cfg.Key = []string{path}, "users", []string{"id"}
		cfg.DB = filepath.Join(made, "users.db")
		return cfg, errors.Join(err, os.RemoveAll(made), os.Mkdir(made, 0o777)) //nolint:gosec // as any program makes a folder
	},
}

var webAPI = Scenario{
	Name:    "fetch",
	Title:   "Web API",
	About:   "Send many requests, never more of them at a time than a limit allows.",
	Item:    "Address",
	Icon:    "computer",
	New:     func() Config { return Defaults(new(fetch.Config)) },
	Columns: ColumnsOf[fetch.Response](),
	Presets: []Preset{
		{Name: "5 a second", About: "At most 5 requests in any second.", Settings: map[string]string{}},
		{Name: "Gentle", About: "One request a second, as robots.txt allows, with patience.", Settings: map[string]string{
			"rate": "1", "robots": "true", "retries": "5", "timeout": "30s",
		}},
	},
	Sample: func(context.Context, string) (Config, error) {
		server, err := practising()
		if err != nil {
			return nil, err
		}
		cfg := Defaults(new(fetch.Config))
		cfg.URLs = []string{server.URL() + "/record/{1..15}", server.URL() + "/delay/0.3?n={1..35}"}
		cfg.Extract, cfg.Rate, cfg.Proxy = []string{"name", "city=place.city"}, 20, "none"
		return cfg, nil
	},
}

// practising is the practice server of this process. It is started when it is
// first needed, and ends with the process.
var practising = sync.OnceValues(func() (*practice.Server, error) {
	return practice.Serve(context.Background(), 0)
})
