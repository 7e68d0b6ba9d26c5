package gui

import (
	"os"
	"path/filepath"
)

// nearestFolder is the folder a path names or, where that does not exist yet,
// the closest one above it; "" if there is none.
func nearestFolder(path string) string {
	if path == "" {
		return ""
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

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
