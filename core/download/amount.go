package download

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
)

// Bytes is a number of bytes as a person gives it: 5MB, 500k, 1.5GiB. Its zero
// value stands for no limit.
type Bytes int64

// UnmarshalText reads a number with a unit, of 1000 or (KiB, MiB) of 1024
// bytes, also one a second: 5MB/s.
func (b *Bytes) UnmarshalText(text []byte) error {
	s := strings.TrimSuffix(strings.TrimSpace(string(text)), "/s")
	if s == "" || s == "none" {
		*b = 0
		return nil
	}
	n, err := humanize.ParseBytes(s)
	if err != nil || n > math.MaxInt64 {
		return fmt.Errorf("%q is no number of bytes: write it as 5MB or 500k, or none", text)
	}
	*b = Bytes(n)
	return nil
}

// MarshalText writes what UnmarshalText reads, without losing a byte.
func (b Bytes) MarshalText() ([]byte, error) {
	if b == 0 {
		return []byte("none"), nil
	}
	for _, unit := range []struct {
		name string
		size Bytes
	}{{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}} {
		if b%unit.size == 0 {
			return fmt.Appendf(nil, "%d%s", b/unit.size, unit.name), nil
		}
	}
	return strconv.AppendInt(nil, int64(b), 10), nil
}

// Segments is how many connections a large file may be loaded over at once.
// Its zero value is auto.
type Segments int

const mostSegments = 16

// UnmarshalText reads "auto" or a number.
func (s *Segments) UnmarshalText(text []byte) error {
	if len(text) == 0 || string(text) == "auto" {
		*s = 0
		return nil
	}
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 0 || n > mostSegments {
		return fmt.Errorf("%q is no number of segments: give auto or 1 to %d", text, mostSegments)
	}
	*s = Segments(n)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (s Segments) MarshalText() ([]byte, error) {
	if s == 0 {
		return []byte("auto"), nil
	}
	return strconv.AppendInt(nil, int64(s), 10), nil
}
