package gui

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"
)

// found waits until the folder's row says this.
func (d *desk) found(text string) {
	d.Helper()
	d.until(text, func() bool { return d.page.found.label.Text == text })
}

func TestTheFolderTellsHowMuchThereIs(t *testing.T) {
	d, in := exhibit(t)
	d.want("without a folder", d.page.found.label.Text, "")
	d.fill("folder", "/photos")
	d.found("40 files, 100 MB")
	if len(in.searched) != 1 || len(in.previews) != 0 {
		t.Errorf("searched %q, looked at %q", in.searched, in.previews)
	}
	d.fill("folder", "")
	d.found("")
}

func TestAFolderIsSearchedHoweverItCame(t *testing.T) {
	for name, choose := range map[string]func(d *desk){
		"browsed": func(d *desk) { d.asked.path = "/new"; d.page.openFolder() },
		"dropped": func(d *desk) { d.page.drop([]string{"/new"}) },
		"recent":  func(d *desk) { d.page.openRecent("/new") },
	} {
		t.Run(name, func(t *testing.T) {
			d, in := exhibit(t)
			choose(d)
			d.found("40 files, 100 MB")
			if !slices.Equal(in.searched, []string{"/new"}) {
				t.Errorf("searched %q", in.searched)
			}
		})
	}
	t.Run("sample", func(t *testing.T) {
		d, _ := exhibit(t)
		d.page.useSample()
		d.found("40 files, 100 MB")
	})
	t.Run("remembered", func(t *testing.T) {
		d, in := exhibit(t)
		d.page.form.cfg.(*album).Folder = []string{"/last"}
		d.page.form.show()
		d.recall()
		d.found("40 files, 100 MB")
		if !slices.Contains(in.searched, "/last") {
			t.Errorf("searched %q", in.searched)
		}
	})
}

func TestTypingSearchesOnceItPauses(t *testing.T) {
	d, in := exhibit(t)
	for i := range "/photos" {
		d.fill("folder", "/photos"[:i+1])
	}
	d.found("40 files, 100 MB")
	if !slices.Equal(in.searched, []string{"/photos"}) {
		t.Errorf("searched %q", in.searched)
	}
}

func TestASearchCountsWhileItGoesOn(t *testing.T) {
	d, in := exhibit(t)
	in.gate = make(chan struct{}, 100)
	d.fill("folder", "/photos")
	for range 12 {
		in.gate <- struct{}{}
	}
	d.found("12 files so far, 30 MB…")
	close(in.gate)
	d.found("40 files, 100 MB")
}

func TestAnotherFolderGivesUpTheSearch(t *testing.T) {
	d, in := exhibit(t)
	in.gate = make(chan struct{})
	d.fill("folder", "/slow")
	d.found("0 files so far…")
	d.fill("folder", "/fast")
	d.until("the end of the first", func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		return slices.Contains(in.ended, "/slow")
	})
	close(in.gate)
	d.found("40 files, 100 MB")
	if slices.Contains(in.ended, "/fast") {
		t.Error("both were given up")
	}
}

func TestAnySettingSearchesAnew(t *testing.T) {
	d, in := exhibit(t)
	d.fill("folder", "/photos")
	d.found("40 files, 100 MB")
	in.note(func() { in.number = 50 })
	d.fill("recursive", "true")
	d.found("50 files, 125 MB")
}

func TestASearchThatFailsSaysWhy(t *testing.T) {
	d, in := exhibit(t)
	d.fill("folder", "/locked")
	d.found("40 files, 100 MB; the folder is locked")
	if d.page.found.label.Importance != widget.DangerImportance {
		t.Error("it does not stand out")
	}
	in.note(func() { in.number = 0 })
	d.fill("folder", "/all/locked")
	d.found("The folder is locked")
	d.fill("folder", "/empty")
	d.found("No files found")
	if d.page.found.label.Importance != widget.MediumImportance {
		t.Error("an empty folder is no mistake")
	}
}

func TestAPanicInASearchIsAnError(t *testing.T) {
	if err := caught(func() error { panic("no folder") }); err == nil || !strings.Contains(err.Error(), "no folder") {
		t.Errorf("caught %v", err)
	}
	broken := errors.New("broken")
	if err := caught(func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("caught %v", err)
	}
}

func TestAScenarioWithoutASearchHasNoCount(t *testing.T) {
	d := sit(t)
	if d.page.found != nil || d.page.preview != nil || d.page.presets != nil || d.page.results.thumbs != nil {
		t.Error("something is offered that the scenario cannot do")
	}
	d.fill("folder", "/parcels")
	if d.pulse.beating {
		t.Error("a change costs something")
	}
	if d.page.panes.Items[1] != d.page.timing.tab {
		t.Error("there is a third pane")
	}
}

func TestSeveralFoldersAreOneField(t *testing.T) {
	d, in := exhibit(t)
	d.page.drop([]string{"/a", "/b"})
	d.want("folder", d.field("folder"), "/a;/b")
	d.fill("to", "/c")
	d.page.start()
	d.finish()
	d.want("recent", d.memory.Recent("album")[0], "/a;/b")
	d.found("40 files, 100 MB")
	if !slices.Contains(in.searched, "/a;/b") {
		t.Errorf("searched %q", in.searched)
	}
	d.fill("folder", "")
	d.page.openRecent(d.memory.Recent("album")[0])
	d.want("folder", d.field("folder"), "/a;/b")

	dir := t.TempDir()
	d.fill("folder", dir+";/b")
	d.asked.path = filepath.Join(dir, "one")
	d.page.openFolder()
	d.want("browsed from", d.asked.from, dir)
	d.want("folder", d.field("folder"), d.asked.path)
}

func TestPeekLeavesTheFormAlone(t *testing.T) {
	d, _ := exhibit(t)
	d.page.drop([]string{"/dropped"})
	d.page.form.cfg.(*album).only = []string{"IMG_0001.jpg"}
	d.fill("quality", "many")
	cfg, err := d.page.form.peek()
	if got := cfg.(*album); err == nil || got.Quality != 85 || len(got.only) != 1 {
		t.Errorf("%v, %+v", err, got)
	}
	d.want("quality", d.field("quality"), "many")
	d.fill("folder", "/other")
	cfg, _ = d.page.form.peek()
	if got := cfg.(*album); len(got.only) != 0 || got.Folder[0] != "/other" {
		t.Errorf("with another folder: %+v", got)
	}
	if len(d.page.form.cfg.(*album).only) != 1 {
		t.Error("the form has forgotten what was dropped")
	}
}
