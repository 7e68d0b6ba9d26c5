package records

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	gzipMagic = "\x1F\x8B"         // RFC 1952, section 2.3.1
	zstdMagic = "\x28\xB5\x2F\xFD" // RFC 8878, section 3.1.1

	mostZstdWindow = 128 << 20 // of zstd --long, in bytes; memory is taken as needed
)

// unpacked is the content of a file, unpacked if it is packed.
type unpacked struct {
	io.Reader
	compression string
	close       func()
}

// unpack tells compression by content. Several members or frames, one after
// the other, are one content.
func unpack(r io.Reader) (*unpacked, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	magic, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case len(magic) >= 2 && string(magic[:2]) == gzipMagic:
		z, err := gzip.NewReader(in)
		return &unpacked{inWords{z, "gzip"}, "gzip", func() {}}, explain("gzip", err)
	case string(magic) == zstdMagic:
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(mostZstdWindow))
		if err != nil {
			return nil, explain("zstd", err)
		}
		return &unpacked{inWords{z, "zstd"}, "zstd", z.Close}, nil
	}
	return &unpacked{in, "", func() {}}, nil
}

// inWords explains errors of unpacking.
type inWords struct {
	io.Reader
	format string
}

func (r inWords) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	return n, explain(r.format, err)
}

func explain(format string, err error) error {
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the %s file ends too early: it was not copied whole", format)
	}
	return fmt.Errorf("unpack %s: %w", format, err)
}
