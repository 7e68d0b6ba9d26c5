package gui

import (
	"strings"

	"manyhands/core/catalog"
)

// use takes over other settings of the same scenario.
func (f *form) use(cfg catalog.Config) error {
	fields, err := catalog.Fields(cfg)
	if err != nil {
		return err
	}
	f.cfg, f.fields = cfg, fields
	f.show()
	f.given = f.placeText()
	return nil
}

// forget takes fresh settings if a person has typed another place than the
// one that was given: what came with that, such as a choice of its files, does
// not go with the new one.
func (f *form) forget() error {
	if f.given == "" || f.given == f.placeText() {
		return nil
	}
	f.given = ""
	cfg := f.page.scenario.New()
	fields, err := catalog.Fields(cfg)
	if err == nil {
		f.cfg, f.fields = cfg, fields
	}
	return err
}

// peek returns settings like the inputs, which stay as they are. The error is
// the first mistake; what was mistaken has the value it had before.
func (f *form) peek() (catalog.Config, error) {
	cfg := f.page.scenario.New()
	if f.given == "" || f.given == f.placeText() {
		cfg = catalog.Copy(f.cfg)
	}
	fields, mistake := catalog.Fields(cfg)
	for i, field := range fields {
		if err := field.Set(f.inputs[i].get()); err != nil && mistake == nil {
			mistake = err
		}
	}
	return cfg, mistake
}

// read takes the inputs over into the settings and returns a copy of them to
// run with. A mistake comes with the place of its input, -1 if that is not
// known.
func (f *form) read() (cfg catalog.Config, place int, err error) {
	if err := f.forget(); err != nil {
		return nil, -1, err
	}
	if place, err := f.take(); err != nil {
		return nil, place, err
	}
	if err := f.cfg.Check(); err != nil {
		return nil, f.blamed(err), err
	}
	return catalog.Copy(f.cfg), -1, nil
}

// texts are what the inputs hold, by setting.
func (f *form) texts() map[string]string {
	texts := map[string]string{}
	for i, field := range f.fields {
		texts[field.Name] = f.inputs[i].get()
	}
	return texts
}

// take takes the inputs over into the settings, and returns the first mistake
// with its place. What is mistaken keeps the value it had.
func (f *form) take() (place int, mistake error) {
	for i, field := range f.fields {
		if err := field.Set(f.inputs[i].get()); err != nil && mistake == nil {
			place, mistake = i, err
		}
	}
	return place, mistake
}

// blamed finds the field that a mistake's first words name.
func (f *form) blamed(err error) int {
	text := strings.ToLower(err.Error())
	best := -1
	for i, field := range f.fields {
		for _, name := range []string{field.Label, field.Name, "--" + field.Name} {
			if strings.HasPrefix(text, strings.ToLower(name)) && (best < 0 || len(field.Name) > len(f.fields[best].Name)) {
				best = i
			}
		}
	}
	return best
}
