package filename

import (
	"mime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// forms are what servers send, many of them from the tests for RFC 6266 at
// greenbytes.de/tech/tc2231, and what Chromium or Firefox makes of it.
var forms = []struct{ name, header, want string }{
	{"token", `attachment; filename=foo.html`, "foo.html"},
	{"quoted", `attachment; filename="foo.html"`, "foo.html"},
	{"inline", `inline; filename="foo.html"`, "foo.html"},
	{"upper case", `ATTACHMENT; FILENAME="foo.html"`, "foo.html"},
	{"blanks everywhere", "attachment ;\tfilename\t=  \"foo.html\" ;", "foo.html"},
	{"other parameters", `attachment; foo="bar; filename=x"; size=3; filename="foo.html"; b`, "foo.html"},
	{"a similar parameter", `attachment; xfilename=foo.html`, ""},
	{"name of a Content-Type", `attachment; name=foo.html`, ""},
	{"nothing", ``, ""},
	{"type only", `attachment`, ""},
	{"no type", `filename=foo.html`, "foo.html"},
	{"no type, quoted", `filename="foo.html"`, "foo.html"},
	{"empty type", `; filename=foo.html`, "foo.html"},
	{"unknown type", `foobar; filename=foo.html`, "foo.html"},
	{"semicolon at the end", `attachment; filename=foo.html ;`, "foo.html"},
	{"semicolon missing", `attachment filename=foo.html`, "foo.html"},
	{"two semicolons", `attachment;; filename=foo.html`, "foo.html"},
	{"spaces in a token", `attachment; filename=foo bar.html`, "foo bar.html"},
	{"comma in a token", `attachment; filename=foo,bar.html`, "foo,bar.html"},
	{"equals sign in a token", `attachment; filename=foo=bar.html; x=y`, "foo=bar.html"},
	{"semicolon in quotes", `attachment; filename="foo;bar.html"; size=3`, "foo;bar.html"},
	{"semicolon in single quotes", `attachment; filename='foo;bar.html'; size=3`, "foo;bar.html"},
	{"single quotes", `attachment; filename='foo.html'`, "foo.html"},
	{"apostrophe", `attachment; filename='tis.html; size=3`, "'tis.html"},
	{"apostrophe in quotes", `attachment; filename="'tis 'a'.html"`, "'tis 'a'.html"},
	{"quotes that are not escaped", `attachment; filename="a "b" c.html"; size=3`, "a _b_ c.html"},
	{"quote that is never closed", `attachment; filename="foo.html; size=3`, "foo.html"},
	{"text after the quotes", `attachment; filename="foo.html"x; filename=y`, "foo.html"},
	{"quoted pairs", `attachment; filename="f\oo \"q\".html"`, "foo _q_.html"},
	{"quoted backslash", `attachment; filename="a\\foo.html"`, "foo.html"},
	{"quoted quotes", `attachment; filename="\"q\" t.html"`, "_q_ t.html"},
	{"path", `attachment; filename="../../etc/passwd"`, "passwd"},
	{"path of Windows", `attachment; filename="C:\new\foo.html"`, "foo.html"},
	{"path of Windows, escaped", `attachment; filename="C:\\new\\foo.html"`, "foo.html"},
	{"path of Windows to a folder", `attachment; filename="C:\new\"`, "new"},
	{"path of a Windows share", `attachment; filename="\\host\new\foo.html"`, "foo.html"},
	{"hidden", `attachment; filename=".bashrc"`, "bashrc"},
	{"device", `attachment; filename="aux.html"`, "_aux.html"},
	{"repeated", `attachment; filename="a.html"; filename="b.html"`, "a.html"},
	{"repeated, first empty", `attachment; filename=""; filename="b.html"`, "b.html"},
	{"two headers in one", `attachment; filename="a.html", attachment; filename="b.html"`, "a.html"},
	{"raw UTF-8", "attachment; filename=\"foo-ä-€.html\"", "foo-ä-€.html"},
	{"raw Latin-1", "attachment; filename=\"foo-\xe4.html\"", "foo-ä.html"},
	{"raw Windows-1252", "attachment; filename=\"foo-\x80.html\"", "foo-€.html"},
	{"decomposed", "attachment; filename=\"foo-a\u0308.html\"", "foo-ä.html"},
	{"%-codes", `attachment; filename="foo-%41%20%c3%a4.html"`, "foo-A ä.html"},
	{"%-codes of a path", `attachment; filename="..%2f..%5cfoo.html"`, "foo.html"},
	{"%-codes of Latin-1", `attachment; filename="foo-%E4.html"`, "foo-%E4.html"},
	{"percent sign", `attachment; filename="50%off 100%.html"`, "50%off 100%.html"},
	{"%-codes and raw UTF-8", `attachment; filename="ä-%41.html"`, "ä-%41.html"},
	{"encoded word, Q", `attachment; filename="=?ISO-8859-1?Q?foo-=E4.html?="`, "foo-ä.html"},
	{"encoded word, B", `attachment; filename="=?utf-8?B?Zm9vLcOkLmh0bWw=?="`, "foo-ä.html"},
	{"encoded words", `attachment; filename="=?utf-8?Q?a=20?= =?gbk?B?1tA=?=.html"`, "a 中.html"},
	{"encoded word without quotes", `attachment; filename==?utf-8?Q?foo.html?=`, "foo.html"},
	{"encoded word of a path", `attachment; filename="=?utf-8?Q?..=2F.=5Cfoo.html?="`, "foo.html"},
	{"encoded word, unknown", `attachment; filename="=?x-none?Q?foo?="`, ""},
	{"extended, UTF-8", `attachment; filename*=UTF-8''foo-%c3%a4-%e2%82%ac.html`, "foo-ä-€.html"},
	{"extended, language", `attachment; filename*=utf-8'en-GB'foo.html`, "foo.html"},
	{"extended, Latin-1", `attachment; filename*=iso-8859-1''foo-%E4.html`, "foo-ä.html"},
	{"extended, GBK", `attachment; filename*=gbk''%d6%d0.html`, "中.html"},
	{"extended first", `attachment; filename="foo.html"; filename*=UTF-8''b%C3%A4r.html`, "bär.html"},
	{"extended first, before", `attachment; filename*=UTF-8''b%C3%A4r.html; filename="foo.html"`, "bär.html"},
	{"extended, quoted", `attachment; filename*="UTF-8''foo-%c3%a4.html"`, "foo-ä.html"},
	{"extended, raw UTF-8", `attachment; filename*=UTF-8''foo-ä.html`, "foo-ä.html"},
	{"extended, without a charset", `attachment; filename*=foo%20b.html`, "foo b.html"},
	{"extended, with an empty charset", `attachment; filename*=''foo%20b.html`, "foo b.html"},
	{"extended, apostrophe", `attachment; filename*=UTF-8''it's.html`, "it's.html"},
	{"extended, encoded twice", `attachment; filename*=UTF-8''foo-%2541.html`, "foo-%41.html"},
	{"extended, half a code", `attachment; filename*=UTF-8''foo%.html`, "foo%.html"},
	{"extended, other charset than it says", `attachment; filename*=UTF-8''foo-%E4.html; filename=b.html`, "b.html"},
	{"extended, unknown charset", `attachment; filename*=x-none''foo.html; filename=b.html`, "b.html"},
	{"extended, quote missing", `attachment; filename*=UTF-8'foo.html; filename=b.html`, "b.html"},
	{"extended, empty", `attachment; filename*=UTF-8''; filename=b.html`, "b.html"},
	{"extended, a path", `attachment; filename*=UTF-8''..%2F..%5C%2Ebashrc`, "bashrc"},
	{"extended, reversed", `attachment; filename*=UTF-8''photo%E2%80%AEgpj.exe`, "photo_gpj.exe"},
	{"extended, zero byte", `attachment; filename*=UTF-8''a%00.exe%0A`, "a_.exe_"},
	{"continued", `attachment; filename*0="foo."; filename*1="html"`, "foo.html"},
	{"continued, extended", `attachment; filename*0*=UTF-8''foo-%c3; filename*1*=%a4; filename*2=".html"`, "foo-ä.html"},
	{"continued, in any order", `attachment; filename*1="html"; filename*0="foo."`, "foo.html"},
	{"continued, with a gap", `attachment; filename*0="foo"; filename*2="bar"`, "foo"},
	{"continued, without a first", `attachment; filename*1="foo"; filename=b.html`, "b.html"},
	{"continued, apostrophes", `attachment; filename*0="it's 'a'"; filename*1=.html`, "it's 'a'.html"},
	{"continued first", `attachment; filename=b.html; filename*0=foo.html`, "foo.html"},
	{"junk", `attachment; =; ="; ' ; filename`, ""},
}

func TestDispositionsAreReadAsTheyAreMeant(t *testing.T) {
	u := address(t, "https://h/address")
	for _, form := range forms {
		want := form.want
		if want == "" {
			want = "address"
		}
		if got := Of("", form.header, u); got != want {
			t.Errorf("%s: %s: %q, want %q", form.name, form.header, got, want)
		}
	}
}

func TestWellFormedDispositionsAreReadWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune(`ab 'ä湖;=,()%"`)), 1, 40, -1).Draw(t, "name") + ".zip"
		header := mime.FormatMediaType("attachment", map[string]string{"filename": name, "size": "3"})
		want := clean(name)
		if strings.HasPrefix(header, "attachment; filename=") && unescape(name) != name {
			return // plain ASCII with %-codes
		}
		if got := Of("", header, nil); got != want {
			t.Fatalf("%s: %q, want %q", header, got, want)
		}
	})
}

