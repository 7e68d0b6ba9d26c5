//go:build xvfb

package realwindow

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

var desktop fyne.App

// TestMain runs Fyne on the main goroutine, as it must be, and the tests on
// another.
func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "manyhands-home-")
	if err != nil {
		panic(err)
	}
	status := 1
	defer func() { _ = os.RemoveAll(home); os.Exit(status) }()
	settle(home)
	down, err := screen()
	if err != nil {
		fmt.Fprintln(os.Stderr, "realwindow: no screen:", err)
		return
	}
	defer down()
	desktop = app.NewWithID("io.github.manyhands.Test")
	// Ends with the tests, and ends the app.
	go func() { status = m.Run(); fyne.Do(desktop.Quit) }()
	desktop.Run()
}

// settle keeps the tests away from the home of who runs them.
func settle(home string) {
	for name, value := range map[string]string{
		"HOME": home, "LANG": "en_US.UTF-8", "LIBGL_ALWAYS_SOFTWARE": "1",
		"XDG_CONFIG_HOME": filepath.Join(home, "config"), "XDG_CACHE_HOME": filepath.Join(home, "cache"),
		"XDG_STATE_HOME": filepath.Join(home, "state"), "XDG_DATA_HOME": filepath.Join(home, "data"),
		"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + filepath.Join(home, "no-bus"), "WAYLAND_DISPLAY": "",
	} {
		_ = os.Setenv(name, value)
	}
}

// screen starts a screen with a number that is free, and a window manager. No
// key repeats (-r), however late a busy computer lets go of it.
func screen() (down func(), err error) {
	number, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-r", "-screen", "0", "1280x800x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{write}
	if err := start(x); err != nil {
		return nil, err
	}
	_ = write.Close()
	line, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		stop(x)
		return nil, fmt.Errorf("Xvfb names no display: %w", err)
	}
	_ = os.Setenv("DISPLAY", ":"+strings.TrimSpace(line))
	manager := exec.Command("openbox")
	if err := start(manager); err != nil {
		stop(x)
		return nil, err
	}
	return func() { stop(manager); stop(x) }, nil
}

// start starts a program that dies with this one, however this one ends.
func start(c *exec.Cmd) error {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		return fmt.Errorf("start %s: %w", c.Path, err)
	}
	return nil
}

func stop(c *exec.Cmd) {
	_ = c.Process.Kill()
	_ = c.Wait()
}

// press sends keys to the window that has the keyboard.
func press(t testing.TB, keys ...string) {
	t.Helper()
	xdotool(t, append([]string{"key", "--delay", "40"}, keys...)...)
}

func xdotool(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command("xdotool", args...).Output()
	if err != nil {
		t.Fatalf("xdotool %s: %v", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}

// until waits for a condition, up to a minute.
func until(t testing.TB, what string, come func() bool) {
	t.Helper()
	for late := time.Now().Add(4 * time.Minute); !come(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("never: %s", what)
		}
	}
}
