package catalog_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"manyhands/core"
	"manyhands/core/catalog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// words is a scenario of a few lines: it shouts words, one file each.
type words struct {
	Words   []string      `arg:"" optional:"" help:"Words to shout." choices:"hello,world"`
	To      string        `type:"path" kind:"newfolder" label:"Save to" placeholder:"FOLDER" help:"Folder for the files."`
	Tone    string        `enum:"loud,louder" default:"loud" help:"How to shout."`
	Times   int           `default:"2" help:"How often."`
	Pause   time.Duration `default:"1ms" more:"" help:"Time between words."`
	Politel bool          `help:"Not too loud."`
	Workers core.Workers  `default:"auto" help:"How many shout at once."`
}

type shout struct {
	Text   string  `json:"text" col:"Text"`
	Length int     `json:"length" col:"Length" unit:"B"`
	Share  float64 `json:"share" col:"Share"`
	Hidden int
}

func (w *words) Check() error {
	if w.To == "" {
		return errors.New("save to: choose a folder")
	}
	return nil
}

func (w *words) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	return core.Start(ctx, core.Job[string, shout]{
		Source: core.From(slices.Values(w.Words)), Total: len(w.Words), Workers: int(w.Workers), Log: log,
		Open: core.Func(func(_ context.Context, s string) (shout, error) {
			text := strings.Repeat(strings.ToUpper(s), w.Times)
			return shout{text, len(text), .5, 1}, os.WriteFile(filepath.Join(w.To, s), []byte(text), 0o600)
		}),
	}), nil
}

func (w *words) Scratch(dir string) { w.To = dir }

func newWords() *words { return catalog.Defaults(new(words)) }

func fields(t *testing.T, c catalog.Config) map[string]catalog.Field {
	t.Helper()
	list, err := catalog.Fields(c)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]catalog.Field{}
	for _, f := range list {
		byName[f.Name] = f
	}
	return byName
}

func TestFieldsDescribeTheFormAndHoldTheDefaults(t *testing.T) {
	list, err := catalog.Fields(newWords())
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name, label, text string
		kind              catalog.Kind
	}{
		{"words", "Words", "", catalog.List},
		{"to", "Save to", "", catalog.NewFolder},
		{"tone", "Tone", "loud", catalog.Choice},
		{"times", "Times", "2", catalog.Number},
		{"pause", "Pause", "1ms", catalog.Number},
		{"politel", "Politel", "false", catalog.Toggle},
		{"workers", "Workers", "auto", catalog.Text},
	}
	for i, w := range want {
		f := list[i]
		if f.Name != w.name || f.Label != w.label || f.Text() != w.text || f.Kind != w.kind {
			t.Errorf("field %d is %q %q %q kind %d, want %+v", i, f.Name, f.Label, f.Text(), f.Kind, w)
		}
	}
	if f := list[4]; !f.More || list[0].More {
		t.Error("only pause is shown on demand")
	}
	if f := list[0]; !slices.Equal(f.Choices, []string{"hello", "world"}) || list[1].Hint != "FOLDER" {
		t.Errorf("choices %q, hint %q", f.Choices, list[1].Hint)
	}
}

func TestSetReadsWhatAFlagWould(t *testing.T) {
	w := newWords()
	for name, text := range map[string]string{
		"words": "a,b", "tone": "louder", "times": "7", "pause": "2s", "politel": "true", "workers": "3",
	} {
		if ok, err := catalog.Set(w, name, text); !ok || err != nil {
			t.Errorf("%s: %v %v", name, ok, err)
		}
		if got := fields(t, w)[name].Text(); got != text {
			t.Errorf("%s reads back as %q, not %q", name, got, text)
		}
	}
	if !slices.Equal(w.Words, []string{"a", "b"}) || w.Pause != 2*time.Second || w.Workers != 3 {
		t.Errorf("settings %+v", w)
	}
}

