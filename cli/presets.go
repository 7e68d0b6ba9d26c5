package cli

import (
	"fmt"
	"path/filepath"

	"github.com/alecthomas/kong"

	"manyhands/core/catalog"
)

// presets is the command that lists them.
type presets struct{}

func (p Program) presets() int {
	for _, s := range p.Scenarios {
		list, err := catalog.OwnPresets().List(s)
		for _, preset := range list {
			fmt.Fprintf(p.Out, "%-10s %-28s %s\n", s.Name, preset.Name, aboutOf(preset))
		}
		if err != nil {
			return p.fail(someFailed, err)
		}
	}
	return allWell
}

func aboutOf(preset catalog.Preset) string {
	if preset.About == "" {
		return preset.File
	}
	return preset.About
}

// savePreset keeps settings under a name, or in a file for others.
func (p Program) savePreset(s catalog.Scenario, cfg catalog.Config, name string) int {
	if err := cfg.Check(); err != nil {
		return p.fail(wrongUsage, err)
	}
	preset, err := catalog.PresetOf(name, cfg)
	if err != nil {
		return p.fail(couldNotRun, err)
	}
	if filepath.Ext(name) == ".json" {
		preset.Name = fileStem(name)
		preset.File = name
		err = preset.Write(s, name)
	} else {
		preset, err = catalog.OwnPresets().Save(s, preset)
	}
	if err != nil {
		return p.fail(couldNotRun, err)
	}
	fmt.Fprintln(p.Out, preset.File)
	return allWell
}

func fileStem(path string) string {
	base := filepath.Base(path)
	return base[:len(base)-len(filepath.Ext(base))]
}

// fromPreset gives the flags that are not on the command line the values of
// the preset that is.
type fromPreset struct {
	scenarios []catalog.Scenario
	found     *catalog.Preset
	err       error // why there is none
}

// Validate is for kong.
func (r *fromPreset) Validate(*kong.Application) error { return nil }

// Resolve is asked for every flag that the command line does not have.
func (r *fromPreset) Resolve(at *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	name := asked(at)
	if name == "" || at.Selected() == nil {
		return nil, nil
	}
	if r.found == nil {
		r.find(at.Selected().Name, name)
	}
	if value, ok := r.found.Settings[flag.Name]; ok {
		return value, nil
	}
	return nil, nil
}

func (r *fromPreset) find(scenario, name string) {
	r.found = &catalog.Preset{}
	for _, s := range r.scenarios {
		if s.Name == scenario {
			*r.found, r.err = catalog.OwnPresets().Find(s, name)
		}
	}
}

// asked is the preset named on the command line.
func asked(at *kong.Context) string {
	for _, p := range at.Path {
		if p.Flag != nil && p.Flag.Name == "preset" {
			name, _ := at.FlagValue(p.Flag).(string)
			return name
		}
	}
	return ""
}
