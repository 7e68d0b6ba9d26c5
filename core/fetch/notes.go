package fetch

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"manyhands/core/addresses"
	"manyhands/core/web"
)

const (
	mostLatencies = 4 << 20 // of a run, from which percentiles are exact: 32 MiB
	mostCauses    = 100     // that are told apart
	mostNamed     = 6       // in a note
)

// tally counts what came of a run.
type tally struct {
	mu       sync.Mutex
	outcomes counts // of rows, by status or cause
	again    counts // of requests that were sent again, by what they were answered before
	took     sample // of answers, whatever their status
}

func newTally() *tally { return &tally{outcomes: counts{}, again: counts{}} }

// sent is told of an item that was sent, with its tries before.
func (t *tally) sent(it *item) {
	if len(it.tries) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.again.add(cause(it.tries[len(it.tries)-1].result))
}

func (t *tally) answered(took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.took.add(took, mostLatencies)
}

// row is told what Do returns.
func (t *tally) row(r Response, err error) {
	name := outcome(r, err)
	if name == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outcomes.add(name)
}

// outcome is what a row came to, "" if that is still open or counted elsewhere.
func outcome(r Response, err error) string {
	if err == nil {
		return fmt.Sprint(r.Status)
	}
	if _, again := errors.AsType[*againError](err); again || errors.Is(err, errDisallowed) {
		return ""
	}
	if _, wrong := errors.AsType[*badAddress](err); wrong {
		return "bad address"
	}
	_, robots := errors.AsType[*robotsError](err)
	if status, ok := errors.AsType[*StatusError](err); ok && !robots {
		return fmt.Sprint(status.Code)
	}
	return cause(web.Explain(err).Error())
}

// cause is the beginning of an error in words, without the advice.
func cause(text string) string {
	text, _, _ = strings.Cut(text, ": ")
	text, _, _ = strings.Cut(text, " (after ")
	return addresses.Brief(text, 80)
}

// notes are the tally in sentences.
func (t *tally) notes(s web.Stats) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var notes []string
	if len(t.outcomes) > 0 {
		notes = append(notes, t.outcomes.String())
	}
	if t.took.n > 0 {
		notes = append(notes, t.latency())
	}
	if n := t.again.sum(); n > 0 {
		notes = append(notes, fmt.Sprintf("%s sent again (%v)", humanize.Comma(int64(n)), t.again))
	}
	if s.In > 0 {
		notes = append(notes, humanize.Bytes(uint64(s.In))+" received, unpacked")
	}
	return notes
}

func (t *tally) latency() string {
	about := ""
	if !t.took.whole() {
		about = "about "
	}
	at := func(q float64) string { return about + inUnits(t.took.quantile(q)) }
	return fmt.Sprintf("Latency p50 %s, p90 %s, p99 %s, most %s", at(0.5), at(0.9), at(0.99), inUnits(t.took.most))
}

// inUnits writes a time with three digits.
func inUnits(d time.Duration) string {
	value, unit := float64(d)/float64(time.Millisecond), "ms"
	if value >= 1000 {
		value, unit = d.Seconds(), "s"
	}
	switch {
	case value < 10:
		return fmt.Sprintf("%.2f %s", value, unit)
	case value < 100:
		return fmt.Sprintf("%.1f %s", value, unit)
	}
	return fmt.Sprintf("%.0f %s", value, unit)
}

// counts are numbers of things by name. Not too many names are told apart.
type counts map[string]int

const otherwise = "other"

func (c counts) add(name string) {
	if _, known := c[name]; !known && len(c) >= mostCauses {
		name = otherwise
	}
	c[name]++
}

func (c counts) sum() (n int) {
	for _, m := range c {
		n += m
	}
	return n
}

// String names the most frequent: "200: 48, 404: 2".
func (c counts) String() string {
	names := slices.SortedFunc(maps.Keys(c), func(a, b string) int {
		return cmp.Or(cmp.Compare(c[b], c[a]), cmp.Compare(a, b))
	})
	var parts []string
	rest := c.sum()
	for _, name := range names {
		if len(parts) < mostNamed && name != otherwise {
			parts = append(parts, name+": "+humanize.Comma(int64(c[name])))
			rest -= c[name]
		}
	}
	if rest > 0 {
		parts = append(parts, otherwise+": "+humanize.Comma(int64(rest)))
	}
	return strings.Join(parts, ", ")
}
