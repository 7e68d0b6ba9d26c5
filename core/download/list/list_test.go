package list

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"
)

const (
	sumA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	sumB = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
)

func entries(t *testing.T, text string) []Entry {
	t.Helper()
	var all []Entry
	going, err := Read(strings.NewReader(text), func(e Entry) bool {
		all = append(all, e)
		return true
	})
	if err != nil || !going {
		t.Fatalf("%q: %v, %v", text, going, err)
	}
	return all
}

// shown are entries as a test names them, a line each: where it stands, the
// address, > the name, # the beginning of the sum, ! a part of what is wrong.
func shown(all []Entry) string {
	var b strings.Builder
	for _, e := range all {
		fmt.Fprintf(&b, "%d %s", e.Line, e.Address)
		if e.Name != "" {
			b.WriteString(" > " + e.Name)
		}
		if e.Sum != "" {
			b.WriteString(" # " + e.Sum[:8])
		}
		if e.Wrong != "" {
			b.WriteString(" ! " + e.Wrong)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// like compares lines; after ! any part of the reason will do.
func like(got, want string) bool {
	got, want = strings.TrimSuffix(got, "\n"), strings.TrimSuffix(strings.TrimPrefix(want, "\n"), "\n")
	return slices.EqualFunc(strings.Split(got, "\n"), strings.Split(want, "\n"), func(g, w string) bool {
		gotEntry, gotReason, isWrong := strings.Cut(g, " ! ")
		entry, reason, shouldBe := strings.Cut(w, " ! ")
		return gotEntry == entry && isWrong == shouldBe && strings.Contains(gotReason, reason)
	})
}

var lists = []struct{ name, text, want string }{
	{"nothing", "", ""},
	{"only comments", "# a\n\n #b", ""},
	{"addresses", "https://h/a\n\n# no\r\n http://h/b \r\nHTTP://h/c", "1 https://h/a\n4 http://h/b\n5 HTTP://h/c"},
	{"byte order mark", "\ufeffhttp://h/a", "1 http://h/a"},
	{
		"names", "http://h/a my file.zip\nhttp://h/b\tb.zip\nhttp://h/c \"c d.zip\"\nhttp://h/d   {1..2}.zip",
		"1 http://h/a > my file.zip\n2 http://h/b > b.zip\n3 http://h/c > c d.zip\n4 http://h/d > {1..2}.zip",
	},
	{"ranges", "http://h/{08..10}.jpg", "1 http://h/08.jpg\n1 http://h/09.jpg\n1 http://h/10.jpg"},
	{"ranges in names", "http://h/{1..2}/{1..2} a{001..004}.jpg", `
1 http://h/1/1 > a001.jpg
1 http://h/1/2 > a002.jpg
1 http://h/2/1 > a003.jpg
1 http://h/2/2 > a004.jpg`},
	{"ranges that do not fit", "http://h/{1..3} a{1..2}.jpg\nhttp://h/{1..3} a.jpg\nhttp://h/a", `
1 http://h/{1..3} ! stands for 3 files, its name for 2
2 http://h/{1..3} ! put the same range into both
3 http://h/a`},
	{"braces that are no range", "http://h/{a}\nhttp://h/{1..2} {b}\nhttp://h/\\{a\\}", `
1 http://h/{a} ! write \{ for a brace
2 http://h/{1..2} ! its name: {b}
3 http://h/{a}`},
	{"schemes", "ftp://h/a\nmagnet:?xt=urn\nh/a\nfile:///etc/passwd\nhttp:///a\nhttp://h:x/", `
1 ftp://h/a ! ftp is not supported: use http or https
2 magnet:?xt=urn ! magnet is not supported
3 h/a ! begin it with https://
4 file:///etc/passwd ! file is not supported
5 http:///a ! host is missing
6 http://h:x/ ! port`},
	{"two addresses on a line", "http://h/a http://h/b", "1 http://h/a ! a line of its own"},
	{"Latin-1", "http://h/\xe4", "1 http://h/\uFFFD ! save the list as UTF-8"},
	{"sums", sumA + "  http://h/a\n" + strings.ToUpper(sumB) + " *http://h/b c d.zip", `
1 http://h/a # e3b0c442
2 http://h/b > c d.zip # 2c26b46b`},
	{"sums of files", sumA + "  file.iso\n" + sumA, `
1 ` + sumA + `  file.iso ! --sha256
2 ` + sumA + ` ! --sha256`},
	{"other sums", "d41d8cd98f00b204e9800998ecf8427e  http://h/a", "1 http://h/a ! no SHA-256"},
	{"a sum for many", sumA + "  http://h/{1..2}", "1 http://h/{1..2} ! one checksum for 2 files"},
	{"aria2", "http://h/a\tftp://h/a\thttp://m/a\n  out=my a.zip\n dir=/tmp\n\tchecksum=sha-256=" + sumA + "\n# c\nhttp://h/b\n out=b=c", `
1 http://h/a > my a.zip # e3b0c442
6 http://h/b > b=c`},
	{"aria2 with ranges", "http://h/{1..2}\n  out={1..2}.zip", "1 http://h/1 > 1.zip\n1 http://h/2 > 2.zip"},
	{"aria2 with a mirror for ftp first", "ftp://h/a\thttps://h/a", "1 https://h/a"},
	{"aria2 with only ftp", "ftp://h/a\tftp://m/a", "1 ftp://h/a ! ftp is not supported"},
	{"aria2 with other sums", "http://h/a\n checksum=md5=00\nhttp://h/b\n checksum=sha-256=00", `
1 http://h/a ! of the kind md5
3 http://h/b ! no SHA-256`},
	{"an option without an address", " out=a\nhttp://h/a", "1 out=a ! begin it with https://\n2 http://h/a"},
	{"CSV", "url,name,sha256\nhttp://h/a,\"a, b.zip\"," + sumA + "\n\nhttp://h/b,,\n,,\nhttp://h/c", `
2 http://h/a > a, b.zip # e3b0c442
3 http://h/b
5 http://h/c`},
	{"CSV of another kind", "\ufeffNr;File;LINK\r\n1;a.zip;http://h/a b{1..2}\r\n2;b.zip;\r\n", `
2 http://h/a b{1..2} ! put the same range into both
3  > b.zip ! it is empty`},
	{"CSV with a column only", "# mine\n\nAddress\nhttp://h/a\nhttp://h/b,c\n", "4 http://h/a\n5 http://h/b ! quotation marks"},
	{"CSV with an empty cell too many", "url\nhttp://h/a,,\n", "2 http://h/a"},
	{"CSV with a wrong sum", "url,checksum\nhttp://h/a,12\nhttp://h/b,SHA256:" + sumA, "2 http://h/a ! no SHA-256\n3 http://h/b # e3b0c442"},
	{"text that is like CSV", "http://h/?url,name\nhttp://h/a,b", "1 http://h/?url,name\n2 http://h/a,b"},
	{"text that begins like CSV", "http://h/a,url", "1 http://h/a,url"},
	{"a table without addresses", "id,name\n1,a", "1 id,name ! begin it\n2 1,a ! begin it"},
	{"a link of Windows", "[InternetShortcut]\r\nBASEURL=http://h/no\r\nurl=http://h/{a}\r\nIconIndex=0", "3 http://h/{a}"},
	{"a link of Linux", "#!/usr/bin/env xdg-open\n[Desktop Entry]\nType=Link\nName=A\nURL[$e]=http://h/a\n", "5 http://h/a"},
	{"a link to a program", "[Desktop Entry]\nExec=a\n", "1 [Desktop Entry] ! URL=… is missing"},
	{"a link elsewhere", "[InternetShortcut]\nURL=steam://run/1", "2 steam://run/1 ! steam is not supported"},
	{"a page", " <!DOCTYPE HTML>\n<p>http://h/a", "1 <!DOCTYPE HTML> ! this is an HTML page"},
	{"a page of XHTML", "<?xml version=\"1.0\"?>\n<html>", "1 <?xml version=\"1.0\"?> ! this is an HTML page"},
	{"a feed", "<?xml version=\"1.0\"?>\n<rss>", "1 <?xml version=\"1.0\"?> ! XML of a kind"},
	{"no text", "PK\x03\x04\x00\nhttp://h/a", "1 PK\x03\x04\x00 ! no text"},
}

func TestListsOfEveryKindAreRead(t *testing.T) {
	for _, l := range lists {
		if got := shown(entries(t, l.text)); !like(got, l.want) {
			t.Errorf("%s:\n%s--- got\n%s--- want\n%s", l.name, l.text, got, l.want)
		}
	}
}

func TestUTF16IsReadAsWindowsWritesIt(t *testing.T) {
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("http://h/ä\r\nhttp://h/b 湖.zip")
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(entries(t, text)); got != "1 http://h/ä\n2 http://h/b > 湖.zip\n" {
		t.Error(got)
	}
}

func TestAListEndsWhenItsReaderWants(t *testing.T) {
	for _, text := range []string{
		"http://h/a\nhttp://h/b", "http://h/{1..1000000000}", "url\nhttp://h/a\nhttp://h/b",
		"<html>", "[InternetShortcut]", metalink(`<file name="a"/><file name="b"/>`),
	} {
		n := 0
		going, err := Read(strings.NewReader(text), func(Entry) bool { n++; return false })
		if going || err != nil || n != 1 {
			t.Errorf("%q: %v, %v, %d entries", text, going, err, n)
		}
	}
}

func TestWhatEndsAListEarlyIsSaid(t *testing.T) {
	broken := errors.New("broken disk")
	for _, text := range []string{"http://h/a\nhttp://h/b\n", "url\nhttp://h/a\nhttp://h/b\n", metalink(`<file name="a"/>`) + "\n"} {
		n := 0
		_, err := Read(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), func(Entry) bool { n++; return true })
		if !errors.Is(err, broken) || n == 0 {
			t.Errorf("%q: %v after %d entries", text, err, n)
		}
	}
}

// endless is a text that never ends.
type endless struct {
	part string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.part[(e.read+i)%len(e.part)]
	}
	e.read += len(p)
	return len(p), nil
}

func TestOneEntryWithoutAnEndIsGivenUp(t *testing.T) {
	for name, test := range map[string]struct{ head, part string }{
		"a cell":   {"url,name\nhttp://h/a,\"", "xy\n"},
		"cells":    {"url,name\nhttp://h/a,", "xyz,"},
		"elements": {`<metalink><file name="a">`, "<a>"},
		"text":     {`<metalink><file name="a">`, "xyz "},
	} {
		in := &endless{part: test.part}
		if _, err := Read(io.MultiReader(strings.NewReader(test.head), in), func(Entry) bool { return true }); err == nil {
			t.Errorf("%s: no error", name)
		}
		if in.read > 2*mostRecord {
			t.Errorf("%s: %d bytes were read", name, in.read)
		}
	}
}

func TestLongListsAreReadAsAStream(t *testing.T) {
	const many = 50_000
	for name, test := range map[string]struct{ head, part string }{
		"text":     {"", "http://h/a b.zip\n"},
		"CSV":      {"url,name\n", "http://h/a,b.zip\n"},
		"Metalink": {"<metalink>", `<file name="b.zip"><url>http://h/a</url></file>` + "\n"},
	} {
		in := io.MultiReader(strings.NewReader(test.head), io.LimitReader(&endless{part: test.part}, int64(many*len(test.part))))
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		n := 0
		_, _ = Read(in, func(e Entry) bool {
			if n++; e.Wrong != "" || e.Address != "http://h/a" || e.Name != "b.zip" {
				t.Fatalf("%s: %+v", name, e)
			}
			if n == many {
				runtime.GC()
				runtime.ReadMemStats(&after)
			}
			return true
		})
		if n != many || int64(after.HeapAlloc)-int64(before.HeapAlloc) > 2<<20 {
			t.Errorf("%s: %d entries, %d bytes held", name, n, int64(after.HeapAlloc)-int64(before.HeapAlloc))
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, l := range lists {
		f.Add(l.text)
	}
	f.Add(metalink(`<file name="a"><hash type="sha-256">` + sumA + `</hash><url priority="1">http://h/a</url></file>`))
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		_, _ = Read(strings.NewReader(text), func(e Entry) bool {
			n++
			switch {
			case e.Line < 1 || e.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1:
				t.Errorf("%q: line %d", text, e.Line)
			case e.Wrong != "":
			case !strings.Contains(e.Address, "://") || strings.ContainsAny(e.Address, "\n\uFFFD"):
				t.Errorf("%q: the address %q", text, e.Address)
			case e.Sum != "" && (!isSHA256(e.Sum) || strings.ToLower(e.Sum) != e.Sum):
				t.Errorf("%q: the sum %q", text, e.Sum)
			}
			return n < 1000
		})
	})
}
