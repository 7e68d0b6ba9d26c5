package images

import "testing"

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
