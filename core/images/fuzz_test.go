package images

import (
	"bufio"
	"bytes"
	"testing"
)

// OrientationOf lets tests with files of their own read the tag.
func OrientationOf(content []byte, format Format) int {
	return orientation(bytes.NewReader(content), int64(len(content)), format)
}

func FuzzVerdict(f *testing.F) {
	for _, head := range []string{"\xff\xd8\xff", "GIF89a", "BM", "RIFF\x00\x00\x00\x00WEBPVP8X", "\x00\x00\x00\x18ftypheic", "<html>", ""} {
		f.Add("a.jpg", []byte(head))
	}
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		format, wrong, skip := verdict(name, head)
		if (format == "") == (wrong == "") || skip && wrong == "" {
			t.Errorf("%q: %q, %q, %v", name, format, wrong, skip)
		}
		if format != "" && formatNamed(extensions[format][0]) != format {
			t.Errorf("%q has no extension", format)
		}
	})
}

func FuzzGIFFrames(f *testing.F) {
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if n := gifFrames(bufio.NewReader(bytes.NewReader(content))); n < 0 || n > len(content) {
			t.Errorf("%d frames in %d bytes", n, len(content))
		}
	})
}

func FuzzSize(f *testing.F) {
	f.Add("800x600")
	f.Add("3×4")
	f.Fuzz(func(t *testing.T, text string) {
		var s, again Size
		if s.UnmarshalText([]byte(text)) != nil {
			return
		}
		if err := again.UnmarshalText([]byte(s.String())); err != nil || again != s || s.check() != nil {
			t.Errorf("%q: %v, then %v, %v", text, s, again, err)
		}
	})
}

func FuzzFilter(f *testing.F) {
	f.Add("blur")
	f.Add("gaussian:1.5")
	f.Add("gamma:NaN")
	f.Fuzz(func(t *testing.T, text string) {
		var filter, again Filter
		if filter.UnmarshalText([]byte(text)) != nil {
			return
		}
		written, err := filter.MarshalText()
		if err != nil || again.UnmarshalText(written) != nil || again != filter {
			t.Errorf("%q: %v, written as %q, read as %v", text, filter, written, again)
		}
	})
}
