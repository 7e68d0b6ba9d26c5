package images

import (
	"testing"

	"pgregory.net/rapid"
)

func sized(text string) (s Size) {
	if err := s.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return s
}

func TestFitted(t *testing.T) {
	for _, test := range []struct {
		from     area
		size     string
		fit      string
		enlarge  bool
		to, part area
	}{
		{area{4000, 3000}, "800x600", exact, false, area{800, 600}, area{4000, 3000}},
		{area{400, 3000}, "800x600", exact, false, area{800, 600}, area{400, 3000}},
		{area{4000, 3000}, "800x600", inside, false, area{800, 600}, area{4000, 3000}},
		{area{3000, 4000}, "800x600", inside, false, area{450, 600}, area{3000, 4000}},
		{area{100, 50}, "800x600", inside, false, area{100, 50}, area{100, 50}},
		{area{100, 50}, "800x600", inside, true, area{800, 400}, area{100, 50}},
		{area{10000, 3}, "100", inside, false, area{100, 1}, area{10000, 3}},
		{area{1001, 999}, "333", inside, false, area{333, 332}, area{1001, 999}},
		{area{4000, 3000}, "600", fill, false, area{600, 600}, area{3000, 3000}},
		{area{3000, 4000}, "800x600", fill, false, area{800, 600}, area{3000, 2250}},
		{area{1000, 500}, "800x600", fill, false, area{667, 500}, area{667, 500}},
		{area{1000, 500}, "800x600", fill, true, area{800, 600}, area{667, 500}},
		{area{100, 50}, "800x600", fill, false, area{67, 50}, area{67, 50}},
		{area{4000, 3000}, "1600", longest, false, area{1600, 1200}, area{4000, 3000}},
		{area{3000, 4000}, "1600x900", longest, false, area{1200, 1600}, area{3000, 4000}},
		{area{300, 400}, "1600", longest, false, area{300, 400}, area{300, 400}},
		{area{300, 400}, "1600", longest, true, area{1200, 1600}, area{300, 400}},
		{area{4000, 3000}, "600", shortest, false, area{800, 600}, area{4000, 3000}},
		{area{4000, 3000}, "800x600", shortest, false, area{800, 600}, area{4000, 3000}},
		{area{4000, 3000}, "50%", exact, false, area{2000, 1500}, area{4000, 3000}},
		{area{4001, 3}, "50%", fill, false, area{2001, 2}, area{4001, 3}},
		{area{4000, 3000}, "25", percent, false, area{1000, 750}, area{4000, 3000}},
		{area{3, 1}, "10%", percent, false, area{1, 1}, area{3, 1}},
	} {
		c := &Config{Size: sized(test.size), Fit: test.fit, Enlarge: test.enlarge}
		if to, part := c.fitted(test.from); to != test.to || part != test.part {
			t.Errorf("%v to %s %s, enlarge %v: %v of %v, want %v of %v", test.from, test.fit, test.size, test.enlarge, to, part, test.to, test.part)
		}
	}
}

func TestFittedKeepsWhatItPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.IntRange(1, 20_000)
		from, box := area{side.Draw(t, "w"), side.Draw(t, "h")}, Size{Width: side.Draw(t, "W"), Height: side.Draw(t, "H")}
		c := &Config{Size: box, Fit: rapid.SampledFrom([]string{inside, fill, longest, shortest}).Draw(t, "fit"), Enlarge: rapid.Bool().Draw(t, "enlarge")}
		to, part := c.fitted(from)
		if part.Width < 1 || part.Height < 1 || part.Width > from.Width || part.Height > from.Height || to.Width < 1 || to.Height < 1 {
			t.Fatalf("%v of %v", to, part)
		}
		if !c.Enlarge && (to.Width > part.Width || to.Height > part.Height) {
			t.Fatalf("%v was enlarged to %v", part, to)
		}
		if (c.Fit == inside || c.Fit == fill) && (to.Width > max(1, box.Width) || to.Height > max(1, box.Height)) {
			t.Fatalf("%v does not fit into %v", to, box)
		}
	})
}

func TestSizesAsText(t *testing.T) {
	for text, want := range map[string]Size{
		"800x600": {Width: 800, Height: 600}, " 1024 X 768 ": {Width: 1024, Height: 768}, "7×5": {Width: 7, Height: 5},
		"1600": {Width: 1600, Height: 1600}, "50%": {Percent: 50}, "12.5 %": {Percent: 12.5},
	} {
		got := sized(text)
		if got != want {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
		if again := sized(got.String()); again != got {
			t.Errorf("%v is written as %s", got, got)
		}
	}
	for _, text := range []string{"", "x", "800x", "x600", "8.5x6", "-1x5", "0", "70000x1", "60000x60000", "%", "0%", "NaN%", "inf%", "2000%", "50%x3", "1x2x3"} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err == nil || s != (Size{}) {
			t.Errorf("%q was taken as %+v", text, s)
		}
	}
}

func TestPercentAndColourAsText(t *testing.T) {
	for text, want := range map[string]Percent{"5%": 5, "5": 5, " 2.5 %": 2.5, "0%": 0} {
		var p Percent
		if err := p.UnmarshalText([]byte(text)); err != nil || p != want {
			t.Errorf("%q is %v, %v", text, p, err)
		}
		b, _ := p.MarshalText()
		if err := p.UnmarshalText(b); err != nil || p != want {
			t.Errorf("%v is written as %s", want, b)
		}
	}
	for text, want := range map[string]Colour{"white": {255, 255, 255}, "Black": {}, "#369": {0x33, 0x66, 0x99}, "0a0B0c": {10, 11, 12}} {
		var c Colour
		if err := c.UnmarshalText([]byte(text)); err != nil || c != want {
			t.Errorf("%q is %v, %v", text, c, err)
		}
		b, _ := c.MarshalText()
		var again Colour
		if err := again.UnmarshalText(b); err != nil || again != want {
			t.Errorf("%v is written as %s", want, b)
		}
	}
	for _, text := range []string{"", "#", "#12", "#1234567", "red", "#ggg"} {
		if err := new(Colour).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("the colour %q was taken", text)
		}
	}
	if err := new(Percent).UnmarshalText([]byte("a bit")); err == nil {
		t.Error("a bit was taken for a percentage")
	}
}
