package images

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"manyhands/core/images/codec"
	"manyhands/core/safefile"
)

// placeholders are what a name may be made of. A slash between them makes
// folders.
var placeholders = []string{"name", "number", "width", "height", "date", "time", "folder"}

// values are what the placeholders of one picture's name stand for.
type values struct {
	item   string // the source's path below the folder
	root   string // that folder
	number int    // of the picture in the run, from 1
	size   area   // of the result
	taken  time.Time
}

func (v values) of(placeholder string) string {
	switch placeholder {
	case "name":
		return stem(path.Base(v.item))
	case "number":
		return fmt.Sprintf("%04d", v.number)
	case "width":
		return strconv.Itoa(v.size.Width)
	case "height":
		return strconv.Itoa(v.size.Height)
	case "date":
		return v.taken.Format("2006-01-02")
	case "time":
		return v.taken.Format("15-04-05")
	}
	if dir := path.Dir(v.item); dir != "." {
		return path.Base(dir)
	}
	return filepath.Base(v.root)
}

// stem is a file's name without the extension of a picture.
func stem(name string) string {
	if codec.PictureName(name) {
		return strings.TrimSuffix(name, path.Ext(name))
	}
	return name
}

// template is a name with placeholders, "{name}-{width}x{height}".
type template string

// parts cuts a template into what stands for itself and, behind a brace, the
// placeholders.
func (t template) parts() ([]string, error) {
	var parts []string
	for rest := string(t); rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		if before != "" {
			parts = append(parts, before)
		}
		if !found {
			break
		}
		name, next, closed := strings.Cut(after, "}")
		if !closed || !slices.Contains(placeholders, name) {
			return nil, fmt.Errorf("there is no placeholder {%s}; choose from {%s}", name, strings.Join(placeholders, "}, {"))
		}
		parts, rest = append(parts, "{"+name), next
	}
	return parts, nil
}

func (t template) check() error {
	parts, err := t.parts()
	switch {
	case err != nil:
		return err
	case len(parts) == 0:
		return errors.New("is empty; give {name} for the names that the pictures have")
	case strings.HasPrefix(string(t), "/") || slices.Contains(strings.Split(string(t), "/"), ".."):
		return fmt.Errorf("%q leads out of the folder for the results; leave the first / and all .. away", t)
	}
	return nil
}

// looksInside reports whether a name can be made only after a look into the
// picture.
func (t template) looksInside() bool {
	return slices.ContainsFunc([]string{"{width}", "{height}", "{date}", "{time}"}, func(p string) bool {
		return strings.Contains(string(t), p)
	})
}

// name makes a result's name, without an extension.
func (t template) name(v values) string {
	parts, _ := t.parts()
	for i, part := range parts {
		if placeholder, ok := strings.CutPrefix(part, "{"); ok {
			parts[i] = strings.ReplaceAll(v.of(placeholder), "/", "_")
		}
	}
	return strings.Join(parts, "")
}

// saveName is the file name of a result of some format, good on every system:
// with the source's own extension where that is right for the format.
func saveName(name, source string, format codec.Format) string {
	ext := path.Ext(source)
	if codec.Named(ext) != format {
		ext = format.Extensions()[0]
	}
	return name + ext
}

// claim makes a path, below the folder for the results, good on every system
// and numbers it if it is given already.
func (w *walk) claim(dir, name string) string {
	return w.names.Give(path.Join(dir, safefile.Name(name)))
}
