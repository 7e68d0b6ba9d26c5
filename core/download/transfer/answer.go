package transfer

import (
	"mime"
	"net/http"
	"strings"

	"manyhands/core/addresses"
)

// note says what is unusual about an answer with a file.
func (t *try) note(resp *http.Response) string {
	var notes []string
	if lengthUnknown(resp) {
		notes = append(notes, "length unknown: nothing tells whether the file is whole")
	}
	if coding := resp.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		notes = append(notes, "the server sends it packed by "+addresses.Brief(coding, 50)+": it is kept as it came")
	}
	if t.file.StartedOver {
		notes = append(notes, "started over: what was there before is no part of it")
	}
	return strings.Join(notes, "; ")
}

// lengthUnknown says that only the end of the connection tells where the file
// ends (RFC 9112, section 6.3).
func lengthUnknown(resp *http.Response) bool {
	return resp.ProtoMajor == 1 && resp.ContentLength < 0 && len(resp.TransferEncoding) == 0
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
