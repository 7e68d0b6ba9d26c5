package gui

import (
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"manyhands/core/catalog"
)

// offer lists what can be done with presets.
func (s *presets) offer() {
	items := []*fyne.MenuItem{
		fyne.NewMenuItem("Save as preset…", s.askName),
		fyne.NewMenuItem("Import preset…", s.importFile),
		fyne.NewMenuItem("Export preset…", s.exportFile),
		fyne.NewMenuItem("Delete preset…", s.askDelete),
	}
	_, own := s.own()
	items[3].Disabled = !own
	popUpUnder(s.more, fyne.NewMenu("", items...))
}

// askName asks for the name under which to keep the settings.
func (s *presets) askName() {
	own, _ := s.own()
	hint := &widget.Label{Importance: widget.LowImportance}
	name := &widget.Entry{PlaceHolder: "Name", OnChanged: func(text string) { hint.SetText(s.replaces(text)) }}
	save := &answer{text: "Save", importance: widget.HighImportance, do: func() { s.save(name.Text) }}
	s.page.ask("Save the settings as a preset", container.NewVBox(container.New(widthLayout{320}, name), hint), nil,
		save, &answer{text: "Cancel"})
	name.OnSubmitted = func(string) { save.OnTapped() }
	name.SetText(own.Name)
	s.page.Canvas().Focus(name)
}

// replaces says what a new preset of this name would replace.
func (s *presets) replaces(name string) string {
	is := func(one preset) bool { return strings.EqualFold(one.Name, strings.TrimSpace(name)) && one.File != "" }
	if slices.ContainsFunc(s.list, is) {
		return "Your preset of this name is replaced."
	}
	return ""
}

// settings is the form as a preset. If something is wrong it says so.
func (s *presets) settings(name string) (catalog.Preset, bool) {
	cfg, err := s.page.form.peek()
	made := catalog.Preset{}
	if err == nil {
		made, err = catalog.PresetOf(name, cfg)
	}
	if err != nil {
		s.page.bar.complain(sentence(err))
	}
	return made, err == nil
}

func (s *presets) save(name string) {
	if made, ok := s.settings(strings.TrimSpace(name)); ok {
		s.keep(made, "Saved as preset ", s.showName)
	}
}

// keep puts a preset among the person's own, says so, and then hands on its
// name.
func (s *presets) keep(made catalog.Preset, said string, then func(name string)) {
	p, folder := s.page, s.page.ownPresets
	p.pulse.Go(func() func() {
		kept, err := folder.Save(p.scenario, made)
		return func() {
			if err != nil {
				p.bar.complain(sentence(err))
				return
			}
			s.load(func() { then(kept.Name) })
			p.bar.tell(said + kept.Name)
		}
	})
}

// exportFile asks for a file and writes the settings into it.
func (s *presets) exportFile() {
	p := s.page
	made, ok := s.settings(s.choose.Selected)
	if !ok {
		return
	}
	offered := made.Name
	if offered == "" {
		offered = p.scenario.Name
	}
	p.pick.save("Export preset", offered+".json", func(path string) {
		p.pulse.Go(func() func() {
			err := made.Write(p.scenario, path)
			return func() { p.saved(path, err) }
		})
	})
}

// importFile asks for a preset's file, keeps a copy among the person's own and
// applies it.
func (s *presets) importFile() {
	p := s.page
	p.pick.file("Import preset", "", func(path string) {
		p.pulse.Go(func() func() {
			read, err := catalog.ReadPreset(p.scenario, path)
			return func() {
				if err != nil {
					p.bar.complain(sentence(err))
					return
				}
				s.keep(read, "Imported "+filepath.Base(path)+" as preset ", s.apply)
			}
		})
	})
}

func (s *presets) askDelete() {
	if own, ok := s.own(); ok {
		text := &widget.Label{Text: "The preset " + own.Name + " is deleted. The settings in the form stay."}
		s.page.ask("Delete the preset?", text, nil,
			&answer{text: "Keep"},
			&answer{text: "Delete", importance: widget.DangerImportance, do: func() { s.remove(own) }})
	}
}

func (s *presets) remove(own catalog.Preset) {
	p, folder := s.page, s.page.ownPresets
	p.pulse.Go(func() func() {
		err := folder.Remove(own)
		return func() {
			if err != nil {
				p.bar.complain("Not deleted: " + err.Error())
				return
			}
			s.load(nil)
			p.bar.tell("Deleted preset " + own.Name)
		}
	})
}
