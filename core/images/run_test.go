package images_test

import (
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/images"
	"manyhands/core/safefile"
)

func TestEveryFormatIsReadByItsContent(t *testing.T) {
	from := t.TempDir()
	for i, ext := range []string{"jpg", "png", "gif", "bmp", "tif"} {
		wrong := []string{"png", "gif", "bmp", "tif", "jpg"}[i]
		write(t, from, "right-"+ext+"."+ext, as(t, ext, quarters(64, 48)))
		write(t, from, "wrong-"+ext+"."+wrong, as(t, ext, quarters(64, 48)))
		write(t, from, "none-"+ext, as(t, ext, quarters(64, 48)))
	}
	c := settings(t, from)
	if o := run(t, c); o.report.OK != 15 {
		t.Fatalf("%+v", o.rows)
	}
	for _, name := range results(t, c.To) {
		m, kind := result(t, c, name)
		if kind != "jpeg" || m.Bounds().Size() != image.Pt(40, 30) || look(m) != "rgbw" || !strings.HasSuffix(name, ".jpg") {
			t.Errorf("%s is %s, %v, %s", name, kind, m.Bounds(), look(m))
		}
	}
}

func TestOneNameForTwo(t *testing.T) {
	from := t.TempDir()
	for _, name := range []string{"a.bmp", "a.gif", "a.png", "A.jpg"} {
		write(t, from, name, as(t, "png", quarters(8, 8)))
	}
	write(t, from, "a.doc", []byte("no picture"))
	c := settings(t, from)
	o := run(t, c)
	expectResults(t, c, "A.jpg", "a-2.jpg", "a-3.jpg", "a-4.jpg")
	for item, want := range map[string]string{"A.jpg": "A.jpg", "a.bmp": "a-2.jpg", "a.gif": "a-3.jpg", "a.png": "a-4.jpg"} {
		if got := o.picture(item).Saved; got != want {
			t.Errorf("%s became %s, want %s", item, got, want)
		}
	}
}

func TestExistingFiles(t *testing.T) {
	from := t.TempDir()
	picture := as(t, "png", quarters(8, 8))
	for _, name := range []string{"a.png", "a.gif", "b/a.png"} {
		write(t, from, name, picture)
	}
	c := settings(t, from)
	c.Recursive = true
	first := []string{"a-2.jpg", "a.jpg", "b/a.jpg"}
	for _, step := range []struct {
		existing safefile.Existing
		ok       int
		want     []string
	}{
		{"skip", 3, first},
		{"skip", 0, first},
		{"replace", 3, first},
		{"rename", 3, []string{"a-2-2.jpg", "a-2.jpg", "a-3.jpg", "a.jpg", "b/a-2.jpg", "b/a.jpg"}},
	} {
		c.Existing = step.existing
		o := run(t, c)
		if o.report.OK != step.ok || o.report.OK+o.report.Skipped != 3 {
			t.Errorf("%s: %+v", step.existing, o.report)
		}
		if step.ok == 0 && o.reason("b/a.png") != "already there" {
			t.Errorf("reason: %q", o.reason("b/a.png"))
		}
		expectResults(t, c, step.want...)
	}
}

func TestFoldersBelow(t *testing.T) {
	from := t.TempDir()
	picture := as(t, "png", quarters(8, 8))
	for _, name := range []string{"top.png", "x/a.png", "x/y z/b.png", "x/y\nz/c.png", ".hidden/d.png", "x/.e.png", "\xff\xfe/f.png"} {
		write(t, from, name, picture)
	}
	c := settings(t, from)
	run(t, c)
	expectResults(t, c, "top.jpg")
	c = settings(t, from)
	c.Recursive = true
	run(t, c)
	expectResults(t, c, "_/f.jpg", "top.jpg", "x/a.jpg", "x/y z/b.jpg", "x/y_z/c.jpg")
}

func TestResultsAreNeverSources(t *testing.T) {
	from := t.TempDir()
	write(t, from, "a.png", as(t, "png", quarters(8, 8)))
	c := settings(t, from)
	c.To, c.Recursive = filepath.Join(from, "out"), true
	for i := range 3 {
		if o := run(t, c); o.report.Items != 1 {
			t.Fatalf("run %d took %d files", i+1, o.report.Items)
		}
		if err := os.Symlink(filepath.Join("out", "a.jpg"), filepath.Join(from, fmt.Sprint("link", i, ".jpg"))); err != nil {
			t.Fatal(err)
		}
	}
	expectResults(t, c, "a-2.jpg", "a-3.jpg", "a.jpg")
}

