package codec

import (
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"manyhands/core/safefile"
)

// Explain puts an error of ReadHeader, Decode or Frames into words.
func Explain(err error, f Format) error {
	var read interface{ Timeout() bool } // an error of the system, not of the content
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case isShort(err):
		return fmt.Errorf("the file ends too early: copy it again from where it came from (%w)", err)
	case isUnsupported(err):
		return fmt.Errorf("this kind of %s is not supported yet: convert it to JPEG or PNG first (%w)", f, err)
	case errors.As(err, &read):
		return fmt.Errorf("cannot be read: check the disk (%w)", safefile.Cause(err))
	}
	return fmt.Errorf("the picture is damaged: copy it again from where it came from (%w)", err)
}

// shortWords are those of decoders that do not wrap io.ErrUnexpectedEOF.
var shortWords = []string{"unexpected EOF", "short Huffman data", "not enough pixel data", "riff: short", "vp8: short"}

// isShort tells whether a file ended before its picture did.
func isShort(err error) bool {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return true
	}
	text := err.Error()
	return slices.ContainsFunc(shortWords, func(words string) bool { return strings.Contains(text, words) })
}

func isUnsupported(err error) bool {
	var (
		j jpeg.UnsupportedError
		p png.UnsupportedError
		t tiff.UnsupportedError
		k unsupportedFrame
	)
	return errors.As(err, &j) || errors.As(err, &p) || errors.As(err, &t) || errors.As(err, &k) || errors.Is(err, bmp.ErrUnsupported)
}

// unsupportedFrame is a JPEG process that is not read.
type unsupportedFrame string

func (e unsupportedFrame) Error() string { return string(e) }

// readable refuses the JPEG processes other than baseline, extended and
// progressive Huffman (ITU-T T.81, table B.1).
func readable(frame byte) error {
	switch frame {
	case 0, 0xc0, 0xc1, 0xc2:
		return nil
	case 0xc3, 0xc7, 0xcb, 0xcf:
		return unsupportedFrame("lossless JPEG")
	case 0xc9, 0xca, 0xcd, 0xce:
		return unsupportedFrame("arithmetic coding")
	}
	return unsupportedFrame("hierarchical JPEG")
}
