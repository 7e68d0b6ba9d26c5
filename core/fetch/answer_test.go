package fetch

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"manyhands/core"
	"manyhands/core/safefile"
)

func TestExtractedValuesKeepTheirKinds(t *testing.T) {
	const answer = `{"id": 7, "big": 12345678901234567890, "f": 1.50, "e": 1e3, "name": "é", "no": null, "yes": true,
		"list": [{"id": 1}, {"id": 2}], "a=b": "x"}`
	for text, want := range map[string]any{
		"id": 7.0, "big": "12345678901234567890", "f": 1.5, "e": 1000.0, "name": "é", "no": nil, "none": nil, "yes": "true",
		"list.#": 2.0, "list.#.id": "[1,2]", "list.1.id": 2.0, `list.#(id==2).id`: 2.0, "Title=list.0.id": 1.0, `x=a\=b`: "x",
	} {
		var r Response
		r.extract([]extraction{parsePath(text)}, []byte(answer))
		if got := r.ExtraValue(0); got != want || r.Note != "" {
			t.Errorf("%s: %#v, want %#v; %s", text, got, want, r.Note)
		}
	}
	var r Response
	r.extract([]extraction{{"id", "id"}}, []byte(`{"id": 1`))
	if r.ExtraValue(0) != nil || r.Note != "not JSON" || r.ExtraValue(1) != nil || r.ExtraValue(-1) != nil {
		t.Errorf("%+v", r)
	}
}

func TestPicksAreWhereTheySay(t *testing.T) {
	const answer = `{"a.b": 1, "list": [{"id": 5, "x=y": "z"}, {"id": 6}], "deep": {"er": [true]}, "*": "star", "": 0, "status": "up", "end ": 1, "two\nlines": 2}`
	found := picks([]byte(answer))
	want := []core.Pick{
		{Value: `a\.b`, Example: "1"},
		{Value: "list.#", Example: "2"},
		{Value: "list.0.id", Example: "5"},
		{Value: `list.0.x\=y`, Example: "z"},
		{Value: "list.#.id", Example: "[5,6]"},
		{Value: `list.#.x\=y`, Example: `["z"]`},
		{Value: "deep.er.#", Example: "1"},
		{Value: "deep.er.0", Example: "true"},
		{Value: `\*`, Example: "star"},
		{Value: "my_status=status", Example: "up"},
	}
	if !slices.Equal(found, want) {
		t.Errorf("%q", found)
	}
	wide := "{" + strings.TrimSuffix(strings.Repeat(`"k`+strings.Repeat("x", 3)+`": 1,`, 1000), ",") + "}"
	if n := len(picks([]byte(wide))); n != mostPicks {
		t.Errorf("%d picks", n)
	}
}

func TestSavedNamesFollowTheAddressAndTheType(t *testing.T) {
	for _, test := range [][3]string{
		{"https://h.org/a/items.json", "application/json", "items.json"},
		{"https://h.org/a/items", "application/json", "items.json"},
		{"https://h.org/", "text/html", "h.org.html"},
		{"https://h.org/photo.jpeg", "image/jpeg", "photo.jpeg"},
		{"https://h.org/photo.jpg", "image/webp", "photo.webp"},
		{"https://h.org/x.php?id=1&b=%2Fc", "application/problem+json", "x.php id=1&b=_c.json"},
		{"https://h.org/x.csv", "text/plain", "x.csv"},
		{"https://h.org/x.bin", "application/octet-stream", "x.bin"},
		{"https://h.org/CON", "", "_CON"},
		{"https://h.org/..%2F..%2Fetc", "", "etc"},
		{"https://h.org/%00%0a", "", "__"},
	} {
		if got := saveName(saveStem(test[0]), test[1]); got != test[2] {
			t.Errorf("%s: %q, want %q", test[0], got, test[2])
		}
	}
}

