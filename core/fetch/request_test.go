package fetch_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/fetch"
)

func TestRequestsAreSentAsTheSettingsSay(t *testing.T) {
	var got *http.Request
	var body []byte
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Length", "5")
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, "hello")
		}
	})
	file := write(t, "body.txt", "from a file")
	for name, test := range map[string]struct {
		change func(*fetch.Config)
		want   string
	}{
		"GET":          {func(*fetch.Config) {}, "GET  manyhands  "},
		"HEAD":         {func(c *fetch.Config) { c.Method = "HEAD" }, "HEAD  manyhands  "},
		"form":         {func(c *fetch.Config) { c.Method, c.Body = "POST", "a=b&c=d" }, "POST application/x-www-form-urlencoded manyhands  a=b&c=d"},
		"list":         {func(c *fetch.Config) { c.Method, c.Body = "PATCH", "[1]" }, "PATCH application/json manyhands  [1]"},
		"file":         {func(c *fetch.Config) { c.Method, c.Body = "PUT", "@"+file }, "PUT text/plain; charset=utf-8 manyhands  from a file"},
		"own type":     {func(c *fetch.Config) { c.Method, c.Body, c.Header = "POST", "[]", []string{"content-type: a/b"} }, "POST a/b manyhands  []"},
		"own agent":    {func(c *fetch.Config) { c.Header = []string{"User-Agent: me"} }, "GET  me  "},
		"header twice": {func(c *fetch.Config) { c.Header = []string{"X: a, b", "x: c", ""} }, "GET  manyhands a, b|c "},
		"DELETE":       {func(c *fetch.Config) { c.Method = "DELETE" }, "DELETE  manyhands  "},
	} {
		c := settings(t, address)
		test.change(c)
		row, r := one(t, c)
		sent := fmt.Sprintf("%s %s %s %s %s", got.Method, got.Header.Get("Content-Type"), got.UserAgent(), strings.Join(got.Header["X"], "|"), body)
		if sent != test.want || r.Size != 5 || r.Note != "" {
			t.Errorf("%s: sent %q, want %q; %+v, %v", name, sent, test.want, r, row.Err)
		}
	}
}

func TestTheHostHeaderIsSent(t *testing.T) {
	var host string
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) { host = r.Host })
	c := settings(t, address)
	c.Header = []string{"Host: example.org"}
	one(t, c)
	if host != "example.org" {
		t.Error(host)
	}
}

func TestSlowAnswersAreGivenUp(t *testing.T) {
	release := make(chan struct{})
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-release:
		}
	})
	defer close(release)
	c := settings(t, address)
	c.Timeout = 20 * time.Millisecond
	row, _ := one(t, c)
	if row.Status != core.Failed {
		t.Fatal(row.Status)
	}
	expectText(t, "error", row.Err.Error(), "no whole answer within 20ms", "waiting for the answer")
}

// More workers than may read large bodies at once.
func TestLargeBodiesOfManyWorkersAreAllRead(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 3<<16)
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) })
	c := settings(t, address+"/{1..24}")
	c.Workers = 12
	o := run(t, c)
	o.expect(t, 24, 0, 0)
	notKept := 0
	for _, row := range o.rows {
		if r := row.Out.(fetch.Response); r.Size != int64(len(content)) {
			t.Errorf("%d bytes, want %d", r.Size, len(content))
		}
		if text := c.Details(row)[0].Text; strings.HasPrefix(text, "Not kept") {
			notKept++
		} else {
			expectText(t, "body", text, fmt.Sprintf("the first %d of %d bytes", 256<<10, len(content)))
		}
	}
	if notKept > 0 {
		t.Errorf("%d of 24 are not kept", notKept)
	}
}

func TestSecretsDoNotFollowARedirectToAnotherHost(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]string{}
	note := func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen[r.URL.Path] = r.Header.Get("X-Api-Key")
	}
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { note(r) })
	first := serve(t, func(w http.ResponseWriter, r *http.Request) {
		note(r)
		http.Redirect(w, r, other+"/to", http.StatusFound)
	})
	c := settings(t, first+"/from")
	c.Header = []string{"X-Api-Key: sesam"}
	row, r := one(t, c)
	if seen["/from"] != "sesam" || seen["/to"] != "" {
		t.Errorf("sent: %v", seen)
	}
	if r.Note != "redirected to "+other+"/to" {
		t.Error(r.Note)
	}
	expectText(t, "timing", c.Details(row)[3].Text, "redirects    1", "first byte")
}

func TestChangesOfTheSettingsDoNotReachARun(t *testing.T) {
	address := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := settings(t, address+"/{1..50}")
	c.Rate, c.Per, c.Workers = 10, 5*time.Millisecond, 1
	r, err := c.Start(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c.URLs[0], c.Method = "http://127.0.0.1:1/", "POST"
	if report, err := r.Wait(); err != nil || report.OK != 50 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestEveryStrictLimitHoldsAtTheServer(t *testing.T) {
	server := practise(t)
	for _, c := range []*fetch.Config{
		{Rate: 4}, {HostRate: 4}, {Rate: 8, HostRate: 4},
	} {
		server.Reset()
		all := settings(t, server.URL()+"/get?n={1..20}")
		all.Rate, all.HostRate, all.Strict, all.Per = c.Rate, c.HostRate, true, 40*time.Millisecond
		run(t, all).expect(t, 20, 0, 0)
		if got := worst(server.Arrivals("/get"), all.Per); got > 4 {
			t.Errorf("%+v: %d requests in a window", c, got)
		}
	}
}