func TestSetKeepsTheValueWhenTheTextIsWrong(t *testing.T) {
	w := newWords()
	for name, text := range map[string]string{"tone": "silent", "times": "often", "workers": "-1", "pause": "soon"} {
		before := fields(t, w)[name].Text()
		_, err := catalog.Set(w, name, text)
		if err == nil || !strings.HasPrefix(err.Error(), fields(t, w)[name].Label) {
			t.Errorf("%s=%s: error %v should name the field", name, text, err)
		}
		if after := fields(t, w)[name].Text(); after != before {
			t.Errorf("%s became %q", name, after)
		}
	}
	if ok, err := catalog.Set(w, "colour", "red"); ok || err != nil {
		t.Errorf("an unknown field: %v %v", ok, err)
	}
}

func TestSetToNothingIsTheDefaultOfANumberAndEmptyElse(t *testing.T) {
	w := newWords()
	w.Times, w.Tone, w.Words, w.To = 9, "louder", []string{"x"}, "/somewhere"
	for _, name := range []string{"times", "tone", "words", "to"} {
		if _, err := catalog.Set(w, name, " "); err != nil {
			t.Error(err)
		}
	}
	if w.Times != 2 || w.Tone != "loud" || len(w.Words) != 0 || w.To != "" {
		t.Errorf("settings %+v", w)
	}
}

func TestCopyIsIndependent(t *testing.T) {
	w := newWords()
	c := catalog.Copy(w).(*words)
	c.Times = 99
	if _, err := catalog.Set(c, "words", "other"); err != nil || w.Times == 99 || len(w.Words) != 0 {
		t.Errorf("the original became %+v (%v)", w, err)
	}
}

func TestColumnsShowValuesWithUnits(t *testing.T) {
	columns := catalog.ColumnsOf[shout]()
	if len(columns) != 3 || columns[0].Key != "text" || columns[0].Number || !columns[1].Number {
		t.Fatalf("columns %+v", columns)
	}
	out := shout{"HI", 214_000, .123456, 0}
	for i, want := range []string{"HI", "214 kB", "0.123"} {
		if got := columns[i].Text(out); got != want {
			t.Errorf("column %d shows %q, want %q", i, got, want)
		}
	}
	if columns[1].Text(nil) != "" || columns[1].Text(shout{}) != "" || columns[1].Value(nil) != nil {
		t.Error("nothing is shown where nothing is known")
	}
}

func TestCompareRunsEachCountAndLeavesNothing(t *testing.T) {
	w := newWords()
	w.Words, w.To = []string{"a", "b", "c"}, t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	var counts []int
	reports, err := catalog.Compare(t.Context(), w, []int{1, 3}, func(n int, run core.Steerable) {
		counts = append(counts, n)
		if run.Progress().Workers != n {
			t.Errorf("%d workers, want %d", run.Progress().Workers, n)
		}
	})
	if err != nil || len(reports) != 2 || reports[1].OK != 3 || !slices.Equal(counts, []int{1, 3}) {
		t.Errorf("reports %+v of %v, error %v", reports, counts, err)
	}
	for _, dir := range []string{w.To, os.TempDir()} {
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s holds %v", dir, left)
		}
	}
}

func TestCompareStopsWhenCancelled(t *testing.T) {
	w := newWords()
	w.Words = make([]string, 100_000)
	reports, err := catalog.Compare(t.Context(), w, []int{1, 2}, func(_ int, run core.Steerable) { run.Cancel() })
	if !errors.Is(err, core.ErrCancelled) || len(reports) != 0 {
		t.Errorf("%d reports, error %v", len(reports), err)
	}
}

func TestSpeedUpLeavesPausesOut(t *testing.T) {
	one := core.Report{Wall: 10 * time.Second, Paused: 2 * time.Second}
	many := core.Report{Wall: 4 * time.Second}
	if got := catalog.SpeedUp(one, many); got != 2 {
		t.Errorf("speed-up %v, want 2", got)
	}
	if catalog.SpeedUp(one, core.Report{}) != 0 {
		t.Error("a speed-up over nothing")
	}
}

func TestEveryScenarioIsWhole(t *testing.T) {
	for _, s := range catalog.All() {
		t.Run(s.Name, func(t *testing.T) {
			list, err := catalog.Fields(s.New())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range list {
				if f.Help == "" {
					t.Errorf("setting %s has no help", f.Name)
				}
			}
			if s.Title == "" || s.About == "" || s.Item == "" || s.Icon == "" || len(s.Columns) == 0 {
				t.Errorf("incomplete: %+v", s)
			}
			if s.New().Check() == nil {
				t.Error("nothing is filled in, yet Check is content")
			}
		})
	}
}

