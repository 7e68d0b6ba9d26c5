//go:build xvfb

package realwindow

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const pictures = 9

// TestPicturesByKeyboard drives the built program from the empty window to the
// finished table, without a mouse, and to its end.
func TestPicturesByKeyboard(t *testing.T) {
	binary := os.Getenv("MANYHANDS_BINARY")
	if binary == "" {
		t.Fatal("MANYHANDS_BINARY names no program to drive: run make window")
	}
	from, to := photos(t), filepath.Join(t.TempDir(), "out")
	p := open(t, binary)

	press(t, "ctrl+Next", "ctrl+l")
	xdotool(t, "type", "--delay", "5", from)
	press(t, "Tab", "Tab", "Tab")
	xdotool(t, "type", "--delay", "5", to)
	press(t, "ctrl+Return")
	until(t, "the end in the title", func() bool { return strings.Contains(p.title(), "done") })
	if want := fmt.Sprintf("Images: %d done, 1 failed – Manyhands", pictures+1); p.title() != want {
		t.Errorf("title is %q, want %q", p.title(), want)
	}
	if made, _ := filepath.Glob(filepath.Join(to, "*.jpg")); len(made) != pictures {
		t.Errorf("%d pictures were made, want %d", len(made), pictures)
	}

	press(t, "ctrl+t", "Down", "Down", "ctrl+shift+f", "ctrl+4", "ctrl+k")
	until(t, "the comparison in the title", func() bool { return strings.Contains(p.title(), "compared") })
	press(t, "ctrl+slash", "Escape", "ctrl+q")
	p.ends()
}

// photos makes a folder of pictures, and a file that only claims to be one.
func photos(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	picture := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for i := range pictures {
		picture.Set(i, i, color.RGBA{R: 200, A: 255})
		var b bytes.Buffer
		if err := jpeg.Encode(&b, picture, nil); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, fmt.Sprintf("photo-%d.jpg", i)), b.Bytes())
	}
	write(t, filepath.Join(dir, "broken.jpg"), []byte("\xff\xd8\xff\xe0 and nothing more"))
	return dir
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// program is a window of the built program.
type program struct {
	*testing.T
	cmd    *exec.Cmd
	said   output
	window string
}

// output collects what a program says while it runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// open starts the program and waits for its window.
func open(t *testing.T, binary string) *program {
	t.Helper()
	p := &program{T: t, cmd: exec.Command(binary)}
	p.cmd.Stderr = &p.said
	if err := start(p.cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	until(t, "the window", func() bool {
		out, err := exec.Command("xdotool", "search", "--all", "--onlyvisible", "--pid", fmt.Sprint(p.cmd.Process.Pid), "--name", "Manyhands").Output()
		p.window = strings.TrimSpace(string(out))
		return err == nil && p.window != ""
	})
	until(t, "the keyboard", func() bool {
		out, _ := exec.Command("xdotool", "getactivewindow").Output()
		return strings.TrimSpace(string(out)) == p.window
	})
	return p
}

// close ends a program that a failed test left, and tells how it stood.
func (p *program) close() {
	if p.cmd.ProcessState != nil {
		return
	}
	shown, err := exec.Command("xdotool", "getwindowname", p.window).Output()
	p.Logf("its title was %q (%v), and it said:\n%s", shown, err, p.said.String())
	stop(p.cmd)
}

func (p *program) title() string {
	p.Helper()
	return xdotool(p, "getwindowname", p.window)
}

// ends waits for the program's own end, and looks at what it said.
func (p *program) ends() {
	p.Helper()
	if err := p.cmd.Wait(); err != nil {
		p.Errorf("it ended with %v", err)
	}
	if said := p.said.String(); strings.Contains(said, "Error in Fyne call thread") || strings.Contains(said, "panic") {
		p.Errorf("it said:\n%s", said)
	}
}
