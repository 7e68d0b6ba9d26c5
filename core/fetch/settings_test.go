package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/fetch"
)

var (
	_ catalog.Retrier   = (*fetch.Config)(nil)
	_ catalog.Placer    = (*fetch.Config)(nil)
	_ catalog.Scratcher = (*fetch.Config)(nil)
	_ catalog.Dropper   = (*fetch.Config)(nil)
	_ catalog.Finder    = (*fetch.Config)(nil)
	_ catalog.Detailer  = (*fetch.Config)(nil)
	_ catalog.Picker    = (*fetch.Config)(nil)
	_ catalog.Extender  = (*fetch.Config)(nil)
	_ catalog.Filer     = (*fetch.Config)(nil)
	_ catalog.Extended  = fetch.Response{}
)

func TestSettingsAreWrittenAsTheyAreRead(t *testing.T) {
	c := settings(t)
	for name, value := range map[string]string{
		"url": "http://a/{1..2}?x=1,2\nhttp://b/\\{", "header": "A: 1, 2\nB: c;d", "extract": "id\na=b.#(c==\"d,e\").f", "per": "500ms",
		"workers": "7", "method": "POST", "timeout": "0s",
	} {
		if known, err := catalog.Set(c, name, value); !known || err != nil {
			t.Errorf("%s: %v, %v", name, known, err)
		}
	}
	if !slices.Equal(c.URLs, []string{"http://a/{1..2}?x=1,2", `http://b/\{`}) || !slices.Equal(c.Header, []string{"A: 1, 2", "B: c;d"}) ||
		len(c.Extract) != 2 || c.Per != 500*time.Millisecond || c.Workers != 7 || c.Timeout != 0 {
		t.Errorf("%+v", c)
	}
	fields, err := catalog.Fields(c)
	if err != nil || fields[0].Kind != catalog.Lines || fields[0].Text() != strings.Join(c.URLs, "\n") {
		t.Errorf("%+v, %v", fields[0], err)
	}
	if err := c.Check(); err != nil {
		t.Error(err)
	}
}

func TestEveryMistakeIsNamed(t *testing.T) {
	folder := t.TempDir()
	file := write(t, "a.csv", "id,id\n")
	for want, change := range map[string]func(*fetch.Config){
		"Addresses: there are none":                                           func(c *fetch.Config) { c.URLs = []string{" "} },
		`Addresses: line 1: bad address "x.org": it does not say how`:         func(c *fetch.Config) { c.URLs = []string{"x.org"} },
		"Addresses: line 1: {nme} is no range":                                func(c *fetch.Config) { c.URLs = []string{"http://a/{nme}"} },
		`Addresses: none of these 3 can be used; line 1: bad address "x.org"`: func(c *fetch.Config) { c.URLs = []string{"x.org", "http://", "http://a/{"} },
		`List: none of these 2 can be used; line 2 of a.csv: bad address`:     func(c *fetch.Config) { c.URLs, c.List = nil, write(t, "a.csv", "# list\nx.org\ny.org\n") },
		"List: ":                     func(c *fetch.Config) { c.List = folder },
		"Data: " + file:              func(c *fetch.Config) { c.Data = file },
		"Requests: -1":               func(c *fetch.Config) { c.Rate = -1 },
		"Per host: -1":               func(c *fetch.Config) { c.HostRate = -1 },
		"Per: 0s":                    func(c *fetch.Config) { c.Per = 0 },
		"Timeout: -1s":               func(c *fetch.Config) { c.Timeout = -time.Second },
		"Retries: 101":               func(c *fetch.Config) { c.Retries = 101 },
		"Workers: -1":                func(c *fetch.Config) { c.Workers = -1 },
		`Method: "TRACE"`:            func(c *fetch.Config) { c.Method = "TRACE" },
		`Headers: "x" has no colon`:  func(c *fetch.Config) { c.Header = []string{"x"} },
		`Headers: "a b" is no name`:  func(c *fetch.Config) { c.Header = []string{"a b: c"} },
		"Body: GET sends none":       func(c *fetch.Config) { c.Body = "x" },
		"Body: /none does not exist": func(c *fetch.Config) { c.Method, c.Body = "POST", "@/none" },
		"Extract: two columns":       func(c *fetch.Config) { c.Extract = []string{"a=b", "a=c"} },
		`Extract: every row has a "status" already; give this one another name, as my_status=status`: func(c *fetch.Config) { c.Extract = []string{"status"} },
		"Extract: a= has no path":  func(c *fetch.Config) { c.Extract = []string{"a="} },
		"Save answers to: " + file: func(c *fetch.Config) { c.Save = file },
		"Cache: " + file:           func(c *fetch.Config) { c.Cache = file },
		"Proxy: write it as":       func(c *fetch.Config) { c.Proxy = "gopher://x" },
	} {
		c := settings(t, "http://a/")
		change(c)
		err := c.Check()
		if err == nil {
			t.Errorf("%s: no mistake", want)
			continue
		}
		expectText(t, "mistake", err.Error(), want)
		if strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s: more than one: %v", want, err)
		}
		if r, err := c.Start(t.Context(), nil); r != nil || err == nil {
			t.Errorf("%s: it starts", want)
		}
	}
}

