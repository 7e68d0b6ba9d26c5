package catalog

import (
	"context"
	"path/filepath"

	"manyhands/core/images"
	"manyhands/core/practice"
)

// All lists the scenarios in the order of their tabs.
func All() []Scenario {
	return []Scenario{pictures}
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
