package filename

import (
	"mime"
	"path"
	"strings"
	"unicode"
)

// extensions are the usual ones of common media types. The mime package would
// ask the system, and name the same answer differently on another. Not here are
// text/plain and application/octet-stream, as which servers send what they do
// not know.
var extensions = map[string]string{
	"application/epub+zip":         ".epub",
	"application/gzip":             ".gz",
	"application/json":             ".json",
	"application/msword":           ".doc",
	"application/pdf":              ".pdf",
	"application/rtf":              ".rtf",
	"application/vnd.ms-excel":     ".xls",
	"application/x-7z-compressed":  ".7z",
	"application/x-bzip2":          ".bz2",
	"application/x-gzip":           ".gz",
	"application/x-tar":            ".tar",
	"application/x-xz":             ".xz",
	"application/x-zip-compressed": ".zip",
	"application/xml":              ".xml",
	"application/zip":              ".zip",
	"application/zstd":             ".zst",
	"audio/flac":                   ".flac",
	"audio/mp4":                    ".m4a",
	"audio/mpeg":                   ".mp3",
	"audio/ogg":                    ".ogg",
	"audio/wav":                    ".wav",
	"audio/x-wav":                  ".wav",
	"image/avif":                   ".avif",
	"image/gif":                    ".gif",
	"image/heic":                   ".heic",
	"image/jpeg":                   ".jpg",
	"image/png":                    ".png",
	"image/svg+xml":                ".svg",
	"image/tiff":                   ".tif",
	"image/webp":                   ".webp",
	"text/css":                     ".css",
	"text/csv":                     ".csv",
	"text/html":                    ".html",
	"text/javascript":              ".js",
	"text/markdown":                ".md",
	"text/xml":                     ".xml",
	"video/mp4":                    ".mp4",
	"video/mpeg":                   ".mpg",
	"video/quicktime":              ".mov",
	"video/webm":                   ".webm",
	"video/x-matroska":             ".mkv",

	"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         ".xlsx",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   ".docx",
}

// extensionOf is the usual extension of a Content-Type; "": none is known.
func extensionOf(contentType string) string {
	kind, _, _ := mime.ParseMediaType(contentType) // also of one with a bad parameter
	return extensions[kind]
}

// hasExtension tells "a.zip" and "b.7z" from "v1.2" and "Mr. Smith".
func hasExtension(name string) bool {
	ext := strings.TrimPrefix(path.Ext(name), ".")
	odd := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return strings.IndexFunc(ext, unicode.IsLetter) >= 0 && strings.IndexFunc(ext, odd) < 0
}