// Typed or in a list: the good ones are sent.
func TestBadAddressesAreFailedRows(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/get", "b.org", server.URL()+"/{nme}")
	c.List = write(t, "list.txt", "# mine\nhttp://no host/\n"+server.URL()+"/record/1\n"+strings.Repeat("x", 70_000))
	o := run(t, c)
	o.expect(t, 2, 4, 0)
	for i, want := range map[int]string{
		1: `line 2: bad address "b.org": it does not say how to get there: begin it with https://`,
		2: "line 3: {nme} is no range like {1..50} and no column: ",
		3: `line 2 of list.txt: bad address "http://no host/": the character " " cannot be in the name of a host`,
		5: "line 4 of list.txt: the line is longer than 65536 bytes",
	} {
		if row := o.rows[i]; row.Status != core.Failed || !strings.HasPrefix(row.Err.Error(), want) {
			t.Errorf("row %d: %v, want %q", i, row.Err, want)
		}
	}
	if notes := o.run.(catalog.Noter).Notes(); notes[0] != "bad address: 4, 200: 2" {
		t.Errorf("%q", notes)
	}
	c = settings(t)
	c.Data = write(t, "data.csv", "url\nb.org\n"+server.URL()+"/get\n")
	o = run(t, c)
	o.expect(t, 1, 1, 0)
	expectText(t, "error", o.rows[0].Err.Error(), `row 1: bad address "b.org"`)
}

func TestTheFirstBadLineOfAListIsNamed(t *testing.T) {
	c := settings(t)
	c.List = write(t, "list.txt", "http://a/{1..2}\n\n# no\nb.org\nhttp://c/\n")
	var found []string
	err := c.Find(t.Context(), func(item string, bytes int64) bool {
		found = append(found, item)
		return bytes == 0
	})
	if err == nil || !strings.HasPrefix(err.Error(), `line 4 of list.txt: bad address "b.org": `) || !slices.Equal(found, []string{"http://a/1", "http://a/2"}) {
		t.Errorf("%q, %v", found, err)
	}
	c.List, c.URLs = "", []string{"http://a/{1..1000000}"}
	n := 0
	if err := c.Find(t.Context(), func(string, int64) bool { n++; return n < 5 }); err != nil || n != 5 {
		t.Errorf("%d found, %v", n, err)
	}
}

func TestColumnsFillAddressesHeadersAndBodies(t *testing.T) {
	type seen struct{ method, path, header, body, kind string }
	var got [2]seen
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		i := 0
		if strings.HasSuffix(r.URL.Path, "2") {
			i = 1
		}
		got[i] = seen{r.Method, r.URL.Path, r.Header.Get("X-Name"), string(body), r.Header.Get("Content-Type")}
	})
	c := settings(t, address+"/{id}")
	c.Data = write(t, "data.csv", "id,name\n1,\"A \"\"B\"\"\"\n2,\"line\nbreak\"\n")
	c.Method, c.Header, c.Body = "POST", []string{"X-Name: {name}"}, `{"n": "{name}", "o": {}}`
	o := run(t, c)
	o.expect(t, 2, 0, 0)
	want := [2]seen{
		{"POST", "/1", `A "B"`, `{"n": "A \"B\"", "o": {}}`, "application/json"},
		{"POST", "/2", "line break", `{"n": "line\nbreak", "o": {}}`, "application/json"},
	}
	if got != want {
		t.Errorf("%+v", got)
	}
	if items := o.items(); items[1] != "POST "+address+"/2 (row 2)" {
		t.Errorf("%q", items)
	}
}

