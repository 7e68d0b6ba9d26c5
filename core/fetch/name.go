package fetch

import (
	"hash/fnv"
	"io"
	"net/url"
	"path"
	"strings"

	"manyhands/core/addresses"
	"manyhands/core/safefile"
)

// extensions of the types that answers usually have; the first of a type is
// the one that is given.
var extensions = []struct{ ext, kind string }{
	{".json", jsonType},
	{".geojson", "application/geo+json"},
	{".html", "text/html"},
	{".htm", "text/html"},
	{".txt", "text/plain"},
	{".csv", "text/csv"},
	{".md", "text/markdown"},
	{".css", "text/css"},
	{".js", "text/javascript"},
	{".js", "application/javascript"},
	{".xml", "application/xml"},
	{".xml", "text/xml"},
	{".rss", "application/rss+xml"},
	{".atom", "application/atom+xml"},
	{".ndjson", "application/x-ndjson"},
	{".yaml", "application/yaml"},
	{".yml", "application/yaml"},
	{".jpg", "image/jpeg"},
	{".jpeg", "image/jpeg"},
	{".png", "image/png"},
	{".gif", "image/gif"},
	{".webp", "image/webp"},
	{".svg", "image/svg+xml"},
	{".avif", "image/avif"},
	{".ico", "image/x-icon"},
	{".pdf", "application/pdf"},
	{".zip", "application/zip"},
	{".gz", "application/gzip"},
	{".mp3", "audio/mpeg"},
	{".mp4", "video/mp4"},
	{".wasm", "application/wasm"},
}

// extensionOf is the extension for a type; "": none is known.
func extensionOf(kind string) string {
	for _, e := range extensions {
		if e.kind == kind {
			return e.ext
		}
	}
	switch {
	case strings.HasSuffix(kind, "+json"):
		return ".json"
	case strings.HasSuffix(kind, "+xml"):
		return ".xml"
	}
	return ""
}

// knownExtension is the extension of a name if it is one of the usual ones.
func knownExtension(name string) string {
	ext := path.Ext(name)
	for _, e := range extensions {
		if strings.EqualFold(e.ext, ext) && len(ext) < len(name) {
			return ext
		}
	}
	return ""
}

// saveStem makes a file name of an address: of its last part and its query.
func saveStem(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "answer"
	}
	base := path.Base(u.Path)
	if base == "/" || base == "." {
		base = u.Hostname()
	}
	if u.RawQuery == "" {
		return safefile.Name(base)
	}
	query, err := url.QueryUnescape(u.RawQuery)
	if err != nil {
		query = u.RawQuery
	}
	ext := knownExtension(base)
	return safefile.Name(strings.TrimSuffix(base, ext) + " " + addresses.Brief(query, 100) + ext)
}

// saveName gives a name the extension that is right for the type of the
// answer.
func saveName(stem, kind string) string {
	right, has := extensionOf(kind), knownExtension(stem)
	for _, e := range extensions {
		if e.kind == kind && strings.EqualFold(e.ext, has) {
			return stem
		}
	}
	switch {
	case right == "":
		return stem
	case kind == "text/plain" && has != "": // how servers send what they do not know
		return stem
	}
	return safefile.Name(strings.TrimSuffix(stem, has) + right)
}

// claims are the names given so far, in lower case, because many file systems
// do not tell the cases apart. A name without an extension will get one that
// is not known yet, so it is taken together with all extensions. The names are
// kept as hashes: should two have the same, the second gets a number that it
// does not need.
type claims struct {
	names map[uint64]struct{} // with their extension
	stems map[uint64]struct{} // of names that have none yet
	used  map[uint64]struct{} // without their extension
	next  map[uint64]int      // the number to try next for a name that was wanted again
}

func newClaims() *claims {
	return &claims{map[uint64]struct{}{}, map[uint64]struct{}{}, map[uint64]struct{}{}, map[uint64]int{}}
}

// claim numbers a name if it is given already.
func (c *claims) claim(name string) string {
	key := hashed(name)
	for n := max(1, c.next[key]); ; n++ {
		c.next[key] = n + 1
		if numbered := safefile.Numbered(name, n); c.take(numbered) {
			return numbered
		}
	}
}

func (c *claims) take(name string) bool {
	ext := knownExtension(name)
	whole, stem := hashed(name), hashed(strings.TrimSuffix(name, ext))
	_, given := c.names[whole]
	_, open := c.stems[stem]
	_, used := c.used[stem]
	if given || open || ext == "" && used {
		return false
	}
	if ext == "" {
		c.stems[stem] = struct{}{}
	} else {
		c.names[whole], c.used[stem] = struct{}{}, struct{}{}
	}
	return true
}

func hashed(name string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, strings.ToLower(name))
	return h.Sum64()
}
