package gui

import (
	"strings"

	"manyhands/core"
	"manyhands/core/catalog"
)

// canReaddress tells whether the chosen row failed, and may be tried with
// another address.
func (p *page) canReaddress() bool {
	_, can := p.ran.(catalog.Readdresser)
	return can && p.idle() && p.hasChosen() && p.results.chosen.Status == core.Failed
}

// askNewAddress asks for another address of the chosen row, and tries just
// that one.
func (p *page) askNewAddress() {
	if !p.canReaddress() {
		return
	}
	item, cfg, now := p.results.chosen.Item, catalog.Copy(p.ran), ""
	entry := &lineEntry{}
	entry.ExtendBaseWidget(entry)
	entry.SetText(item)
	accept := p.queue.ask("Change the address and try again", "Try again", ofEntry(&entry.Entry, entry), func(text string) (_ string, err error) {
		now, err = cfg.(catalog.Readdresser).Readdress(item, strings.TrimSpace(text))
		if err == nil {
			p.pulse.Post(func() { p.tryInstead(cfg, item, now) })
		}
		return "", err
	})
	entry.escape, entry.OnSubmitted = accept.escape, func(string) { accept.OnTapped() }
}

// tryInstead runs one failed item with settings that have another address for
// it, which the form gets, too.
func (p *page) tryInstead(cfg catalog.Config, item, now string) {
	if !p.idle() {
		return
	}
	if place := p.form.find(catalog.Lines); place >= 0 {
		if fields, err := catalog.Fields(cfg); err == nil {
			p.form.inputs[place].set(fields[place].Text())
		}
	}
	if _, err := p.form.take(); err == nil {
		p.memory.Keep(p.scenario.Name, p.form.fields)
	}
	p.ran = catalog.Copy(cfg)
	p.results.rows.RedoAs(item, now)
	if r, ok := cfg.(catalog.Retrier); ok {
		r.Only([]string{now})
	}
	p.launch(cfg)
}
