package records

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

const (
	utf8Name    = "utf-8"
	utf16LE     = "utf-16le"
	utf16BE     = "utf-16be"
	windows1252 = "windows-1252"
)

// boms are the byte order marks of encodings.
var boms = []struct{ mark, encoding string }{
	{"\xEF\xBB\xBF", utf8Name},
	{"\xFF\xFE\x00\x00", "utf-32"},
	{"\x00\x00\xFE\xFF", "utf-32"},
	{"\xFF\xFE", utf16LE},
	{"\xFE\xFF", utf16BE},
}

var errUTF32 = errors.New("the text is UTF-32, which is not supported: save it as UTF-8")

// findEncoding tells the encoding of a file from its beginning: by its byte
// order mark, as UTF-16 by its zero bytes, as UTF-8 because it is valid, else
// it is windows-1252.
func (l *Layout) findEncoding(head []byte) error {
	for _, b := range boms {
		fits := l.Encoding == "" || l.Encoding == b.encoding || b.encoding != utf8Name && strings.HasPrefix(l.Encoding, "utf-16")
		if fits && bytes.HasPrefix(head, []byte(b.mark)) {
			l.Encoding, l.bom = b.encoding, len(b.mark)
			break
		}
	}
	switch {
	case l.Encoding == "utf-32":
		return errUTF32
	case l.Encoding != "":
	case utf16ByZeros(head) != "":
		l.Encoding = utf16ByZeros(head)
	case validStart(head):
		l.Encoding = utf8Name
	default:
		l.Encoding = windows1252
	}
	return nil
}

// utf16ByZeros tells UTF-16 without a byte order mark: of the ASCII in it,
// every other byte is zero.
func utf16ByZeros(head []byte) string {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	pairs := max(len(head)/2, 1)
	switch rare := 2 + pairs/20; { // of other text
	case zeros[1] > pairs/5 && zeros[0] <= rare:
		return utf16LE
	case zeros[0] > pairs/5 && zeros[1] <= rare:
		return utf16BE
	}
	return ""
}

// validStart tells whether head can be the start of UTF-8. Its last character
// may be cut off.
func validStart(head []byte) bool {
	for i := len(head) - 1; i >= max(0, len(head)-utf8.UTFMax); i-- {
		if !utf8.RuneStart(head[i]) {
			continue
		}
		if !utf8.FullRune(head[i:]) {
			head = head[:i]
		}
		break
	}
	return utf8.Valid(head)
}

// replaces tells that what cannot be decoded comes as U+FFFD, and not as bytes
// that are no UTF-8.
func (l *Layout) replaces() bool {
	return !slices.Contains([]string{utf8Name, utf16LE, utf16BE}, l.Encoding)
}

// decode makes UTF-8 of what r has, and leaves out the byte order mark. What
// is no UTF-8, and half a surrogate pair of UTF-16, is passed on as bytes that
// are no UTF-8, for Parser to find.
func (l *Layout) decode(r io.Reader) (io.Reader, error) {
	if _, err := io.CopyN(io.Discard, r, int64(l.bom)); err != nil {
		return nil, err
	}
	switch l.Encoding {
	case utf8Name:
		return r, nil
	case utf16LE, utf16BE:
		return transform.NewReader(r, utf16Decoder{big: l.Encoding == utf16BE}), nil
	}
	encoding, err := htmlindex.Get(l.Encoding)
	if err != nil {
		return nil, err
	}
	return transform.NewReader(r, encoding.NewDecoder()), nil
}

// utf16Decoder is a transform.Transformer. Unlike that of x/text it replaces
// nothing: half of a surrogate pair, or of a code unit at the end, becomes
// three bytes that are no UTF-8.
type utf16Decoder struct {
	transform.NopResetter
	big bool
}

// Transform implements transform.Transformer.
func (d utf16Decoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		if len(dst)-nDst < utf8.UTFMax {
			return nDst, nSrc, transform.ErrShortDst
		}
		r, n := d.rune(src[nSrc:])
		if n == 0 && !atEOF {
			return nDst, nSrc, transform.ErrShortSrc
		}
		if utf16.IsSurrogate(r) {
			nDst += copy(dst[nDst:], []byte{0xE0 | byte(r>>12), 0x80 | byte(r>>6)&0x3F, 0x80 | byte(r)&0x3F})
		} else {
			nDst += utf8.EncodeRune(dst[nDst:], r)
		}
		nSrc += max(n, min(2, len(src)-nSrc))
	}
	return nDst, nSrc, nil
}

// rune reads a character. n is 0 if more than src is needed to tell; r is then
// what it is if no more comes.
func (d utf16Decoder) rune(src []byte) (r rune, n int) {
	if len(src) < 2 {
		return 0xDC00 | rune(src[0]), 0
	}
	r = d.unit(src)
	switch {
	case r < 0xD800 || r > 0xDBFF:
		return r, 2
	case len(src) < 4:
		return r, 0
	}
	if pair := utf16.DecodeRune(r, d.unit(src[2:])); pair != utf8.RuneError {
		return pair, 4
	}
	return r, 2
}

func (d utf16Decoder) unit(src []byte) rune {
	if d.big {
		return rune(src[0])<<8 | rune(src[1])
	}
	return rune(src[1])<<8 | rune(src[0])
}

// checkText refuses what is no text. A few control characters are for Parser
// to reject.
func (l *Layout) checkText(text, head []byte) error {
	kind := http.DetectContentType(head) // of its first 512 bytes
	known := !strings.HasPrefix(kind, "text/") && kind != "application/octet-stream"
	switch controls := l.controls(text); {
	case known && l.controls(head[:min(len(head), 512)]) > 0:
		return fmt.Errorf("this is no text, but %s: save its data as CSV or JSON lines", kind)
	case controls >= 16 && controls > len(text)/50:
		return errors.New("this is no text: save its data as CSV or JSON lines")
	}
	return nil
}

// controls counts characters that text does not have.
func (l *Layout) controls(text []byte) (n int) {
	for _, c := range text {
		if c < ' ' && !strings.ContainsRune("\t\n\r\f\x1A\x1B", rune(c)) && (c == 0 || c != l.Delimiter) {
			n++
		}
	}
	return n
}
