package practice

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
)

func TestRecordsComeInPages(t *testing.T) {
	s := loopback(t)
	var ids []float64
	path, pages := "/records?size=7&total=20", 0
	for path != "" {
		got := s.get(t, path)
		body := got.object(t)
		for _, r := range body["records"].([]any) {
			ids = append(ids, r.(map[string]any)["id"].(float64))
		}
		next, _ := body["next"].(string)
		link := got.header.Get("Link")
		if next == "" && link != "" || next != "" && link != "<"+next+`>; rel="next"` {
			t.Errorf("next is %q, the link %q", next, link)
		}
		path = strings.TrimPrefix(next, s.URL())
		pages++
	}
	if pages != 3 || len(ids) != 20 || ids[0] != 1 || ids[19] != 20 {
		t.Errorf("%d pages: %v", pages, ids)
	}
	for _, query := range []string{"page=4&size=7&total=20", "total=0", "page=1000000&size=1000"} {
		if got := s.get(t, "/records?"+query); !strings.Contains(got.body, `"next":null`) || !strings.Contains(got.body, `"records":[]`) {
			t.Errorf("%s: %s", query, got.body)
		}
	}
}

func TestARecordIsTheSameEverywhere(t *testing.T) {
	s, other := loopback(t), loopback(t)
	list := s.get(t, "/records?page=4&size=10").object(t)["records"].([]any)
	alone := other.get(t, "/record/37").object(t)
	if !reflect.DeepEqual(list[6], alone) {
		t.Errorf("%v in the list, %v alone", list[6], alone)
	}
	for _, field := range []string{"id", "name", "value", "active", "place", "tags"} {
		if _, ok := alone[field]; !ok {
			t.Errorf("there is no %s in %v", field, alone)
		}
	}
}

func TestRecordsHaveWhatIsHardToExport(t *testing.T) {
	all := loopback(t).get(t, "/records").body // one page as it comes
	for _, want := range []string{`"tags":[]`, `"elevation":null`, "red, green", `\"quoted\"`, `line\nbreak`, "ü", `"active":false`} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is not in %s", want, all)
		}
	}
}

func TestETagAndCache(t *testing.T) {
	s := loopback(t)
	for _, c := range []struct {
		path, header string
		status       int
		body         string
	}{
		{"/etag/abc", "", 200, "abc\n"},
		{"/etag/abc", `If-None-Match: "abc"`, 304, ""},
		{"/etag/abc", `If-None-Match: W/"x", W/"abc"`, 304, ""},
		{"/etag/abc", "If-None-Match: *", 304, ""},
		{"/etag/abc", `If-None-Match: "x"`, 200, "abc\n"},
		{"/etag/abc", `If-Match: "x"`, 412, ""},
		{"/etag/a%22", "", 400, "tag: "},
		{"/cache", "", 200, `{"args"`},
		{"/cache", `If-None-Match: "any"`, 304, ""},
		{"/cache", "If-Modified-Since: Mon, 02 Jan 2006 15:04:05 GMT", 304, ""},
	} {
		got := s.get(t, c.path, c.header)
		if got.status != c.status || !strings.HasPrefix(got.body, c.body) || got.status == 200 && got.header.Get("ETag") == "" {
			t.Errorf("%s %s: %d %s", c.path, c.header, got.status, got.body)
		}
	}
}

func TestGzipIsPacked(t *testing.T) {
	s := loopback(t)
	if got := unpacked(t, s.get(t, "/gzip")); got != `{"gzipped": true}`+"\n" {
		t.Errorf("got %q", got)
	}
}

func TestABombIsSmallUntilItIsUnpacked(t *testing.T) {
	s := loopback(t)
	got := s.get(t, "/bomb?size=20MB")
	if len(got.body) > 40_000 {
		t.Errorf("%d bytes are sent", len(got.body))
	}
	if content := unpacked(t, got); len(content) != 20e6 || strings.Trim(content, "\x00") != "" {
		t.Errorf("it unpacks to %d bytes", len(content))
	}
}

func unpacked(t *testing.T, r reply) string {
	t.Helper()
	if r.header.Get("Content-Encoding") != "gzip" {
		t.Errorf("it is not said to be packed: %v", r.header)
	}
	unpacker, err := gzip.NewReader(strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(unpacker)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestTextIsInItsCharset(t *testing.T) {
	s := loopback(t)
	for charset, want := range map[string]string{
		"utf-8": "🐎", "ISO-8859-1": "großen", "windows-1251": "французских", "iso-8859-7": "ψυχοφθόρα",
		"shift_jis": "いろは", "euc-kr": "다람쥐", "big5": "天地玄黃", "utf-16le": "Příliš", "koi8-r": "булок",
	} {
		got := s.get(t, "/text/"+charset)
		if said := got.header.Get("Content-Type"); said != "text/plain; charset="+strings.ToLower(charset) {
			t.Errorf("%s: %s", charset, said)
		}
		encoding, err := htmlindex.Get(charset)
		if err != nil {
			t.Fatal(err)
		}
		text, err := encoding.NewDecoder().String(got.body)
		if err != nil || !strings.Contains(text, want) || strings.ContainsRune(text, '\ufffd') {
			t.Errorf("%s: %q, %v", charset, text, err)
		}
		if charset != "utf-8" && strings.Contains(got.body, want) {
			t.Errorf("%s: it came as UTF-8", charset)
		}
	}
}

func TestMalformedJSONIsMalformed(t *testing.T) {
	s := loopback(t)
	got := s.get(t, "/malformed-json")
	if json.Valid([]byte(got.body)) || got.header.Get("Content-Type") != "application/json" {
		t.Error(fmt.Sprint(got))
	}
}
