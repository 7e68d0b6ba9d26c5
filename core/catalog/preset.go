package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/adrg/xdg"

	"manyhands/core/safefile"
)

// Preset is a set of settings with a name. It holds no places and no number of
// workers; a setting that it does not name has its default.
type Preset struct {
	Name     string            `json:"name"`
	About    string            `json:"about,omitempty"`
	Settings map[string]string `json:"settings"` // by the flags' names
	File     string            `json:"-"`        // "" for one that comes with the program
}

// PresetFolder keeps a person's own presets: a file each, in a folder for each
// scenario. To export one is to copy its file.
type PresetFolder string

// OwnPresets is where this person's presets are kept.
func OwnPresets() PresetFolder {
	return PresetFolder(filepath.Join(xdg.ConfigHome, "manyhands", "presets"))
}

// List is a scenario's presets: those that come with the program, then one's
// own by name. Files that are no presets are named in the error.
func (d PresetFolder) List(s Scenario) ([]Preset, error) {
	list := slices.Clone(s.Presets)
	entries, err := os.ReadDir(filepath.Join(string(d), s.Name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return list, fmt.Errorf("read the presets: %w", err)
	}
	var wrong []error
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".json" {
			continue
		}
		preset, err := ReadPreset(s, filepath.Join(string(d), s.Name, entry.Name()))
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		list = append(list, preset)
	}
	return list, errors.Join(wrong...)
}

// Find returns the preset with a name, in any case, or else that in the file
// with that path.
func (d PresetFolder) Find(s Scenario, name string) (Preset, error) {
	list, err := d.List(s)
	var names []string
	for _, preset := range slices.Backward(list) { // one's own before the program's
		if strings.EqualFold(preset.Name, name) {
			return preset, nil
		}
		names = append(names, preset.Name)
	}
	if filepath.Ext(name) == ".json" {
		return ReadPreset(s, name)
	}
	slices.Reverse(names)
	return Preset{}, errors.Join(fmt.Errorf("there is no preset %q; choose from %s, or give a preset's .json file", name, strings.Join(names, ", ")), err)
}

// Save keeps a preset under its name, in the place of one's own with that
// name, and returns it with its file.
func (d PresetFolder) Save(s Scenario, p Preset) (Preset, error) {
	p.Name = strings.TrimSpace(p.Name)
	if p.Name == "" {
		return p, errors.New("the preset has no name: give it one")
	}
	if slices.ContainsFunc(s.Presets, func(old Preset) bool { return strings.EqualFold(old.Name, p.Name) }) {
		return p, fmt.Errorf("%s comes with the program: choose another name", p.Name)
	}
	p.File = filepath.Join(string(d), s.Name, safefile.Name(p.Name+".json"))
	return p, p.Write(s, p.File)
}

// Remove forgets one of one's own presets.
func (d PresetFolder) Remove(p Preset) error {
	if p.File == "" {
		return fmt.Errorf("%s comes with the program: it stays", p.Name)
	}
	return os.Remove(p.File)
}

// presetFile is what a preset's file holds.
type presetFile struct {
	Scenario string `json:"manyhands"`
	Preset
}

// Write writes the preset into a file, whole or not at all.
func (p Preset) Write(s Scenario, file string) error {
	text, err := json.MarshalIndent(presetFile{s.Name, p}, "", "  ")
	if err != nil {
		return err
	}
	folder, err := safefile.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer folder.Close() //nolint:errcheck // Sync has told
	f, err := folder.Create(filepath.Base(file), safefile.Replace)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(append(text, '\n')); err != nil {
		return err
	}
	_, err = f.Commit(context.Background())
	return errors.Join(err, folder.Sync())
}

// ReadPreset reads a preset's file, and makes sure that its settings are some
// of the scenario's.
func ReadPreset(s Scenario, file string) (Preset, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Preset{}, fmt.Errorf("read the preset: %w", err)
	}
	var read presetFile
	if err := json.Unmarshal(text, &read); err != nil {
		return Preset{}, fmt.Errorf("%s is no preset: %w", file, err)
	}
	if read.Scenario != s.Name {
		return Preset{}, fmt.Errorf("%s is no preset for %s", file, s.Name)
	}
	if read.Name == "" {
		read.Name = strings.TrimSuffix(filepath.Base(file), ".json")
	}
	read.File = file
	if err := read.Apply(s.New()); err != nil {
		return Preset{}, fmt.Errorf("the preset %s: %w", file, err)
	}
	return read.Preset, nil
}

// Apply gives a Config the preset's settings. Its places and its number of
// workers stay.
func (p Preset) Apply(c Config) error {
	fields, err := Fields(c)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, f := range fields {
		if !f.presettable() {
			continue
		}
		known[f.Name] = true
		if value, ok := p.Settings[f.Name]; ok {
			err = errors.Join(err, f.Set(value))
		} else {
			err = errors.Join(err, f.reset())
		}
	}
	for name := range p.Settings {
		if !known[name] {
			err = errors.Join(err, fmt.Errorf("there is no setting %q", name))
		}
	}
	return err
}

// PresetOf gives the settings of c a name.
func PresetOf(name string, c Config) (Preset, error) {
	fields, err := Fields(c)
	p := Preset{Name: name, Settings: map[string]string{}}
	for _, f := range fields {
		if f.presettable() {
			p.Settings[f.Name] = f.Text()
		}
	}
	return p, err
}

// presettable: a preset is of use in other folders, and on other machines.
func (f Field) presettable() bool {
	return f.Kind != Folder && f.Kind != NewFolder && f.Kind != File && f.Name != "workers"
}
