package gui

import (
	"os"
	"path/filepath"
	"strings"
)

// nearestFolder is the folder a path names or, where that does not exist yet,
// the closest one above it; "" if there is none. Of a list with semicolons it
// is that of the first path.
func nearestFolder(path string) string {
	if path == "" {
		return ""
	}
	if first, _, list := strings.Cut(path, ";"); list && !exists(path) {
		path = first
	}
	path, err := filepath.Abs(path)
	for err == nil {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return path
		}
		above := filepath.Dir(path)
		if above == path {
			break
		}
		path = above
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
