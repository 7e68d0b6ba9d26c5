package safefile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"photo.jpg":                           "photo.jpg",
		"Zürich 湖.jpg":                        "Zürich 湖.jpg",
		".profile":                            ".profile",
		"":                                    "_",
		".":                                   "_",
		"..":                                  "_",
		" . ":                                 "_",
		"a.":                                  "a",
		"a. ..":                               "a",
		"../../etc/passwd":                    ".._.._etc_passwd",
		`C:\new`:                              "C__new",
		"12:30?.jpg":                          "12_30_.jpg",
		"a\x00b\nc\x7fd":                      "a_b_c_d",
		"photo\u202egpj.exe":                  "photo_gpj.exe",
		"bad\xff\xfe.jpg":                     "bad_.jpg",
		"con":                                 "_con",
		"Con.tar.gz":                          "_Con.tar.gz",
		"nul .txt":                            "_nul .txt",
		"COM1":                                "_COM1",
		"com¹.jpg":                            "_com¹.jpg",
		"com10.jpg":                           "com10.jpg",
		"console.jpg":                         "console.jpg",
		".manyhands-A.part":                   "_.manyhands-A.part",
		strings.Repeat("x", 300) + ".jpg":     strings.Repeat("x", 251) + ".jpg",
		strings.Repeat("é", 200) + ".jpg":     strings.Repeat("é", 125) + ".jpg",
		"a." + strings.Repeat("x", 300):       "a." + strings.Repeat("x", 253),
		strings.Repeat("x", 254) + " " + "yy": strings.Repeat("x", 254),
	} {
		if got := Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNumbered(t *testing.T) {
	for _, test := range []struct {
		name string
		n    int
		want string
	}{
		{"a.jpg", 1, "a.jpg"},
		{"a.jpg", 2, "a-2.jpg"},
		{"x.y/a", 12, "x.y/a-12"},
		{".profile", 2, ".profile-2"},
		{strings.Repeat("x", 251) + ".jpg", 2, strings.Repeat("x", 249) + "-2.jpg"},
	} {
		if got := Numbered(test.name, test.n); got != test.want {
			t.Errorf("Numbered(%q, %d) = %q, want %q", test.name, test.n, got, test.want)
		}
	}
}

func TestANameOfFullLengthCanBeMade(t *testing.T) {
	dir := t.TempDir()
	name := Name(strings.Repeat("湖", 100) + ".jpg")
	if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
		t.Errorf("%d bytes: %v", len(name), err)
	}
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{"photo.jpg", "con.", "..", "a\x00b", "\xff.jpg", strings.Repeat("é.", 200), ".manyhands-x.part"} {
		f.Add(seed, 2)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		name := Name(s)
		switch {
		case Name(name) != name:
			t.Errorf("Name(%q) = %q, and again %q", s, name, Name(name))
		case name == "" || len(name) > mostName || !utf8.ValidString(name):
			t.Errorf("Name(%q) = %q, %d bytes", s, name, len(name))
		case !filepath.IsLocal(name) || strings.ContainsAny(name, "/\\\x00:"):
			t.Errorf("Name(%q) = %q is no plain name", s, name)
		case isTemporary(name) || isDevice(name) || trimEnd(name) != name:
			t.Errorf("Name(%q) = %q is kept for something else", s, name)
		}
		if numbered := Numbered(name, max(n, 2)); len(numbered) > mostName || numbered == name {
			t.Errorf("Numbered(%q, %d) = %q", name, n, numbered)
		}
	})
}
