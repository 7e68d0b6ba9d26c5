package fetch

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"manyhands/core/addresses"
	"manyhands/core/web"
)

// Response is what came of one request.
type Response struct {
	Status   int    `json:"http_status" col:"Status"`
	Size     int64  `json:"bytes" col:"Size" unit:"B"`          // of the body, unpacked; of HEAD as announced
	Latency  int64  `json:"latency_ms" col:"Latency" unit:"ms"` // of the last try, from sending to the last byte, rounded up
	Tries    int    `json:"sent" col:"-"`                       // requests sent, without redirects
	Type     string `json:"type" col:"Type"`                    // text/html
	Protocol string `json:"protocol" col:"-"`                   // HTTP/1.1
	Saved    string `json:"saved" col:"Saved as"`               // below the folder for the answers
	Note     string `json:"note" col:"Note"`                    // what is unusual
	extra    []any
}

// ExtraValue is the value of a column that Config.Extract adds.
func (r Response) ExtraValue(column int) any {
	if column < 0 || column >= len(r.extra) {
		return nil
	}
	return r.extra[column]
}

func newResponse(it *item, a *answer, trace *web.Trace) Response {
	r := Response{
		Status: a.StatusCode, Size: int64(len(a.body)), Tries: len(it.tries),
		Latency: int64((a.took + time.Millisecond - 1) / time.Millisecond),
		Type:    mediaType(a.Header.Get("Content-Type")), Protocol: trace.Protocol,
	}
	if a.Request.Method == http.MethodHead {
		r.Size = max(0, a.ContentLength)
	}
	switch {
	case a.cached:
		r.add("not changed, from the cache")
	case a.StatusCode == http.StatusNotModified:
		r.add("not changed")
	}
	if to := a.Request.URL.Redacted(); a.Request.Response != nil {
		r.add("redirected to " + to)
	}
	if a.lengthUnknown() {
		r.add("length unknown: nothing tells whether the answer is whole")
	}
	return r
}

func (r *Response) add(note string) {
	if r.Note != "" {
		r.Note += "; "
	}
	r.Note += note
}

// lengthUnknown says that only the end of the connection told where the body
// ends (RFC 9112, section 6.3).
func (a *answer) lengthUnknown() bool {
	return a.ProtoMajor == 1 && a.ContentLength < 0 && len(a.TransferEncoding) == 0 && !a.Uncompressed && a.Request.Method != http.MethodHead
}

// mediaType is a Content-Type without its parameters.
func mediaType(contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	return addresses.Brief(kind, 100)
}

func isJSON(mediaType string) bool {
	return mediaType == jsonType || strings.HasSuffix(mediaType, "+json")
}

// StatusError is an answer that is none: 404 Not Found.
type StatusError struct {
	Code   int
	Advice string
}

func (e *StatusError) Error() string {
	text := fmt.Sprint(e.Code)
	if name := http.StatusText(e.Code); name != "" {
		text += " " + name
	}
	if e.Advice == "" {
		return text
	}
	return text + ": " + e.Advice
}

var advice = map[int]string{
	http.StatusBadRequest:            "the server does not understand the request; see what it says in the details",
	http.StatusUnauthorized:          "give a header Authorization with a valid key",
	http.StatusForbidden:             "this key, or this computer, may not have it",
	http.StatusNotFound:              "check the address",
	http.StatusMethodNotAllowed:      "choose another method",
	http.StatusNotAcceptable:         "check the header Accept",
	http.StatusProxyAuthRequired:     "put name and password into the proxy's address",
	http.StatusRequestTimeout:        "try again later",
	http.StatusGone:                  "it was removed for good",
	http.StatusRequestEntityTooLarge: "send less",
	http.StatusRequestURITooLong:     "make the address shorter",
	http.StatusUnsupportedMediaType:  "check the header Content-Type",
	http.StatusUnprocessableEntity:   "see what the server says in the details",
	http.StatusTooManyRequests:       "allow fewer requests, or a longer window",
	http.StatusInternalServerError:   "the server failed; try again later",
	http.StatusBadGateway:            "the server is not reached; try again later",
	http.StatusServiceUnavailable:    "the server is busy; try again later, with fewer requests",
	http.StatusGatewayTimeout:        "the server is too slow; try again later",
}

// statusError is nil for an answer as it should be: 2xx, and 304.
func statusError(resp *http.Response) error {
	code := resp.StatusCode
	switch {
	case code >= 200 && code < 300, code == http.StatusNotModified:
		return nil
	case code >= 300 && code < 400:
		return &StatusError{code, "the server does not say where to go"}
	}
	return &StatusError{code, advice[code]}
}