type pixels struct {
	Width  int `json:"width" col:"Size" by:"Height"`
	Height int `json:"height" col:"-"`
}

func TestColumnsMayBeShownBesideEachOtherOrNotAtAll(t *testing.T) {
	columns := catalog.ColumnsOf[pixels]()
	if len(columns) != 2 || columns[0].Title != "Size" || columns[1].Title != "" || columns[1].Key != "height" {
		t.Fatalf("%+v", columns)
	}
	if got := columns[0].Text(pixels{800, 600}); got != "800x600" {
		t.Errorf("shown as %q", got)
	}
	if got := columns[0].Text(pixels{}); got != "" {
		t.Errorf("what is not known is shown as %q", got)
	}
	line, err := catalog.JSONLine(core.Row{Out: pixels{800, 600}}, columns)
	if err != nil || !strings.Contains(string(line), `"width":800,"height":600`) {
		t.Errorf("%s, %v", line, err)
	}
}

type places struct {
	From []string `arg:"" name:"from" sep:";" kind:"folder" help:"Folders."`
	Tone string
}

func (*places) Check() error                                            { return nil }
func (*places) Start(context.Context, core.Log) (core.Steerable, error) { return nil, nil }

func TestSeveralPlacesGoIntoOneText(t *testing.T) {
	c := new(places)
	f := fields(t, c)["from"]
	for _, want := range [][]string{{"/a"}, {"/a", "/b c, d"}, {"/a;b", "/c"}} {
		if err := f.Set(f.Join(want...)); err != nil || !slices.Equal(c.From, want) {
			t.Errorf("%q became %q, %v", want, c.From, err)
		}
		if got := f.Text(); got != f.Join(want...) {
			t.Errorf("%q is shown as %q", want, got)
		}
	}
	if f.Kind != catalog.Folder || fields(t, c)["tone"].Join("loud") != "loud" {
		t.Error("a list of folders is no folder, or a text is quoted")
	}
}

type letter struct {
	Name  string `json:"name" col:"Name"`
	extra []any
}

func (l letter) ExtraValue(column int) any { return l.extra[column] }

type letters struct{ words }

func (*letters) Extra() []string { return []string{"length", "first"} }

func TestSettingsAddColumns(t *testing.T) {
	s := catalog.Scenario{Columns: catalog.ColumnsOf[letter]()}
	if got := catalog.ColumnsFor(s, newWords()); len(got) != 1 {
		t.Errorf("without: %+v", got)
	}
	columns := catalog.ColumnsFor(s, new(letters))
	if len(columns) != 3 || columns[1].Title != "length" || len(s.Columns) != 1 {
		t.Fatalf("%+v", columns)
	}
	out := letter{"abc", []any{3, nil}}
	line, err := catalog.JSONLine(core.Row{Out: out}, columns)
	if err != nil || !strings.Contains(string(line), `"name":"abc","length":3,"first":null`) {
		t.Errorf("%s, %v", line, err)
	}
	if columns[1].Text(out) != "3" || columns[2].Text(out) != "" || columns[1].Text(nil) != "" {
		t.Errorf("shown as %q and %q", columns[1].Text(out), columns[2].Text(out))
	}
}

type lines struct {
	places
	URLs []string `name:"url" sep:"\n" kind:"lines" pick:"" help:"Addresses."`
}

func TestLinesHaveAValueEach(t *testing.T) {
	c := new(lines)
	f := fields(t, c)["url"]
	if err := f.Set("http://a/?x=1,2\nhttp://b;c"); err != nil || len(c.URLs) != 2 || c.URLs[0] != "http://a/?x=1,2" {
		t.Errorf("%q, %v", c.URLs, err)
	}
	if f.Kind != catalog.Lines || !f.Pick || f.Text() != "http://a/?x=1,2\nhttp://b;c" {
		t.Errorf("%+v: %q", f, f.Text())
	}
}
