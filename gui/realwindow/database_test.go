//go:build xvfb

package realwindow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSampleTableByKeyboard loads the sample table, without a mouse, and asks
// the database for it.
func TestSampleTableByKeyboard(t *testing.T) {
	binary := os.Getenv("MANYHANDS_BINARY")
	if binary == "" {
		t.Fatal("MANYHANDS_BINARY names no program to drive: run make window")
	}
	p := open(t, binary)
	press(t, "ctrl+Next", "ctrl+Next", "ctrl+d")
	until(t, "the end in the title", func() bool {
		if p.title() == "Manyhands" {
			press(t, "ctrl+Return") // not heard before the sample is there
		}
		return strings.Contains(p.title(), "done")
	})
	if !strings.HasPrefix(p.title(), "Database: ") || strings.Contains(p.title(), "failed") {
		t.Errorf("title is %q", p.title())
	}
	folder := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "manyhands", "sample", "load", "loaded")
	for _, name := range []string{"users.db", "users-users-rejects.csv"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	press(t, "ctrl+6", "ctrl+7", "ctrl+8", "F5", "ctrl+1", "ctrl+q")
	p.ends()
}
