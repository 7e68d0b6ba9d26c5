package fetch_test

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/fetch"
)

func TestHTTP2IsUsedWhereThereIsTLS(t *testing.T) {
	var conns atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	c := settings(t, server.URL+"/{1..200}")
	c.Insecure, c.Workers = true, 10
	o := run(t, c)
	o.expect(t, 200, 0, 0)
	for _, row := range o.rows {
		if r := row.Out.(fetch.Response); r.Protocol != "HTTP/2.0" || r.Size != 8 || r.Note != "" {
			t.Fatalf("%+v", r)
		}
	}
	if conns.Load() > 10 {
		t.Errorf("%d connections for 200 requests", conns.Load())
	}
	timings := ""
	for _, row := range o.rows { // one may wait for a connection and get that of another
		timings += c.Details(row)[3].Text
	}
	expectText(t, "the timings", timings, "TLS", "first byte", "in all")
}

// through is a proxy (RFC 9110, section 7.3.2; CONNECT: section 9.3.6) that
// wants a password. It counts what passes.
func through(t *testing.T, passed *atomic.Int64) string {
	t.Helper()
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:sesam"))
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != want {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		passed.Add(1)
		if r.Method != http.MethodConnect {
			_, _ = io.WriteString(w, "through the proxy to "+r.URL.String())
			return
		}
		there, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
		var wg sync.WaitGroup
		for _, way := range [][2]net.Conn{{here, there}, {there, here}} {
			wg.Go(func() { // until one side closes
				_, _ = io.Copy(way[0], way[1])
				_ = way[0].Close()
			})
		}
		wg.Wait()
	})
}

func TestRequestsGoThroughAProxy(t *testing.T) {
	var passed atomic.Int64
	proxy := through(t, &passed)
	secret := strings.Replace(proxy, "http://", "http://ada:sesam@", 1)
	c := settings(t, "http://example.invalid/a")
	c.Proxy = secret
	row, r := one(t, c)
	if r.Status != 200 || passed.Load() != 1 {
		t.Fatalf("%+v, %v", r, row.Err)
	}
	expectText(t, "body", c.Details(row)[0].Text, "through the proxy to http://example.invalid/a")

	secured := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "whole") }))
	t.Cleanup(secured.Close)
	c = settings(t, secured.URL)
	c.Proxy, c.Insecure = secret, true
	if row, r := one(t, c); r.Size != 5 || passed.Load() != 2 {
		t.Errorf("TLS: %+v, %v", r, row.Err)
	}
	for want, address := range map[string]string{
		"put name and password into the proxy's address": proxy,
		"the proxy cannot be used: connection refused":   "http://127.0.0.1:1",
	} {
		c = settings(t, "http://example.invalid/")
		c.Proxy = address
		row := fails(t, c, want)
		if strings.Contains(row.Err.Error(), "sesam") {
			t.Errorf("the password is shown: %v", row.Err)
		}
	}
	c = settings(t, secured.URL)
	c.Proxy = proxy
	fails(t, c, "refused to connect (407 Proxy Authentication Required): put name and password into its address")
}

func TestWhatProvesWhoAsksStaysWithItsHost(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]http.Header{}
	note := func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen[r.URL.Path] = r.Header
	}
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { note(r) })
	first := serve(t, func(w http.ResponseWriter, r *http.Request) {
		note(r)
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other+"/other", http.StatusFound)
		case "/here":
			http.Redirect(w, r, "/same", http.StatusFound)
		}
	})
	for path, keeps := range map[string]bool{"/away": false, "/here": true} {
		c := settings(t, first+path)
		c.Header = []string{"Authorization: Bearer sesam", "Cookie: a=sesam", "X-Api-Key: sesam", "X-Kept: sesam", "Accept: a/b"}
		row, r := one(t, c)
		at := map[bool]string{true: "/same", false: "/other"}[keeps]
		for _, name := range []string{"Authorization", "Cookie", "X-Api-Key"} {
			if got := seen[at].Get(name) != ""; got != keeps {
				t.Errorf("%s: %s is sent on: %v", path, name, got)
			}
		}
		if seen[at].Get("Accept") != "a/b" {
			t.Errorf("%s: Accept is %q", path, seen[at].Get("Accept"))
		}
		if !strings.HasSuffix(r.Note, at) || row.Err != nil {
			t.Errorf("%s: %+v, %v", path, r, row.Err)
		}
	}
}