func TestOnlySomeItems(t *testing.T) {
	from := t.TempDir()
	picture := as(t, "png", quarters(8, 8))
	for _, name := range []string{"a.gif", "a.png", "b/c/d.png", "b/e.png"} {
		write(t, from, name, picture)
	}
	c := settings(t, from)
	c.Recursive = true
	c.Only([]string{"a.png", "b/c/d.png", "gone.png"})
	o := run(t, c)
	expectResults(t, c, "a-2.jpg", "b/c/d.jpg")
	if o.report.Failed != 1 || !strings.HasPrefix(o.reason("gone.png"), "is not in the folder any more") {
		t.Errorf("%+v: %s", o.report, o.reason("gone.png"))
	}
	c.Only(nil)
	if o := run(t, c); o.report.Items != 0 {
		t.Errorf("none of the items: %+v", o.report)
	}
}

func TestCancelLeavesWholeFilesOnly(t *testing.T) {
	from := t.TempDir()
	picture := as(t, "jpg", quarters(800, 600))
	for i := range 300 {
		write(t, from, fmt.Sprintf("%03d.jpg", i), picture)
	}
	c := settings(t, from)
	enough := make(chan struct{})
	seen := 0
	r := start(t, c, func(rows []core.Row) {
		if seen += len(rows); seen >= 5 && seen-len(rows) < 5 {
			close(enough)
		}
	})
	<-enough
	begin := time.Now()
	r.Cancel()
	report, err := r.Wait()
	if !errors.Is(err, core.ErrCancelled) || report.OK == 0 || report.OK == 300 || report.Failed > 0 {
		t.Errorf("%+v, %v", report, err)
	}
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("the end took %v", took)
	}
	names := results(t, c.To)
	if len(names) < report.OK || slices.ContainsFunc(names, func(s string) bool { return strings.HasPrefix(s, ".") }) {
		t.Errorf("%d ok, results: %q", report.OK, names)
	}
	for _, name := range names {
		result(t, c, name)
	}
}

// TestKilledRunsAreGoneOnWith kills a run again and again, and starts it anew:
// in the end every picture is there once, whole.
func TestKilledRunsAreGoneOnWith(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "out")
	n := 120
	if testing.Short() {
		n = 30
	}
	picture := as(t, "jpg", quarters(320, 240))
	for i := range n {
		write(t, from, fmt.Sprintf("%d/%03d.jpg", i%3, i), picture)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	kills, random := 0, rand.New(rand.NewPCG(3, 4))
	for ended := false; !ended; {
		child := exec.CommandContext(t.Context(), self)
		child.Env = append(os.Environ(), "IMAGES_CHILD_FROM="+from, "IMAGES_CHILD_TO="+to)
		enough := len(results(t, to)) + random.IntN(n/10)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		end := make(chan error, 1)
		go func() { end <- child.Wait() }() // ends with the child
		for waiting := true; waiting; {
			select {
			case err := <-end:
				waiting, ended = false, err == nil
			case <-time.After(time.Millisecond):
				if kills < 8 && len(results(t, to)) > enough {
					_ = child.Process.Kill()
					<-end
					waiting = false
					kills++
				}
			}
		}
	}
	if kills < 3 {
		t.Errorf("killed %d times only", kills)
	}
	names := results(t, to)
	if len(names) != n {
		t.Errorf("%d files, want %d: %q", len(names), n, names)
	}
	c := &images.Config{To: to}
	for _, name := range names {
		if m, _ := result(t, c, name); m.Bounds().Size() != image.Pt(800, 600) {
			t.Errorf("%s has %v", name, m.Bounds())
		}
	}
}

func TestManyPictures(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	from := t.TempDir()
	picture := as(t, "png", quarters(4, 4))
	for i := range n {
		write(t, from, fmt.Sprintf("%05d.png", i), picture)
	}
	c := settings(t, from)
	c.Size = images.Size{Width: 2, Height: 2}
	r := start(t, c, nil)
	report, err := r.Wait()
	if err != nil || report.OK != n || len(results(t, c.To)) != n {
		t.Errorf("%+v, %v", report, err)
	}
	t.Logf("%d pictures in %v", n, report.Wall)
}
