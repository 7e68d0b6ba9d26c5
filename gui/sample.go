package gui

import (
	"path/filepath"

	"github.com/adrg/xdg"

	"manyhands/core/catalog"
)

// useSample makes the scenario's sample data in the user's cache folder, and
// fills in the form so that Start works on it.
func (p *page) useSample() {
	if !p.idle() || p.scenario.Sample == nil {
		return
	}
	w := p.begin("Making sample data…")
	p.pulse.Go(func() func() {
		cfg, err := p.scenario.Sample(w.ctx, filepath.Join(xdg.CacheHome, "manyhands", "sample", p.scenario.Name))
		return func() { p.sampled(cfg, err) }
	})
}

func (p *page) sampled(cfg catalog.Config, err error) {
	cancelled := p.end()
	p.bar.status.SetText("Ready")
	if err == nil && !cancelled {
		err = p.form.use(cfg)
	}
	switch {
	case cancelled:
		p.bar.tell("No sample data was made.")
	case err != nil:
		p.bar.complain("No sample data: " + err.Error())
	default:
		p.chosePlace()
		p.bar.tell("The sample data is ready: press Start.")
	}
}