// RFC 9110, section 15.4: 303 asks by GET, 307 repeats the request.
func TestBodiesFollowRedirectsThatRepeat(t *testing.T) {
	var got string
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/303":
			http.Redirect(w, r, "/end", http.StatusSeeOther)
		case "/307":
			http.Redirect(w, r, "/end", http.StatusTemporaryRedirect)
		default:
			body, _ := io.ReadAll(r.Body)
			got = r.Method + " " + string(body)
		}
	})
	for path, want := range map[string]string{"/303": "GET ", "/307": "POST a=b"} {
		c := settings(t, address+path)
		c.Method, c.Body = "POST", "a=b"
		if row, _ := one(t, c); got != want || row.Err != nil {
			t.Errorf("%s: %q, want %q; %v", path, got, want, row.Err)
		}
	}
}

func TestRowsOfDataFillBodies(t *testing.T) {
	data := "name;note;n\nÄda;\"a&b=c; d\";1\nBob;\"say \"\"hi\"\"\";2\n"
	for name, test := range map[string]struct {
		body, header string
		want         []string
	}{
		"form":    {"name={name}&note={note}", "", []string{"name=%C3%84da&note=a%26b%3Dc%3B+d", "name=Bob&note=say+%22hi%22"}},
		"JSON":    {`{"name": "{name}", "note": "<{note}>", "n": {n}}`, "", []string{`{"name": "Äda", "note": "<a&b=c; d>", "n": 1}`, `{"name": "Bob", "note": "<say \"hi\">", "n": 2}`}},
		"text":    {"Dear {name}, {note}", "", []string{"Dear Äda, a&b=c; d", `Dear Bob, say "hi"`}},
		"own":     {"{note}", "Content-Type: application/x-www-form-urlencoded", []string{"a%26b%3Dc%3B+d", "say+%22hi%22"}},
		"problem": {`"{note}"`, "Content-Type: application/problem+json", []string{`"a&b=c; d"`, `"say \"hi\""`}},
		"file":    {"@" + write(t, "body.json", `["{name}"]`), "", []string{`["Äda"]`, `["Bob"]`}},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var got []string
			address := serve(t, func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				defer mu.Unlock()
				got = append(got, string(body))
			})
			c := settings(t, address+"/{n}")
			c.Data, c.Method, c.Body, c.Header, c.Workers = write(t, "data.csv", data), "POST", test.body, []string{test.header}, 1
			o := run(t, c)
			o.expect(t, 2, 0, 0)
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
			if items := o.items(); items[1] != "POST "+address+"/2 (row 2)" {
				t.Errorf("%q", items)
			}
			if text := c.Details(o.rows[1])[2].Text; !strings.Contains(text, "\n\n"+test.want[1]) {
				t.Errorf("the details show %q", text)
			}
		})
	}
}

func TestEveryRowMeetsEveryAddress(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/get?v={v}&n={1..3}", server.URL()+"/record/{v}")
	c.Data = write(t, "data.tsv", "v\tw\n7\tx\n8\ty\n")
	o := run(t, c)
	o.expect(t, 8, 0, 0)
	want := []string{"/get?v=7&n=1", "/get?v=7&n=2", "/get?v=7&n=3", "/get?v=8&n=1", "/get?v=8&n=2", "/get?v=8&n=3", "/record/7", "/record/8"}
	for i, item := range o.items() {
		if got, _, _ := strings.Cut(strings.TrimPrefix(item, server.URL()), " ("); got != want[i] {
			t.Errorf("request %d is %s, want %s", i+1, got, want[i])
		}
	}
	c.Only(o.items()[4:5])
	again := run(t, c)
	again.expect(t, 1, 0, 0)
	if got := again.items()[0]; got != o.items()[4] {
		t.Errorf("%s is sent again, want %s", got, o.items()[4])
	}
}

