package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Misread tells, without a Survey, what Survey.NotUTF8 does: that the file was
// taken for UTF-8 because its beginning is ASCII, and what comes first after
// that is no UTF-8.
func (f *File) Misread(ctx context.Context) (bool, error) {
	if f.Encoding != utf8Name || f.bom > 0 {
		return false, nil
	}
	r, err := f.read(Position{Line: 1})
	if err != nil {
		return false, err
	}
	defer r.close()
	chunk := make([]byte, 1<<20)
	for ctx.Err() == nil {
		n, err := io.ReadFull(r, chunk)
		if i := beyondASCII(chunk[:n]); i >= 0 {
			character := append(bytes.Clone(chunk[i:n]), make([]byte, utf8.UTFMax)...)
			rest, _ := io.ReadFull(r, character[n-i:])
			c, width := utf8.DecodeRune(character[:n-i+rest])
			return c == utf8.RuneError && width <= 1, nil
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return false, nil
		case err != nil:
			return false, fmt.Errorf("read %s: %w", f.name, err)
		}
	}
	return false, nil
}

// beyondASCII is where the first byte is that is not ASCII, -1 if none is.
func beyondASCII(text []byte) int {
	if isASCII(text) {
		return -1
	}
	return bytes.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}