func TestDataMayHoldTheAddresses(t *testing.T) {
	address := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := settings(t)
	c.Data = write(t, "data.csv", fmt.Sprintf("id;URL\n1;%s/a?b=c\n2;%s/b\n3;none\n4\n", address, address))
	o := run(t, c)
	o.expect(t, 2, 2, 0)
	if o.rows[0].Item != address+"/a?b=c (row 1)" {
		t.Error(o.items())
	}
}

func TestAnswersAreSavedUnderTheSameNamesInEveryRun(t *testing.T) {
	server := practise(t)
	want := []string{"7.json", "8 x=_.._y.json", "7-2.txt", ""}
	for _, workers := range []core.Workers{1, 3} {
		c := settings(t, server.URL()+"/record/7", server.URL()+"/record/8?x=/../y", server.URL()+"/etag/7", server.URL()+"/status/404")
		c.Save, c.Workers = filepath.Join(t.TempDir(), "new"), workers
		o := run(t, c)
		o.expect(t, 3, 1, 0)
		for i, row := range o.rows {
			r, _ := row.Out.(fetch.Response)
			if r.Saved != want[i] {
				t.Errorf("%s: saved as %q, want %q", row.Item, r.Saved, want[i])
			}
			_, path := c.Files(row)
			if info, err := os.Stat(path); want[i] != "" && (err != nil || info.Size() != r.Size) {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

func TestRobotsAreAskedOnceAHost(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/private?{1..5}", server.URL()+"/record/{1..5}")
	c.Robots = true
	o := run(t, c)
	o.expect(t, 5, 0, 5)
	if n := server.Requests(); n["/robots.txt"] != 1 || n["/private"] != 0 {
		t.Errorf("requests: %v", n)
	}
	expectText(t, "reason", o.rows[0].Err.Error(), "robots.txt does not allow it")
}

func TestWithoutAnAnswerAboutRobotsNothingIsSent(t *testing.T) {
	for status, ok := range map[int]int{404: 3, 500: 0, 200: 3} {
		address := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, "<html>\x00 Disallow")
			}
		})
		c := settings(t, address+"/{1..3}")
		c.Robots = true
		run(t, c).expect(t, ok, 3-ok, 0)
	}
}

func TestPicksListWhatAnAnswerHolds(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/record/{7..9}")
	found, err := c.Picks(t.Context(), "extract")
	if err != nil || !slices.Contains(found, core.Pick{Value: "id", Example: "7"}) || len(server.Arrivals("/")) != 1 {
		t.Errorf("%q, %v", found, err)
	}
	for address, want := range map[string]string{
		server.URL() + "/html": "not JSON", server.URL() + "/status/404": "404 Not Found", "x": "Addresses: line 1: bad address",
	} {
		if _, err := settings(t, address).Picks(t.Context(), "extract"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}

func TestExtractAddsColumns(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/record/7", server.URL()+"/malformed-json")
	c.Extract = []string{"id", "City=place.city", ""}
	if got := c.Extra(); !slices.Equal(got, []string{"id", "City"}) {
		t.Errorf("%q", got)
	}
	o := run(t, c)
	o.expect(t, 2, 0, 0)
	good, bad := o.rows[0].Out.(fetch.Response), o.rows[1].Out.(fetch.Response)
	if good.ExtraValue(0) != 7.0 || good.ExtraValue(1) == nil || bad.ExtraValue(0) != nil || bad.Note != "not JSON" {
		t.Errorf("%+v, %+v", good, bad)
	}
}

func TestExtractTakesNoKeyOfTheResultsTwice(t *testing.T) {
	for _, column := range catalog.ColumnsOf[fetch.Response]() {
		c := settings(t, "http://a/")
		c.Extract = []string{column.Key}
		if c.Check() == nil {
			t.Errorf("%s is there twice", column.Key)
		}
	}
}

func TestDetailsAreThereAlsoForFailures(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "0.01")
		http.Error(w, "not this time", http.StatusServiceUnavailable)
	})
	c := settings(t, address)
	c.Method, c.Body, c.Header, c.Retries = "PUT", "a=b", []string{"Authorization: Bearer abc"}, 1
	row, _ := one(t, c)
	got := c.Details(row)
	want := []core.Section{
		{Title: "Body", Text: "not this time"},
		{Title: "Headers", Text: "HTTP/1.1 503 Service Unavailable\nContent-Length: "},
		{Title: "Request", Text: "Authorization: Bearer •••\nContent-Type: application/x-www-form-urlencoded\n\na=b"},
		{Title: "Timing", Text: "Try 2: 503 Service Unavailable"},
	}
	for i, s := range want {
		if got[i].Title != s.Title {
			t.Errorf("%q, want %q", got[i].Title, s.Title)
		}
		expectText(t, s.Title, got[i].Text, s.Text)
	}
	if s := c.Details(core.Row{Seq: 99}); !strings.HasPrefix(s[0].Text, "Not kept") {
		t.Errorf("%q", s)
	}
	if s := settings(t).Details(row); s != nil {
		t.Errorf("details without a run: %q", s)
	}
}