func TestResponsesAreExported(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/record/{7..8}", server.URL()+"/status/404", server.URL()+"/html")
	c.Extract, c.Workers = []string{"id", "City=place.city", "all=tags"}, 1
	o := run(t, c)
	columns := catalog.ColumnsFor(catalog.Scenario{Columns: catalog.ColumnsOf[fetch.Response]()}, c)
	var table bytes.Buffer
	to := catalog.NewCSV(&table, columns)
	to.Write(o.rows)
	if err := to.Flush(); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&table).ReadAll()
	if err != nil || len(records) != 5 {
		t.Fatalf("%q, %v", records, err)
	}
	at := func(row int, key string) string { return records[row][slices.Index(records[0], key)] }
	var city string
	for i := range 4 {
		line, err := catalog.JSONLine(o.rows[i], columns)
		var fields map[string]any
		if err != nil || json.Unmarshal(line, &fields) != nil || bytes.Count(line, []byte("\n")) != 1 {
			t.Fatalf("%s, %v", line, err)
		}
		for key, value := range fields {
			if text := at(i+1, key); value != nil && value != "" && !strings.HasPrefix(text, "'") && text != fmt.Sprint(value) && !strings.HasSuffix(key, "_ms") {
				t.Errorf("row %d: %s is %q in CSV, %v in JSON", i+1, key, text, value)
			}
		}
		if i == 0 {
			city, _ = fields["City"].(string)
			if fields["id"] != 7. || fields["http_status"] != 200. || city == "" {
				t.Errorf("%v", fields)
			}
		}
	}
	if at(1, "id") != "7" || at(1, "City") != city || at(3, "status") != "failed" || at(3, "http_status") != "" || at(4, "note") != "not JSON" || at(4, "id") != "" {
		t.Errorf("%q", records)
	}
	expectText(t, "error", at(3, "error"), "404 Not Found: check the address")
}

func TestCookiesAreNotKept(t *testing.T) {
	var cookies atomic.Int64
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cookies.Add(int64(len(r.Cookies())))
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	})
	run(t, settings(t, address+"/{1..5}")).expect(t, 5, 0, 0)
	if cookies.Load() > 0 {
		t.Errorf("%d cookies came back", cookies.Load())
	}
}

func TestFoldersThatCannotBeMadeAreSaid(t *testing.T) {
	file := write(t, "file", "")
	for name, change := range map[string]func(*fetch.Config){
		"save":  func(c *fetch.Config) { c.Save = filepath.Join(file, "answers") },
		"cache": func(c *fetch.Config) { c.Cache = filepath.Join(file, "cache") },
	} {
		c := settings(t, "http://127.0.0.1:1/")
		change(c)
		if r, err := c.Start(t.Context(), nil); r != nil || err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSavedAnswersAreWhatCame(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 100_000)
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead || r.URL.Path == "/empty" {
			return
		}
		_, _ = w.Write(content)
	})
	c := settings(t, address+"/large.bin", address+"/empty")
	c.Save = t.TempDir()
	o := run(t, c)
	o.expect(t, 2, 0, 0)
	for i, want := range [][]byte{content, nil} {
		_, path := c.Files(o.rows[i])
		if got := read(t, path); !bytes.Equal(got, want) {
			t.Errorf("%s holds %d bytes, want %d", path, len(got), len(want))
		}
	}
	c.Method = "HEAD"
	if _, r := one(t, settingsOf(c, address+"/head.bin")); r.Saved != "" {
		t.Errorf("nothing is saved as %s", r.Saved)
	}
	if source, result := c.Files(core.Row{}); source != "" || result != "" {
		t.Errorf("files of a row without a result: %q, %q", source, result)
	}
}

// settingsOf are other settings for one address.
func settingsOf(c *fetch.Config, address string) *fetch.Config {
	other := *c
	other.URLs = []string{address}
	return &other
}

func TestAddressesAreSentAsTheyAreWritten(t *testing.T) {
	var got string
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) { got = r.RequestURI })
	for text, want := range map[string]string{
		"/a%2Fb?x=%20+&y=a,b;c": "/a%2Fb?x=%20+&y=a,b;c",
		"/ä ö?q=é":              "/%C3%A4%20%C3%B6?q=é",
		"?only=query":           "/?only=query",
		"/#fragment":            "/",
		`/\{1..2}`:              "/%7B1..2%7D",
	} {
		if row, _ := one(t, settings(t, address+text)); row.Err != nil {
			t.Errorf("%s: %v", text, row.Err)
		}
		unescaped, err := url.PathUnescape(got)
		wanted, _ := url.PathUnescape(want)
		if err != nil || unescaped != wanted {
			t.Errorf("%s is sent as %s, want %s", text, got, want)
		}
	}
}
