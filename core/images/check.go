package images

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"manyhands/core/safefile"
)

// Check names every mistake in the settings.
func (c *Config) Check() error {
	return errors.Join(
		checkFolder(c.Folder),
		c.checkTo(),
		c.Size.check(),
		oneOf("Fit", c.Fit, "exact", "inside"),
		checkFilters(c.Filter),
		oneOf("Format", c.Format, "keep", "jpeg", "png"),
		c.checkQuality(),
		oneOf("If a file exists", c.Existing, safefile.Skip, safefile.Rename, safefile.Replace),
		c.checkWorkers(),
	)
}

func checkFolder(folder string) error {
	if folder == "" {
		return errors.New("Folder: none is chosen; choose a folder of pictures")
	}
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("Folder: %s does not exist; choose a folder of pictures", folder)
	case err != nil:
		return fmt.Errorf("Folder: %s cannot be used (%w); choose another one", folder, cause(err))
	case !info.IsDir():
		return fmt.Errorf("Folder: %s is a file; choose the folder it is in", folder)
	}
	return nil
}

func (c *Config) checkTo() error {
	if c.To == "" {
		return errors.New("Save to: no folder is chosen; choose one for the results")
	}
	to, err := os.Stat(c.To)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("Save to: %s cannot be used (%w); choose another folder", c.To, cause(err))
	case !to.IsDir():
		return fmt.Errorf("Save to: %s is a file; choose a folder", c.To)
	}
	return c.checkApart(to)
}

// checkApart keeps results from landing among the sources.
func (c *Config) checkApart(to fs.FileInfo) error {
	from, err := filepath.Abs(c.Folder)
	if c.Folder == "" || err != nil {
		return nil //nolint:nilerr // checkFolder has said so
	}
	if real, err := filepath.EvalSymlinks(from); err == nil {
		from = real
	}
	if info, err := os.Stat(from); err == nil && os.SameFile(info, to) {
		return fmt.Errorf("Save to: %s is the folder of the pictures itself; choose another one, it may be inside", c.To)
	}
	if c.Recursive && within(from, to) {
		return fmt.Errorf("Save to: %s holds the folder of the pictures; with subfolders the results could land among them, choose another one", c.To)
	}
	return nil
}

// within reports whether path, a real and absolute one, lies in folder.
func within(path string, folder fs.FileInfo) bool {
	for parent := filepath.Dir(path); parent != path; parent = filepath.Dir(path) {
		if info, err := os.Stat(parent); err == nil && os.SameFile(info, folder) {
			return true
		}
		path = parent
	}
	return false
}

func (c *Config) checkQuality() error {
	if c.Quality < 1 || c.Quality > 100 {
		return fmt.Errorf("Quality: %d is not possible; choose 1 (smallest file) to 100 (best)", c.Quality)
	}
	return nil
}

func (c *Config) checkWorkers() error {
	if c.Workers < 0 {
		return fmt.Errorf("Workers: %d is not possible; choose auto, or 1 and more", c.Workers)
	}
	return nil
}

func oneOf[T ~string](label string, value T, choices ...T) error {
	if slices.Contains(choices, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is not possible; choose one of %v", label, value, choices)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func checkFilters(filters []Filter) error {
	var mistakes []error
	for _, f := range filters {
		if err := f.check(); err != nil {
			mistakes = append(mistakes, fmt.Errorf("Filters: %w", err))
		}
	}
	return errors.Join(mistakes...)
}
