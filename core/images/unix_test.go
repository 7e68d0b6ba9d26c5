//go:build unix

package images_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"manyhands/core"
)

func TestThingsThatAreNoFiles(t *testing.T) {
	from := t.TempDir()
	at := func(name string) string { return filepath.Join(from, name) }
	for _, err := range []error{
		syscall.Mkfifo(at("pipe.jpg"), 0o600),
		os.Symlink("/dev/zero", at("zero.jpg")),
		os.Symlink("nowhere", at("dangling.jpg")),
		os.Symlink(from, at("loop")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", at("socket.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // a test
	write(t, from, "good.jpg", as(t, "jpg", quarters(8, 8)))
	c := settings(t, from)
	c.Recursive = true
	o := run(t, c)
	for item, want := range map[string]string{
		"pipe.jpg": "is a pipe, not a file", "zero.jpg": "is a device, not a file", "socket.jpg": "is a socket, not a file",
		"dangling.jpg": "is a link to a file that does not exist",
	} {
		if got := o.reason(item); !strings.HasPrefix(got, want) || o.rows[item].Status != core.Failed {
			t.Errorf("%s: %q, want %q", item, got, want)
		}
	}
	if o.report.Items != 5 || o.report.OK != 1 {
		t.Errorf("%+v", o.report)
	}
}
