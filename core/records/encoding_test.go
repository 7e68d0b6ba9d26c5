package records

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"
)

const sample = "id,name,note\r\n1,José,“dos” €\r\n2,日本,😀 x\r\n"

// in16 encodes text as UTF-16.
func in16(text string, big bool) string {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
}

func TestEncodings(t *testing.T) {
	western := "id,name,note\r\n1,José,“dos” €\r\n"
	latin, err := charmap.Windows1252.NewEncoder().String(western)
	if err != nil {
		t.Fatal(err)
	}
	sjis, err := japanese.ShiftJIS.NewEncoder().String("id,name,note\r\n2,日本,x\r\n")
	if err != nil {
		t.Fatal(err)
	}
	full := []string{"1|José|“dos” €", "2|日本|😀 x"}
	for name, c := range map[string]struct {
		content, set, found string
		want                []string
	}{
		"UTF-8":                        {sample, "", "utf-8", full},
		"UTF-8 with a byte order mark": {"\uFEFF" + sample, "", "utf-8", full},
		"UTF-8, set, with a mark":      {"\uFEFF" + sample, "utf8", "utf-8", full},
		"UTF-16 with a mark":           {in16("\uFEFF"+sample, false), "", "utf-16le", full},
		"big-endian with a mark":       {in16("\uFEFF"+sample, true), "auto", "utf-16be", full},
		"UTF-16 by its zeros":          {in16(sample, false), "", "utf-16le", full},
		"big-endian by its zeros":      {in16(sample, true), "", "utf-16be", full},
		"UTF-16, set":                  {in16(sample, false), "utf-16", "utf-16le", full},
		"the mark is better informed":  {in16("\uFEFF"+sample, true), "utf-16", "utf-16be", full},
		"else windows-1252":            {latin, "", "windows-1252", full[:1]},
		"by another name":              {latin, "latin1", "windows-1252", full[:1]},
		"as was set":                   {sjis, "Shift_JIS", "shift_jis", []string{"2|日本|x"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, c.content, Options{Encoding: c.set, Header: HeaderYes})
			if f.Encoding != c.found {
				t.Errorf("found %s", f.Encoding)
			}
			all := readAll(t, f, nil, Position{})
			if equal(t, "rows", rows(all), c.want); len(all) > 0 && all[0].line != 2 {
				t.Errorf("line %d", all[0].line)
			}
			equal(t, "columns", []string{f.Columns[0].Name, f.Columns[2].Name}, []string{"id", "note"})
			for _, i := range all { // from the end of any record on
				rest := readAll(t, f, nil, Position{Offset: i.end})
				equal(t, "rest", rows(rest), rows(all[len(all)-len(rest):]))
			}
		})
	}
}

func TestWhatCannotBeDecoded(t *testing.T) {
	const undefined = "a,b\n1,\x81\n2,\xe9\n"
	f := open(t, undefined, Options{Header: HeaderYes})
	equal(t, "windows-1252", rows(readAll(t, f, nil, Position{})), []string{
		"line 2: bytes that are no windows-1252, after \"1,\": 1,\uFFFD", "2|é",
	})
	half := in16("a,b\n1,", false) + "\x3d\xd8" + in16("x\n2,\uFFFD\n3,", false) + "\x3d\xd8"
	f = open(t, half, Options{Header: HeaderYes})
	equal(t, "UTF-16", rows(readAll(t, f, nil, Position{})), []string{
		"line 2: byte 3 of the record is 0xed, which is no utf-16le: 1,\xed\xa0\xbdx", "2|\uFFFD",
		"line 4: byte 3 of the record is 0xed, which is no utf-16le: 3,\xed\xa0\xbd",
	})
	f = open(t, in16("a,b\n1,x\n2,y", false)+"z", Options{Header: HeaderYes})
	equal(t, "half a unit", rows(readAll(t, f, nil, Position{})), []string{
		"1|x", "line 3: byte 4 of the record is 0xed, which is no utf-16le: 2,y\xed\xb1\xba",
	})
}

func TestCutOffCharacter(t *testing.T) {
	for i := range len("日本é😀") + 1 {
		if !validStart([]byte("日本é😀"[:i])) {
			t.Errorf("%q is no start of UTF-8", "日本é😀"[:i])
		}
	}
	for _, text := range []string{"\xe9", "caf\xe9,", "\xff", "日本\x80", "\x80\x80\x80\x80", "日\xe6本"} {
		if text != "\xe9" && validStart([]byte(text)) {
			t.Errorf("%q is a start of UTF-8", text)
		}
	}
}

func TestNoText(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"PNG":       {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00", "image/png"},
		"a ZIP":     {"PK\x03\x04\x14\x00\x06\x00\x08\x00", "application/zip"},
		"zeros":     {strings.Repeat("\x00", 1000), "this is no text"},
		"integers":  {strings.Repeat("\x01\x00\x07\x00", 100), "this is no text"},
		"noise":     {noise(10_000), "this is no text"},
		"a SQLite":  {"SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20" + strings.Repeat("\x00", 80), "this is no text"},
		"UTF-32":    {"\xff\xfe\x00\x00a\x00\x00\x00", "UTF-32"},
		"empty":     {"", "the file is empty"},
		"blank":     {" \n\r\n\t\n", "the file is empty"},
		"only BOM":  {"\uFEFF", "the file is empty"},
		"only 16":   {"\xff\xfe", "the file is empty"},
		"cut gzip":  {"\x1f\x8b\x08", "gzip file ends too early"},
		"gzip only": {"\x1f\x8b", "gzip file ends too early"},
		"bad zstd":  {"\x28\xb5\x2f\xfd\xff\xff\xff\xff", "zstd"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(write(t, c.content), Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return string(b)
}

// A few bytes that no text has are rejects, not the end.
func TestSomeNULs(t *testing.T) {
	text := "id,name\n" + strings.Repeat("1,Ann\n", 100) + "2,B\x00b\n3,\x00\x00\x00\n"
	f := open(t, text, Options{})
	all := readAll(t, f, nil, Position{})
	if len(all) != 102 || all[99].reason != "" || all[100].raw != "2,B\x00b" || all[101].reason == "" {
		t.Errorf("%d items: %v", len(all), all[100:])
	}
}

// UTF-16 decodes to what unicode/utf16 says, however it is read, and nothing
// is replaced.
func FuzzUTF16(f *testing.F) {
	f.Add(in16(sample, false), false)
	f.Add("\x00\xd8\x00\xdc\x00\xd8a", false)
	f.Add("\xdc\x00\xd8\x00", true)
	f.Fuzz(func(t *testing.T, content string, big bool) {
		decode := func(r io.Reader) string {
			got, err := io.ReadAll(transform.NewReader(r, utf16Decoder{big: big}))
			if err != nil {
				t.Fatal(err)
			}
			return string(got)
		}
		got := decode(strings.NewReader(content))
		if again := decode(&oneByte{content}); again != got {
			t.Fatalf("%q: %q by bytes, %q at once", content, again, got)
		}
		units := make([]uint16, len(content)/2)
		for i := range units {
			units[i] = uint16(utf16Decoder{big: big}.unit([]byte(content[2*i:])))
		}
		want := string(utf16.Decode(units))
		valid := len(content)%2 == 0 && strings.Count(want, "\uFFFD") == strings.Count(got, "\uFFFD")
		if valid != utf8.ValidString(got) || valid && got != want {
			t.Fatalf("%q: %q, want %q", content, got, want)
		}
	})
}

type oneByte struct{ rest string }

func (r *oneByte) Read(p []byte) (int, error) {
	if r.rest == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