func TestNamesThatAreTakenAreNumbered(t *testing.T) {
	c := newClaims()
	var got []string
	for _, name := range []string{"a.json", "A.JSON", "a.xml", "a", "a", "b", "b.json", "a.json"} {
		got = append(got, c.claim(name))
	}
	want := []string{"a.json", "A-2.JSON", "a.xml", "a-3", "a-4", "b", "b-2.json", "a-5.json"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestBodiesAreShownAsText(t *testing.T) {
	for _, test := range []struct{ body, kind, want string }{
		{`{"a":[1]}`, "application/json", "{\n  \"a\": [\n    1\n  ]\n}"},
		{"Z\xfcrich", "text/plain; charset=iso-8859-1", "Zürich"},
		{"\x82\xa0", "text/plain; charset=shift_jis", "あ"},
		{"\xef\xbb\xbfhi", "", "hi"},
		{"caf\xc3", "text/plain", "caf"},
		{"\x89PNG\r\n\x1a\n\x00", "image/png", "9 bytes, no text; the first 9:\n00000000  89 50"},
		{strings.Repeat("[", 100), "application/json", strings.Repeat("[", 100)},
		{"", "", ""},
	} {
		d := detail{body: []byte(test.body), size: len(test.body), header: http.Header{"Content-Type": {test.kind}}}
		if got := d.bodyText(); !strings.HasPrefix(got, test.want) || len(test.want) == 0 && got != "" {
			t.Errorf("%q: %q, want %q", test.body, got, test.want)
		}
	}
	d := detail{body: []byte("begin"), size: 1000}
	if got := d.bodyText(); !strings.Contains(got, "the first 5 of 1000 bytes") {
		t.Error(got)
	}
}

func TestOnlyTheNewestDetailsAreKept(t *testing.T) {
	k := newKeep()
	for seq := range 200 {
		k.add(seq, &detail{weight: 1})
		k.add(seq, &detail{weight: mostBodyKept})
	}
	if k.bySeq[0] != nil || k.bySeq[100-28] != nil || k.bySeq[199] == nil || k.weight > mostKept || len(k.bySeq) != 127 {
		t.Errorf("%d details of %d bytes are kept", len(k.bySeq), k.weight)
	}
}

func TestChartsStayShortHoweverLongTheRun(t *testing.T) {
	began := time.Now()
	m := newMeter(began, 5, time.Second)
	for second := range 10_000 {
		at := began.Add(time.Duration(second) * time.Second)
		for range 5 {
			m.sent(at)
			m.answered(at, time.Duration(second/5000+1)*time.Millisecond)
		}
	}
	for _, chart := range m.charts(began.Add(10_000 * time.Second)) {
		n := len(chart.Points)
		if n == 0 || n > mostBuckets {
			t.Fatalf("%s: %d points", chart.Title, n)
		}
		first, last := chart.Points[0].Value, chart.Points[n-2].Value
		if chart.Limit > 0 && (chart.Limit != 5 || first != 5 || last != 5) || chart.Unit == "ms" && (first != 1 || last != 2) {
			t.Errorf("%s: %v to %v, limit %v", chart.Title, first, last, chart.Limit)
		}
	}
}

func TestDamagedCacheEntriesAreNotUsed(t *testing.T) {
	dir := t.TempDir()
	folder, err := safefile.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	c := &cache{dir, folder}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://h/", nil)
	a := &answer{Response: &http.Response{StatusCode: 200, Header: http.Header{"Etag": {`"a"`}}}, body: []byte("content")}
	if err := c.use(req, a); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, entryName(req))
	whole, _ := os.ReadFile(path)
	for i, damaged := range [][]byte{whole, whole[:len(whole)-1], bytes.Replace(whole, []byte("content"), []byte("CONTENT"), 1), nil, []byte("{}\n")} {
		_ = os.WriteFile(path, damaged, 0o600)
		asked := req.Clone(t.Context())
		c.ask(asked)
		if used := asked.Header.Get("If-None-Match") == `"a"`; used != (i == 0) {
			t.Errorf("entry %d is used: %v", i, used)
		}
	}
	other := req.Clone(t.Context())
	other.Header.Set("Accept", "text/html")
	if entryName(other) == entryName(req) {
		t.Error("requests with other headers share an entry")
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":1}]}`), "application/json; charset=utf-8", "https://h/a.json?x", "a.#.b")
	f.Add([]byte("\x82\xa0"), "text/plain; charset=shift_jis", "%", "@reverse|#(a=b)#")
	f.Fuzz(func(t *testing.T, body []byte, kind, address, wanted string) {
		d := detail{body: body, size: len(body), header: http.Header{"Content-Type": {kind}}}
		if n := len(d.bodyText()); n > 200*len(body)+200 {
			t.Fatalf("%d bytes are shown as %d", len(body), n)
		}
		name := saveName(newClaims().claim(saveStem(address)), mediaType(kind))
		if name != safefile.Name(name) || !filepath.IsLocal(name) {
			t.Fatalf("%q is saved as %q", address, name)
		}
		var r Response
		r.extract([]extraction{parsePath(wanted)}, body)
		if !json.Valid(body) {
			return
		}
		for _, p := range picks(body) {
			if !gjson.GetBytes(body, parsePath(p.Value).path).Exists() {
				t.Fatalf("%s: nothing is at %s", body, p.Value)
			}
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /private\nAllow: /*.html$\nCrawl-delay: x\n"), "/private")
	f.Fuzz(func(_ *testing.T, text []byte, path string) {
		understand(200, text).TestAgent(path, "manyhands")
	})
}

func FuzzCache(f *testing.F) {
	dir := f.TempDir()
	c := &cache{dir: dir}
	f.Add([]byte(`{"etag":"a","size":1,"sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}` + "\na"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(dir, "x")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if e, body, err := c.read("x"); err == nil && (e.Size != int64(len(body)) || sum(body) != e.Sum) {
			t.Fatal("a damaged entry is used")
		}
	})
}

func TestLongHeadersOfEntriesAreNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(f, `{"etag":"`+strings.Repeat("a", mostEntryHead))
	_ = f.Close()
	if _, _, err := (&cache{dir: filepath.Dir(path)}).read("x"); err == nil {
		t.Error("it is read")
	}
}