func TestHostileHeadersTakeNoTime(t *testing.T) {
	for _, part := range []string{`;a="x`, `="`, `"`, `\`, `;filename*0*=a'`, `=?utf-8?B?`, `;`, `' `} {
		start := time.Now()
		_ = Of("", strings.Repeat(part, 1<<16), nil)
		_ = Of("", "a; filename="+strings.Repeat(part, 1<<16), nil)
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%q again and again took %v", part, took)
		}
	}
}

func TestOnlyTheBeginningOfAHeaderIsRead(t *testing.T) {
	for blanks, want := range map[int]string{mostHeader / 2: "a", mostHeader: "download"} {
		if got := Of("", "inline;"+strings.Repeat(" ", blanks)+"filename=a", nil); got != want {
			t.Errorf("after %d blanks: %q, want %q", blanks, got, want)
		}
	}
}

func FuzzParameters(f *testing.F) {
	for _, form := range forms {
		f.Add(form.header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		got := parameters(header)
		for name := range got {
			if name != strings.ToLower(name) || strings.ContainsAny(name, "=; ") {
				t.Errorf("%q has a parameter %q", header, name)
			}
		}
		if text, rest := cutValue(header); len(text)+len(rest) > len(header) {
			t.Errorf("%q became %q and %q", header, text, rest)
		}
		_, want, err := mime.ParseMediaType(header)
		odd := func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`\'"*`, r) }
		simple := strings.IndexFunc(header, odd) < 0 && len(header) < mostHeader
		if err == nil && simple && got["filename"] != want["filename"] {
			t.Errorf("%q: %q, want %q", header, got["filename"], want["filename"])
		}
	})
}
