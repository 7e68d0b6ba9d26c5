package gui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// named waits until the form says that its settings have this name.
func (d *desk) named(name string) {
	d.Helper()
	d.until("the preset "+name, func() bool { return d.page.presets.choose.Selected == name })
}

func (d *desk) said(text string) {
	d.Helper()
	d.until(text, func() bool { return strings.HasPrefix(d.page.bar.say.Text, text) })
}

// name types a name into the question on the screen.
func (d *desk) name(text string) {
	d.Helper()
	for _, o := range test.LaidOutObjects(d.Canvas().Overlays().Top()) {
		if entry, ok := o.(*widget.Entry); ok {
			entry.SetText(text)
			return
		}
	}
	d.Fatal("nothing asks for a name")
}

// keeps is a desk where the settings were saved as the preset Small.
func keeps(t *testing.T) *desk {
	t.Helper()
	d, _ := exhibit(t)
	d.fill("size", "320")
	d.fill("keep-dates", "true")
	d.choose("Save as preset…")
	d.name("Small")
	d.press("Save")
	d.named("Small")
	return d
}

func TestThePresetStandsBeforeTheShortFields(t *testing.T) {
	d, _ := exhibit(t)
	objects := d.page.form.object.Objects
	at := slices.Index(objects, d.page.presets.object)
	if at < 2 || objects[at-2] != d.input("to").object || objects[at+2] != d.input("size").object {
		t.Errorf("it stands at %d", at)
	}
	if got := d.page.presets.choose.Options; !slices.Equal(got, []string{"Web", "Archive"}) {
		t.Errorf("there are %q", got)
	}
}

func TestAPresetChangesTheSettingsAndNoPlaces(t *testing.T) {
	d, _ := exhibit(t)
	d.fill("folder", "/photos")
	d.fill("to", "/small")
	d.fill("workers", "7")
	d.fill("watermark", "me")
	d.fill("quality", "many") // is no number
	d.page.presets.choose.SetSelected("Web")
	for name, want := range map[string]string{
		"size": "1600", "quality": "80", "watermark": "", "folder": "/photos", "to": "/small", "workers": "7",
	} {
		d.want(name, d.field(name), want)
	}
	d.want("said", d.page.bar.say.Text, "For web pages.")
}

func TestAChangedSettingMakesThePresetCustom(t *testing.T) {
	d, _ := exhibit(t)
	d.page.presets.choose.SetSelected("Web")
	d.fill("folder", "/photos")
	d.fill("workers", "3")
	d.found("40 files, 100 MB")
	d.named("Web")
	d.fill("quality", "81")
	d.named("")
	d.want("shown instead", d.page.presets.choose.PlaceHolder, "Custom")
	d.fill("quality", "80")
	d.named("Web")
	d.fill("quality", "x")
	d.named("")
	d.want("typed", d.field("quality"), "x")
}

func TestOwnPresetsAreSavedAndFoundAgain(t *testing.T) {
	d := keeps(t)
	d.want("said", d.page.bar.say.Text, "Saved as preset Small")
	if got := d.page.presets.choose.Options; !slices.Equal(got, []string{"Web", "Archive", "Small"}) {
		t.Errorf("there are %q", got)
	}
	kept, err := d.ownPresets.Find(d.page.scenario, "small")
	if err != nil || kept.Settings["size"] != "320" || kept.Settings["keep-dates"] != "true" {
		t.Errorf("%v, %v", err, kept)
	}

	again, _ := exhibit(t)
	again.ownPresets = d.ownPresets
	again.recall()
	again.until("the list", func() bool { return len(again.page.presets.list) == 3 })
	again.want("size", again.field("size"), "1600")
	again.page.presets.choose.SetSelected("Small")
	again.want("size", again.field("size"), "320")
}

func TestOfTwoEqualPresetsTheChosenOneStays(t *testing.T) {
	d := keeps(t)
	d.choose("Save as preset…")
	d.name("Tiny")
	d.press("Save")
	d.named("Tiny")
	d.page.presets.choose.SetSelected("Small")
	d.page.reconsider()
	d.named("Small")
}

func TestANameIsAskedForWithTheKeyboard(t *testing.T) {
	d := keeps(t)
	d.choose("Save as preset…")
	entry, ok := d.Canvas().Focused().(*widget.Entry)
	if !ok {
		t.Fatalf("the keyboard is in %T", d.Canvas().Focused())
	}
	d.want("offered", entry.Text, "Small")
	d.want("hint", d.page.presets.replaces(" sMALL "), "Your preset of this name is replaced.")
	d.want("hint", d.page.presets.replaces("Large"), "")
	entry.SetText("Large")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.named("Large")
	if len(d.answers()) != 0 {
		t.Error("the question stays")
	}
}

