package transfer

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// contentRange is "bytes 0-499/1234" (RFC 9110, section 14.4).
type contentRange struct {
	span
	total int64 // -1: the server does not know it
}

// parseContentRange also reads "bytes */1234", with a span of nothing.
func parseContentRange(text string) (contentRange, bool) {
	unit, text, ok := strings.Cut(text, " ")
	if !ok || !strings.EqualFold(unit, "bytes") {
		return contentRange{}, false
	}
	place, size, ok := strings.Cut(strings.TrimSpace(text), "/")
	if !ok {
		return contentRange{}, false
	}
	r := contentRange{total: -1}
	if size != "*" {
		if r.total, ok = number(size); !ok {
			return contentRange{}, false
		}
	}
	if place == "*" {
		return r, r.total >= 0
	}
	first, last, _ := strings.Cut(place, "-")
	from, ok1 := number(first)
	to, ok2 := number(last)
	if !ok1 || !ok2 || to < from || r.total >= 0 && to >= r.total {
		return contentRange{}, false
	}
	r.span = span{from, to + 1}
	return r, true
}

// number reads digits: no sign, and no more than a file can have.
func number(text string) (int64, bool) {
	n, err := strconv.ParseUint(text, 10, 62)
	return int64(n), err == nil && text[0] != '+'
}

// unfitError is an answer that is not the part of the file that was asked for.
type unfitError string

func (e unfitError) Error() string {
	return "the server does not go on with the same file: " + string(e)
}

// fits says which bytes of the file an answer to a Range from the given place
// brings, if all that it says fits what is known.
func (j *journal) fits(resp *http.Response, from int64) (contentRange, error) {
	r, ok := parseContentRange(single(resp.Header, "Content-Range"))
	switch {
	case !ok || r.size() == 0:
		return r, unfitError("its answer does not say what it holds")
	case r.from != from:
		return r, unfitError(fmt.Sprintf("it sends byte %d on, not %d", r.from, from))
	case j.Total >= 0 && r.total >= 0 && r.total != j.Total:
		return r, unfitError(fmt.Sprintf("it has %d bytes now, not %d", r.total, j.Total))
	case j.Total >= 0 && r.to > j.Total:
		return r, unfitError("it sends more than there is")
	case resp.ContentLength >= 0 && resp.ContentLength != r.size():
		return r, unfitError("the length of its answer is not that of the range")
	case !j.Validator.holds(resp.Header):
		return r, unfitError("it has changed")
	case resp.Header.Get("Content-Encoding") != j.Coding:
		return r, unfitError("it is packed in another way")
	}
	return r, nil
}

// acceptsRanges says that a server offers ranges of what it just sends
// (section 14.3).
func acceptsRanges(resp *http.Response) bool {
	for unit := range strings.SplitSeq(strings.Join(resp.Header.Values("Accept-Ranges"), ","), ",") {
		if strings.EqualFold(strings.TrimSpace(unit), "bytes") {
			return true
		}
	}
	return false
}
