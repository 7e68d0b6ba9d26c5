//go:build xvfb

package realwindow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSampleDownloadsByKeyboard loads files from the practice server, without a
// mouse, and steers the queue while it does.
func TestSampleDownloadsByKeyboard(t *testing.T) {
	binary := os.Getenv("MANYHANDS_BINARY")
	if binary == "" {
		t.Fatal("MANYHANDS_BINARY names no program to drive: run make window")
	}
	p := open(t, binary)
	press(t, "ctrl+d")
	until(t, "the run in the title", func() bool {
		if p.title() == "Manyhands" {
			press(t, "ctrl+Return") // not heard before the sample is there
		}
		return strings.Contains(p.title(), "%")
	})
	press(t, "ctrl+5", "ctrl+p")
	until(t, "the pause in the title", func() bool { return strings.Contains(p.title(), "paused") })
	press(t, "ctrl+p")
	until(t, "the end in the title", func() bool { return strings.Contains(p.title(), "done") })
	if want := "Downloads: 13 done – Manyhands"; p.title() != want {
		t.Errorf("title is %q, want %q", p.title(), want)
	}
	found, err := filepath.Glob(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "manyhands", "sample", "download", "downloads", "*"))
	if err != nil || len(found) != 13 {
		t.Errorf("%d files, %v: %q", len(found), err, found)
	}
	press(t, "ctrl+3", "ctrl+1", "ctrl+t", "Down", "ctrl+q")
	p.ends()
}
