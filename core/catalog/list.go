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
	Sample: func(ctx context.Context, dir string) (Config, error) {
		cfg := Defaults(new(images.Config))
		cfg.Folder, cfg.To = filepath.Join(dir, "pictures"), filepath.Join(dir, "results")
		return cfg, practice.Pictures(ctx, cfg.Folder, 24)
	},
}
