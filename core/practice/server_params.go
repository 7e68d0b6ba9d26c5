package practice

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// The bounds of what can be asked for.
const (
	largest = 1 << 40 // bytes
	longest = time.Minute
	maxText = 1000 // bytes of a text
)

// params reads what a request asks for, from its path or its query. The first
// mistake is kept, so that an action reads all and asks refused once.
type params struct {
	*http.Request
	query url.Values
	bad   error
}

func newParams(r *http.Request) *params {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		err = fmt.Errorf("the part of the address after ? cannot be read: %w", err)
	}
	return &params{Request: r, query: query, bad: err}
}

// refused answers 400 if there was a mistake.
func (p *params) refused(w http.ResponseWriter) bool {
	if p.bad != nil {
		refuse(w, http.StatusBadRequest, p.bad)
	}
	return p.bad != nil
}

func refuse(w http.ResponseWriter, status int, why error) { http.Error(w, why.Error(), status) }

func (p *params) value(name string) string {
	if v := p.PathValue(name); v != "" {
		return v
	}
	return p.query.Get(name)
}

// mistake keeps what is wrong with a parameter, and what would be right.
func (p *params) mistake(name, right string) {
	if p.bad == nil {
		value := p.value(name)
		p.bad = fmt.Errorf("%s: %q does not do, give %s", name, value[:min(len(value), 100)], right)
	}
}

// size is a number of bytes, as 1000, 10MB or 1GiB.
func (p *params) size(name string, otherwise, most int64) int64 {
	text := p.value(name)
	if text == "" {
		return otherwise
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n > uint64(most) {
		p.mistake(name, "a number of bytes, as 1000 or 10MB, at most "+humanize.Bytes(uint64(most)))
		return otherwise
	}
	return int64(n)
}

// whole is a number without a fraction.
func (p *params) whole(name string, otherwise, least, most int) int {
	text := p.value(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		p.mistake(name, fmt.Sprintf("a whole number from %d to %d", least, most))
		return otherwise
	}
	return n
}

// seconds is a time as 1.5 or 1500ms.
func (p *params) seconds(name string, otherwise, most time.Duration) time.Duration {
	text := p.value(name)
	if text == "" {
		return otherwise
	}
	d, err := duration(text)
	if err != nil || d < 0 || d > most {
		p.mistake(name, fmt.Sprintf("seconds, as 1.5 or 1500ms, from 0 to %g", most.Seconds()))
		return otherwise
	}
	return d
}

func duration(text string) (time.Duration, error) {
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return time.ParseDuration(text)
	}
	if math.IsNaN(seconds) || math.Abs(seconds) > 1e9 {
		return 0, errors.New("out of range")
	}
	return time.Duration(seconds * float64(time.Second)), nil
}

// seed is any whole number from 0.
func (p *params) seed() uint64 {
	text := p.value("seed")
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		p.mistake("seed", "a whole number from 0")
	}
	return n
}

// text is free, but not long, and has no control characters: some of it is
// sent back in headers.
func (p *params) text(name, otherwise string) string {
	text := p.value(name)
	if text == "" {
		return otherwise
	}
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	if len(text) > maxText || strings.ContainsFunc(text, control) {
		p.mistake(name, fmt.Sprintf("at most %d bytes without control characters", maxText))
		return otherwise
	}
	return text
}

// choice is one of a few words; the first is meant when there is none.
func (p *params) choice(name string, words ...string) string {
	text := p.value(name)
	if text == "" {
		return words[0]
	}
	if !slices.Contains(words, text) {
		p.mistake(name, strings.Join(words, " or "))
	}
	return text
}

// codes are statuses, as 200 or 500,200.
func (p *params) codes(name string) []int {
	texts := strings.SplitN(p.value(name), ",", 101)
	codes := make([]int, len(texts))
	for i, text := range texts {
		code, err := strconv.Atoi(text)
		if err != nil || code < 200 || code > 599 || len(texts) > 100 {
			p.mistake(name, "a status from 200 to 599, or up to 100 of them with commas")
			return []int{http.StatusBadRequest}
		}
		codes[i] = code
	}
	return codes
}

// memoryKey is what things are remembered by.
func (p *params) memoryKey() string { return p.URL.Path + "?" + p.text("key", "") }

// wait sleeps until a time, and hangs up if the client goes, or the server ends,
// before that.
func (p *params) wait(until time.Time) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.Context().Done():
		hangUp()
	}
}
