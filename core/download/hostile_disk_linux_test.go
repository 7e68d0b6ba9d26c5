package download_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"manyhands/core"
	"manyhands/core/download/internal/hostile"
)

// disk is a small one of its own, in memory.
func disk(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("no disk can be made here: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// fill leaves so many bytes of a disk free.
func fill(t *testing.T, folder string, free int64) (ballast string) {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		t.Fatal(err)
	}
	ballast = filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, int64(s.Bavail)*s.Bsize-free), 0o600); err != nil {
		t.Fatal(err)
	}
	return ballast
}

// A file that does not fit is said to be too large, and a disk that is full ends
// the run with one message. When there is room, the same run goes on.
func TestAFullDisk(t *testing.T) {
	for _, test := range []struct {
		name   string
		free   int64
		answer func(*library) hostile.Script
		parts  bool // something is kept for the next time
		ends   bool // the run as a whole, rather than the files that are too large
	}{
		{"there is not enough room from the first", 30_000_000, func(l *library) hostile.Script { return l.answer }, false, true},
		{"there is none", 0, func(l *library) hostile.Script { return l.answer }, false, true},
		{"it fills up, lengths are not known", 30_000_000, func(l *library) hostile.Script {
			return func(c *hostile.Conn, r *hostile.Request) {
				a := l.file(r.URL.Path).Answer(r)
				if !r.Ranged() {
					a = a.Without("Content-Length").With("Transfer-Encoding: chunked")
					a.Body = []byte(chunked(a.Body, 100_000) + lastChunk)
				}
				c.Send(a)
			}
		}, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := disk(t, "200m")
			ballast := fill(t, folder, test.free)
			l := &library{seed: 300, sizes: []int{20_000_000, 20_000_000, 20_000_000, 20_000_000}, piece: 1 << 20}
			server := hostile.Serve(t, test.answer(l))
			c := settings(t, l.addresses(server.URL)...)
			c.To = filepath.Join(folder, "files")
			o, err := begin(t, c)
			if err != nil { // not even a folder could be made
				o.err = err
			}
			expectFull(t, o, l, test.ends)
			if _, unfinished := files(t, folder); test.parts && len(unfinished) == 0 {
				t.Error("nothing is kept")
			}
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			o = run(t, c)
			if o.report.OK+o.report.Skipped != len(l.sizes) || o.err != nil {
				o.expect(t, len(l.sizes), 0, 0)
			}
			l.check(t, c.To, true)
		})
	}
}

func expectFull(t *testing.T, o outcome, l *library, ends bool) {
	t.Helper()
	if _, err := os.Stat(o.To); err == nil {
		l.check(t, o.To, false)
	}
	said := fmt.Sprint(o.err)
	for _, row := range o.rows {
		if row.Status == core.OK {
			continue
		}
		if row.Err != nil {
			said += "\n" + row.Err.Error()
		}
		if row.Status == core.Failed {
			expectWords(t, row)
		}
	}
	if (o.err != nil) != ends || !strings.Contains(said, "free some space") {
		t.Errorf("the run ends with %v; the rows say %s", o.err, said)
	}
}