func TestABadNameIsSaid(t *testing.T) {
	d, _ := exhibit(t)
	d.choose("Save as preset…")
	d.press("Save")
	d.said("The preset has no name")
	d.choose("Save as preset…")
	d.name("web")
	d.press("Save")
	d.said("Web comes with the program")
	d.fill("quality", "x")
	d.choose("Save as preset…")
	d.name("Wrong")
	d.press("Save")
	d.said("Quality: ")
	if len(d.page.presets.list) != 2 {
		t.Error("something was kept")
	}
}

func TestAPresetGoesOutAndComesIn(t *testing.T) {
	d := keeps(t)
	file := filepath.Join(t.TempDir(), "given.json")
	d.asked.path = file
	d.choose("Export preset…")
	d.said("Saved as " + file)
	d.want("name offered", d.asked.from, "Small.json")

	other, _ := exhibit(t)
	other.asked.path = file
	other.choose("Import preset…")
	other.named("Small")
	other.want("size", other.field("size"), "320")
	other.want("said", other.page.bar.say.Text, "Imported given.json as preset Small")
	if _, err := os.Stat(filepath.Join(string(other.ownPresets), "album", "Small.json")); err != nil {
		t.Error(err)
	}
}

func TestCustomSettingsAreExportedUnderTheFilesName(t *testing.T) {
	d, _ := exhibit(t)
	d.fill("size", "77")
	d.asked.path = filepath.Join(t.TempDir(), "mine.json")
	d.choose("Export preset…")
	d.said("Saved as ")
	d.want("name offered", d.asked.from, "album.json")
	read, err := catalog.ReadPreset(d.page.scenario, d.asked.path)
	if err != nil || read.Name != "mine" || read.Settings["size"] != "77" {
		t.Errorf("%v, %+v", err, read)
	}
}

func TestAFileThatIsNoPresetIsSaid(t *testing.T) {
	d, _ := exhibit(t)
	d.asked.path = filepath.Join(t.TempDir(), "none.json")
	d.choose("Import preset…")
	d.said("Read the preset: ")
	if err := os.WriteFile(d.asked.path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d.asked.path = filepath.Join(d.asked.path, "below a file.json")
	d.choose("Export preset…")
	d.said("Not saved: ")
}

func TestABrokenPresetInTheFolderIsSaid(t *testing.T) {
	d, _ := exhibit(t)
	broken := filepath.Join(string(d.ownPresets), "album", "broken.json")
	if err := os.MkdirAll(filepath.Dir(broken), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.recall()
	d.said(broken + " is no preset")
	if len(d.page.presets.choose.Options) != 2 {
		t.Error("the good ones are gone")
	}
}

func TestOnlyOnesOwnPresetsAreDeleted(t *testing.T) {
	d := keeps(t)
	d.choose("Delete preset…")
	d.press("Keep")
	if len(d.page.presets.list) != 3 {
		t.Fatal("it was deleted without a yes")
	}
	d.choose("Delete preset…")
	d.press("Delete")
	d.until("two", func() bool { return len(d.page.presets.list) == 2 })
	d.want("said", d.page.bar.say.Text, "Deleted preset Small")
	d.named("")
	d.want("size", d.field("size"), "320")
	d.page.presets.choose.SetSelected("Web")
	d.choose("Delete preset…")
	if len(d.answers()) != 0 {
		t.Error("a preset of the program can be deleted")
	}
}

func TestADeletionThatFailsSaysWhy(t *testing.T) {
	d := keeps(t)
	own, _ := d.page.presets.own()
	if err := os.Remove(own.File); err != nil {
		t.Fatal(err)
	}
	d.choose("Delete preset…")
	d.press("Delete")
	d.said("Not deleted: ")
}

func TestPresetsAreChosenByKeyboard(t *testing.T) {
	d, _ := exhibit(t)
	d.choose("Choose preset")
	d.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	d.named("Web")
	d.want("quality", d.field("quality"), "80")
}

func TestTheButtonOffersWhatTheMenuDoes(t *testing.T) {
	d := keeps(t)
	test.Tap(d.page.presets.more)
	if d.Canvas().Overlays().Top() == nil {
		t.Error("it offers nothing")
	}
}

func TestAScenarioWithoutPresetsGreysThemOut(t *testing.T) {
	d := sit(t)
	for _, a := range d.actions {
		if strings.Contains(a.item.Label, "reset") && !a.item.Disabled {
			t.Errorf("%s can be chosen", a.item.Label)
		}
	}
}
