package images

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"manyhands/core/images/filter"
	"manyhands/core/safefile"
)

// Check names every mistake in the settings.
func (c *Config) Check() error {
	return errors.Join(checkPaths(c.Paths), c.checkTo(), c.checkWork())
}

// checkWork names the mistakes in what is to be done, wherever that is.
func (c *Config) checkWork() error {
	return errors.Join(
		c.checkSize(),
		oneOf("Fit", c.Fit, exact, inside, fill, longest, shortest, percent),
		checkFilters(c.Filter),
		named("Watermark", c.Watermark.Check()),
		oneOf("Format", c.Format, "keep", "jpeg", "png", "gif", "bmp", "tiff", "webp"),
		c.checkNumbers(),
		oneOf("If a file exists", c.Existing, safefile.Skip, safefile.Rename, safefile.Replace),
		named("Name", template(c.Name).check()),
		oneOf("Metadata", c.Metadata, "keep", "strip", "no-gps"),
		oneOf("Truncated files", c.Truncated, "fail", "keep"),
	)
}

// checkPaths names every folder or file that cannot be read.
func checkPaths(paths []string) error {
	if len(paths) == 0 || len(paths) == 1 && paths[0] == "" {
		return errors.New("Folder: none is chosen; choose a folder of pictures")
	}
	var mistakes []error
	for _, p := range paths {
		if _, err := os.Stat(p); errors.Is(err, fs.ErrNotExist) {
			mistakes = append(mistakes, fmt.Errorf("Folder: %s does not exist; choose a folder of pictures", p))
		} else if err != nil {
			mistakes = append(mistakes, fmt.Errorf("Folder: %s cannot be used (%w); choose another one", p, safefile.Cause(err)))
		}
	}
	return errors.Join(mistakes...)
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
		return fmt.Errorf("Save to: %s cannot be used (%w); choose another folder", c.To, safefile.Cause(err))
	case !to.IsDir():
		return fmt.Errorf("Save to: %s is a file; choose a folder", c.To)
	}
	var mistakes []error
	for _, p := range c.Paths {
		mistakes = append(mistakes, c.checkApart(p, to))
	}
	return errors.Join(mistakes...)
}

// checkApart keeps results from landing among the sources.
func (c *Config) checkApart(p string, to fs.FileInfo) error {
	from, err := filepath.Abs(p)
	if p == "" || err != nil {
		return nil //nolint:nilerr // checkPaths has said so
	}
	if real, err := filepath.EvalSymlinks(from); err == nil {
		from = real
	}
	info, err := os.Stat(from)
	if err != nil {
		return nil //nolint:nilerr // checkPaths has said so
	}
	if !info.IsDir() {
		from = filepath.Dir(from)
		info, err = os.Stat(from)
	}
	if err == nil && os.SameFile(info, to) {
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

func (c *Config) checkSize() error {
	if err := c.Size.check(); err != nil {
		return err
	}
	share := c.Size.Percent
	if c.Fit == percent && share == 0 {
		share = float64(c.Size.Width)
	}
	if share > 100 && !c.Enlarge {
		return fmt.Errorf("Size: %g%% makes pictures larger than they are; tick “Enlarge small ones” (--enlarge) or choose at most 100%%", share)
	}
	return nil
}

func (c *Config) checkNumbers() error {
	var mistakes []error
	if c.Quality < 1 || c.Quality > 100 {
		mistakes = append(mistakes, fmt.Errorf("Quality: %d is not possible; choose 1 (smallest file) to 100 (best)", c.Quality))
	}
	if c.MaxKB < 0 || c.MaxKB > 1_000_000_000 {
		mistakes = append(mistakes, fmt.Errorf("At most KB: %d is not possible; choose a number of kilobytes, or 0 for any size", c.MaxKB))
	}
	if !(c.MinGain >= 0 && c.MinGain < 100) { // also true for not-a-number
		mistakes = append(mistakes, fmt.Errorf("Least gain: %g%% is not possible; choose 0%% to 99%%", float64(c.MinGain)))
	}
	if c.Workers < 0 {
		mistakes = append(mistakes, fmt.Errorf("Workers: %d is not possible; choose auto, or 1 and more", c.Workers))
	}
	return errors.Join(mistakes...)
}

func checkFilters(filters []filter.Filter) error {
	var mistakes []error
	for _, f := range filters {
		mistakes = append(mistakes, named("Filters", f.Check()))
	}
	return errors.Join(mistakes...)
}

// named puts the form's word for a field before what is wrong with it.
func named(label string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", label, err)
	}
	return nil
}

func oneOf[T ~string](label string, value T, choices ...T) error {
	if slices.Contains(choices, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is not possible; choose one of %v", label, value, choices)
}
