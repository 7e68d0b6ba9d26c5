package addresses

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func texts(t *testing.T, address string, columns, row []string) []string {
	t.Helper()
	made, err := Parse(address, columns)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	var all []string
	for i := range made.Count {
		all = append(all, made.Fill(i, row))
	}
	return all
}

func TestTemplatesAreFilled(t *testing.T) {
	columns, row := []string{"id", "full name", "site"}, []string{"7", "A & B/C?", "https://x.org/a?b=c"}
	for address, want := range map[string]string{
		"http://h/a":                             "http://h/a",
		"http://h/{1..3}":                        "http://h/1 http://h/2 http://h/3",
		"http://h/{3..1}":                        "http://h/3 http://h/2 http://h/1",
		"http://h/{0..100..40}":                  "http://h/0 http://h/40 http://h/80",
		"http://h/{008..010}":                    "http://h/008 http://h/009 http://h/010",
		"http://h/{-1..1}":                       "http://h/-1 http://h/0 http://h/1",
		"http://h/{1..2}/{8..9}":                 "http://h/1/8 http://h/1/9 http://h/2/8 http://h/2/9",
		"http://h/{id}/{1..2}":                   "http://h/7/1 http://h/7/2",
		"http://h/{full name}?q={id}":            "http://h/A%20&%20B%2FC%3F?q=7",
		"http://h/?q={full name}":                "http://h/?q=A+%26+B%2FC%3F",
		"{site}":                                 "https://x.org/a?b=c",
		`http://h/\{1..3\}`:                      "http://h/{1..3}",
		`http://h/\{id\}/{id}`:                   `http://h/{id}/7`,
		"http://h/{5..5}":                        "http://h/5",
		"http://h/}":                             "http://h/}",
		"http://h{id}.org/":                      "http://h7.org/",
		"http://h/{1..10..-4}":                   "http://h/1 http://h/5 http://h/9",
		"http://h/{999999999999..1000000000000}": "http://h/999999999999 http://h/1000000000000",
	} {
		if got := strings.Join(texts(t, address, columns, row), " "); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestWrongTemplatesSayWhatToDo(t *testing.T) {
	for address, want := range map[string]string{
		"http://h/{":                         `write \{`,
		"http://h/{1..2":                     `write \{`,
		"http://h/{}":                        "no range",
		"http://h/{nme}":                     "the data has name, id",
		"http://h/{1..5..0}":                 "step 1 or more",
		"http://h/{1..9999999999}":           "make it smaller",
		"http://h/{1..99999}/{1..99999}":     "make it smaller",
		"http://h/{1...5}":                   "no range",
		"http://h/{1..10000000000000000000}": "no range",
	} {
		if _, err := Parse(address, []string{"name", "id"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}

// A range is what a simple loop makes, and all combinations are there once.
func TestRangesAreWhatALoopMakes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		address, want := "http://h/", []string{"http://h/"}
		for range rapid.IntRange(0, 3).Draw(t, "ranges") {
			from, to := rapid.IntRange(-20, 20).Draw(t, "from"), rapid.IntRange(-20, 20).Draw(t, "to")
			step := rapid.IntRange(1, 9).Draw(t, "step")
			address += fmt.Sprintf("{%d..%d..%d}/", from, to, step)
			var next []string
			for _, w := range want {
				for n := 0; n <= max(to-from, from-to); n += step {
					at := from + n
					if to < from {
						at = from - n
					}
					next = append(next, fmt.Sprintf("%s%d/", w, at))
				}
			}
			want = next
		}
		made, err := Parse(address, nil)
		if err != nil || made.Count != len(want) {
			t.Fatalf("%s: %d texts, want %d, %v", address, made.Count, len(want), err)
		}
		for i, w := range want {
			if got := made.Fill(i, nil); got != w {
				t.Fatalf("%s: the text %d is %s, want %s", address, i, got, w)
			}
		}
	})
}

// Whatever a column holds, it stays in its place.
func TestColumnsStayInTheirPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringN(1, 20, -1).Draw(t, "value")
		columns, row := []string{"v"}, []string{value}
		made, err := Parse("http://h/a/{v}?q={v}&r=1", columns)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(made.Fill(0, row))
		if err != nil {
			t.Fatal(err)
		}
		if u.Host != "h" || u.Path != "/a/"+value || u.Query().Get("q") != value || u.Query().Get("r") != "1" {
			t.Fatalf("%q became %v", value, u)
		}
	})
}

func TestOtherBracesStay(t *testing.T) {
	bare := func(string) func(string) string { return asIs }
	for text, want := range map[string]string{
		`{"id": {id}}`:             `{"id": 7}`,
		`{"id": "{id}", "{x}": 1}`: `{"id": "7", "{x}": 1}`,
		`\{id} {id}`:               `{id} 7`,
		`{{id}}`:                   `{7}`,
		`{`:                        `{`,
		`{id`:                      `{id`,
	} {
		made := ParseLoose(text, []string{"id"}, bare)
		if got := made.Fill(0, []string{"7"}); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"http://h/{1..3}{a}", `\{`, "{001..-5..2}", "{a}{a}{", `{"a": "{a}"}`} {
		f.Add(seed, "value")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		columns, row := []string{"a", "1..2", ""}, []string{value}
		made, err := Parse(text, columns)
		if err == nil {
			if made.Count < 1 || made.Count > Most {
				t.Fatalf("%d texts", made.Count)
			}
			_, _ = made.Fill(0, row), made.Fill(made.Count-1, nil)
			if !strings.ContainsAny(text, `{\`) && made.Fill(0, row) != text {
				t.Fatalf("%q became %q", text, made.Fill(0, row))
			}
		}
		bare := func(string) func(string) string { return asIs }
		loose := ParseLoose(text, nil, bare)
		if got := loose.Fill(0, nil); got != text {
			t.Fatalf("%q became %q", text, got)
		}
		_ = ParseLoose(text, columns, bare)
	})
}
