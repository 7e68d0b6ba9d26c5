package list

import (
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func metalink(files string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<metalink xmlns="urn:ietf:params:xml:ns:metalink">` + files + `</metalink>`
}

func TestMetalinksAreReadByPriority(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"one address", metalink(`<file name="a.iso"><url>http://h/a</url></file>`), "2 http://h/a > a.iso"},
		{
			"priorities", metalink("<generator>x</generator>\n<file name=\"a.iso\"><size>3</size>" +
				`<url>http://h/none</url><url priority="9">http://h/9</url><url priority="1">ftp://h/1</url>` +
				`<url priority="2" location="de"> https://h/2&amp;x={1..3} </url><url priority="2">http://h/later</url></file>`),
			"3 https://h/2&x={1..3} > a.iso",
		},
		{
			"sums", metalink(`<file name="a"><hash type="md5">00</hash><hash type="SHA-256"> ` + strings.ToUpper(sumA) + "\n</hash>" +
				`<pieces length="1" type="sha-256"><hash>` + sumB + `</hash></pieces><url>http://h/a</url></file>`),
			"2 http://h/a > a # e3b0c442",
		},
		{
			"what cannot be loaded", metalink(`<file name="a"><url>ftp://h/a</url></file>` + "\n" + `<file name="b"/>` + "\n" +
				`<file name="c"><hash type="sha-256">12</hash><url>http://h/c</url></file>`),
			"2 a > a ! no address\n3 b > b ! no address\n4 http://h/c > c ! no SHA-256",
		},
		{"version 3", `<metalink version="3.0"><files><file name="a"><resources><url>http://h/a</url></resources></file></files></metalink>`, "1 a > a ! version 4"},
		{"with a prefix", `<m:metalink xmlns:m="urn:ietf:params:xml:ns:metalink"><m:file name="a"><m:url>http://h/a</m:url></m:file></m:metalink>`, "1 http://h/a > a"},
		{"after a comment", "\n<!-- <html> -->\n<metalink><file name=\"a\"><url>http://h/a</url></file></metalink>", "3 http://h/a > a"},
		{"Latin-1", `<?xml version="1.0" encoding="ISO-8859-1"?><metalink><file name="` + "\xe4" + `"><url>http://h/a</url></file></metalink>`, "1 http://h/a > ä"},
	} {
		if got := shown(entries(t, test.text)); !like(got, test.want) {
			t.Errorf("%s:\n--- got\n%s--- want\n%s", test.name, got, test.want)
		}
	}
}

func TestTablesWithTwoColumnsOfANameAreRefused(t *testing.T) {
	_, err := Read(strings.NewReader("url;name;name\nhttp://h/a;b;c\n"), func(e Entry) bool {
		t.Errorf("%+v", e)
		return true
	})
	if err == nil || !strings.Contains(err.Error(), `two columns "name"; rename one`) {
		t.Error(err)
	}
}

func TestChecksumsAreReadWithTheirKind(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		strings.ToUpper(sumA):    sumA,
		"sha-256=" + sumA:        sumA,
		"SHA256: " + sumA:        sumA,
		"sha-512=" + sumA + sumA: "kind sha-512",
		"sha-1:" + sumA[:40]:     "kind sha-1",
		sumA[:40]:                "no SHA-256",
		sumA[:63] + "g":          "no SHA-256",
		sumA + "00":              "no SHA-256",
		"sha-256=":               "no SHA-256",
		strings.Repeat("x", 64):  "no SHA-256",
	} {
		got, err := checksum(text)
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDamagedMetalinksSayWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		metalink(`<file name="a">`):                             "closed by </metalink>",
		`<metalink><file name="a"/>`:                            "unexpected EOF",
		`<metalink><file name=a/>`:                              "damaged",
		metalink(strings.Repeat("<a>", 20)):                     "16 deep",
		metalink(`<file name="a">` + strings.Repeat("<a>", 20)): "16 deep",
		metalink(`<!DOCTYPE a [<!ENTITY a "b">]>&a;`):           "entity &a;",
	} {
		if _, err := Read(strings.NewReader(text), func(Entry) bool { return true }); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// written are the formats that hold an address, a name and a sum.
var written = map[string]func([]Entry) string{
	"text": func(all []Entry) string { return each(all, "%[3]s  %[1]s %[2]s\n") },
	"aria2": func(all []Entry) string {
		return each(all, "%[1]s\thttp://mirror/\n  out=%[2]s\n  checksum=sha-256=%[3]s\n")
	},
	"Metalink": func(all []Entry) string {
		var b strings.Builder
		for _, e := range all {
			fmt.Fprintf(&b, "\n<file name=%q><hash type=\"sha-256\">%s</hash><url>", escaped(e.Name), e.Sum)
			fmt.Fprintf(&b, "%s</url></file>", escaped(e.Address))
		}
		return metalink(b.String())
	},
	"CSV": func(all []Entry) string {
		var b strings.Builder
		w := csv.NewWriter(&b)
		_ = w.Write([]string{"sha256", "name", "url"})
		for _, e := range all {
			_ = w.Write([]string{e.Sum, e.Name, e.Address})
		}
		w.Flush()
		return b.String()
	},
}

func each(all []Entry, format string) string {
	var b strings.Builder
	for _, e := range all {
		fmt.Fprintf(&b, format, e.Address, e.Name, e.Sum)
	}
	return b.String()
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	one := rapid.Custom(func(t *rapid.T) Entry {
		return Entry{
			Address: "https://h/" + rapid.StringMatching(`[a-z0-9/.,;=&?%2_~-]{0,20}`).Filter(func(s string) bool { return !strings.Contains(s, "%") }).Draw(t, "path"),
			Name:    rapid.StringMatching(`[a-zé湖(]([a-zé湖 ,;='&<>{}()-]{0,10}[a-z])?`).Draw(t, "name"),
			Sum:     rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "sum"),
		}
	})
	for format, write := range written {
		t.Run(format, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				want := rapid.SliceOfN(one, 1, 10).Draw(t, "entries")
				text := write(want)
				i := 0
				_, err := Read(strings.NewReader(text), func(e Entry) bool {
					if e.Line = 0; i >= len(want) || e != want[i] {
						t.Fatalf("%s\nthe entry %d is %+v", text, i, e)
					}
					i++
					return true
				})
				if err != nil || i != len(want) {
					t.Fatalf("%s\n%d of %d entries, %v", text, i, len(want), err)
				}
			})
		})
	}
}

func TestLinesAreWhereAnEditorShowsThem(t *testing.T) {
	want := []int{2, 4}
	for _, text := range []string{"#\nhttp://h/a\n out=b\nhttp://h/b", "url\nhttp://h/a\nx\nhttp://h/b", "<metalink>\n<file><url>http://h/a</url></file>\n\n<file><url>http://h/b</url></file></metalink>"} {
		var got []int
		for _, e := range entries(t, text) {
			if strings.HasPrefix(e.Address, "http") {
				got = append(got, e.Line)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v", text, got)
		}
	}
}
