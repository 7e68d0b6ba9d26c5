package download

import (
	"testing"

	"pgregory.net/rapid"
)

func TestBytesAreReadWithTheirUnit(t *testing.T) {
	for text, want := range map[string]Bytes{
		"": 0, "none": 0, "5MB": 5e6, "5MB/s": 5e6, "500k": 5e5, "1.5 GiB": 3 << 29, "1000": 1000, " 7 kB ": 7000,
	} {
		var b Bytes
		if err := b.UnmarshalText([]byte(text)); err != nil || b != want {
			t.Errorf("%q: %d, %v, want %d", text, b, err, want)
		}
	}
	for _, text := range []string{"fast", "-5MB", "5 apples", "99999999999999999999"} {
		var b Bytes
		if err := b.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %d", text, b)
		}
	}
}

func TestBytesAreWrittenAsTheyAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Bytes(rapid.Int64Min(0).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "round") {
			want = want % 1e9 * 1e6
		}
		text, err := want.MarshalText()
		var got Bytes
		if err != nil || got.UnmarshalText(text) != nil || got != want {
			t.Fatalf("%d is written as %s and read as %d", want, text, got)
		}
	})
}

func TestSegmentsAreReadAndWritten(t *testing.T) {
	for text, want := range map[string]Segments{"auto": 0, "": 0, "1": 1, "16": 16} {
		var s Segments
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("%q: %d, %v", text, s, err)
		}
		if back, _ := s.MarshalText(); text != "" && string(back) != text {
			t.Errorf("%q is written as %s", text, back)
		}
	}
	for _, text := range []string{"17", "-1", "many"} {
		if s := Segments(3); s.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was read as %d", text, s)
		}
	}
}
