package download

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"manyhands/core/addresses"
	"manyhands/core/download/filename"
	"manyhands/core/download/list"
	"manyhands/core/web"
)

// want is all that a run is to load, one download after the other.
type want struct {
	*Config
	only map[string]int // how many of each name are still to come; nil: all
}

func newWant(c *Config) *want {
	w := &want{Config: c}
	if c.only != nil {
		w.only = map[string]int{}
		for _, name := range c.only {
			w.only[name]++
		}
	}
	return w
}

// entries are the typed downloads, then those of the list. False means that
// yield ended it.
func (c *Config) entries(yield func(list.Entry) bool) (bool, error) {
	typed := strings.NewReader(strings.Join(c.URLs, "\n"))
	if going, err := list.Read(typed, yield); !going || err != nil || c.List == "" {
		return going, err
	}
	f, err := addresses.OpenFile(c.List)
	if err != nil {
		return false, named("List", err)
	}
	defer f.Close() //nolint:errcheck // only read
	going, err := list.Read(f, yield)
	if err != nil {
		err = named("List", fmt.Errorf("%s cannot be read further: %w", c.List, addresses.Bare(err)))
	}
	return going, err
}

// count is the number of items there will be.
func (w *want) count(ctx context.Context) (int, error) {
	if w.Config.only != nil {
		return len(w.Config.only), nil
	}
	n := 0
	_, err := w.entries(func(list.Entry) bool {
		n++
		return ctx.Err() == nil
	})
	return n, err
}

// each makes every item in order. What Only named and is not met comes last.
// False means that yield ended it.
func (w *want) each(ctx context.Context, yield func(*item) bool) (bool, error) {
	left := maps.Clone(w.only)
	going, err := w.entries(func(e list.Entry) bool {
		it := newItem(e)
		it.wanted = left == nil || left[it.shown] > 0
		if left != nil && it.wanted {
			if left[it.shown]--; left[it.shown] == 0 {
				delete(left, it.shown)
			}
		}
		return ctx.Err() == nil && yield(it)
	})
	if !going || err != nil {
		return going, err
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		for range left[name] {
			if !yield(&item{shown: name, wanted: true, wrong: "is not among the addresses any more"}) {
				return false, nil
			}
		}
	}
	return true, nil
}

// newItem reads an entry. Passwords are not shown.
func newItem(e list.Entry) *item {
	it := &item{address: e.Address, shown: e.Address, name: e.Name, sum: e.Sum, line: e.Line, wrong: e.Wrong, from: e.Address}
	u, err := web.Address(e.Address)
	switch {
	case err == nil:
		it.host = web.Host(u)
		it.likely = filename.Of(e.Name, "", u)
		it.sure = e.Name != "" || plain(u)
		if u.User != nil {
			it.shown = u.Redacted()
		}
	case it.wrong == "":
		it.wrong = err.Error()
	}
	return it
}

// plain says that an address names a file by itself: its last part has an
// extension, and nothing follows.
func plain(u *url.URL) bool {
	return u.RawQuery == "" && len(path.Ext(u.Path)) > 1
}
