package filter

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadAndWritten(t *testing.T) {
	for _, test := range []struct {
		text string
		want Filter
		as   string
	}{
		{"none", Filter{Name: "none"}, "none"},
		{" Blur ", Filter{Name: "blur"}, "blur"},
		{"gaussian", Filter{Name: "gaussian", Amount: 2}, "gaussian"},
		{"GAUSSIAN:1.5", Filter{Name: "gaussian", Amount: 1.5}, "gaussian:1.5"},
		{"gaussian:2.0", Filter{Name: "gaussian", Amount: 2}, "gaussian"},
		{"brightness: -20", Filter{Name: "brightness", Amount: -20}, "brightness:-20"},
		{"brightness:0", Filter{Name: "brightness"}, "brightness:0"},
		{"auto-contrast", Filter{Name: "auto-contrast", Amount: 0.5}, "auto-contrast"},
		{"Auto-Contrast:0", Filter{Name: "auto-contrast"}, "auto-contrast:0"},
		{"rotate", Filter{Name: "rotate", Amount: 90}, "rotate"},
		{"rotate:-7.25", Filter{Name: "rotate", Amount: -7.25}, "rotate:-7.25"},
		{"flip", Filter{Name: "flip", Arg: "horizontal"}, "flip"},
		{"flip:Vertical", Filter{Name: "flip", Arg: "vertical"}, "flip:vertical"},
		{"crop:0800X600", Filter{Name: "crop", Arg: "800x600"}, "crop:800x600"},
		{"crop:3×4+0+05", Filter{Name: "crop", Arg: "3x4+0+5"}, "crop:3x4+0+5"},
		{"crop:16/9", Filter{Name: "crop", Arg: "16/9"}, "crop:16/9"},
		{"crop:16:9", Filter{Name: "crop", Arg: "16/9"}, "crop:16/9"},
	} {
		f := parse(t, test.text)[0]
		if f != test.want {
			t.Errorf("%q is read as %#v", test.text, f)
		}
		if text, err := f.MarshalText(); string(text) != test.as || err != nil {
			t.Errorf("%q is written %q, %v", test.text, text, err)
		}
	}
}

func TestMistakesInWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "there is no filter \"\"; choose from none, blur, gaussian,",
		"blurr":            `there is no filter "blurr"; choose from none,`,
		"blur:3":           "the filter blur takes no such argument; write blur",
		"gaussian:99":      "the filter gaussian: the amount 99 is not possible; choose 0.1 to 50",
		"gaussian:NaN":     "the amount NaN is not possible; choose 0.1 to 50",
		"gaussian:0":       "the amount 0 is not possible",
		"gaussian:":        `the filter gaussian: "" is no number; choose 0.1 to 50`,
		"gamma:big":        `the filter gamma: "big" is no number; choose 0.1 to 10`,
		"brightness:-101":  "choose -100 to 100",
		"hue:181":          "choose -180 to 180",
		"rotate:361":       "choose -360 to 360",
		"auto-contrast:50": "the filter auto-contrast: the amount 50 is not possible; choose 0 to 49",
		"flip:sideways":    `the filter flip: "sideways" is not possible; choose horizontal or vertical`,
		"crop":             `the filter crop: "" is no part of a picture; give WxH, WxH+X+Y or W/H, like 800x600, 800x600+10+20 or 16/9`,
		"crop:800":         `"800" is no part of a picture`,
		"crop:8x6+1":       "is no part of a picture",
		"crop:8x6-1-1":     "is no part of a picture",
		"crop:0x6":         `the filter crop: "0x6" has no pixels; give a width and a height of at least 1`,
		"crop:16/9+1+1":    `"16/9+1+1" has proportions and a place`,
	} {
		f := Filter{Name: "as it was"}
		err := f.UnmarshalText([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if f.Name != "as it was" {
			t.Errorf("%q changed the filter to %v", text, f)
		}
	}
}

func TestCheckRefusesWhatCannotBeWritten(t *testing.T) {
	for _, f := range []Filter{
		{},
		{Name: "BLUR"},
		{Name: "blur", Amount: 1},
		{Name: "blur", Amount: math.NaN()},
		{Name: "blur", Arg: "x"},
		{Name: "gaussian"},
		{Name: "gaussian", Amount: 1, Arg: "x"},
		{Name: "flip"},
		{Name: "flip", Arg: "vertical", Amount: 1},
		{Name: "crop"},
	} {
		if f.Check() == nil {
			t.Errorf("%#v is accepted", f)
		}
	}
}

func TestNamesAndHelp(t *testing.T) {
	names := Names()
	want := []string{
		"none", "blur", "gaussian", "sharpen", "grayscale", "sepia", "invert", "brightness", "contrast",
		"saturation", "gamma", "hue", "auto-contrast", "rotate", "flip", "crop",
	}
	if !slices.Equal(names, want) {
		t.Errorf("names: %v", names)
	}
	help := strings.Split(Help(), ", ")
	if len(help) != len(names) || strings.Contains(Help(), "\n") {
		t.Fatalf("help: %q", Help())
	}
	for i, name := range names {
		if !strings.HasPrefix(help[i], name) {
			t.Errorf("%q does not tell of %s", help[i], name)
		}
		var f Filter // the brackets say what can be left out
		alone := f.UnmarshalText([]byte(name)) == nil
		if alone != (help[i] == name || strings.HasPrefix(help[i], name+"[:")) {
			t.Errorf("%q, but %s alone is possible: %v", help[i], name, alone)
		}
	}
}

func TestWhatIsWrittenIsReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFilter().Draw(t, "filter")
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
		text, err := f.MarshalText()
		var again Filter
		if err != nil || again.UnmarshalText(text) != nil || again != f {
			t.Fatalf("%#v, written %q, read as %#v", f, text, again)
		}
		if strings.Contains(string(text), ",") {
			t.Fatalf("%q cannot be in a list", text)
		}
	})
}

func FuzzFilter(f *testing.F) {
	for _, text := range []string{"blur", "gaussian:1.5", "gamma:NaN", "hue:0x1p3", "flip:vertical", "crop:16:9", "crop:8x6+1+2", "İ:", "rotate:-0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var filter, again Filter
		if filter.UnmarshalText([]byte(text)) != nil {
			return
		}
		written, err := filter.MarshalText()
		if err != nil || again.UnmarshalText(written) != nil || again != filter || filter.Check() != nil {
			t.Errorf("%q: %v, written as %q, read as %v", text, filter, written, again)
		}
		if w, h := Size([]Filter{filter}, 640, 480); w < 0 || h < 0 || (w == 0) != (h == 0) {
			t.Errorf("%q makes %dx%d", text, w, h)
		}
	})
}