// The window shows a row that was sent again in its old place.
func TestDetailsAreThoseOfTheLastRun(t *testing.T) {
	var healed atomic.Bool
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !healed.Load() && strings.HasSuffix(r.URL.Path, "3") {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = io.WriteString(w, "answer to "+r.URL.Path)
	})
	c := settings(t, address+"/{1..5}")
	o := run(t, c)
	o.expect(t, 4, 1, 0)
	healed.Store(true)
	again := catalog.Copy(c).(*fetch.Config)
	again.Only([]string{address + "/3"})
	retried := run(t, again).rows[0]
	retried.Seq = 1 // of its own run
	expectText(t, "the retried row's headers", again.Details(retried)[1].Text, "200 OK")
	for i, row := range o.rows {
		row.Seq = i + 1
		expectText(t, row.Item, c.Details(row)[0].Text, fmt.Sprintf("answer to /%d", i+1))
		expectText(t, row.Item, c.Details(row)[1].Text, "200 OK")
	}
	again.Only([]string{address + "/2", address + "/2"})
	run(t, again).expect(t, 1, 1, 0)
	if row := (core.Row{Seq: 1, Item: address + "/9"}); !strings.HasPrefix(again.Details(row)[0].Text, "Not kept") {
		t.Error("details of an item that was never sent")
	}
}

func TestDroppedThingsBecomeWhatTheyLookLike(t *testing.T) {
	list, data := write(t, "list.txt", ""), write(t, "data.CSV", "")
	c := settings(t, "http://old/{id}")
	c.Only([]string{"x"})
	if err := c.Drop([]string{data}); err != nil || c.Data != data || len(c.URLs) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if err := c.Drop([]string{list}); err != nil || c.List != list || len(c.URLs) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if err := c.Drop([]string{"http://a/\r\n\nhttp://b/"}); err != nil || c.List != "" || !slices.Equal(c.URLs, []string{"http://a/", "http://b/"}) {
		t.Errorf("%+v, %v", c, err)
	}
	if err := c.Drop([]string{t.TempDir()}); err == nil {
		t.Error("a folder is taken")
	}
}

func TestScratchWritesBelowItsFolderOnly(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("ETag", `"a"`) })
	kept, scratch := t.TempDir(), t.TempDir()
	c := settings(t, address)
	c.Save, c.Cache = filepath.Join(kept, "s"), filepath.Join(kept, "c")
	if c.Place() != c.Save {
		t.Error(c.Place())
	}
	c.Scratch(scratch)
	run(t, c).expect(t, 1, 0, 0)
	in, _ := os.ReadDir(kept)
	below, _ := os.ReadDir(scratch)
	if len(in) != 0 || len(below) != 2 {
		t.Errorf("%v, %v", in, below)
	}
}

func TestTooManyRequestsAreNotBegun(t *testing.T) {
	c := settings(t, slices.Repeat([]string{"http://a/{1..100000000}"}, 11)...)
	if _, err := c.Start(t.Context(), nil); err == nil || !strings.HasPrefix(err.Error(), "Addresses: these are more than 1000000000") {
		t.Error(err)
	}
}
