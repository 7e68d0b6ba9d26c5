package watermark

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadAndWritten(t *testing.T) {
	for _, test := range []struct {
		text string
		want Mark
		as   string // "" for text
	}{
		{"", Mark{}, ""},
		{"Anna", Mark{"Anna", BottomRight, 0.5}, ""},
		{"© Anna: 2026", Mark{"© Anna: 2026", BottomRight, 0.5}, ""},
		{`C:\logo.png`, Mark{`C:\logo.png`, BottomRight, 0.5}, ""},
		{`C:\logo.png:top:50%`, Mark{`C:\logo.png`, Top, 0.5}, `C:\logo.png:top`},
		{"Anna:Top-Left", Mark{"Anna", TopLeft, 0.5}, "Anna:top-left"},
		{"Anna:tile:0.25", Mark{"Anna", Tile, 0.25}, ""},
		{"Anna:25%", Mark{"Anna", BottomRight, 0.25}, "Anna:0.25"},
		{"Anna:.5", Mark{"Anna", BottomRight, 0.5}, "Anna"},
		{"Anna:0", Mark{"Anna", BottomRight, 0}, ""},
		{"Anna:100%", Mark{"Anna", BottomRight, 1}, "Anna:1"},
		{"Anna:bottom-right:0.5", Mark{"Anna", BottomRight, 0.5}, "Anna"},
		{"Anna:top:left", Mark{"Anna:top", Left, 0.5}, ""},
		{"Anna:0.3:bottom-right", Mark{"Anna:0.3", BottomRight, 0.5}, ""},
		{"Anna:top:bottom-right", Mark{"Anna:top", BottomRight, 0.5}, ""},
		{"Anna:0.3:0.5", Mark{"Anna:0.3", BottomRight, 0.5}, "Anna:0.3:bottom-right"},
		{"Part: 1", Mark{"Part: 1", BottomRight, 0.5}, ""},
		{"Part:2", Mark{"Part:2", BottomRight, 0.5}, ""},
		{"top", Mark{"top", BottomRight, 0.5}, ""},
		{"top:50%", Mark{"top", BottomRight, 0.5}, "top"},
		{"50%", Mark{"50%", BottomRight, 0.5}, ""},
		{"Anna:", Mark{"Anna:", BottomRight, 0.5}, ""},
	} {
		var m Mark
		if err := m.UnmarshalText([]byte(test.text)); err != nil || m != test.want {
			t.Errorf("%q is read as %#v, %v", test.text, m, err)
		}
		if test.as == "" {
			test.as = test.text
		}
		if text, err := m.MarshalText(); string(text) != test.as || err != nil {
			t.Errorf("%q is written %q, %v", test.text, text, err)
		}
		if m.IsZero() != (test.text == "") {
			t.Errorf("%q is zero: %v", test.text, m.IsZero())
		}
	}
}

func TestMistakesWhenRead(t *testing.T) {
	for text, want := range map[string]string{
		"Anna:150%":   "the opacity 150% is not possible; choose 0% to 100%",
		":top":        `":top" has no text and no picture; write it in front`,
		":0.5":        `":0.5" has no text`,
		":center:10%": `":center:10%" has no text`,
	} {
		m := Mark{Text: "as it was"}
		err := m.UnmarshalText([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || m.Text != "as it was" {
			t.Errorf("%q: %v, %v", text, m, err)
		}
	}
}

func TestWhatIsImpossibleIsNotWritten(t *testing.T) {
	for _, m := range []Mark{{"Anna", 10, 0.5}, {"Anna", Top, -1}, {"Anna", Top, math.NaN()}} {
		if text, err := m.MarshalText(); err == nil {
			t.Errorf("%v is written %q", m, text)
		}
	}
}

func TestCheck(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "logo.PNG")
	for name, test := range map[string]struct {
		mark Mark
		want string
	}{
		"no mark":             {Mark{}, ""},
		"a text":              {Mark{"© Änna, Анна – 2026", Top, 0.5}, ""},
		"a picture":           {Mark{pngFile(t, plain(3, 3, red)), Top, 0.5}, ""},
		"an unknown position": {Mark{"Anna", 10, 0.5}, "there is no position 10; choose from bottom-right, bottom,"},
		"an opacity too high": {Mark{"Anna", Top, 1.5}, "the opacity 1.5 is not possible; choose 0 to 1, or 0% to 100%"},
		"no opacity":          {Mark{"Anna", Top, math.NaN()}, "the opacity NaN is not possible"},
		"two mistakes":        {Mark{"漢", Top, 1.5}, "the opacity 1.5 is not possible; choose 0 to 1, or 0% to 100%\nthe letters"},
		"a blank text":        {Mark{" \u00a0", Top, 0.5}, "the text is empty; write something"},
		"other letters":       {Mark{"Anna 漢字漢😀", Top, 0.5}, `the letters "漢字😀" cannot be drawn: use a picture as the watermark`},
		"two lines":           {Mark{"Anna\nBert", Top, 0.5}, `the letters "\n" cannot be drawn`},
		"no text at all":      {Mark{"Anna\xff", Top, 0.5}, "cannot be drawn"},
		"a long text":         {Mark{strings.Repeat("ä", 201), Top, 0.5}, "the text has 201 letters; write at most 200"},
		"a missing file":      {Mark{missing, Top, 0.5}, missing + " does not exist; choose a picture, or a text that does not end in .PNG"},
		"a misspelt position": {Mark{"logo.png:topleft", Top, 0.5}, `"topleft" is no position and no opacity of logo.png; choose from bottom-right,`},
		"an opacity as text":  {Mark{"logo.png:1.5", Top, 0.5}, `"1.5" is no position and no opacity`},
	} {
		err := test.mark.Check()
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if s, openErr := test.mark.Open(); (openErr == nil) != (test.want == "") || (s == nil) != (test.want != "") {
			t.Errorf("%s: opened as %v, %v", name, s, openErr)
		}
	}
}

// anyText draws texts of parts that mean something, and of parts that do not.
func anyText() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom(append(positions[:], "0.5", "50%", "150%", "1", "7", "C", `\logo.png`, "", " ", "Anna")),
		rapid.String(),
	)
	return rapid.Map(rapid.SliceOfN(part, 1, 4), func(parts []string) string { return strings.Join(parts, ":") })
}

func TestEveryMarkIsReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Mark{
			Text:     anyText().Filter(func(s string) bool { return s != "" }).Draw(t, "text"),
			Position: Position(rapid.IntRange(0, len(positions)-1).Draw(t, "position")),
			Opacity:  rapid.Float64Range(0, 1).Draw(t, "opacity"),
		}
		text, err := m.MarshalText()
		var again Mark
		if err != nil || again.UnmarshalText(text) != nil || again != m {
			t.Fatalf("%#v, written %q, read as %#v, %v", m, text, again, err)
		}
	})
}

func FuzzMark(f *testing.F) {
	for _, text := range []string{"Anna", "© Anna: 2026", `C:\logo.png`, "a:top:0.5", "a:0.5:top", "a:150%", ":top", "a::", "a:.5%", "a:00000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var m, again Mark
		if m.UnmarshalText([]byte(text)) != nil {
			return
		}
		if !strings.HasPrefix(text, m.Text) || m.IsZero() != (text == "") || m.checkPlace() != nil {
			t.Errorf("%q is read as %#v", text, m)
		}
		written, err := m.MarshalText()
		if err != nil || again.UnmarshalText(written) != nil || again != m {
			t.Errorf("%q: %#v, written %q, read as %#v, %v", text, m, written, again, err)
		}
	})
}
