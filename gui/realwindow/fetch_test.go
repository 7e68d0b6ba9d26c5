//go:build xvfb

package realwindow

import (
	"os"
	"strings"
	"testing"
)

// TestSampleRequestsByKeyboard asks the practice server, without a mouse.
func TestSampleRequestsByKeyboard(t *testing.T) {
	binary := os.Getenv("MANYHANDS_BINARY")
	if binary == "" {
		t.Fatal("MANYHANDS_BINARY names no program to drive: run make window")
	}
	p := open(t, binary)
	press(t, "ctrl+Next", "ctrl+Next", "ctrl+Next", "ctrl+d")
	until(t, "the sample in the title", func() bool {
		if p.title() == "Manyhands" {
			press(t, "ctrl+Return") // not heard before the sample is there
		}
		return strings.Contains(p.title(), "done")
	})
	if want := "Web API: 50 done – Manyhands"; p.title() != want {
		t.Errorf("title is %q, want %q", p.title(), want)
	}
	press(t, "ctrl+3", "ctrl+1", "ctrl+t", "Down", "ctrl+g", "ctrl+q")
	p.ends()
}
