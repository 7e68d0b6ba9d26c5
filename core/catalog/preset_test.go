package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"manyhands/core/catalog"
)

var shouting = catalog.Scenario{
	Name: "words",
	New:  func() catalog.Config { return newWords() },
	Presets: []catalog.Preset{
		{Name: "Usual", Settings: map[string]string{}},
		{Name: "Screaming", Settings: map[string]string{"tone": "louder", "times": "9"}},
	},
}

func names(t *testing.T, folder catalog.PresetFolder) string {
	t.Helper()
	list, err := folder.List(shouting)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	return strings.Join(names, ",")
}

func TestPresetChangesAllButPlacesAndWorkers(t *testing.T) {
	c := newWords()
	c.To, c.Workers, c.Times, c.Politel = "/here", 3, 7, true
	if err := shouting.Presets[1].Apply(c); err != nil {
		t.Fatal(err)
	}
	if c.To != "/here" || c.Workers != 3 || c.Times != 9 || c.Tone != "louder" || c.Politel {
		t.Errorf("%+v", c)
	}
	if err := shouting.Presets[0].Apply(c); err != nil || c.Times != 2 || c.Tone != "loud" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestOwnPresetsAreKeptFoundAndRemoved(t *testing.T) {
	folder := catalog.PresetFolder(t.TempDir())
	c := newWords()
	c.To, c.Times = "/here", 5
	preset, err := catalog.PresetOf(" Five: times ", c)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := folder.Save(shouting, preset)
	if err != nil || saved.Name != "Five: times" {
		t.Fatalf("%+v, %v", saved, err)
	}
	if got := names(t, folder); got != "Usual,Screaming,Five: times" {
		t.Error(got)
	}
	found, err := folder.Find(shouting, "FIVE: TIMES")
	if err != nil || found.Settings["times"] != "5" || found.Settings["to"] != "" || found.Settings["workers"] != "" {
		t.Errorf("%+v, %v", found, err)
	}
	export := filepath.Join(t.TempDir(), "mine.json")
	if err := found.Write(shouting, export); err != nil {
		t.Fatal(err)
	}
	if again, err := folder.Find(shouting, export); err != nil || again.Name != "Five: times" || again.File != export {
		t.Errorf("%+v, %v", again, err)
	}
	if err := folder.Remove(found); err != nil || names(t, folder) != "Usual,Screaming" {
		t.Errorf("%s, %v", names(t, folder), err)
	}
}

func TestPresetsThatCannotBe(t *testing.T) {
	folder := catalog.PresetFolder(t.TempDir())
	for name, want := range map[string]string{"usual": "comes with the program", "  ": "has no name"} {
		if _, err := folder.Save(shouting, catalog.Preset{Name: name}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("save %q: %v", name, err)
		}
	}
	if err := folder.Remove(shouting.Presets[0]); err == nil {
		t.Error("a preset of the program was removed")
	}
	if _, err := folder.Find(shouting, "nothing"); err == nil || !strings.Contains(err.Error(), "choose from Usual, Screaming") {
		t.Errorf("find: %v", err)
	}
}

func TestFilesThatAreNoPresetsAreNamedAndHideNoOther(t *testing.T) {
	folder := catalog.PresetFolder(t.TempDir())
	if _, err := folder.Save(shouting, catalog.Preset{Name: "good", Settings: map[string]string{"times": "3"}}); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"broken.json":  `{"manyhands"`,
		"other.json":   `{"manyhands":"sentences","name":"x"}`,
		"setting.json": `{"manyhands":"words","settings":{"volume":"9"}}`,
		"place.json":   `{"manyhands":"words","settings":{"to":"/etc"}}`,
		"value.json":   `{"manyhands":"words","settings":{"tone":"silent"}}`,
		"notes.txt":    `these are none`,
	} {
		if err := os.WriteFile(filepath.Join(string(folder), "words", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := folder.List(shouting)
	if len(list) != 3 || list[2].Name != "good" {
		t.Errorf("%+v", list)
	}
	for _, want := range []string{"broken.json is no preset", "other.json is no preset for words", `"volume"`, `"to"`, "Tone"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if err != nil && strings.Contains(err.Error(), "notes.txt") {
		t.Error("a file of another kind is named")
	}
}
