package images

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// inputs are the folders and files that a run works on, and the innermost
// folder that holds them all: an item's name is its path below that.
type inputs struct {
	root  string
	items []string // below root, with slashes; "." is root itself
}

// inputsOf puts paths in order, without those that others contain.
func inputsOf(paths []string, deep bool) (inputs, error) {
	var list []string
	for _, p := range paths {
		full, err := filepath.Abs(p)
		if err != nil {
			return inputs{}, fmt.Errorf("find %s: %w", p, err)
		}
		list = append(list, full)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	list = slices.DeleteFunc(list, func(p string) bool { return contained(p, list, deep) })
	if len(list) == 0 {
		return inputs{}, errors.New("nothing is chosen")
	}
	root, err := common(list)
	in := inputs{root: root}
	for _, p := range list {
		if item, relErr := filepath.Rel(root, p); relErr == nil {
			in.items = append(in.items, filepath.ToSlash(item))
		}
	}
	return in, err
}

// contained reports whether one of the folders in list brings p along.
func contained(p string, list []string, deep bool) bool {
	return slices.ContainsFunc(list, func(folder string) bool {
		return folder != p && below(folder, p) && (deep || filepath.Dir(p) == folder) && isFolder(folder) && (deep || !isFolder(p))
	})
}

// common is the innermost folder that holds all paths; it may be one of them.
func common(paths []string) (string, error) {
	folder := paths[0]
	if !isFolder(folder) {
		folder = filepath.Dir(folder)
	}
	for _, p := range paths {
		for !below(folder, p) {
			parent := filepath.Dir(folder)
			if parent == folder {
				return "", fmt.Errorf("%s and %s have no folder in common: take files of one drive", paths[0], p)
			}
			folder = parent
		}
	}
	return folder, nil
}

// below reports whether path is folder or lies in it, by their names.
func below(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
