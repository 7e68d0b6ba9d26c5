package transfer

import (
	"net/http"
	"strings"
	"time"
)

// validator tells whether a file is still the same: a strong ETag, or else a
// Last-Modified that counts as one (RFC 9110, section 8.8).
type validator struct {
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"` // as the server wrote it
}

// settled is how old a file must be for its date to tell its versions apart:
// with dates in seconds, and clocks that differ (RFC 7232, section 2.2.2; the
// later RFC 9110 is content with a second).
const settled = time.Minute

func validatorOf(h http.Header) validator {
	if tag := h.Get("ETag"); isStrong(tag) {
		return validator{ETag: tag}
	}
	text := h.Get("Last-Modified")
	modified, err := http.ParseTime(text)
	if err != nil {
		return validator{}
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	if now.Sub(modified) < settled {
		return validator{}
	}
	return validator{Modified: text}
}

// isStrong says that a text is an ETag, and not a weak one (section 8.8.3).
func isStrong(tag string) bool {
	inner, ok := strings.CutPrefix(tag, `"`)
	if !ok || !strings.HasSuffix(inner, `"`) {
		return false
	}
	inner = inner[:len(inner)-1]
	return inner != "" && strings.IndexFunc(inner, func(r rune) bool { return r <= ' ' || r == '"' || r == 0x7f }) < 0
}

// condition is the If-Range of a request; "": nothing can be proven.
func (v validator) condition() string {
	if v.ETag != "" {
		return v.ETag
	}
	return v.Modified
}

// holds says that an answer is about the same version. A server must send with
// a range what it sends with the whole (section 15.3.7).
func (v validator) holds(h http.Header) bool {
	if v.ETag != "" {
		return single(h, "ETag") == v.ETag
	}
	return v.Modified != "" && single(h, "Last-Modified") == v.Modified
}

// single is a header that is there once; else "".
func single(h http.Header, name string) string {
	if values := h.Values(name); len(values) == 1 {
		return values[0]
	}
	return ""
}
