package gui

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"manyhands/core"
)

// files is a desk where a run over pictures that are files has ended. The
// second failed; the result of the third is not there any more.
func files(t *testing.T) (d *desk, opened *[]string, folder, to string) {
	t.Helper()
	d, in := exhibit(t)
	in.number = 3
	folder, to = t.TempDir(), t.TempDir()
	for _, path := range []string{
		filepath.Join(folder, "IMG_0001.jpg"), filepath.Join(folder, "IMG_0002.jpg"), filepath.Join(folder, "IMG_0003.jpg"),
		filepath.Join(to, "IMG_0001.jpg"),
	} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened = &[]string{}
	d.visit = func(u *url.URL) error {
		*opened = append(*opened, filepath.FromSlash(u.Path))
		return nil
	}
	d.fill("folder", folder)
	d.fill("to", to)
	d.fill("fail", "2")
	d.page.start()
	d.finish()
	d.page.results.table.sortBy(0)
	return d, opened, folder, to
}

func TestADoubleClickOpensTheResultOrElseTheSource(t *testing.T) {
	d, opened, folder, to := files(t)
	for line, want := range []string{
		filepath.Join(to, "IMG_0001.jpg"), filepath.Join(folder, "IMG_0002.jpg"), filepath.Join(folder, "IMG_0003.jpg"),
	} {
		*opened = nil
		d.thumb(line).DoubleTapped(nil)
		d.until("opened", func() bool { return len(*opened) > 0 })
		d.want("opened", (*opened)[0], want)
	}
}

func TestTheKeyboardOpensTheChosenRow(t *testing.T) {
	d, opened, _, to := files(t)
	for name, open := range map[string]func(){
		"Return":   func() { d.page.results.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) },
		"the menu": func() { d.choose("Open chosen file") },
	} {
		*opened = nil
		d.page.results.table.press(0)
		open()
		d.until(name, func() bool { return len(*opened) == 1 })
		d.want(name, (*opened)[0], filepath.Join(to, "IMG_0001.jpg"))
	}
}

func TestAnItemThatIsAFileOpensWithoutAFiler(t *testing.T) {
	d := ran(t)
	path := filepath.Join(t.TempDir(), "item-001")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	opened := ""
	d.visit = func(u *url.URL) error { opened = filepath.FromSlash(u.Path); return nil }
	d.page.openItem(core.Row{Item: path})
	d.until("opened", func() bool { return opened == path })
	d.page.ran.(*fake).To = filepath.Dir(path)
	opened = ""
	d.page.openItem(core.Row{Item: "item-001"})
	d.until("opened", func() bool { return opened == path })
}

func TestRelativePathsOfAFilerAreMadeWhole(t *testing.T) {
	paths := filesOf(&album{Folder: []string{"photos"}, To: "small"}, "small", core.Row{Item: "a.jpg", Out: photo{Saved: "b.jpg"}})
	if !filepath.IsAbs(paths[0]) || filepath.Base(paths[0]) != "b.jpg" || !filepath.IsAbs(paths[1]) || filepath.Base(paths[1]) != "a.jpg" {
		t.Errorf("it tries %q", paths)
	}
}
