package gui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"manyhands/core"
	"manyhands/core/catalog"
)

// weight is how far a run is in bytes. That of one that does not tell is zero.
type weight struct {
	done, all int64 // all 0: not known
	rate      float64
}

func weightOf(run core.Steerable) (w weight) {
	if weigher, ok := run.(catalog.Weigher); ok {
		w.done, w.all, w.rate = weigher.Bytes()
	}
	return w
}

// share is how much of a run is done, by bytes if those are known, else by
// items.
func (w weight) share(p core.Progress) (share float64, known bool) {
	switch {
	case w.all > 0:
		return min(1, float64(w.done)/float64(w.all)), true
	case p.Total > 0:
		return float64(p.Done()) / float64(p.Total), true
	}
	return 0, false
}

// percent is the share in words: 100 % only at the end.
func (w weight) percent(p core.Progress) string {
	if w.all <= 0 {
		return percent(p)
	}
	most := int64(99)
	if p.Done() == p.Total {
		most = 100
	}
	return fmt.Sprintf("%d %%", min(most, percentOf(w.done, w.all)))
}

func percentOf(done, all int64) int64 {
	return int64(100 * (float64(min(done, all)) / float64(max(1, all))))
}

// status says in words where a run stands: "1.2 GB of 3.4 GB · 52 MB/s · 40 s
// left · 3 of 10 done". One that does not count bytes says it by items.
func (w weight) status(p core.Progress) string {
	if w.done == 0 && w.all <= 0 {
		return statusOf(p)
	}
	parts := []string{sizeOf(w.done)}
	if w.all > 0 {
		parts[0] += " of " + sizeOf(w.all)
	}
	if w.rate > 0 && p.State != core.Paused {
		parts = append(parts, sizeOf(int64(w.rate))+"/s")
	}
	p.ETA = w.eta(p)
	parts = append(parts, prospect(p)...)
	items := count(p.Done())
	if p.Total > 0 {
		items += " of " + count(p.Total)
	}
	parts = append(parts, items+" done")
	parts = append(parts, outcome(p.Failed, p.Skipped, 0)...)
	if p.Retrying > 0 {
		parts = append(parts, count(p.Retrying)+" waiting to be tried again")
	}
	return strings.Join(parts, " · ")
}

// eta is the time left by bytes; 0: not known. In the first second it would be
// a guess.
func (w weight) eta(p core.Progress) time.Duration {
	if w.rate <= 0 || p.Elapsed < time.Second {
		return 0
	}
	return seconds(float64(w.all-w.done) / w.rate)
}

// seconds is a time to come; one of years is not worth telling.
func seconds(s float64) time.Duration {
	if !(s > 0 && s < 1e8) {
		return 0
	}
	return time.Duration(s * float64(time.Second))
}

// queueColumns list what the queue's table shows of an item.
func queueColumns(item string) []column {
	of := func(text func(core.Pending) string) func(core.Row) string {
		return func(row core.Row) string {
			if one, ok := row.Out.(core.Pending); ok {
				return text(one)
			}
			return ""
		}
	}
	return []column{
		{title: item, least: 150, share: 5, middle: true, text: itemText, colour: pendingColour},
		{title: "State", least: 130, share: 2, text: of(stateText), colour: stateColour},
		{title: "Progress", number: true, least: 132, share: 1, text: of(doneText), bar: pendingBar, colour: pendingColour},
		{title: "Size", number: true, least: 126, text: of(sizeText), colour: pendingColour},
		{title: "Speed", number: true, least: 76, text: of(speedText), colour: pendingColour},
		{title: "Time left", number: true, least: 88, text: of(leftText), colour: pendingColour},
	}
}

// pendingColour lets what a worker has in hand stand out.
func pendingColour(row core.Row) fyne.ThemeColorName {
	if one, ok := row.Out.(core.Pending); ok && one.Active && !one.Held {
		return theme.ColorNameForeground
	}
	return theme.ColorNamePlaceHolder
}

func stateColour(row core.Row) fyne.ThemeColorName {
	if one, ok := row.Out.(core.Pending); ok && one.Held {
		return theme.ColorNameForeground
	}
	return pendingColour(row)
}

// pendingBar is there once something has come of an item whose size is known.
func pendingBar(row core.Row) (fill fyne.ThemeColorName, done int) {
	one, ok := row.Out.(core.Pending)
	switch {
	case !ok || one.All <= 0 || one.Done == 0 && !one.Active:
		return "", 0
	case one.Active && !one.Held:
		fill = theme.ColorNamePrimary
	default:
		fill = theme.ColorNameDisabled
	}
	return fill, int(percentOf(one.Done, one.All))
}

func stateText(one core.Pending) string { return one.State }

func doneText(one core.Pending) string {
	switch {
	case one.All > 0 && (one.Done > 0 || one.Active):
		return fmt.Sprintf("%d %%", percentOf(one.Done, one.All))
	case one.All <= 0 && one.Done > 0:
		return sizeOf(one.Done) + " so far"
	}
	return ""
}

func sizeText(one core.Pending) string {
	switch {
	case one.All <= 0:
		return ""
	case one.Done == 0 && !one.Active:
		return sizeOf(one.All)
	}
	return sizeOf(one.Done) + " of " + sizeOf(one.All)
}

func speedText(one core.Pending) string {
	if one.Rate < 1 || one.Held {
		return ""
	}
	return sizeOf(int64(one.Rate)) + "/s"
}

func leftText(one core.Pending) string {
	if one.Rate < 1 || one.Held {
		return ""
	}
	if d := seconds(float64(one.All-one.Done) / one.Rate); d > 0 {
		return strings.TrimSuffix(left(d), " left")
	}
	return ""
}
