package filename

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"manyhands/core/safefile"
)

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestTheFirstSourceThatLeavesANameIsUsed(t *testing.T) {
	const header, from = `attachment; filename="header.zip"`, "https://h/a/address.zip?file=query.zip#f"
	for _, test := range []struct{ wanted, disposition, final, want string }{
		{"mine.zip", header, from, "mine.zip"},
		{"", header, from, "header.zip"},
		{"", "", from, "address.zip"},
		{"", "attachment", from, "address.zip"},
		{"", "", "https://h", "download"},
		{"", "", "https://h/", "download"},
		{"..", `inline; filename=".."`, "https://h/%2e%2e/", "download"},
		{" ", `inline; filename=""`, "https://h/a.zip", "a.zip"},
		{"", "", "https://h/folder/", "folder"},
		{"", "", "https://h/a%20b%2Fc%C3%A9.zip", "cé.zip"},
		{"", "", "https://h/caf%E9.zip", "café.zip"},
		{"", "", "https://h/a%2520b.zip", "a%20b.zip"},
		{"", "", "https://h/get?file=x.zip", "get"},
		{"100%25.zip", "", "", "100%25.zip"},
	} {
		if got := Of(test.wanted, test.disposition, address(t, test.final)); got != test.want {
			t.Errorf("Of(%q, %q, %q) = %q, want %q", test.wanted, test.disposition, test.final, got, test.want)
		}
	}
	if got := Of("", "", nil); got != "download" {
		t.Errorf("without an address: %q", got)
	}
}

