package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"manyhands/core"
	"manyhands/core/addresses"
	"manyhands/core/web"
)

const (
	mostPicks   = 200
	mostPath    = 1000 // bytes
	mostExample = 100
	deepest     = 10 // levels that picks go down
)

// Picks sends the first request and lists the paths in its answer that Extract
// may be made of.
func (c *Config) Picks(ctx context.Context, setting string) ([]core.Pick, error) {
	if setting != "extract" {
		return nil, nil
	}
	a, err := c.first(ctx)
	if err != nil {
		return nil, err
	}
	if !json.Valid(a.body) {
		return nil, errors.New("the answer to the first address is not JSON, so nothing can be picked from it")
	}
	return picks(a.body), nil
}

// first sends the first request that can be sent, and reads the answer.
func (c *Config) first(ctx context.Context) (*answer, error) {
	settings := c.clone()
	settings.Save, settings.Cache, settings.Extract = "", "", nil
	settings.only = nil
	if err := settings.Check(); err != nil {
		return nil, err
	}
	p, err := newPlan(settings)
	if err != nil {
		return nil, err
	}
	r := &run{began: time.Now()}
	defer r.close() //nolint:errcheck // no folder is open
	w, err := r.open(settings, p)
	if err != nil {
		return nil, err
	}
	var it *item
	if err := p.items(ctx, func(next *item) bool { it = next; return next.wrong != nil }); err != nil {
		return nil, err
	}
	switch {
	case it == nil:
		return nil, errNoAddress
	case it.wrong != nil:
		return nil, fmt.Errorf("no address can be asked: %w", it.wrong)
	}
	return w.once(ctx, it)
}

// once sends a request that is no part of a run.
func (w *worker) once(ctx context.Context, it *item) (*answer, error) {
	req, err := w.form.request(ctx, it)
	if err != nil {
		return nil, web.Explain(err)
	}
	var trace web.Trace
	a, err := w.send(req, &trace)
	if err == nil {
		err = statusError(a.Response)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", it.name, web.Explain(err))
	}
	return a, nil
}

// picks lists the paths in a valid JSON text, with examples.
func picks(body []byte) []core.Pick {
	l := &lister{}
	l.list("", gjson.ParseBytes(body), 0)
	return l.found
}

type lister struct{ found []core.Pick }

func (l *lister) full() bool { return len(l.found) >= mostPicks }

// add leaves out paths that the setting would not read as they are: of keys
// that begin or end with a space, or hold a line break.
func (l *lister) add(path, example string) {
	if l.full() || parsePath(path).path != path || path == "" || len(path) > mostPath || strings.ContainsAny(path, "\r\n") {
		return
	}
	value := path
	if slices.Contains(keysTaken, path) {
		value = "my_" + path + "=" + path
	}
	l.found = append(l.found, core.Pick{Value: value, Example: addresses.Brief(example, mostExample)})
}

// list goes down into objects, and into the first element of arrays.
func (l *lister) list(path string, v gjson.Result, level int) {
	switch {
	case l.full():
	case v.IsObject() && level < deepest:
		v.ForEach(func(key, value gjson.Result) bool {
			if key.Str != "" {
				l.list(join(path, gjson.Escape(key.Str)), value, level+1)
			}
			return !l.full()
		})
	case v.IsArray() && level < deepest:
		l.array(path, v, level)
	default:
		l.add(path, v.String())
	}
}

// array lists the number of elements, the first one, and what all have.
func (l *lister) array(path string, v gjson.Result, level int) {
	l.add(join(path, "#"), v.Get("#").String())
	first := v.Get("0")
	if !first.Exists() {
		return
	}
	l.list(join(path, "0"), first, level+1)
	if !first.IsObject() {
		return
	}
	first.ForEach(func(key, _ gjson.Result) bool {
		if each := "#." + gjson.Escape(key.Str); key.Str != "" {
			l.add(join(path, each), v.Get(each).Raw)
		}
		return !l.full()
	})
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
