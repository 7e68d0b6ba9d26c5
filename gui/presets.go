package gui

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// presets is the form's choice among settings that have a name: those that
// come with the program, then a person's own.
type presets struct {
	page   *page
	list   []preset
	choose *widget.Select
	more   *widget.Button
	object fyne.CanvasObject
}

// preset is a catalog.Preset with the texts that it gives all the fields it
// may change.
type preset struct {
	catalog.Preset
	texts map[string]string
}

// newPresets returns nil if the scenario has none.
func newPresets(p *page) *presets {
	if len(p.scenario.Presets) == 0 {
		return nil
	}
	s := &presets{page: p}
	s.choose = &widget.Select{PlaceHolder: "Custom", OnChanged: s.chosen}
	s.more = &widget.Button{Icon: theme.MoreHorizontalIcon(), Importance: widget.LowImportance, OnTapped: s.offer}
	s.object = container.NewBorder(nil, nil, nil, s.more, s.choose)
	s.take(effects(p.scenario, p.scenario.Presets))
	return s
}

// effects finds out what presets do.
func effects(s catalog.Scenario, list []catalog.Preset) []preset {
	var made []preset
	for _, one := range list {
		cfg := s.New()
		if err := one.Apply(cfg); err != nil {
			continue // the folder's list has told
		}
		if all, err := catalog.PresetOf(one.Name, cfg); err == nil {
			made = append(made, preset{one, all.Settings})
		}
	}
	return made
}

func (s *presets) take(list []preset) {
	s.list = list
	names := make([]string, len(list))
	for i, one := range list {
		names[i] = one.Name
	}
	s.choose.SetOptions(names)
}

// load reads the person's own presets. Then, if not nil, is done with them.
func (s *presets) load(then func()) {
	p, folder := s.page, s.page.ownPresets
	p.pulse.Go(func() func() {
		all, err := folder.List(p.scenario)
		list := effects(p.scenario, all)
		return func() {
			s.take(list)
			if err != nil {
				p.bar.complain(sentence(err))
			}
			if then != nil {
				then()
			}
			p.changes.Ask()
		}
	})
}

// chosen applies the preset that was chosen, and says what it is for.
func (s *presets) chosen(name string) {
	s.apply(name)
	if at := s.choose.SelectedIndex(); at >= 0 {
		s.page.bar.tell(s.list[at].About)
	}
}

// apply puts a preset's settings into the form.
func (s *presets) apply(name string) {
	at := slices.IndexFunc(s.list, func(one preset) bool { return one.Name == name })
	if at < 0 {
		return
	}
	f := s.page.form
	_, _ = f.take()             // keep what was typed, whatever is wrong with it
	_ = s.list[at].Apply(f.cfg) // it could be applied when the list was made
	f.show()
	s.showName(name)
}

// showName shows a name without applying it; none as Custom.
func (s *presets) showName(name string) {
	if name != s.choose.Selected {
		s.choose.Selected = name
		s.choose.Refresh()
	}
	s.page.Window.settle()
}

// compare shows the preset whose settings the form has. If several have, the
// one that was chosen stays.
func (s *presets) compare(cfg catalog.Config, mistake error) {
	now, err := catalog.PresetOf("", cfg)
	var same []string
	for _, one := range s.list {
		if mistake == nil && err == nil && maps.Equal(one.texts, now.Settings) {
			same = append(same, one.Name)
		}
	}
	name := s.choose.Selected
	switch {
	case len(same) == 0:
		name = ""
	case !slices.Contains(same, name):
		name = same[0]
	}
	if name != s.choose.Selected {
		s.showName(name)
	}
}

// own is the chosen preset, if it is one of the person's own.
func (s *presets) own() (catalog.Preset, bool) {
	for _, one := range s.list {
		if one.Name == s.choose.Selected && one.File != "" {
			return one.Preset, true
		}
	}
	return catalog.Preset{}, false
}

func (s *presets) focus() { s.page.Canvas().Focus(s.choose) }