func TestNamesAreGoodOnEverySystem(t *testing.T) {
	long := strings.Repeat("x", 300)
	for wanted, want := range map[string]string{
		"photo.jpg":                      "photo.jpg",
		".bashrc":                        "bashrc",
		"...a":                           "a",
		" . . a":                         "a",
		"/home/a/.ssh/authorized_keys":   "authorized_keys",
		`..\..\Startup\run.bat`:          "run.bat",
		`a/b\c/`:                         "c",
		"/.../":                          "download",
		`C:\`:                            "C_",
		"C:run.bat":                      "C_run.bat",
		"con":                            "_con",
		"NUL.txt":                        "_NUL.txt",
		".com1.tar.gz":                   "_com1.tar.gz",
		"a.zip. .":                       "a.zip",
		"a<b>:\"|?*.zip":                 "a_b______.zip",
		"a\x00\n\x1b[2J.zip":             "a___[2J.zip",
		"photo\u202egpj.exe":             "photo_gpj.exe",
		"bad\xff\xfe.zip":                "bad_.zip",
		"cafe\u0301.zip":                 "café.zip",
		"Zürich 湖.zip":                   "Zürich 湖.zip",
		".manyhands-1.part":              "manyhands-1.part",
		long + ".zip":                    long[:236] + ".zip",
		long + ".tar.gz":                 long[:233] + ".tar.gz",
		long + ".TAR.zst":                long[:232] + ".TAR.zst",
		"con." + long:                    "_con." + long[:235],
		"a." + long:                      "a." + long[:238],
		strings.Repeat("湖", 99) + ".zip": strings.Repeat("湖", 78) + ".zip",
		strings.Repeat("湖", 99) + ".gz":  strings.Repeat("湖", 79) + ".gz",
		long[:239] + " " + long:          long[:239],
	} {
		if got := Of(wanted, "", nil); got != want {
			t.Errorf("%q became %q, want %q", wanted, got, want)
		}
	}
}

// No name here may lead out of the folder, and each can be made in it.
func TestNamesOfFullLengthCanBeMade(t *testing.T) {
	dir := t.TempDir()
	for _, wanted := range []string{strings.Repeat("湖", 100) + ".tar.gz", "../../up", "con", `\\server\share\x`} {
		name := Of(wanted, "", nil)
		if err := os.WriteFile(filepath.Join(dir, safefile.Numbered(name, 99)), nil, 0o600); err != nil {
			t.Errorf("%q, %d bytes: %v", name, len(name), err)
		}
	}
	if made, _ := os.ReadDir(dir); len(made) != 4 {
		t.Errorf("%d files, want 4", len(made))
	}
}

func TestOnlyNamesFromTheAddressGetAnExtension(t *testing.T) {
	for _, test := range []struct{ wanted, disposition, contentType, final, want string }{
		{"", "", "application/zip", "https://h/v1.2", "v1.2.zip"},
		{"", "", "Application/PDF; charset=utf-8", "https://h/report", "report.pdf"},
		{"", "", "image/png;", "https://h/", "download.png"},
		{"", "", "image/jpeg; a=b; a=c; =", "https://h/p", "p"},
		{"", "", "text/html", "https://h/", "download.html"},
		{"", "", "application/zip", "https://h/a.7z", "a.7z"},
		{"", "", "text/html", "https://h/get.php", "get.php"},
		{"", "", "image/png", "https://h/Mr.%20Smith", "Mr. Smith.png"},
		{"", "", "text/plain", "https://h/LICENSE", "LICENSE"},
		{"", "", "application/octet-stream", "https://h/blob", "blob"},
		{"", "", "no type", "https://h/blob", "blob"},
		{"mine", "", "image/png", "https://h/a", "mine"},
		{"", "inline; filename=said", "image/png", "https://h/a", "said"},
		{"", "", "image/png", "https://h/" + strings.Repeat("x", 300), strings.Repeat("x", 236) + ".png"},
	} {
		if got := Typed(test.wanted, test.disposition, test.contentType, address(t, test.final)); got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
}

func TestExtensionsAreOnesANameIsKnownToHave(t *testing.T) {
	for kind, ext := range extensions {
		if !hasExtension("a"+ext) || clean("a"+ext) != "a"+ext || kind != strings.ToLower(kind) {
			t.Errorf("%s: %s", kind, ext)
		}
	}
}

func wrongWith(name string) string {
	switch {
	case name == "" || len(name) > most:
		return "its length"
	case !utf8.ValidString(name) || !norm.NFC.IsNormalString(name):
		return "its encoding"
	case !filepath.IsLocal(name) || filepath.Base(name) != name || strings.ContainsAny(name, "<>:\"/\\|?*\x00\n\x7f\u202e"):
		return "a character"
	case strings.HasPrefix(name, "."):
		return "its beginning"
	case safefile.Name(name) != name:
		return "kept by a system"
	case Of(name, "", nil) != name:
		return "it would be changed again"
	}
	return ""
}

func FuzzOf(f *testing.F) {
	for _, form := range forms {
		f.Add("", form.header, "image/png", "https://h/a%2F..%2Fb")
	}
	f.Add("con."+strings.Repeat("é", 200), "", "", "https://h/"+strings.Repeat("%CC%81", 60))
	f.Add("\u0301<\u0338.tar.gz", "attachment; filename*0*=gbk''%c4; filename*1*=%e3", "text/html", "/")
	f.Add(strings.Repeat("e\u0301", 99)+" .tar.gz", `attachment; filename="`+strings.Repeat(`\"`, 99), "text/css", "?")
	f.Fuzz(func(t *testing.T, wanted, disposition, contentType, final string) {
		u, err := url.Parse(final)
		if err != nil {
			u = nil
		}
		for _, name := range []string{
			Of(wanted, "", nil), Of("", disposition, nil), Of("", "", u), Typed(wanted, disposition, contentType, u),
		} {
			if wrong := wrongWith(name); wrong != "" {
				t.Errorf("%q (wanted %q, disposition %q, address %q): %s", name, wanted, disposition, final, wrong)
			}
		}
	})
}

func TestExtensionsAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ext := rapid.SampledFrom([]string{".zip", ".tar.gz", ".7z", ".jpeg", ".tar.zst", ".湖"}).Draw(t, "extension")
		stem := strings.Repeat(rapid.StringOfN(rapid.SampledFrom([]rune("ax湖é-")), 1, 5, -1).Draw(t, "stem"), rapid.IntRange(1, 100).Draw(t, "times"))
		name := Of(stem+ext, "", nil)
		if !strings.HasSuffix(name, ext) || !strings.HasPrefix(stem, strings.TrimSuffix(name, ext)) {
			t.Fatalf("%q became %q", stem+ext, name)
		}
		if whole := len(stem+ext) <= most; whole != (name == stem+ext) || !whole && len(name) < most-2 {
			t.Fatalf("%q became %q, %d bytes", stem+ext, name, len(name))
		}
	})
}
