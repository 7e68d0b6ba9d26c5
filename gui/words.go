package gui

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"manyhands/core"
	"manyhands/core/catalog"
)

// statusOf says in words where a run stands: "768 of 1,240 · 131/s · 3 failed
// · 4 s left". What is not known yet is left out.
func statusOf(p core.Progress) string {
	parts := []string{count(p.Done())}
	if p.Total > 0 {
		parts[0] += " of " + count(p.Total)
	} else {
		parts[0] += " done"
	}
	if p.Rate > 0 && p.State != core.Paused {
		parts = append(parts, rate(p.Rate))
	}
	parts = append(parts, outcome(p.Failed, p.Skipped, 0)...)
	if p.Retrying > 0 {
		parts = append(parts, count(p.Retrying)+" waiting to be tried again")
	}
	return strings.Join(append(parts, prospect(p)...), " · ")
}

// prospect is what is to come: the time left, or why none passes.
func prospect(p core.Progress) []string {
	switch {
	case p.State == core.Paused:
		return []string{"paused"}
	case p.State == core.Cancelling:
		return []string{"stopping"}
	case p.State == core.Draining:
		return []string{"finishing what was read"}
	case p.ETA > 0:
		return []string{left(p.ETA)}
	}
	return nil
}

// summaryOf says what a run came to: "1,240 done in 9.4 s · 131/s · 3 failed".
func summaryOf(r core.Report) string {
	parts := []string{count(r.OK+r.Failed+r.Skipped) + " done in " + duration(r.Wall)}
	if r.Rate > 0 {
		parts = append(parts, rate(r.Rate))
	}
	return strings.Join(append(parts, outcome(r.Failed, r.Skipped, r.Cancelled+r.Unread)...), " · ")
}

func outcome(failed, skipped, left int) []string {
	var parts []string
	if failed > 0 {
		parts = append(parts, count(failed)+" failed")
	}
	if skipped > 0 {
		parts = append(parts, count(skipped)+" skipped")
	}
	if left > 0 {
		parts = append(parts, count(left)+" not done")
	}
	return parts
}

// foundWords says what a search has brought: "1,240 files, 3.1 GB".
func foundWords(h haul, item string) string {
	item = strings.ToLower(item)
	text := countOf(h.items, item)
	if !h.ended {
		text += " so far"
	}
	if h.bytes > 0 {
		text += ", " + sizeOf(h.bytes)
	}
	switch {
	case h.err != nil && h.items == 0:
		return sentence(h.err)
	case h.err != nil:
		return text + "; " + h.err.Error()
	case !h.ended:
		return text + "…"
	case h.items == 0:
		return "No " + plural(item) + " found"
	}
	return text
}

func sizeOf(n int64) string { return humanize.Bytes(uint64(max(0, n))) }

func withSaved(status, saved string) string {
	if saved == "" {
		return status
	}
	return status + " · " + saved
}

// beforeWords and afterWords tell what the pictures of a preview are: "After:
// JPEG, 800x600, 84 kB, 98 % smaller".
func beforeWords(p catalog.Preview) string {
	return joined("Before: ", p.BeforeText, p.BeforeBytes)
}

func afterWords(p catalog.Preview) string {
	text := joined("After: ", p.AfterText, p.AfterBytes)
	if p.BeforeBytes > 0 && p.AfterBytes > 0 {
		text += ", " + catalog.Growth(p.BeforeBytes, p.AfterBytes)
	}
	return text
}

func joined(name, text string, n int64) string {
	if n > 0 {
		text += ", " + sizeOf(n)
	}
	return name + text
}

// percent is how much of the whole is done: 100 % only at the end.
func percent(p core.Progress) string {
	return fmt.Sprintf("%d %%", 100*p.Done()/max(1, p.Total))
}

func count(n int) string { return humanize.Comma(int64(n)) }

func countOf(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + plural(one)
}

// plural of an English word: files, addresses, queries.
func plural(one string) string {
	for _, end := range []string{"s", "x", "ch", "sh"} {
		if strings.HasSuffix(one, end) {
			return one + "es"
		}
	}
	if stem, ok := strings.CutSuffix(one, "y"); ok && stem != "" && !strings.ContainsAny(stem[len(stem)-1:], "aeiou") {
		return stem + "ies"
	}
	return one + "s"
}

func rate(r float64) string {
	if r >= 10 {
		return count(int(math.Round(r))) + "/s"
	}
	return fmt.Sprintf("%.1f/s", r)
}

// duration gives two or three digits in the unit that fits: "7.1 ms",
// "9.4 s", "4 min 20 s", "2 h 5 min".
func duration(d time.Duration) string {
	switch {
	case d < 99950*time.Microsecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d < time.Minute-50*time.Millisecond:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// left is a time to come, which nobody knows to a tenth of a second.
func left(d time.Duration) string {
	d = max(d.Round(time.Second), time.Second)
	return strings.Replace(duration(d), ".0 s", " s", 1) + " left"
}

// sentence begins with a capital letter, as a person expects of a message.
func sentence(err error) string {
	text := err.Error()
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// oneLine joins the lines of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
