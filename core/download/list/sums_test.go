package list

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

var sumFiles = []struct {
	name, text string
	want       map[string]string
}{
	{"sha256sum", sumA + "  a.iso\n" + sumB + " *b c.iso\n", map[string]string{"a.iso": sumA, "b c.iso": sumB}},
	{"upper case and Windows", "\ufeff" + strings.ToUpper(sumA) + "  a.iso\r\n", map[string]string{"a.iso": sumA}},
	{"names with an asterisk", sumA + "  *a.iso", map[string]string{"*a.iso": sumA}},
	{"one space or many", sumA + " a\n" + sumB + "     b", map[string]string{"a": sumA, "b": sumB}},
	{"escapes of GNU", `\` + sumA + `  a\nb` + "\n" + `\` + sumB + `  c\\d\r`, map[string]string{"a\nb": sumA, "c/d\r": sumB, "d\r": sumB}},
	{"a path", sumA + "  ./x/a.iso", map[string]string{"x/a.iso": sumA, "a.iso": sumA}},
	{"the same name in two folders", sumA + "  x/a\n" + sumB + "  y/a\n" + sumA + "  x/a", map[string]string{"x/a": sumA, "y/a": sumB}},
	{"the same file in two folders", sumA + "  x/a\n" + sumA + "  y/a", map[string]string{"x/a": sumA, "y/a": sumA, "a": sumA}},
	{"a name that is also in a folder", sumA + "  x/a\n" + sumB + "  a", map[string]string{"x/a": sumA, "a": sumB}},
	{"decomposed", sumA + "  a\u0308.iso", map[string]string{"ä.iso": sumA}},
	{"without a name", sumA, map[string]string{"": sumA}},
	{"BSD", "SHA256 (a (1).iso) = " + sumA + "\nSHA512 (a) = 00\nMD5 (a) = 00", map[string]string{"a (1).iso": sumA}},
	{"BSD with escapes", `\SHA256 (a\\b) = ` + sumA, map[string]string{"a/b": sumA, "b": sumA}},
	{"openssl", "SHA2-256(a.iso)= " + sumA + "\nSHA256(b.iso)= " + sumB, map[string]string{"a.iso": sumA, "b.iso": sumB}},
	{
		"signed", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# a.iso: 3 bytes\nSHA256 (a.iso) = " + sumA +
			"\n-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCAAdFiEE\n", map[string]string{"a.iso": sumA},
	},
	{"sums of other kinds beside", "d41d8cd98f00b204e9800998ecf8427e  a\n" + sumA + "  a", map[string]string{"a": sumA}},
	{
		"PowerShell table", "\r\nAlgorithm       Hash                          Path\r\n---------       ----                          ----\r\nSHA256          " +
			strings.ToUpper(sumA) + "       C:\\Users\\A B\\a.iso\r\n\r\n", map[string]string{"C:/Users/A B/a.iso": sumA, "a.iso": sumA},
	},
	{
		"PowerShell list", "Algorithm : SHA256\nHash      : " + sumA + "\nPath      : C:\\a.iso\n\nAlgorithm : MD5\nHash      : 00\nPath      : C:\\b.iso\n\nPath      : C:\\c.iso\nHash      : " + sumB + "\nPath      : C:\\d.iso\nPath      : C:\\e.iso",
		map[string]string{"C:/a.iso": sumA, "a.iso": sumA, "C:/d.iso": sumB, "d.iso": sumB},
	},
	{
		"PowerShell CSV", "#TYPE Microsoft.PowerShell\n\"Algorithm\",\"Hash\",\"Path\"\n\"SHA256\",\"" + strings.ToUpper(sumA) + "\",\"C:\\a, b.iso\"\nSHA256;" + sumB + ";c",
		map[string]string{"C:/a, b.iso": sumA, "a, b.iso": sumA, "c": sumB},
	},
}

func TestSumsOfEveryKindAreRead(t *testing.T) {
	for _, test := range sumFiles {
		if got, err := Sums(strings.NewReader(test.text)); err != nil || !maps.Equal(got, test.want) {
			t.Errorf("%s: %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}

func TestSumsOfPowerShellInUTF16AreRead(t *testing.T) {
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(sumA + "  ä.iso\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Sums(strings.NewReader(text)); err != nil || got["ä.iso"] != sumA {
		t.Errorf("%q, %v", got, err)
	}
}

func TestBadSumsSayWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "no SHA-256",
		"no\nsums":                      "no SHA-256",
		sumA[1:]:                        "no SHA-256",
		sumA + "00":                     "no SHA-256",
		sumA + "  a\n" + sumB + "  ./a": "line 2: \"a\" has another checksum",
		sumA + "\n" + sumB:              "line 2",
		"SHA256  " + sumA + "  C:\\Users\\x\\Downl...": "was cut off",
		"SHA256  " + sumA + "  C:\\Users\\x\\Downloa…": "was cut off",
		"Path : C:\\a\nHash : " + sumA:                 "no SHA-256",
	} {
		if _, err := Sums(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	broken := errors.New("broken disk")
	if _, err := Sums(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
}

func TestSumsAreReadAsTheyWereWritten(t *testing.T) {
	formats := []string{"%[1]s  %[2]s\n", "%[1]s *%[2]s\r\n", "SHA256 (%[2]s) = %[1]s\n", "SHA256          %[1]s       %[2]s\n", "Hash : %[1]s\nPath : %[2]s\n"}
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom(formats).Draw(t, "format")
		name, sum := rapid.StringMatching(`[a-zé]([a-zé ()'é-]{0,8}[a-z)])?\.iso`), rapid.StringMatching(`[0-9a-f]{64}`)
		want := rapid.MapOf(name, sum).Filter(func(m map[string]string) bool { return len(m) > 0 }).Draw(t, "sums")
		var b strings.Builder
		for name, sum := range want {
			fmt.Fprintf(&b, format, sum, name)
		}
		if got, err := Sums(strings.NewReader(b.String())); err != nil || !maps.Equal(got, want) {
			t.Fatalf("%q became %q, %v", want, got, err)
		}
	})
}

func FuzzSums(f *testing.F) {
	for _, test := range sumFiles {
		f.Add(test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Sums(strings.NewReader(text))
		if err == nil && len(got) == 0 {
			t.Errorf("%q: neither sums nor an error", text)
		}
		for name, sum := range got {
			if !isSHA256(sum) || strings.ToLower(sum) != sum {
				t.Errorf("%q: %q has the sum %q", text, name, sum)
			}
			if name != "" && (path.Clean(name) != name || !norm.NFC.IsNormalString(name) || strings.Contains(name, `\`)) {
				t.Errorf("%q: the name %q", text, name)
			}
		}
	})
}
